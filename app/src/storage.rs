//! The device's store behind one call: read some rows, plan purely, write the plan, all in one
//! transaction.
//!
//! This folder holds the only IndexedDB code and the only file code of the client. It does not know
//! what the rows mean: the plans of `shared::sync` do.

#[cfg(target_arch = "wasm32")]
pub mod indexed_db;
#[cfg(not(target_arch = "wasm32"))]
pub mod journal;
pub mod memory;
#[cfg(test)]
mod suite;

use core::fmt;

use shared::sync::rows::{Fetch, Rows, Writes};

/// A place where a device keeps its rows.
#[expect(
    async_fn_in_trait,
    reason = "browser futures are never sent between threads; the simulator runs on one thread"
)]
pub trait LocalStore {
    /// Reads, plans and writes in one transaction: no other tab and no other task sees or changes
    /// anything in between. When it returns, a strict write is on the disk. A plan that returns no
    /// writes changes nothing.
    ///
    /// The plan runs at most once.
    ///
    /// # Errors
    /// Nothing was written, except with [`StoreError::Unknown`], when that cannot be told.
    async fn transact<R>(
        &self,
        reads: Vec<Fetch>,
        plan: impl FnOnce(&Rows) -> (Option<Writes>, R),
    ) -> Result<R, StoreError>;

    /// Reads rows as they stand together at one moment.
    ///
    /// # Errors
    /// The store cannot be read.
    async fn read(&self, reads: Vec<Fetch>) -> Result<Rows, StoreError> {
        self.transact(reads, |rows| (None, rows.clone())).await
    }
}

/// Why the store did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// No room is left on the device.
    Full,
    /// The store has gone from under the program, and opening it once more did not help.
    Gone,
    /// Another process holds the store. No browser says so.
    Blocked,
    /// Anything else, in the words of the platform; for the log and the person who looks into it.
    Unknown(String),
}

impl StoreError {
    /// Returns its name in message keys, `store.<key>`: what happened and what to do next.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Gone | Self::Blocked => "gone",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Returns whether what was to be written may be tried again as it is. With `Unknown` it may
    /// have been written after all.
    #[must_use]
    pub const fn surely_not_written(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "This device has no room left. Free some space, then try again.",
            Self::Gone => "This device closed its storage. Open the page again.",
            Self::Blocked => "The storage is in use elsewhere on this device. Close the other windows of this site.",
            Self::Unknown(what) => return write!(f, "The storage of this device answered: {what}"),
        })
    }
}

impl core::error::Error for StoreError {}
