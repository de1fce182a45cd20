//! The commands of the project: `cargo xtask serve | test | build | bench | mutants | setup`.
//!
//! Each command does the set-up it needs and says in plain words what is missing when it cannot go on.
//! Uses the standard library alone, so that the first answer comes two seconds after `git clone`.
//! Deliberately knows nothing of forms, sync or HTTP: it calls the compiler, Trunk and the programs.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

mod apt;
mod asset_manifest;
mod bench;
mod budgets;
mod build;
mod child;
mod client;
mod debian_rust;
mod failure;
mod folders;
mod lockfile;
mod mutants;
mod privilege;
mod profile;
mod programs;
mod progress;
mod serve;
mod setup;
mod sources;
mod test;
mod test_report;
mod tools;
mod wasm_toolchain;

use std::process::ExitCode;

use failure::Failure;
use profile::ClientProfile;

const HELP: &str = "\
cargo xtask COMMAND

  serve [OPTIONS]       set up, build quickly and run the portal with demo data; OPTIONS go to `relais serve`
  test  [FILTER]        set up, check and test everything (with FILTER: only tests of that name)
  build                 make target/release/relais and print what each program costs, beside its budget
  bench [OPTIONS]       build and measure, beside the budgets
  mutants [--file GLOB] change what `shared` does, one place at a time, and name the changes no test of it notices:
                        where the branch differs from main, or in the files named; takes minutes to hours
  setup [serve|test]    only the set-up, for the command named (default: test)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match (command, rest) {
        ("serve", options) => serve::serve(options),
        ("test", filter) => test::test(filter),
        ("build", []) => build::build().map(|()| ExitCode::SUCCESS),
        ("bench", options) => bench::bench(options),
        ("mutants", options) => mutants::mutants(options).map(|()| ExitCode::SUCCESS),
        ("setup", [scope]) if scope == "serve" => {
            progress::plan(setup::CLIENT_STEPS);
            setup::client(ClientProfile::Quick).map(|_| all_there())
        }
        ("setup", rest) if rest.is_empty() || rest == ["test"] => {
            progress::plan(setup::TEST_STEPS);
            setup::test(ClientProfile::Small).map(|_| all_there())
        }
        ("help" | "--help" | "-h", _) => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(Failure::Usage(format!("There is no such command: cargo xtask {}\n\n{HELP}", arguments.join(" ")))),
    }
}

fn all_there() -> ExitCode {
    println!("Everything needed is there.");
    ExitCode::SUCCESS
}
