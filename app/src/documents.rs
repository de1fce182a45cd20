//! The documents of one person on this device: read and written without a network.
//!
//! Knows nothing of how things look or are worded, and touches no page.

#[cfg(target_arch = "wasm32")]
pub mod edit_queue;
mod error;
#[cfg(target_arch = "wasm32")]
pub mod handle;
mod repository;
pub mod text_diff;
mod view;

pub use self::error::RepositoryError;
pub use self::repository::{DeviceStatus, DocumentRepository, FileRow, Views};
pub use self::view::DocumentView;
