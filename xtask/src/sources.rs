//! Tells whether files changed, by their content.
//!
//! Times are not looked at: git and copies change them without changing a byte, or the other way round.
//! Deliberately does not know what the files are for. Not for secrets: the hash is quick, not strong.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

// FNV-1a; the hash of the standard library may change with any compiler, and with it every version.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_FACTOR: u64 = 0x0000_0100_0000_01b3;

/// Returns every file at or below a path, sorted; nothing if the path is not there.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(path).map_err(Failure::file("reading", path))?;
    let mut below = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Failure::file("reading", path))?;
        below.extend(files(&entry.path())?);
    }
    below.sort();
    Ok(below)
}

/// Returns a hash of contents and names of files, the names as seen from a folder above them.
pub fn fingerprint(folder: &Path, files: &[PathBuf]) -> Result<String, Failure> {
    let mut hash = FNV_START;
    for file in files {
        let content = fs::read(file).map_err(Failure::file("reading", file))?;
        let size = content.len() as u64;
        let name = file.strip_prefix(folder).unwrap_or(file);
        hash = mix(hash, name.as_os_str().as_encoded_bytes());
        hash = mix(hash, &size.to_le_bytes());
        hash = mix(hash, &content);
    }
    Ok(format!("{hash:016x}"))
}

fn mix(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_FACTOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(mix(FNV_START, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(mix(FNV_START, b"foobar"), 0x85944171f73967e8);
    }

    #[test]
    fn a_changed_byte_changes_the_fingerprint() {
        let folder = std::env::temp_dir().join(format!("relais-sources-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner")).unwrap();
        fs::write(folder.join("b"), "two").unwrap();
        fs::write(folder.join("inner/a"), "one").unwrap();
        let before = files(&folder).unwrap();
        assert_eq!(before, [folder.join("b"), folder.join("inner/a")]);
        let first = fingerprint(&folder, &before).unwrap();
        assert_eq!(first, fingerprint(&folder, &before).unwrap());
        fs::write(folder.join("b"), "twO").unwrap();
        assert_ne!(first, fingerprint(&folder, &before).unwrap());
        fs::remove_dir_all(&folder).unwrap();
    }
}
