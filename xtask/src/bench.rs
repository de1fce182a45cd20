//! `cargo xtask bench`: the measurements beside their budgets.
//!
//! Deliberately measures nothing itself; the program in `tests` does.

use std::process::{ExitCode, Stdio};

use crate::build;
use crate::child;
use crate::failure::Failure;
use crate::profile::ClientProfile;
use crate::progress;
use crate::setup;

/// Builds for release, then measures.
pub fn bench(options: &[String]) -> Result<ExitCode, Failure> {
    progress::plan(setup::TEST_STEPS + build::STEPS + 1);
    let tools = setup::test(ClientProfile::Small)?;
    let binary = build::release(&tools.client)?;
    progress::next();
    let mut compile = child::cargo();
    compile.args(["build", "--locked", "--release", "--package", "tests", "--bin", "bench", "--bin", "device"]);
    child::run("Benchmark", compile)?;
    let mut bench = child::cargo();
    bench.args(["run", "--quiet", "--release", "--package", "tests", "--bin", "bench", "--"]).args(options);
    child::prepend_path(&mut bench, &tools.programs);
    bench.env("RELAIS_BIN", binary).stdin(Stdio::inherit());
    let status = bench.status().map_err(Failure::io("starting the benchmark"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
