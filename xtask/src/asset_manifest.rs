//! Writes into the service worker what it keeps for the offline start, and under which version.
//!
//! `"@FILES@"` becomes `{"shared":[["/", "<hash>"], …],"programs":{"portal":[…],"office":[…]}}`: every device keeps what
//! is shared, and a program where it has run. `@VERSION@` becomes a hash of all; the changed bytes tell the browser of
//! an update. Done when every file has its final name. Deliberately changes no other file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::child;
use crate::failure::Failure;
use crate::programs::{self, PROGRAMS};
use crate::sources;

/// The browser keeps the service worker itself, apart from what the worker keeps.
const SERVICE_WORKER: &str = "service_worker.js";
const START_PAGE: &str = "index.html";
/// So many hexadecimal digits of a hash, 64 bits, tell an old file and a stranger's page from the one that was built.
const HASH_DIGITS: usize = 16;
const VERSION_MARK: &str = "@VERSION@";
const FILES_MARK: &str = "\"@FILES@\"";

/// Writes list and version into the service worker of a built client.
pub fn write(folder: &Path) -> Result<(), Failure> {
    let mut files = sources::files(folder)?;
    files.retain(|path| !is_left_out(path));
    let version = sources::fingerprint(folder, &files)?;
    let list = list(folder, &files)?;
    let worker = folder.join(SERVICE_WORKER);
    let text = fs::read_to_string(&worker).map_err(Failure::file("reading", &worker))?;
    if let Some(missing) = [VERSION_MARK, FILES_MARK].iter().find(|mark| !text.contains(**mark)) {
        return Err(Failure::Unexpected(format!("{SERVICE_WORKER} has no place for {missing}")));
    }
    let text = text.replace(VERSION_MARK, &version).replace(FILES_MARK, &list);
    fs::write(&worker, text).map_err(Failure::file("writing", &worker))
}

fn list(folder: &Path, files: &[PathBuf]) -> Result<String, Failure> {
    let mut entries = Vec::new();
    for (file, sha256) in files.iter().zip(sha256(files)?) {
        entries.push((programs::owner(file), format!("[\"{}\",\"{sha256}\"]", url(folder, file)?)));
    }
    let of = |owner: Option<&str>| {
        let own = entries.iter().filter(|(program, _)| *program == owner).map(|(_, entry)| entry.as_str());
        format!("[\n{}\n]", own.collect::<Vec<_>>().join(",\n"))
    };
    let programs = PROGRAMS.map(|program| format!("\"{program}\":{}", of(Some(program))));
    Ok(format!("{{\"shared\":{},\"programs\":{{{}}}}}", of(None), programs.join(",")))
}

/// Asks the system's own program: the standard library has no strong hash.
fn sha256(files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let mut program = child::command("sha256sum");
    program.arg("--").args(files);
    let answer = child::answer(program).unwrap_or_default();
    let sums: Vec<String> = answer.lines().filter_map(|line| line.get(..HASH_DIGITS)).map(str::to_owned).collect();
    match sums.len() == files.len() {
        true => Ok(sums),
        false => Err(Failure::Unexpected("sha256sum did not answer for every file".into())),
    }
}

fn is_left_out(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == SERVICE_WORKER)
}

fn url(folder: &Path, file: &Path) -> Result<String, Failure> {
    let name = file.strip_prefix(folder).unwrap_or(file).to_string_lossy();
    let plain = |character: char| character.is_ascii_alphanumeric() || "._-/".contains(character);
    if !name.chars().all(plain) {
        return Err(Failure::Unexpected(format!(
            "the file name {name} needs escaping in an address; name it with letters, digits, dots and hyphens"
        )));
    }
    Ok(match name.as_ref() {
        START_PAGE => "/".into(),
        name => format!("/{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("relais-manifest-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn worker_of(folder: &Path) -> String {
        write(folder).unwrap();
        fs::read_to_string(folder.join(SERVICE_WORKER)).unwrap()
    }

    const WORKER: (&str, &str) = (SERVICE_WORKER, "let v = \"@VERSION@\";\nlet f = \"@FILES@\";");

    #[test]
    fn the_start_page_is_listed_by_its_address_and_the_worker_not_at_all() {
        let folder = folder_with("list", &[("index.html", "abc"), ("app-1.js", "x"), ("m/fr.json", "{}"), WORKER]);
        let text = worker_of(&folder);
        let listed = text.lines().filter(|line| line.starts_with('['));
        let urls: Vec<&str> = listed.filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(urls, ["/app-1.js", "/", "/m/fr.json"]);
        // The published hash of "abc".
        assert!(text.contains("[\"/\",\"ba7816bf8f01cfea\"]"), "{text}");
        assert!(!text.contains('@'), "version and list are in their places: {text}");
    }

    #[test]
    fn a_program_is_listed_apart_from_what_is_shared() {
        let files = [("index.html", "<p>"), ("office-1.js", "x"), ("portal-1.js", "y"), WORKER];
        let text = worker_of(&folder_with("programs", &files));
        let (shared, programs) = text.split_once("\"programs\":{").unwrap();
        let (portal, office) = programs.split_once("\"office\":").unwrap();
        assert!(portal.starts_with("\"portal\":["), "{text}");
        assert!(shared.contains("[\"/\",") && !shared.contains("-1.js"), "{text}");
        assert!(portal.contains("/portal-1.js") && !portal.contains("/office-1.js"), "{text}");
        assert!(office.contains("/office-1.js"), "{text}");
    }

    #[test]
    fn a_worker_without_a_place_for_its_version_or_its_files_is_refused() {
        for mark in [VERSION_MARK, FILES_MARK] {
            let other = [VERSION_MARK, FILES_MARK].into_iter().find(|other| *other != mark).unwrap();
            let folder = folder_with("unmarked", &[("index.html", "<p>"), (SERVICE_WORKER, other)]);
            assert!(write(&folder).unwrap_err().to_string().contains(mark));
        }
    }

    #[test]
    fn the_version_follows_the_contents_and_not_the_place() {
        let version = |folder: &Path| worker_of(folder).lines().next().unwrap().to_owned();
        let one = folder_with("one", &[("index.html", "<p>"), WORKER]);
        let same = folder_with("same", &[("index.html", "<p>"), WORKER]);
        let other = folder_with("other", &[("index.html", "<b>"), WORKER]);
        let first = version(&one);
        assert_eq!(first, version(&same));
        assert_ne!(first, version(&other));
    }

    #[test]
    fn a_name_that_would_need_escaping_is_refused() {
        let folder = folder_with("odd", &[("a b.css", ""), WORKER]);
        assert!(write(&folder).unwrap_err().to_string().contains("a b.css"));
    }
}
