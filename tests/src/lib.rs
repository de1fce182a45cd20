//! The vocabulary of the tests: a server that can be killed, devices with verbs, a simulated world.

pub mod answers;
pub mod browser;
pub mod device;
pub mod headless;
pub mod later;
pub mod packing;
pub mod remote_device;
pub mod server;
pub mod signed_in;
pub mod simulation;
