//! The build tools: one on the search path where its version fits, else one kept by version in the user's cache, so that
//! another work tree finds it, compiled with nothing that is not used here.
//!
//! Deliberately does not know how the compiler for WASM is found, nor which command needs which tool.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt::{self, Need};
use crate::child;
use crate::failure::Failure;
use crate::folders;
use crate::lockfile;
use crate::progress;

// 0.22 wants a newer compiler than the one this project is held to.
const TRUNK_VERSION: &str = "0.21.14";
const GECKODRIVER_VERSION: &str = "0.37.1";
// Debian's own is too old for the features current compilers use.
const BINARYEN_VERSION: &str = "132";
const WASM_OPT_CRATE_VERSION: &str = "0.116.1";
const CARGO_MUTANTS_VERSION: &str = "26.0.0";

/// Trunk's own features look for newer versions and fetch tools, none of which is done here.
const TRUNK_FLAGS: [&str; 2] = ["--locked", "--no-default-features"];
/// Without the runner of tests in a browser, and the encryption it needs.
const WASM_BINDGEN_FLAGS: [&str; 3] = ["--no-default-features", "--bin", "wasm-bindgen"];

const NODE: Need = Need { found_as: &["node"], packages: &["nodejs"] };
const NPM: Need = Need { found_as: &["npm"], packages: &["npm"] };
const CXX: Need = Need { found_as: &["c++"], packages: &["g++"] };

/// Finds or installs Trunk and returns the folder of its program.
pub fn trunk() -> Result<PathBuf, Failure> {
    let tool = Tool::new("trunk", TRUNK_VERSION, "trunk")?;
    tool.found(Fit::Exactly).map_or_else(|| cargo_tool(&tool, "trunk", &TRUNK_FLAGS, "about 5 minutes"), Ok)
}

/// Finds or installs the wasm-bindgen that fits the library in `Cargo.lock`.
pub fn wasm_bindgen() -> Result<PathBuf, Failure> {
    let path = folders::repository().join("Cargo.lock");
    let text = fs::read_to_string(&path).map_err(Failure::file("reading", &path))?;
    let version = lockfile::version_of(&text, "wasm-bindgen")
        .ok_or_else(|| Failure::Unexpected("Cargo.lock does not name wasm-bindgen".into()))?;
    let tool = Tool::new("wasm-bindgen", version, "wasm-bindgen")?;
    if let Some(folder) = tool.found(Fit::Exactly) {
        return Ok(folder);
    }
    let install = |lock: Option<&'static str>| {
        let flags: Vec<&str> = lock.into_iter().chain(WASM_BINDGEN_FLAGS).collect();
        cargo_tool(&tool, "wasm-bindgen-cli", &flags, "about 2 minutes")
    };
    // Some releases were locked to a crate that a copy of the registry may not have yet.
    install(Some("--locked")).or_else(|_| {
        progress::say("  its own lock file cannot be satisfied here; trying with current libraries");
        install(None)
    })
}

/// Finds or installs the driver that lets tests steer Firefox.
pub fn geckodriver() -> Result<PathBuf, Failure> {
    let tool = Tool::new("geckodriver", GECKODRIVER_VERSION, "geckodriver")?;
    tool.found(Fit::AtLeast).map_or_else(|| cargo_tool(&tool, "geckodriver", &["--locked"], "about 1 minute"), Ok)
}

/// Finds or installs the program that changes code to see whether tests notice.
pub fn cargo_mutants() -> Result<PathBuf, Failure> {
    let tool = Tool::new("cargo-mutants", CARGO_MUTANTS_VERSION, "cargo-mutants")?;
    tool.found(Fit::AtLeast).map_or_else(|| cargo_tool(&tool, "cargo-mutants", &["--locked"], "about 2 minutes"), Ok)
}

/// Finds or installs wasm-opt: the current one from npm, or else an older one built from source.
pub fn wasm_opt() -> Result<PathBuf, Failure> {
    let own = wasm_opt_from_source()?;
    if own.is_ready() {
        return Ok(own.programs());
    }
    if let Some(folder) = binaryen_tool()?.found(Fit::AtLeast) {
        return Ok(folder);
    }
    binaryen().or_else(|failure| {
        progress::say(&format!("{failure}\n\nwasm-opt does not come from npm; building it from source instead"));
        apt::ensure(&[&CXX])?;
        cargo_tool(&own, "wasm-opt", &["--locked"], "about 8 minutes")
    })
}

/// Returns what wasm-opt needs from the system.
pub fn needs_of_wasm_opt() -> Result<&'static [&'static Need], Failure> {
    match wasm_opt_from_source()?.is_ready() {
        true => Ok(&[]),
        false => binaryen_tool().map(|tool| needs_of_binaryen(&tool)),
    }
}

fn needs_of_binaryen(tool: &Tool) -> &'static [&'static Need] {
    if tool.is_on_path(Fit::AtLeast) {
        return &[];
    }
    // The program is a script: without Node it would fail in the middle of a build.
    if tool.is_ready() { &[&NODE] } else { &[&NODE, &NPM] }
}

fn wasm_opt_from_source() -> Result<Tool, Failure> {
    Tool::new("wasm-opt", WASM_OPT_CRATE_VERSION, "wasm-opt")
}

fn binaryen_tool() -> Result<Tool, Failure> {
    Tool::new("binaryen", BINARYEN_VERSION, "wasm-opt")
}

fn binaryen() -> Result<PathBuf, Failure> {
    let tool = binaryen_tool()?;
    apt::ensure(needs_of_binaryen(&tool))?;
    if tool.is_ready() {
        return Ok(tool.programs());
    }
    let partial = tool.partial();
    let mut npm = child::command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]).arg(&partial.0);
    npm.arg(format!("binaryen@{BINARYEN_VERSION}"));
    child::run(&format!("wasm-opt {BINARYEN_VERSION}"), npm)?;
    let programs = partial.0.join("bin");
    fs::create_dir_all(&programs).map_err(Failure::file("making the folder", &programs))?;
    symlink("../node_modules/.bin/wasm-opt", programs.join("wasm-opt"))
        .map_err(Failure::file("linking wasm-opt in", &programs))?;
    tool.keep(&partial)
}

/// Finds a tool, or installs it from the package that holds its source.
fn cargo_tool(tool: &Tool, package: &str, flags: &[&str], duration: &str) -> Result<PathBuf, Failure> {
    if tool.is_ready() {
        return Ok(tool.programs());
    }
    let partial = tool.partial();
    let build = folders::tool_builds()?.join(tool.name_and_version());
    let mut install = cargo_outside_the_tree()?;
    install.args(["install", package, "--version", &tool.version, "--root"]).arg(&partial.0);
    install.args(flags).arg("--target-dir").arg(&build);
    let title = format!("{} {} ({duration}, once on this machine)", tool.name, tool.version);
    child::run(&title, install)?;
    let kept = tool.keep(&partial)?;
    // Only a convenience: what stays behind costs disk, nothing else.
    let _ = fs::remove_dir_all(&build);
    Ok(kept)
}

/// Prepares a call of Cargo that the settings of this work tree do not reach.
fn cargo_outside_the_tree() -> Result<Command, Failure> {
    let mut cargo = child::cargo();
    cargo.current_dir(folders::tools()?).env_remove("CARGO_TARGET_DIR");
    Ok(cargo)
}

/// Which versions of a program on the search path will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Exactly,
    AtLeast,
}

impl Fit {
    /// Reads what a program says of itself, e.g. `wasm-opt version 132 (version_132)`.
    fn takes(self, said: &str, wanted: &str) -> bool {
        let version = said.split_whitespace().find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
        let numbers = |text: &str| text.split('.').map(|number| number.parse::<u64>().ok()).collect::<Option<Vec<_>>>();
        match self {
            Self::Exactly => version == Some(wanted),
            // A version that is not plain numbers may be anything.
            Self::AtLeast => version.and_then(numbers).is_some_and(|there| Some(there) >= numbers(wanted)),
        }
    }
}

/// A tool in the cache, in a folder `NAME-VERSION`.
struct Tool {
    name: &'static str,
    version: String,
    program: &'static str,
    folder: PathBuf,
}

impl Tool {
    fn new(name: &'static str, version: &str, program: &'static str) -> Result<Self, Failure> {
        Ok(Self::kept_in(&folders::tools()?, name, version, program))
    }

    fn kept_in(cache: &Path, name: &'static str, version: &str, program: &'static str) -> Self {
        let folder = cache.join(format!("{name}-{version}"));
        Self { name, version: version.to_owned(), program, folder }
    }

    fn name_and_version(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// Returns whether the search path has a version that will do.
    fn is_on_path(&self, fit: Fit) -> bool {
        let mut program = child::command(self.program);
        program.arg("--version");
        child::answer(program).is_some_and(|said| fit.takes(&said, &self.version))
    }

    /// Returns a folder with a link to the program on the search path, if its version will do.
    ///
    /// The program's own folder may hold others, such as another compiler, that must not come first.
    fn found(&self, fit: Fit) -> Option<PathBuf> {
        if self.is_ready() || !self.is_on_path(fit) {
            return None;
        }
        let path = child::find_on_path(self.program)?;
        let folder = self.folder.with_file_name(format!("{}-on-path", self.name));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).ok()?;
        symlink(path, folder.join(self.program)).ok()?;
        Some(folder)
    }

    fn is_ready(&self) -> bool {
        self.programs().join(self.program).exists()
    }

    /// Returns where to put the tool until it is complete, so that nobody finds half of it.
    fn partial(&self) -> Partial {
        let name = format!("{}.partial-{}", self.folder.display(), std::process::id());
        let partial = Partial(PathBuf::from(name));
        partial.remove();
        partial
    }

    fn keep(&self, partial: &Partial) -> Result<PathBuf, Failure> {
        // Another run may have finished first, or left half a folder from older days.
        if !self.is_ready() {
            let _ = fs::remove_dir_all(&self.folder);
            fs::rename(&partial.0, &self.folder).map_err(Failure::file("keeping", &self.folder))?;
        }
        match self.is_ready() {
            true => Ok(self.programs()),
            false => Err(Failure::Unexpected(format!("{} is not in {}", self.program, self.programs().display()))),
        }
    }
}

/// A folder that is gone when its making ends, whether it was kept under another name or failed.
struct Partial(PathBuf);

impl Partial {
    fn remove(&self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(cache: &Path, version: &str) -> Tool {
        Tool::kept_in(cache, "hammer", version, "hammer")
    }

    #[test]
    fn only_a_fitting_version_is_taken_from_the_search_path() {
        let cases = [
            (Fit::Exactly, "trunk 0.21.14", "0.21.14", true),
            (Fit::Exactly, "trunk 0.21.140", "0.21.14", false),
            (Fit::Exactly, "trunk 0.22.1", "0.21.14", false),
            (Fit::AtLeast, "geckodriver 0.37.1 (abc 2026-01-01)", "0.37.1", true),
            (Fit::AtLeast, "geckodriver 0.36.9", "0.37.1", false),
            (Fit::AtLeast, "wasm-opt version 133 (version_133)", "132", true),
            (Fit::AtLeast, "wasm-opt version 108", "132", false),
            (Fit::AtLeast, "wasm-opt version 133-beta", "132", false),
            (Fit::AtLeast, "", "132", false),
        ];
        for (fit, said, wanted, taken) in cases {
            assert_eq!(fit.takes(said, wanted), taken, "{said}");
        }
    }

    /// Another clone finds what the first one built, of its own version and whole.
    #[test]
    fn a_tool_is_found_again_by_its_version_once_it_is_whole() {
        let cache = std::env::temp_dir().join(format!("relais-tools-{}", std::process::id()));
        let first = tool(&cache, "1.0");
        let partial = first.partial();
        let programs = partial.0.join("bin");
        fs::create_dir_all(&programs).unwrap();
        fs::write(programs.join("hammer"), "").unwrap();
        assert!(!tool(&cache, "1.0").is_ready(), "half of it is not it");
        first.keep(&partial).unwrap();
        drop(partial);
        assert!(tool(&cache, "1.0").is_ready());
        assert!(!tool(&cache, "1.1").is_ready(), "another version is another tool");
        fs::remove_dir_all(&cache).unwrap();
    }
}
