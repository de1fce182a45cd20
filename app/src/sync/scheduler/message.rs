//! What the tabs of one person tell each other, as one number. Does not know how it travels.

use crate::sync::Status;

/// What one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabMessage {
    /// Documents changed.
    Changed,
    /// A round is asked for.
    Wanted,
    /// How sync stands in the tab that syncs.
    Status(Status),
}

/// What the tab that syncs says by number; of anything else, only that it is there.
const STATUSES: [Status; 8] = [
    Status::Syncing,
    Status::Idle,
    Status::Offline,
    Status::Impostor,
    Status::SignedOut,
    Status::Busy,
    Status::TooOld,
    Status::Refused(0),
];
const CHANGED: u8 = 100;
const WANTED: u8 = 101;

impl TabMessage {
    /// Returns the number it travels as.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Changed => CHANGED,
            Self::Wanted => WANTED,
            Self::Status(status) => {
                let same = |known: &Status| core::mem::discriminant(known) == core::mem::discriminant(status);
                STATUSES.iter().position(same).unwrap_or(0) as u8
            }
        }
    }

    /// Reads a number. One that is not known comes from a tab with a newer program: to look again at what
    /// is stored is never wrong.
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        match STATUSES.get(usize::from(code)) {
            Some(status) => Self::Status(status.clone()),
            None if code == WANTED => Self::Wanted,
            None => Self::Changed,
        }
    }
}
