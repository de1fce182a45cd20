//! The Relais client. What runs without a browser (repository, stores, sync driver, rescue file) compiles natively too,
//! so that the simulation and headless devices run the same code; pages are for the browser alone.

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod components;
pub mod documents;
#[cfg(target_arch = "wasm32")]
pub mod i18n;
#[cfg(target_arch = "wasm32")]
pub mod pages;
#[cfg(target_arch = "wasm32")]
pub mod program;
pub mod rescue;
#[cfg(target_arch = "wasm32")]
pub mod session;
pub mod storage;
pub mod sync;
