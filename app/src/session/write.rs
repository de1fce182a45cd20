//! Writing to the device's store until it has taken it, and knowing what it has not taken yet.
//!
//! Does not know what is written.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::Scope;
use shared::op::{Body, Op};

use super::{Repository, Session};
use crate::browser;
use crate::documents::RepositoryError;

/// A pause before the store is asked again to take what it had no room for, in milliseconds.
pub const RETRY_MS: u32 = 2_000;

/// What is on its way to the disk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    /// How many fields hold words that are not on the disk yet, and whether any does, for the pages.
    fields: StoredValue<u32>,
    any: RwSignal<bool>,
    /// How many writes the store did not take and is asked again to take.
    refused: StoredValue<u32>,
    /// How often something was written.
    writes: StoredValue<u32>,
}

impl Counts {
    pub(super) fn new() -> Self {
        Self {
            fields: StoredValue::new(0),
            any: RwSignal::new(false),
            refused: StoredValue::new(0),
            writes: StoredValue::new(0),
        }
    }

    pub(super) fn writes(self) -> u32 {
        self.writes.get_value()
    }

    /// Tells the pages later: one may be just being left, and its parts are not to be asked any more.
    fn announce(self) {
        spawn_local(async move {
            let any = self.fields.get_value() > 0;
            if self.any.get_untracked() != any {
                self.any.set(any);
            }
        });
    }
}

/// Words on screen that are not on the disk yet; while one is held, the browser asks before it leaves.
#[derive(Debug)]
pub struct Unwritten(Counts);

impl Drop for Unwritten {
    fn drop(&mut self) {
        self.0.fields.update_value(|count| *count -= 1);
        self.0.announce();
    }
}

impl Session {
    /// Notes words that are on screen and not on the disk, for as long as what is returned is held.
    #[must_use]
    pub fn unwritten(self) -> Unwritten {
        self.unwritten.fields.update_value(|count| *count += 1);
        self.unwritten.announce();
        Unwritten(self.unwritten)
    }

    /// Returns whether leaving the page now would leave words behind.
    #[must_use]
    pub fn has_unwritten(self) -> bool {
        self.unwritten.fields.get_value() > 0 || self.fault.with_untracked(Option::is_some)
    }

    /// Returns how many changes the server is not known to have, words that are not on the disk yet counted as one
    /// more; `None` while that is not known.
    #[must_use]
    pub fn unsent(self) -> Option<usize> {
        let unwritten = self.unwritten.any.get() || self.fault.with(Option::is_some);
        let counted = self.status.with(|status| status.as_ref().map(|status| status.unsent));
        match (counted, unwritten) {
            (None, true) => Some(1),
            (counted, unwritten) => counted.map(|unsent| unsent.max(usize::from(unwritten))),
        }
    }

    /// Writes operations down; when it returns they are saved on this device. What the store surely did not take is
    /// told on every page and tried again until it is taken; `None` when it never will be, or may have been.
    pub async fn write(self, drafts: Vec<(Scope, Body)>) -> Option<Vec<Op>> {
        let ops =
            self.until_taken(async |repository| repository.write(drafts.clone(), browser::now_ms()).await).await?;
        // Not for a moment is it said that everything is received; the count comes after.
        self.unwritten.writes.update_value(|writes| *writes += 1);
        self.status.update(|status| {
            if let Some(status) = status {
                status.unsent += ops.len();
            }
        });
        self.documents_changed();
        self.documents_edited();
        Some(ops)
    }

    /// Keeps words that are begun and not added yet; as with what is written, until they are kept.
    pub async fn keep_draft(self, place: String, words: String) {
        self.until_taken(async |repository| repository.keep_draft(&place, &words).await).await;
    }

    async fn until_taken<T>(self, write: impl AsyncFn(&Repository) -> Result<T, RepositoryError>) -> Option<T> {
        let counts = self.unwritten;
        let mut refused = false;
        loop {
            let repository = self.repository()?;
            let outcome = write(&repository).await;
            let again = outcome.as_ref().is_err_and(RepositoryError::may_try_again);
            if again != refused {
                counts.refused.update_value(|count| *count = if again { *count + 1 } else { *count - 1 });
                refused = again;
            }
            match outcome {
                Ok(done) => {
                    if counts.refused.get_value() == 0 && self.fault.with_untracked(Option::is_some) {
                        self.fault.set(None);
                    }
                    return Some(done);
                }
                Err(error) => self.report_fault(error),
            }
            if !again {
                return None;
            }
            browser::sleep(RETRY_MS).await;
        }
    }
}
