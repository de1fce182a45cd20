//! Where things lie: the work tree, and the user's cache that all work trees share.
//!
//! Deliberately does not know what is kept in them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Returns the root of the work tree.
pub fn repository() -> PathBuf {
    // Cargo sets the variable at run time; the value from compile time would be wrong in a moved folder.
    let crate_folder = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let crate_folder = PathBuf::from(crate_folder);
    crate_folder.parent().map(Path::to_owned).unwrap_or(crate_folder)
}

/// Returns the folder of the built client.
pub fn dist() -> PathBuf {
    repository().join("dist")
}

/// Returns the folder of tools, one `NAME-VERSION` folder each.
pub fn tools() -> Result<PathBuf, Failure> {
    in_cache("tools")
}

/// Returns the folder of half-done tool builds, so that a broken-off build goes on where it was.
pub fn tool_builds() -> Result<PathBuf, Failure> {
    in_cache("build")
}

/// Returns the folder of marks, which remember what was found out about this machine.
pub fn marks() -> Result<PathBuf, Failure> {
    in_cache("marks")
}

/// Returns the folder of long compiler output.
pub fn logs() -> Result<PathBuf, Failure> {
    in_cache("log")
}

fn in_cache(name: &str) -> Result<PathBuf, Failure> {
    let folder = cache()?.join(name);
    fs::create_dir_all(&folder).map_err(Failure::file("making the folder", &folder))?;
    Ok(folder)
}

fn cache() -> Result<PathBuf, Failure> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    match base {
        Some(base) => Ok(base.join("relais")),
        None => Err(Failure::Missing {
            what: "there is no place to keep tools: neither XDG_CACHE_HOME nor HOME is set.".into(),
            remedy: "Set one of them to a folder you may write to.".into(),
        }),
    }
}
