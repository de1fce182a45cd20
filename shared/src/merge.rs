//! The four ways answers merge (sync.md §4.2). Each is a small state that operations are applied
//! to in the order of the server's log, own pending ones last. None reads a clock.

pub mod choices;
pub mod list;
pub mod position;
pub mod prose;
pub mod register;

use minicbor::{Decode, Encode};

use crate::ids::{OpId, PersonId};
use crate::op::Entry;

/// Who wrote something and when: what people are shown beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Mark {
    /// The operation.
    #[n(0)]
    pub op: OpId,
    /// Its author.
    #[n(1)]
    pub author: PersonId,
    /// When, Unix milliseconds, as shown.
    #[n(2)]
    pub at_ms: i64,
    /// Its place in the log; 0 while only on this device.
    #[n(3)]
    pub seq: u64,
}

impl Mark {
    /// Returns the mark of `entry`.
    #[must_use]
    pub const fn of(entry: &Entry) -> Self {
        Self { op: entry.op.id, author: entry.author, at_ms: entry.shown_ms(), seq: entry.seq }
    }

    /// Returns whether the writer of `entry` had seen what this marks: it came down before, or it
    /// was written earlier by the same replica.
    #[must_use]
    pub fn seen_by(&self, entry: &Entry) -> bool {
        if self.op.replica == entry.op.id.replica {
            self.op.counter <= entry.op.id.counter
        } else {
            self.seq != 0 && self.seq <= entry.op.observed
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
