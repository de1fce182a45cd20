//! Embeds the built client: writes a list of the files in the folder that `RELAIS_DIST` names (from
//! the workspace's root, or absolute). With no such folder, or nothing in it, the list is empty and
//! the server says so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=RELAIS_DIST");
    println!("cargo::rerun-if-changed=migrations");
    let mut list = String::new();
    if let Some(dist) = env::var_os("RELAIS_DIST").filter(|dist| !dist.is_empty()) {
        // A relative path would otherwise depend on where the build was started.
        let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
        let dist = root.join(dist);
        println!("cargo::rerun-if-changed={}", dist.display());
        // Checks and tests build the server before there is a client.
        if dist.is_dir() {
            add_folder(&dist.canonicalize()?, "", &mut list)?;
        }
    }
    let code = format!("pub static FILES: &[(&str, &[u8])] = &[\n{list}];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("embedded.rs"), code)?;
    Ok(())
}

fn add_folder(folder: &Path, prefix: &str, list: &mut String) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add_folder(&entry.path(), &format!("{name}/"), list)?;
        } else {
            let _ = writeln!(list, "    ({name:?}, include_bytes!({:?})),", entry.path());
        }
    }
    Ok(())
}
