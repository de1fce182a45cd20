//! The client without its pages: the store on the device, the desk the pages work at, the sync
//! driver and the rescue file. Compiles natively, so that simulation and headless devices run it.

#[cfg(target_arch = "wasm32")]
mod by_name;
#[cfg(target_arch = "wasm32")]
pub mod client;
pub mod desk;
pub mod local;
pub mod rescue;
pub mod sync;
