//! The server through its front door: the real router on a real SQLite, as a browser meets it.

#![expect(clippy::unwrap_used, reason = "a test that meets something unexpected has failed")]

mod browser;
mod client;
mod guards;
mod inbox;
mod sign_in;
mod upkeep;
