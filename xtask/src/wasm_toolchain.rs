//! The compiler for WASM: rustup's where it has the target or can get it, else Debian's.
//!
//! Deliberately does not know what is compiled, nor how Debian's compiler gets its standard library.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::apt::Need;
use crate::child;
use crate::failure::Failure;
use crate::folders;
use crate::progress;
use crate::wasm_std;

/// The compile target of the client.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may take: where its server cannot be reached it hangs instead of failing.
pub const RUSTUP_WAIT_MAX: Duration = Duration::from_secs(30);

const DEBIAN_CLIPPY: Need = Need { found_as: &["/usr/bin/cargo-clippy"], packages: &["rust-web-clippy"] };

/// A compiler that can make WASM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The toolchain that also compiles the server.
    Rustup,
    /// Debian's compiler in `/usr/bin`, which lives beside rustup's.
    Debian,
}

impl WasmToolchain {
    /// Finds a compiler for WASM, or sets one up.
    pub fn ensure() -> Result<Self, Failure> {
        for found in [Self::Rustup, Self::Debian] {
            if found.compiles()? {
                return Ok(found);
            }
        }
        if add_rustup_target()? && Self::Rustup.compiles()? {
            return Ok(Self::Rustup);
        }
        wasm_std::install()?;
        match Self::Debian.compiles()? {
            true => Ok(Self::Debian),
            false => Err(Failure::Missing {
                what: format!("no compiler here can make {TARGET}."),
                remedy: format!("Where rustup's server can be reached: rustup target add {TARGET}"),
            }),
        }
    }

    /// Returns what checking the client's code with clippy needs from the system.
    pub fn needs_of_clippy(self) -> &'static [&'static Need] {
        match self {
            Self::Rustup => &[],
            Self::Debian => &[&DEBIAN_CLIPPY],
        }
    }

    /// Prepares a call of Cargo for WASM; `programs` come first in the search path.
    pub fn cargo(self, programs: &[PathBuf]) -> Command {
        let mut cargo = match self {
            Self::Rustup => child::cargo(),
            Self::Debian => child::command("/usr/bin/cargo"),
        };
        self.configure(&mut cargo, programs);
        cargo
    }

    /// Gives a command this compiler: its own target folder, and the search path.
    pub fn configure(self, command: &mut Command, programs: &[PathBuf]) {
        let mut front = programs.to_vec();
        if self == Self::Debian {
            front.push("/usr/bin".into());
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        child::prepend_path(command, &front);
        command
            .current_dir(folders::repository())
            .env("CARGO_TARGET_DIR", target_folder())
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTC");
    }

    /// Returns the compiler's own name and version.
    pub fn version(self) -> String {
        child::answer(self.rustc(&["--version"])).unwrap_or_default()
    }

    /// Returns whether this compiler makes a WASM file of an empty crate: the surest check, in 0.2 s.
    fn compiles(self) -> Result<bool, Failure> {
        let folder = folders::marks()?;
        let source = folder.join("probe.rs");
        let result = folder.join(format!("probe-{}.wasm", std::process::id()));
        fs::write(&source, "pub fn probe() {}\n").map_err(Failure::file("writing", &source))?;
        let mut rustc = self.rustc(&["--target", TARGET, "--crate-type", "cdylib", "-o"]);
        rustc.arg(&result).arg(&source);
        let compiled = child::answer(rustc).is_some();
        let _ = fs::remove_file(&result);
        Ok(compiled)
    }

    fn rustc(self, arguments: &[&str]) -> Command {
        let mut rustc = child::command(match self {
            Self::Rustup => "rustc",
            Self::Debian => "/usr/bin/rustc",
        });
        self.configure(&mut rustc, &[]);
        rustc.args(arguments);
        rustc
    }
}

/// Returns the target folder of everything compiled for WASM, apart because the compiler may be another one.
pub fn target_folder() -> PathBuf {
    folders::repository().join("target").join("wasm")
}

/// Asks rustup for the target once; where that failed, a mark spares later runs the wait.
fn add_rustup_target() -> Result<bool, Failure> {
    let mark = folders::marks()?.join("rustup-cannot-add-targets");
    if mark.exists() || !child::on_path("rustup") {
        return Ok(false);
    }
    let mut rustup = child::command("rustup");
    rustup.current_dir(folders::repository()).args(["target", "add", TARGET]);
    let added = child::run_within("Rust's target for WASM", rustup, Some(RUSTUP_WAIT_MAX)).is_ok();
    if !added {
        progress::say("  rustup could not fetch it; looking for Debian's compiler instead");
        fs::write(&mark, "Delete this file to let rustup try again.\n").map_err(Failure::file("writing", &mark))?;
    }
    Ok(added)
}
