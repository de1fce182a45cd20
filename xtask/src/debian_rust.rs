//! Debian's compiler, with the source of Rust's library, for machines where rustup's server cannot be
//! reached: Debian ships a recent one for its browsers.
//!
//! Deliberately does not know what is compiled with it.

use std::path::{Path, PathBuf};

use crate::apt::{self, Need};
use crate::child;
use crate::failure::Failure;
use crate::privilege::Privilege;

const PACKAGES: [&Need; 4] = [
    // Looked up by package: another /usr/bin/rustc would not do.
    &Need { found_as: &["/var/lib/dpkg/info/rustc-web.list"], packages: &["rustc-web"] },
    &Need { found_as: &["/var/lib/dpkg/info/cargo-web.list"], packages: &["cargo-web"] },
    &Need { found_as: &["/var/lib/dpkg/info/rust-web-src.list"], packages: &["rust-web-src"] },
    &Need { found_as: &LINKERS, packages: &["lld-19", "lld"] },
];

const LINKERS: [&str; 2] = ["/usr/bin/lld-19", "/usr/bin/lld"];

/// Installs Debian's compiler where it is missing.
pub fn install() -> Result<(), Failure> {
    apt::ensure(&PACKAGES)?;
    let privilege =
        Privilege::require("the linker for WASM must be named beside Debian's compiler", "  cargo xtask setup")?;
    link_linker(privilege, &sysroot()?)
}

fn sysroot() -> Result<PathBuf, Failure> {
    let mut rustc = child::command("/usr/bin/rustc");
    rustc.args(["--print", "sysroot"]);
    child::answer(rustc)
        .map(PathBuf::from)
        .ok_or_else(|| Failure::Unexpected("Debian's compiler does not say where it lies".into()))
}

/// Gives the linker the name under which the compiler looks for it.
fn link_linker(privilege: Privilege, sysroot: &Path) -> Result<(), Failure> {
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let folder = sysroot.join("lib/rustlib").join(host).join("bin");
    if folder.join("rust-lld").exists() {
        return Ok(());
    }
    let linker = LINKERS.iter().find(|path| Path::new(path).exists());
    let linker = linker.ok_or_else(|| Failure::Unexpected("no linker for WASM was installed".into()))?;
    let mut link = privilege.command("sh");
    link.args(["-c", "mkdir -p \"$0\" && ln -sf \"$1\" \"$0/rust-lld\""]).arg(&folder).arg(linker);
    child::run("The linker for WASM", link)
}
