//! A device without a browser: verbs as JSON lines on standard input, outcomes as JSON lines on
//! standard output, the real store, repository and sync driver in between, real HTTP to any server.
//!
//! `device SERVER FOLDER`, e.g. `device http://127.0.0.1:8080 /tmp/first`. The folder is the device's
//! disk: killed and started again, it goes on where it was.

mod http;
mod verbs;

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::verbs::Headless;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(server), Some(folder)) = (arguments.next(), arguments.next()) else {
        let _ = writeln!(std::io::stderr(), "usage: device SERVER FOLDER");
        return ExitCode::FAILURE;
    };
    match run(server, PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "device: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(server: String, folder: PathBuf) -> std::io::Result<()> {
    std::fs::create_dir_all(&folder)?;
    let runtime = Builder::new_current_thread().build()?;
    let mut device = Headless::new(server, folder);
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let outcome = match serde_json::from_str::<Value>(&line) {
            Ok(verb) => runtime.block_on(device.carry_out(&verb)),
            Err(error) => Err(error.to_string()),
        };
        let told = match outcome {
            Ok(told) => json!({ "ok": told }),
            Err(error) => json!({ "error": error }),
        };
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}
