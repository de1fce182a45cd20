//! The `relais` program: reads the command line, does it, says how it went.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let command = cli::Relais::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cli::Failure::from);
    match outcome.and_then(|runtime| runtime.block_on(command.run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "relais: {failure}");
            ExitCode::FAILURE
        }
    }
}
