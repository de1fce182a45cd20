//! Builds the client, unless nothing it is made of has changed: each program, then the page that every address opens,
//! which names them. The small one is in `dist/`, from where the server takes it in.
//!
//! Deliberately does not know what the client contains; Trunk reads that from `app/<program>.html` and
//! `public/index.html`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::asset_manifest;
use crate::child;
use crate::failure::Failure;
use crate::folders;
use crate::profile::ClientProfile;
use crate::programs::{self, Edition, PROGRAMS};
use crate::progress;
use crate::setup::ClientTools;
use crate::sources;
use crate::wasm_toolchain::{TARGET, target_folder};

/// What the programs are made of, beside the tools. They may hold words of the message files.
const OF_PROGRAMS: [&str; 8] = [
    "app",
    "shared",
    "public/messages",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "xtask/src/wasm_toolchain.rs",
];
/// What the rest of the client is made of.
const OF_THE_PAGE: [&str; 5] =
    ["public", "Trunk.toml", "xtask/src/programs.rs", "xtask/src/asset_manifest.rs", "xtask/examples/precompress.rs"];

/// How many steps a build has.
pub const STEPS: usize = PROGRAMS.len() + 1;

/// Returns the folder of the built client. A quick one lies apart, so that no server has to be built again for it.
pub fn folder(profile: ClientProfile) -> PathBuf {
    match profile {
        ClientProfile::Quick => target_folder().join("dist"),
        ClientProfile::Small => folders::dist(),
    }
}

/// Returns the folder of the client with the form that tests alone know.
pub fn visit_folder() -> PathBuf {
    target_folder().join("visit")
}

/// Builds the client where it is not up to date.
pub fn build(tools: &ClientTools) -> Result<(), Failure> {
    build_edition(tools, Edition::Relais, &folder(tools.profile))
}

/// Builds the client with the form that tests alone know, where it is not up to date: quickly, whatever the profile.
pub fn build_visit(tools: &ClientTools) -> Result<(), Failure> {
    let quick = ClientTools { profile: ClientProfile::Quick, ..tools.clone() };
    build_edition(&quick, Edition::Visit, &visit_folder())
}

fn build_edition(tools: &ClientTools, edition: Edition, dist: &Path) -> Result<(), Failure> {
    let built = stamp_path("dist", edition, tools.profile);
    let mut of_programs = stamp(tools, &OF_PROGRAMS)?;
    if edition == Edition::Visit {
        of_programs.push_str(&stamp(tools, &[edition.folder()])?);
    }
    let whole = format!("{of_programs}{}", stamp(tools, &OF_THE_PAGE)?);
    if dist.join("index.html").exists() && is_stamped(&built, &whole) {
        progress::skip(STEPS);
        progress::say("Client: nothing changed");
        return Ok(());
    }
    build_programs(tools, edition, &of_programs)?;
    // Gone until all is done, so that half a client is not taken for a whole one.
    remove(&built)?;
    build_page(tools, edition, dist)?;
    write(&built, &whole)
}

/// Checks the client's code with clippy as it will be compiled.
pub fn clippy(tools: &ClientTools) -> Result<(), Failure> {
    progress::next();
    let mut clippy = tools.toolchain.cargo(&tools.programs, ClientProfile::Quick);
    clippy.args([
        "clippy",
        "--locked",
        "--package",
        "app",
        "--package",
        "visit",
        "--target",
        TARGET,
        "--",
        "--deny",
        "warnings",
    ]);
    child::run("Clippy, client", clippy)
}

fn build_programs(tools: &ClientTools, edition: Edition, stamp: &str) -> Result<(), Failure> {
    let built = stamp_path("programs", edition, tools.profile);
    if is_stamped(&built, stamp) {
        progress::skip(PROGRAMS.len());
        return Ok(());
    }
    remove(&built)?;
    for program in PROGRAMS {
        progress::next();
        let title = format!("Client, {} (some minutes the first time)", edition.binary(program));
        run_trunk(tools, &title, &edition.page(program), &program_folder(edition, tools.profile, program))?;
    }
    write(&built, stamp)
}

fn build_page(tools: &ClientTools, edition: Edition, dist: &Path) -> Result<(), Failure> {
    progress::next();
    let mut named = String::new();
    for program in PROGRAMS {
        let folder = program_folder(edition, tools.profile, program);
        named.push_str(&programs::meta(program, &edition.binary(program), &folder)?);
    }
    // The page takes this in, see there.
    write(&target_folder().join("programs.html"), &named)?;
    run_trunk(tools, "Client, page", &folders::repository().join("public/index.html"), dist)?;
    for program in PROGRAMS {
        programs::copy(&program_folder(edition, tools.profile, program), dist)?;
    }
    edition.add_words(dist)?;
    asset_manifest::write(dist)?;
    match tools.profile {
        // The server sends what is not compressed as it is.
        ClientProfile::Quick => Ok(()),
        ClientProfile::Small => precompress(dist),
    }
}

/// Returns where it is written down what something was built from.
fn stamp_path(what: &str, edition: Edition, profile: ClientProfile) -> PathBuf {
    target_folder().join(format!("{what}-{}-{}.stamp", edition.name(), profile.name()))
}

/// Returns the folder that Trunk puts a program into.
fn program_folder(edition: Edition, profile: ClientProfile, program: &str) -> PathBuf {
    target_folder().join("programs").join(edition.name()).join(profile.name()).join(program)
}

/// Returns a small program as it was before wasm-opt, with the names of its functions.
pub fn before_wasm_opt(program: &str) -> PathBuf {
    // Where Trunk has wasm-bindgen put it; what only wasm-bindgen needed is gone.
    target_folder().join("wasm-bindgen/release").join(format!("{program}_bg.wasm"))
}

fn run_trunk(tools: &ClientTools, title: &str, page: &Path, dist: &Path) -> Result<(), Failure> {
    let mut trunk = child::command("trunk");
    tools.toolchain.configure(&mut trunk, &tools.programs, tools.profile);
    trunk.args(["build", "--skip-version-check"]).arg(page).arg("--dist").arg(dist);
    trunk.arg(format!("--release={}", tools.profile == ClientProfile::Small));
    // Trunk understands the words true and false here, not the customary 1.
    trunk.env("NO_COLOR", "true");
    // Trunk's own call stack would push the compiler's words out of the report.
    trunk.env("RUST_BACKTRACE", "0");
    child::run(title, trunk)
}

fn precompress(dist: &Path) -> Result<(), Failure> {
    let mut cargo = child::cargo();
    cargo.args(["run", "--quiet", "--package", "xtask", "--example", "precompress", "--"]).arg(dist);
    child::run("Client, compressed", cargo)
}

/// Returns what tells one build from another: sources, profile and tools.
fn stamp(tools: &ClientTools, of: &[&str]) -> Result<String, Failure> {
    let repository = folders::repository();
    let mut files = Vec::new();
    for source in of {
        files.extend(sources::files(&repository.join(source))?);
    }
    let fingerprint = sources::fingerprint(&repository, &files)?;
    let programs: Vec<String> = tools.programs.iter().map(|path| path.display().to_string()).collect();
    Ok(format!("{fingerprint}\n{}\n{}\n{}\n", tools.profile.name(), tools.toolchain.version(), programs.join("\n")))
}

fn is_stamped(path: &Path, stamp: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|built| built == stamp)
}

fn remove(path: &Path) -> Result<(), Failure> {
    match path.exists() {
        true => fs::remove_file(path).map_err(Failure::file("removing", path)),
        false => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::file("making the folder", folder))?;
    }
    fs::write(path, text).map_err(Failure::file("writing", path))
}
