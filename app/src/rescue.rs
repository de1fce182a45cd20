//! The rescue file: unsent work carried by hand when no link comes, or off a device that is failing.
//!
//! Reads and writes the store; the rules are in `shared::sync::rescue`. How a file is saved or
//! picked is for the page.

use core::fmt;

pub use shared::sync::rescue::Imported;
use shared::sync::rescue::{self, Refused};
use shared::value::Date;

use crate::storage::{LocalStore, StoreError};

/// Ending of a rescue file's name.
pub const EXTENSION: &str = "relais";

/// Why there is no rescue file, or it was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RescueError {
    /// The store did not do its part.
    Store(StoreError),
    /// The file cannot be taken in here.
    Refused(Refused),
}

impl RescueError {
    /// Returns its name in message keys: `rescue.<key>`, or the store's own.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Store(error) => error.key(),
            Self::Refused(Refused::NotARescueFile) => "not_a_rescue_file",
            Self::Refused(Refused::TooNew) => "too_new",
            Self::Refused(Refused::Damaged) => "damaged",
            Self::Refused(Refused::NotYours) => "not_yours",
            Self::Refused(Refused::SyncFirst) => "sync_first",
            Self::Refused(Refused::Erased) => "erased",
        }
    }
}

impl From<StoreError> for RescueError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refused> for RescueError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl fmt::Display for RescueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Store(error) => return error.fmt(f),
            Self::Refused(Refused::NotARescueFile) => "This is not a rescue file of Relais.",
            Self::Refused(Refused::TooNew) => "A newer version wrote this file. Update this device, then try again.",
            Self::Refused(Refused::Damaged) => "The file was cut or changed on its way. Copy it again.",
            Self::Refused(Refused::NotYours) => "The file holds another person's work.",
            Self::Refused(Refused::SyncFirst) => {
                "This device has to reach the server once before it takes this file in."
            }
            Self::Refused(Refused::Erased) => "What this device had kept was erased. Open the page again.",
        })
    }
}

impl core::error::Error for RescueError {}

/// Returns the bytes of a rescue file with everything unsent.
/// Nothing leaves the outbox: the device goes on trying to send.
///
/// # Errors
/// The store cannot be read or written.
pub async fn export(store: &impl LocalStore, now_ms: i64) -> Result<Vec<u8>, RescueError> {
    let exported = store
        .transact(rescue::export_reads(), |rows| match rescue::export(rows, now_ms) {
            Some((writes, rescue)) => (Some(writes), Some(rescue)),
            None => (None, None),
        })
        .await?;
    Ok(rescue::seal(&exported.ok_or(Refused::Erased)?))
}

/// Takes a rescue file in; taking it in again changes nothing.
///
/// # Errors
/// The file cannot be taken in here, or the store did not take it.
pub async fn import(store: &impl LocalStore, file: &[u8]) -> Result<Imported, RescueError> {
    let rescue = rescue::unseal(file)?;
    let plan = |rows: &_| match rescue::import(rows, &rescue) {
        Ok((writes, imported)) => (Some(writes), Ok(imported)),
        Err(refused) => (None, Err(refused)),
    };
    Ok(store.transact(rescue::import_reads(), plan).await??)
}

/// Returns a name for the file that says what it is and of which day.
#[must_use]
pub fn file_name(now_ms: i64) -> String {
    format!("relais-{}.{EXTENSION}", Date::from_unix_ms(now_ms))
}

#[cfg(test)]
mod tests;
