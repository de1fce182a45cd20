//! The programs of the client: one for each audience, each a binary of the crate `app` with a Trunk page.
//!
//! Whoever adds one names it here, in `app/Cargo.toml` and in a page `app/<program>.html`, and gives it a budget.
//! Deliberately does not know when a program is started: `public/start.js` does.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::folders;
use crate::sources;

/// Their names, which begin the names of their files.
pub const PROGRAMS: [&str; 2] = ["portal", "office"];

/// Which binaries the programs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// Those of `app`.
    Relais,
    /// Those of `tests/visit`: the same, with a form that tests alone know, and its words.
    Visit,
}

impl Edition {
    /// Returns its name in names of folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relais => "relais",
            Self::Visit => "visit",
        }
    }

    /// Returns the folder of the crate, with a page for each program.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Relais => "app",
            Self::Visit => "tests/visit",
        }
    }

    /// Returns the name of a program's binary, which begins the names of its files.
    pub fn binary(self, program: &str) -> String {
        match self {
            Self::Relais => program.to_owned(),
            Self::Visit => format!("{program}-visit"),
        }
    }

    /// Returns the page Trunk builds a program from.
    pub fn page(self, program: &str) -> PathBuf {
        folders::repository().join(self.folder()).join(format!("{program}.html"))
    }

    /// Adds the words of its own to the message files of a built client.
    pub fn add_words(self, client: &Path) -> Result<(), Failure> {
        if self == Self::Relais {
            return Ok(());
        }
        for file in sources::files(&folders::repository().join(self.folder()).join("messages"))? {
            let Some(name) = file.file_name() else { continue };
            let target = client.join("messages").join(name);
            let read = |path: &Path| fs::read_to_string(path).map_err(Failure::file("reading", path));
            let merged = merged(&read(&target)?, &read(&file)?);
            fs::write(&target, merged).map_err(Failure::file("writing", &target))?;
        }
        Ok(())
    }
}

/// Puts two flat JSON objects together.
fn merged(one: &str, other: &str) -> String {
    let one = one.trim_end().trim_end_matches('}').trim_end();
    let other = other.trim_start().trim_start_matches('{');
    format!("{one},{other}")
}

/// Returns the program that a file of the built client belongs to; none for what all of them share.
///
/// Its script is `office-<hash>.js`, its module `office-<hash>_bg.wasm`, words it alone needs are in
/// `messages/office.<language>.json`.
pub fn owner(file: &Path) -> Option<&'static str> {
    let name = file.file_name()?.to_string_lossy();
    PROGRAMS.into_iter().find(|program| name.strip_prefix(program).is_some_and(|rest| rest.starts_with(['-', '.'])))
}

/// Returns what Trunk made of a program's page, without the page itself: the page all programs share starts it.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = sources::files(folder)?;
    files.retain(|file| file.extension().is_none_or(|extension| extension != "html"));
    Ok(files)
}

/// Copies a built program into the folder of the whole client.
pub fn copy(folder: &Path, client: &Path) -> Result<(), Failure> {
    for file in files(folder)? {
        let copy = client.join(file.strip_prefix(folder).unwrap_or(&file));
        if let Some(parent) = copy.parent() {
            fs::create_dir_all(parent).map_err(Failure::file("making the folder", parent))?;
        }
        fs::copy(&file, &copy).map_err(Failure::file("writing", &copy))?;
    }
    Ok(())
}

/// Returns the element by which `public/program.js` finds the files of a built program, with their sizes before
/// compression: what a page sees coming in is no longer compressed.
pub fn meta(program: &str, binary: &str, folder: &Path) -> Result<String, Failure> {
    let files = files(folder)?;
    let part = |ending: &str, attribute: &str| {
        let name = |file: &Path| file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_own = |name: &str| name.starts_with(&format!("{binary}-")) && name.ends_with(ending);
        let Some(file) = files.iter().find(|file| is_own(&name(file))) else {
            return Err(Failure::Unexpected(format!("Trunk left no {binary}-…{ending} in {}", folder.display())));
        };
        let bytes = fs::metadata(file).map_err(Failure::file("reading", file))?.len();
        Ok(format!("data-{attribute}=\"/{}\" data-{attribute}-bytes=\"{bytes}\"", name(file)))
    };
    let (script, wasm) = (part(".js", "script")?, part("_bg.wasm", "wasm")?);
    Ok(format!("<meta name=\"relais-program\" content=\"{program}\" {script} {wasm}>\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_files_are_a_programs() {
        let cases = [
            ("dist/office-12ab.js", Some("office")),
            ("dist/office-12ab_bg.wasm", Some("office")),
            ("dist/messages/office.fr.json", Some("office")),
            ("dist/portal-12ab.js", Some("portal")),
            ("dist/officers-12ab.js", None),
            ("dist/messages/fr.json", None),
            ("dist/index.html", None),
        ];
        for (file, program) in cases {
            assert_eq!(owner(Path::new(file)), program, "{file}");
        }
    }

    #[test]
    fn words_of_two_files_stand_in_one() {
        assert_eq!(merged("{\n\"a\": \"1\"\n}\n", "{\n\"b\": \"2\"\n}\n"), "{\n\"a\": \"1\",\n\"b\": \"2\"\n}\n");
    }

    #[test]
    fn a_built_program_is_copied_and_named_without_its_page() {
        let folder = std::env::temp_dir().join(format!("relais-programs-{}", std::process::id()));
        let (built, client) = (folder.join("built"), folder.join("client"));
        for file in ["office.html", "office-1.js", "office-1_bg.wasm", "snippets/x/inline0.js"] {
            let file = built.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, if file.ends_with("office-1.js") { "xyz" } else { "x" }).unwrap();
        }
        copy(&built, &client).unwrap();
        let copied = sources::files(&client).unwrap();
        let names: Vec<&Path> = copied.iter().filter_map(|file| file.strip_prefix(&client).ok()).collect();
        assert_eq!(names, ["office-1.js", "office-1_bg.wasm", "snippets/x/inline0.js"].map(Path::new));
        let expected = "<meta name=\"relais-program\" content=\"office\" \
                        data-script=\"/office-1.js\" data-script-bytes=\"3\" \
                        data-wasm=\"/office-1_bg.wasm\" data-wasm-bytes=\"1\">\n";
        assert_eq!(meta("office", "office", &built).unwrap(), expected);
        assert!(meta("portal", "portal", &built).is_err(), "nothing here is the portal's");
        fs::remove_dir_all(&folder).unwrap();
    }
}
