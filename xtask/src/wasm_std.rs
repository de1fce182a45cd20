//! Gives Debian's compiler the standard library for WASM that its packages leave out.
//!
//! For machines where rustup's server cannot be reached. Debian ships a recent compiler for its browsers
//! with the library's source, so the library is built once from there and laid where the compiler looks.
//! Deliberately does not know what is compiled with it later.

use std::fs;
use std::path::{Path, PathBuf};

use crate::apt::{self, Need};
use crate::child;
use crate::failure::Failure;
use crate::folders;
use crate::privilege::Privilege;
use crate::wasm_toolchain::{TARGET, WasmToolchain};

const PACKAGES: [&Need; 4] = [
    // Looked up by package: another /usr/bin/rustc would not do.
    &Need { found_as: &["/var/lib/dpkg/info/rustc-web.list"], packages: &["rustc-web"] },
    &Need { found_as: &["/var/lib/dpkg/info/cargo-web.list"], packages: &["cargo-web"] },
    &Need { found_as: &["/var/lib/dpkg/info/rust-web-src.list"], packages: &["rust-web-src"] },
    &Need { found_as: &LINKERS, packages: &["lld-19", "lld"] },
];

const LINKERS: [&str; 2] = ["/usr/bin/lld-19", "/usr/bin/lld"];

const CRATE_NAME: &str = "relais_empty";
// The library's share of the client is optimised for size like the rest.
const MANIFEST: &str = "\
[package]
name = \"relais_empty\"
version = \"0.0.0\"
edition = \"2024\"

[profile.release]
opt-level = \"z\"
codegen-units = 1

[workspace]
";

/// Installs Debian's compiler where it is missing, builds the library and puts it in place.
pub fn install() -> Result<(), Failure> {
    apt::ensure(&PACKAGES)?;
    let privilege =
        Privilege::require("the library for WASM must be put beside Debian's compiler", "  cargo xtask setup")?;
    let sysroot = sysroot()?;
    link_linker(privilege, &sysroot)?;
    let built = build()?;
    let place = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let mut copy = privilege.command("sh");
    // Libraries of an older compiler must go: two of one name confuse the compiler.
    copy.args(["-c", "mkdir -p \"$0\" && rm -f \"$0\"/*.rlib && cp \"$@\" \"$0\""]).arg(&place).args(&built);
    child::run("Putting the WASM library in place", copy)?;
    // Cargo does not notice that the library changed under its feet.
    let _ = fs::remove_dir_all(crate::wasm_toolchain::target_folder());
    Ok(())
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

/// Builds the library from an empty crate and returns its files.
fn build() -> Result<Vec<PathBuf>, Failure> {
    let folder = folders::tool_builds()?.join("wasm-std");
    let _ = fs::remove_dir_all(&folder);
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(Failure::file("making the folder", &source))?;
    let write = |path: PathBuf, text: &str| fs::write(&path, text).map_err(Failure::file("writing", &path));
    write(folder.join("Cargo.toml"), MANIFEST)?;
    write(source.join("lib.rs"), "")?;
    let mut cargo = WasmToolchain::Debian.cargo(&[]);
    cargo.current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target"));
    // Allows the options below in a stable compiler; nothing else is built with it.
    cargo.env("RUSTC_BOOTSTRAP", "1");
    // Link-time optimisation over the whole client needs the library's bitcode.
    cargo.env("RUSTFLAGS", "-Cembed-bitcode=yes");
    cargo.args(["build", "--release", "--target", TARGET]);
    cargo.args(["-Zbuild-std=std,panic_abort,panic_unwind,test", "-Zbuild-std-features=optimize_for_size"]);
    child::run("Rust's library for WASM (half a minute, once on this machine)", cargo)?;
    libraries(&folder.join("target").join(TARGET).join("release/deps"))
}

fn libraries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(Failure::file("reading", folder))?;
    let own = format!("lib{CRATE_NAME}-");
    let libraries: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib"))
        .filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&own)))
        .collect();
    match libraries.is_empty() {
        true => Err(Failure::Unexpected(format!("no library was built in {}", folder.display()))),
        false => Ok(libraries),
    }
}
