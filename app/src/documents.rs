//! The documents of one person on this device: read and written without a network.
//!
//! Knows nothing of how things look or are worded.

mod error;
mod repository;

pub use self::error::RepositoryError;
pub use self::repository::{DocumentRepository, FileRow, Views};
