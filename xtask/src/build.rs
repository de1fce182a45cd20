//! `cargo xtask build`: the one binary for real use, and the price of the first load.
//!
//! Deliberately does not start anything.

use std::path::PathBuf;

use crate::child;
use crate::client;
use crate::failure::Failure;
use crate::first_load;
use crate::folders;
use crate::progress::say;
use crate::setup::{self, ClientTools};

/// Builds client and server, and prints what the first load costs.
pub fn build() -> Result<(), Failure> {
    let binary = release(&setup::serve()?)?;
    say(&format!("\n{}\n", binary.display()));
    first_load::check()
}

/// Builds the release binary with the client inside and returns where it lies.
pub fn release(tools: &ClientTools) -> Result<PathBuf, Failure> {
    client::build(tools)?;
    let mut build = child::cargo();
    build.args(["build", "--locked", "--release", "--package", "server", "--bin", "relais"]);
    child::run("Server for release (some minutes the first time)", build)?;
    Ok(folders::repository().join("target/release/relais"))
}
