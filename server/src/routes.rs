//! The handlers, thin: identify, load, authorise, validate, act, encode.

pub mod client;
pub mod health;
pub mod inbox;
pub mod openapi;
pub mod session;
pub mod sync;
