//! `cargo xtask build`: the one binary for real use, what it costs on the line, and which parts that cost comes from.
//!
//! Deliberately does not start anything.

use std::path::PathBuf;

use crate::budgets;
use crate::child;
use crate::client;
use crate::failure::Failure;
use crate::folders;
use crate::profile::ClientProfile;
use crate::programs::PROGRAMS;
use crate::progress::{self, say};
use crate::setup::{self, ClientTools};

/// How many steps `release` has.
pub const STEPS: usize = client::STEPS + 1;

/// Builds client and server, and prints what the programs cost.
pub fn build() -> Result<(), Failure> {
    progress::plan(setup::CLIENT_STEPS + STEPS);
    let binary = release(&setup::client(ClientProfile::Small)?)?;
    say(&format!("\n{}\n", binary.display()));
    say(&parts()?);
    budgets::check()
}

/// Builds the release binary with the client inside and returns where it lies.
pub fn release(tools: &ClientTools) -> Result<PathBuf, Failure> {
    client::build(tools)?;
    progress::next();
    let mut build = child::cargo();
    build.args(["build", "--locked", "--release", "--package", "server", "--bin", "relais"]);
    child::run("Server for release (some minutes the first time)", build)?;
    Ok(folders::repository().join("target/release/relais"))
}

/// Returns a table of what the parts of each program take.
fn parts() -> Result<String, Failure> {
    let mut cargo = child::cargo();
    cargo.args(["run", "--quiet", "--package", "xtask", "--example", "parts", "--"]);
    cargo.args(PROGRAMS.map(client::before_wasm_opt));
    child::answer(cargo).ok_or_else(|| {
        Failure::Unexpected("the parts of the programs could not be told apart, see xtask/examples/parts.rs".into())
    })
}
