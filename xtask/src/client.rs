//! Builds the client into `dist/`, unless nothing it is made of has changed.
//!
//! Deliberately does not know what the client contains; Trunk reads that from `app/index.html`.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::child;
use crate::failure::Failure;
use crate::folders;
use crate::import_names;
use crate::office;
use crate::progress;
use crate::setup::ClientTools;
use crate::sources;
use crate::wasm_toolchain::{TARGET, target_folder};

/// What the client is made of, beside the tools.
const SOURCES: [&str; 11] = [
    "app",
    "shared",
    "public",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "xtask/examples/precompress.rs",
    "xtask/src/asset_manifest.rs",
    "xtask/src/glue.rs",
    "xtask/src/import_names.rs",
];

/// Builds the client where it is not up to date.
pub fn build(tools: &ClientTools) -> Result<(), Failure> {
    let stamp_path = target_folder().join("client.stamp");
    let stamp = stamp(tools)?;
    let dist = folders::dist();
    // Written last into dist, so a broken-off build is not taken for a whole one.
    let complete = dist.join("index.html.br").exists();
    if complete && fs::read_to_string(&stamp_path).is_ok_and(|built| built == stamp) {
        progress::say("Client: nothing changed");
        return Ok(());
    }
    let office = office::folder();
    let page = folders::repository().join(office::PAGE);
    let of_the_office = [page.as_os_str(), OsStr::new("--dist"), office.as_os_str()];
    run_trunk(tools, "Client, office (some minutes the first time)", &of_the_office)?;
    run_trunk(tools, "Client", &[])?;
    precompress(&dist)?;
    fs::write(&stamp_path, stamp).map_err(Failure::file("writing", &stamp_path))
}

/// Checks the client's code with clippy as it will be compiled.
pub fn clippy(tools: &ClientTools) -> Result<(), Failure> {
    for (what, features) in [("Clippy, client", ""), ("Clippy, client of the office", "office")] {
        let mut clippy = tools.toolchain.cargo(&tools.programs);
        clippy.args(["clippy", "--locked", "--package", "app", "--target", TARGET, "--features", features]);
        clippy.args(["--", "--deny", "warnings"]);
        child::run(what, clippy)?;
    }
    Ok(())
}

fn run_trunk(tools: &ClientTools, what: &str, more: &[&OsStr]) -> Result<(), Failure> {
    let mut trunk = child::command("trunk");
    let mut programs = vec![import_names::stand_in(&target_folder())?];
    programs.extend(tools.programs.iter().cloned());
    tools.toolchain.configure(&mut trunk, &programs);
    trunk.args(["build", "--skip-version-check"]).args(more);
    // Trunk understands the words true and false here, not the customary 1.
    trunk.env("NO_COLOR", "true");
    // Trunk's own call stack would push the compiler's words out of the report.
    trunk.env("RUST_BACKTRACE", "0");
    let own = std::env::current_exe().map_err(Failure::io("finding this program"))?;
    trunk.env("RELAIS_XTASK", own);
    child::run(what, trunk)
}

fn precompress(dist: &Path) -> Result<(), Failure> {
    let mut cargo = child::cargo();
    cargo.args(["run", "--quiet", "--package", "xtask", "--example", "precompress", "--"]).arg(dist);
    child::run("Client, compressed", cargo)
}

fn stamp(tools: &ClientTools) -> Result<String, Failure> {
    let repository = folders::repository();
    let mut files = Vec::new();
    for source in SOURCES {
        files.extend(sources::files(&repository.join(source))?);
    }
    let programs: Vec<String> = tools.programs.iter().map(|path| path.display().to_string()).collect();
    Ok(format!(
        "{}\n{}\n{}\n",
        sources::fingerprint(&repository, &files)?,
        tools.toolchain.version(),
        programs.join("\n")
    ))
}
