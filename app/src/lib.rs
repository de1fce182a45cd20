//! The Relais client. What runs without a browser (repository, store, sync driver, rescue file) compiles natively
//! too, so that the simulation and headless devices run the same code.

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod documents;
pub mod rescue;
pub mod storage;
pub mod sync;
