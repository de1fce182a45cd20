//! `cargo xtask serve`: the portal with demo data, from nothing.
//!
//! Deliberately hands over to the server for good: what it prints and how it stops is its own matter.

use std::os::unix::process::CommandExt;
use std::process::{ExitCode, Stdio};

use crate::child;
use crate::client;
use crate::failure::Failure;
use crate::folders;
use crate::profile::ClientProfile;
use crate::progress;
use crate::setup;

/// Sets up, builds, and becomes the server.
pub fn serve(options: &[String]) -> Result<ExitCode, Failure> {
    progress::plan(setup::CLIENT_STEPS + client::STEPS + 1);
    client::build(&setup::client(ClientProfile::Quick)?)?;
    progress::next();
    // Not the release build: this one is shared with the tests and is there much sooner. It gets the client as a folder,
    // so that a change of the client alone does not build it again.
    let mut build = child::cargo();
    build.args(["build", "--locked", "--package", "server", "--bin", "relais"]);
    child::run("Server (some minutes the first time)", build)?;
    let repository = folders::repository();
    let mut server = child::command(repository.join("target/debug/relais"));
    server.arg("serve").arg("--demo");
    if !options.iter().any(|option| option.starts_with("--client")) {
        server.arg("--client").arg(client::folder(ClientProfile::Quick));
    }
    if !options.iter().any(|option| option.starts_with("--data")) {
        server.arg("--data").arg(repository.join("data"));
    }
    let error = server.args(options).stdin(Stdio::inherit()).exec();
    Err(Failure::io("starting the server")(error))
}
