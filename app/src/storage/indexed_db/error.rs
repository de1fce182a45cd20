//! What an error of IndexedDB means to the store.

use indexed_db_futures::error::{Error, OpenDbError};
use web_sys::DomException;

use crate::storage::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(error) => DomException::from(error).into(),
            error => Self::Unknown(error.to_string()),
        }
    }
}

impl From<OpenDbError> for StoreError {
    fn from(error: OpenDbError) -> Self {
        match error {
            OpenDbError::Base(error) => error.into(),
            // The library's word for whatever is thrown when opening is asked for.
            OpenDbError::VersionZero => Self::Unknown("this browser lets nothing be opened".to_owned()),
            error => Self::Unknown(error.to_string()),
        }
    }
}

impl From<DomException> for StoreError {
    fn from(error: DomException) -> Self {
        match error.name().as_str() {
            // No room is left.
            "QuotaExceededError" => Self::Full,
            // Closed under us, or meanwhile set up by a newer version of the program in another tab.
            "InvalidStateError" | "VersionError" => Self::Gone,
            name => Self::Unknown(format!("{name}: {}", error.message())),
        }
    }
}
