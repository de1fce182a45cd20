//! Why the repository did not do what was asked, and whether asking again may help.

use std::fmt;

use shared::sync::device::NotWritten;

use crate::storage::StoreError;

/// Why the repository did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepositoryError {
    /// The store did not take it.
    Store(StoreError),
    /// The store was erased while the page was open: what is on screen is not kept.
    Erased,
    /// The store is another person's.
    NotYours,
    /// It is too long to be received by anybody.
    TooLarge,
    /// Too much waits on this device.
    TooMany,
}

impl From<NotWritten> for RepositoryError {
    fn from(why: NotWritten) -> Self {
        match why {
            NotWritten::Wiped => Self::Erased,
            NotWritten::TooLarge => Self::TooLarge,
            NotWritten::TooMany => Self::TooMany,
        }
    }
}

impl RepositoryError {
    /// Returns its name in message keys, `store.<key>`: what happened and what to do next.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Store(error) => error.key(),
            Self::Erased => "erased",
            Self::NotYours => "not_yours",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
        }
    }

    /// Returns whether the same may be written again: it surely was not, and may go through later.
    #[must_use]
    pub const fn may_try_again(&self) -> bool {
        matches!(self, Self::Store(error) if error.surely_not_written())
    }
}

impl From<StoreError> for RepositoryError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for RepositoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Erased => f.write_str("What this device had kept was erased. Open the page again."),
            Self::NotYours => f.write_str("What is kept here belongs to another person."),
            Self::TooLarge => f.write_str("This is too long to be kept in one piece."),
            Self::TooMany => f.write_str("Too much waits on this device. Let it be sent first."),
        }
    }
}

impl core::error::Error for RepositoryError {}
