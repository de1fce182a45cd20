//! The compiler for WASM: rustup's where it has what it takes or can get it, else Debian's.
//!
//! The small client is compiled together with Rust's library, for size, which only a compiler with the library's
//! source can do; this is the one place where the project asks a stable compiler for something unstable. A quick
//! client takes the library as it was compiled by others, where it is there.
//! Deliberately does not know what is compiled, nor how Debian's compiler is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::apt::Need;
use crate::child;
use crate::debian_rust;
use crate::failure::Failure;
use crate::folders;
use crate::profile::ClientProfile;
use crate::progress;

/// The compile target of the client.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles Rust's library with the client: its crates, and that they are to be small.
const LIBRARY_FOR_SIZE: [(&str, &str); 5] = [
    // Allows the others in a stable compiler.
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    // Leaves out how values print themselves for developers (`{:?}`). A panic keeps its message and its place.
    ("CARGO_UNSTABLE_PROFILE_RUSTFLAGS", "true"),
    ("CARGO_PROFILE_WASM_RUSTFLAGS", "-Zfmt-debug=none"),
];

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
    /// Finds a compiler that can make such a client, or sets one up.
    pub fn ensure(profile: ClientProfile) -> Result<Self, Failure> {
        for found in [Self::Rustup, Self::Debian] {
            if found.can_make(profile) {
                return Ok(found);
            }
        }
        if ask_rustup(profile)? && Self::Rustup.can_make(profile) {
            return Ok(Self::Rustup);
        }
        debian_rust::install()?;
        match Self::Debian.can_make(profile) {
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
    pub fn cargo(self, programs: &[PathBuf], profile: ClientProfile) -> Command {
        let mut cargo = match self {
            Self::Rustup => child::cargo(),
            Self::Debian => child::command("/usr/bin/cargo"),
        };
        self.configure(&mut cargo, programs, profile);
        cargo
    }

    /// Gives a command this compiler: search path, target folder, and where the library comes from.
    pub fn configure(self, command: &mut Command, programs: &[PathBuf], profile: ClientProfile) {
        self.select(command, programs);
        if profile == ClientProfile::Small || !self.has_library() {
            command.envs(LIBRARY_FOR_SIZE);
        }
    }

    fn select(self, command: &mut Command, programs: &[PathBuf]) {
        let mut front = programs.to_vec();
        if self == Self::Debian {
            front.push("/usr/bin".into());
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        child::prepend_path(command, &front);
        command.current_dir(folders::repository()).env("CARGO_TARGET_DIR", target_folder());
        // They would replace what `.cargo/config.toml` says of the target.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTC");
    }

    /// Returns the compiler's own name and version.
    pub fn version(self) -> String {
        child::answer(self.rustc(&["--version"])).unwrap_or_default()
    }

    /// Returns whether the compiler is there with a linker and the library in the form that is needed.
    fn can_make(self, profile: ClientProfile) -> bool {
        let Some(sysroot) = child::answer(self.rustc(&["--print", "sysroot"])) else { return false };
        let rustlib = PathBuf::from(sysroot).join("lib/rustlib");
        let linker = rustlib.join(format!("{}-unknown-linux-gnu/bin/rust-lld", std::env::consts::ARCH));
        let source = rustlib.join("src/rust/library/std/Cargo.toml");
        linker.exists() && (source.exists() || profile == ClientProfile::Quick && self.has_library())
    }

    /// Returns whether the library is there compiled, as `rustup target add` brings it.
    fn has_library(self) -> bool {
        let folder = child::answer(self.rustc(&["--print", "target-libdir", "--target", TARGET]));
        folder.is_some_and(|folder| holds_std(Path::new(&folder)))
    }

    fn rustc(self, arguments: &[&str]) -> Command {
        let mut rustc = child::command(match self {
            Self::Rustup => "rustc",
            Self::Debian => "/usr/bin/rustc",
        });
        self.select(&mut rustc, &[]);
        rustc.args(arguments);
        rustc
    }
}

/// Returns the target folder of everything compiled for WASM, apart because the compiler may be another one.
pub fn target_folder() -> PathBuf {
    folders::repository().join("target").join("wasm")
}

fn holds_std(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Asks rustup once for what is missing; where that failed, a mark spares later runs the wait.
fn ask_rustup(profile: ClientProfile) -> Result<bool, Failure> {
    let mark = folders::marks()?.join("rustup-cannot-add-components");
    if mark.exists() || !child::on_path("rustup") {
        return Ok(false);
    }
    let (title, arguments) = match profile {
        ClientProfile::Quick => ("Rust's library for WASM", ["target", "add", TARGET]),
        ClientProfile::Small => ("The source of Rust's library", ["component", "add", "rust-src"]),
    };
    let mut rustup = child::command("rustup");
    rustup.current_dir(folders::repository()).args(arguments);
    let added = child::run_within(title, rustup, Some(RUSTUP_WAIT_MAX)).is_ok();
    if !added {
        progress::say("  rustup could not fetch it; looking for Debian's compiler instead");
        fs::write(&mark, "Delete this file to let rustup try again.\n").map_err(Failure::file("writing", &mark))?;
    }
    Ok(added)
}
