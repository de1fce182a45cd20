//! How far the operations of one writer have been taken, as documents show it.

/// What documents show of one writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Greatest counter of an operation.
    pub counter: u64,
    /// Greatest Lamport time of a character.
    pub lamport: u64,
}

impl Seen {
    /// Returns the greater of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { counter: self.counter.max(other.counter), lamport: self.lamport.max(other.lamport) }
    }
}
