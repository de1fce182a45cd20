//! The compiler for WASM: rustup's where it has the library's source or can get it, else Debian's.
//!
//! The library is compiled with the client, for size and without words for a panic: the first load is a
//! fifth smaller for it. Deliberately does not know what is compiled, nor how Debian's compiler is installed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::apt::Need;
use crate::child;
use crate::debian_rust;
use crate::failure::Failure;
use crate::folders;
use crate::progress;

/// The compile target of the client.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A panic is a mistake of ours and ends the program there and then; the words for it would be paid for by everybody.
const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

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
    /// Finds a compiler with the library's source, or sets one up.
    pub fn ensure() -> Result<Self, Failure> {
        for found in [Self::Rustup, Self::Debian] {
            if found.is_ready() {
                return Ok(found);
            }
        }
        if add_library_source()? && Self::Rustup.is_ready() {
            return Ok(Self::Rustup);
        }
        debian_rust::install()?;
        match Self::Debian.is_ready() {
            true => Ok(Self::Debian),
            false => Err(Failure::Missing {
                what: format!("no compiler here can make {TARGET}."),
                remedy: "Where rustup's server can be reached: rustup component add rust-src".into(),
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
            // Allows the options below in a stable compiler, for the client alone.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
            .env("RUSTFLAGS", SMALL)
            .env_remove("RUSTC");
    }

    /// Returns the compiler's own name and version.
    pub fn version(self) -> String {
        child::answer(self.rustc(&["--version"])).unwrap_or_default()
    }

    /// Returns whether the compiler is there with the library's source and a linker.
    fn is_ready(self) -> bool {
        let Some(sysroot) = child::answer(self.rustc(&["--print", "sysroot"])) else { return false };
        let library = PathBuf::from(sysroot).join("lib/rustlib");
        let linker = library.join(format!("{}-unknown-linux-gnu/bin/rust-lld", std::env::consts::ARCH));
        library.join("src/rust/library/std/Cargo.toml").exists() && linker.exists()
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

/// Asks rustup for the library's source once; where that failed, a mark spares later runs the wait.
fn add_library_source() -> Result<bool, Failure> {
    let mark = folders::marks()?.join("rustup-cannot-add-components");
    if mark.exists() || !child::on_path("rustup") {
        return Ok(false);
    }
    let mut rustup = child::command("rustup");
    rustup.current_dir(folders::repository()).args(["component", "add", "rust-src"]);
    let added = child::run_within("The source of Rust's library", rustup, Some(RUSTUP_WAIT_MAX)).is_ok();
    if !added {
        progress::say("  rustup could not fetch it; looking for Debian's compiler instead");
        fs::write(&mark, "Delete this file to let rustup try again.\n").map_err(Failure::file("writing", &mark))?;
    }
    Ok(added)
}
