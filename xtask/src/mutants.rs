//! `cargo xtask mutants`: changes what `shared` does, one place at a time, and names the changes that no test of
//! `shared` notices.
//!
//! For whoever has changed the rules and asks whether their tests would notice a mistake; too slow for every run.
//! Deliberately looks at `shared` alone: everything else is tested through programs that take long to start.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::child;
use crate::failure::Failure;
use crate::folders;
use crate::progress;
use crate::tools;

/// How long the tests of one change may take, in seconds: some changes never end.
const TEST_SECONDS_MAX: &str = "120";
/// How long compiling one change may take, in seconds.
const BUILD_SECONDS_MAX: &str = "300";
/// What the branch is compared with.
const MAIN: &str = "main";
/// Set-up and run.
const STEPS: usize = 2;

/// Runs cargo-mutants; without `--file` only where the branch differs from main.
pub fn mutants(options: &[String]) -> Result<(), Failure> {
    progress::plan(STEPS);
    progress::next();
    let programs = [tools::cargo_mutants()?];
    progress::next();
    let target = folders::repository().join("target");
    let mut cargo = child::cargo();
    child::prepend_path(&mut cargo, &programs);
    cargo.args(["mutants", "--package", "shared", "--jobs", "1", "--colors", "never"]);
    cargo.args(["--timeout", TEST_SECONDS_MAX, "--build-timeout", BUILD_SECONDS_MAX, "--output"]).arg(&target);
    match options {
        [] => cargo.arg("--in-diff").arg(difference(&target)?),
        [option, ..] if option == "--file" => cargo.args(options),
        _ => return Err(Failure::Usage("Only --file GLOB is understood, e.g. --file 'shared/src/merge/*.rs'.".into())),
    };
    cargo.stdin(Stdio::null());
    let status = cargo.status().map_err(Failure::io("starting cargo-mutants"))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::Unexpected(format!(
            "a change went unnoticed or the tests fail without one; all of it is in {}",
            target.join("mutants.out").display()
        ))),
    }
}

/// Writes down what `shared` differs in from where the branch left main.
fn difference(target: &Path) -> Result<PathBuf, Failure> {
    let git = |arguments: &[&str]| {
        let mut git = child::command("git");
        git.current_dir(folders::repository()).args(arguments);
        child::answer(git)
            .ok_or_else(|| Failure::Usage(format!("git knows no branch {MAIN} here; name files: --file GLOB")))
    };
    let since = git(&["merge-base", MAIN, "HEAD"])?;
    let text = git(&["diff", &since, "--", "shared"])?;
    if text.is_empty() {
        return Err(Failure::Usage(format!("shared is as it is on {MAIN}; name files: --file GLOB")));
    }
    let path = target.join("mutants.diff");
    fs::create_dir_all(target).map_err(Failure::file("making the folder", target))?;
    fs::write(&path, format!("{text}\n")).map_err(Failure::file("writing", &path))?;
    Ok(path)
}
