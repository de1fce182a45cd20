//! Understands what `cargo test` prints: how many tests passed, the words of those that failed, and
//! what was measured.
//!
//! Deliberately does not run anything.

use std::time::Duration;

/// A failing test may print without end; its first words tell most.
const FAILURE_LINES_MAX: usize = 200;

/// What a line begins with that a test wants to be read although it passed.
const MEASURED: &str = "measured: ";

/// What is known of the tests so far.
#[derive(Debug, Default)]
pub struct TestReport {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
    suite: String,
    in_failures: bool,
    failure_lines: usize,
}

/// The closing line of one test program.
#[derive(Debug, PartialEq)]
struct SuiteResult {
    passed: u64,
    failed: u64,
    skipped: u64,
    took: Duration,
}

impl TestReport {
    /// Takes in one line and returns what a person should see of it.
    pub fn read(&mut self, line: &str) -> Option<String> {
        if let Some(suite) = suite_name(line) {
            self.suite = suite;
            self.in_failures = false;
            self.failure_lines = 0;
            return None;
        }
        if let Some(result) = suite_result(line) {
            self.in_failures = false;
            return self.add(&result);
        }
        if let Some(figure) = line.strip_prefix(MEASURED) {
            return Some(format!("  {figure}"));
        }
        if line.starts_with("error:") || line.starts_with("error[") {
            return Some(line.to_owned());
        }
        if line == "failures:" {
            // Printed twice: before the words of the failed tests, and before the list of their names.
            self.in_failures = true;
        }
        if self.in_failures {
            self.failure_lines += 1;
            return (self.failure_lines <= FAILURE_LINES_MAX).then(|| line.to_owned());
        }
        None
    }

    /// Returns the closing line.
    pub fn closing_line(&self) -> String {
        let counts = format!("{} passed, {} failed", self.passed, self.failed);
        match self.skipped {
            0 => counts,
            skipped => format!("{counts}, {skipped} skipped"),
        }
    }

    fn add(&mut self, result: &SuiteResult) -> Option<String> {
        self.passed += result.passed;
        self.failed += result.failed;
        self.skipped += result.skipped;
        if result.passed + result.failed == 0 {
            return None;
        }
        let failed = match result.failed {
            0 => String::new(),
            failed => format!(", {failed} FAILED"),
        };
        let took = result.took.as_secs_f32();
        Some(format!("  {:<40} {:>5} passed{failed}  {took:.1} s", self.suite, result.passed))
    }
}

/// Reads `Running tests/journeys.rs (target/debug/deps/journeys-0a1b)` and `Doc-tests shared`.
fn suite_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{name}, documentation"));
    }
    let program = line.strip_prefix("Running ")?.split_once(" (")?.1.strip_suffix(')')?;
    let file = program.rsplit('/').next()?;
    Some(file.rsplit_once('-').map_or(file, |(name, _hash)| name).to_owned())
}

/// Reads `test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.31s`.
fn suite_result(line: &str) -> Option<SuiteResult> {
    let counts = line.trim_start().strip_prefix("test result: ")?;
    let count = |word: &str| -> u64 {
        let part = counts.split(['.', ';']).find_map(|part| part.trim().strip_suffix(word));
        part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    };
    let seconds = counts.split_once("finished in ").and_then(|(_, time)| time.trim().strip_suffix('s')?.parse().ok());
    Some(SuiteResult {
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("ignored"),
        took: Duration::try_from_secs_f32(seconds.unwrap_or(0.0)).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
   Compiling shared v0.1.0
    Finished `test` profile [unoptimized] target(s) in 3.05s
     Running unittests src/lib.rs (target/debug/deps/shared-0a1b2c)

running 2 tests
test forms::every_field_has_a_kind ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s

     Running tests/journeys.rs (target/debug/deps/journeys-77)
test a_draft_survives ... FAILED

failures:

---- a_draft_survives stdout ----
it did not

failures:
    a_draft_survives

test result: FAILED. 40 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out; finished in 12.25s

error: test failed, to rerun pass `-p tests --test journeys`
   Doc-tests shared
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    fn shown(output: &str) -> (TestReport, Vec<String>) {
        let mut report = TestReport::default();
        let lines = output.lines().filter_map(|line| report.read(line)).collect();
        (report, lines)
    }

    #[test]
    fn the_counts_of_all_programs_are_added() {
        let (report, _) = shown(OUTPUT);
        assert_eq!(report.closing_line(), "42 passed, 1 failed, 3 skipped");
        assert_eq!(TestReport::default().closing_line(), "0 passed, 0 failed");
    }

    #[test]
    fn a_person_sees_one_line_a_program_and_the_words_of_failures() {
        let (_, lines) = shown(OUTPUT);
        assert!(lines[0].starts_with("  shared ") && lines[0].ends_with("2 passed  1.5 s"), "{lines:?}");
        assert!(lines.contains(&"it did not".to_owned()));
        assert!(lines.iter().any(|line| line.starts_with("  journeys ") && line.contains("1 FAILED")));
        assert!(!lines.iter().any(|line| line.contains("documentation")));
    }

    #[test]
    fn what_a_passing_test_measured_is_read() {
        let (_, lines) = shown("test a_world ... ok\nmeasured: 2000 worlds in 60 s\ntest another ... ok\n");
        assert_eq!(lines, ["  2000 worlds in 60 s"]);
    }

    #[test]
    fn a_failing_test_that_prints_without_end_is_cut() {
        let words = "words\n".repeat(10 * FAILURE_LINES_MAX);
        let (_, lines) = shown(&format!("failures:\n{words}"));
        assert_eq!(lines.len(), FAILURE_LINES_MAX);
    }

    #[test]
    fn the_name_of_a_program_may_hold_hyphens() {
        let line = "     Running tests/a.rs (target/debug/deps/two-words-0a1b)";
        assert_eq!(suite_name(line).as_deref(), Some("two-words"));
        assert_eq!(suite_name("Running out of space"), None);
    }
}
