//! `cargo xtask test`: format, lints, builds, budgets, and every test, browsers included.
//!
//! Goes on after a failure, so that one run tells everything that is wrong.
//! Deliberately does not know what the tests check.

use std::process::ExitCode;
use std::time::Instant;

use crate::budgets;
use crate::child;
use crate::client;
use crate::failure::Failure;
use crate::folders;
use crate::profile::ClientProfile;
use crate::progress::{self, Step, say};
use crate::setup::{self, TestTools};
use crate::test_report::TestReport;

/// How many steps are left out with a filter: format, and clippy twice.
const CHECKS: usize = 3;

/// The outcome of each check, in order.
#[derive(Debug, Default)]
struct Summary {
    checks: Vec<(&'static str, bool)>,
    tests: TestReport,
}

impl Summary {
    fn check(&mut self, name: &'static str, outcome: Result<(), Failure>) {
        if let Err(failure) = &outcome {
            say(&format!("\n{failure}\n"));
        }
        self.checks.push((name, outcome.is_ok()));
    }

    /// Prints the summary, ending in one line that counts failed checks as failed tests.
    fn close(mut self, started_at: Instant) -> ExitCode {
        say(&format!("\nSummary, after {} s", started_at.elapsed().as_secs()));
        for (name, passed) in &self.checks {
            say(&format!("  {name:<24} {}", if *passed { "passed" } else { "FAILED" }));
        }
        let failed_checks = self.checks.iter().filter(|(_, passed)| !passed).count() as u64;
        self.tests.failed += failed_checks;
        say(&self.tests.closing_line());
        match self.tests.failed {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

/// Sets up and runs everything, or with a filter only the tests of that name.
pub fn test(filter: &[String]) -> Result<ExitCode, Failure> {
    let started_at = Instant::now();
    let checks = if filter.is_empty() { CHECKS } else { 0 };
    progress::plan(setup::TEST_STEPS + checks + 2 * client::STEPS + 2);
    // What is weighed and driven in browsers is what people get.
    let tools = setup::test(ClientProfile::Small)?;
    let mut summary = Summary::default();
    if filter.is_empty() {
        summary.check("Format", format());
        summary.check("Clippy, all but client", clippy());
        summary.check("Clippy, client", client::clippy(&tools.client));
    }
    let client = client::build(&tools.client);
    // Without a client there is nothing to weigh, and yesterday's would mislead.
    let budgets = client.is_ok().then(budgets::check);
    summary.check("Client", client);
    if let Some(outcome) = budgets {
        summary.check("Budgets", outcome);
    }
    summary.check("Client with a form more", client::build_visit(&tools.client));
    summary.check("Programs", build_programs());
    let outcome = run_tests(&tools, filter, &mut summary.tests);
    // Failed tests are counted one by one; what is left is a test program that did not even run.
    let told = summary.tests.failed > 0;
    summary.check("Tests", if told { Ok(()) } else { outcome });
    if told {
        summary.checks.pop();
    }
    Ok(summary.close(started_at))
}

fn format() -> Result<(), Failure> {
    progress::next();
    let mut cargo = child::cargo();
    cargo.args(["fmt", "--all", "--check"]);
    child::run("Format", cargo)
}

fn clippy() -> Result<(), Failure> {
    progress::next();
    let mut cargo = child::cargo();
    cargo.args(["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
    child::run("Clippy, all but client", cargo)
}

/// Builds the programs that tests start: the server with the client inside, and those of `tests`.
fn build_programs() -> Result<(), Failure> {
    progress::next();
    let mut cargo = child::cargo();
    cargo.args(["build", "--locked", "--package", "server", "--package", "tests", "--package", "visit", "--bins"]);
    child::run("Programs", cargo)
}

fn run_tests(tools: &TestTools, filter: &[String], report: &mut TestReport) -> Result<(), Failure> {
    progress::next();
    let mut cargo = child::cargo();
    cargo.args(["test", "--locked", "--workspace", "--no-fail-fast"]).args(filter);
    child::prepend_path(&mut cargo, &tools.programs);
    cargo.env("CARGO_TERM_COLOR", "never");
    cargo.env("RELAIS_BIN", folders::repository().join("target/debug/relais"));
    cargo.env("RELAIS_VISIT_CLIENT", client::visit_folder());
    let mut step = Step::start("Tests");
    let outcome = child::watch(&mut step, "Tests", cargo, None, |step, line| {
        if let Some(text) = report.read(line) {
            step.say(&text);
        }
    });
    step.finish("");
    outcome
}
