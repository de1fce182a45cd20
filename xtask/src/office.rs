//! The program of the office: built beside the portal's, and named in the portal's page.
//!
//! Deliberately does not know when it is started: `public/boot.js` does.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::sources;
use crate::wasm_toolchain::target_folder;

/// The page Trunk builds it from.
pub const PAGE: &str = "app/office.html";

/// How its files are named beside the portal's, and as Trunk named them.
const NAME: &str = "office-";
const BUILT_NAME: &str = "app-";
const MESSAGES: &str = "office.";
/// What Trunk writes into the element of the portal's page, see Trunk.toml.
const NAMED: &str = "id=\"relais-app\"";

/// Returns the folder it is built into.
pub fn folder() -> PathBuf {
    target_folder().join("office")
}

/// Returns whether Trunk is building the office just now.
pub fn is_being_built() -> bool {
    env::var_os("TRUNK_HTML_FILE").is_some_and(|page| Path::new(&page).ends_with(PAGE))
}

/// Returns whether a file of the built client belongs to the office alone.
pub fn holds(file: &Path) -> bool {
    file.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name.starts_with(NAME) || name.starts_with(MESSAGES)
    })
}

/// Copies the office into a folder with the portal, and names it in the portal's page.
pub fn bring_into(portal: &Path) -> Result<(), Failure> {
    let mut attributes = String::new();
    for file in sources::files(&folder())? {
        let built = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(rest) = built.strip_prefix(BUILT_NAME) else { continue };
        let attribute = match file.extension().and_then(|extension| extension.to_str()) {
            Some("js") => "data-office",
            Some("wasm") => "data-office-wasm",
            _ => continue,
        };
        let name = format!("{NAME}{rest}");
        let copy = portal.join(&name);
        fs::copy(&file, &copy).map_err(Failure::file("writing", &copy))?;
        attributes.push_str(&format!(" {attribute}=\"/{name}\""));
    }
    let page = portal.join("index.html");
    let text = fs::read_to_string(&page).map_err(Failure::file("reading", &page))?;
    let named = named(&text, &attributes)
        .ok_or_else(|| Failure::Unexpected("the built page does not name its program, see Trunk.toml".into()))?;
    fs::write(&page, named).map_err(Failure::file("writing", &page))
}

/// Adds attributes to the element that names the program. HTML made small has lost its quotes.
fn named(page: &str, attributes: &str) -> Option<String> {
    let bare = NAMED.replace('"', "");
    let mark = [NAMED, &bare].into_iter().find(|mark| page.contains(mark))?;
    Some(page.replacen(mark, &format!("{mark}{attributes}"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_the_office_beside_the_portal() {
        let page = "<meta id=\"relais-app\" content=\"/app.js\">";
        let expected = "<meta id=\"relais-app\" data-office=\"/office-1.js\" content=\"/app.js\">";
        assert_eq!(named(page, " data-office=\"/office-1.js\"").as_deref(), Some(expected));
        let small = named("<meta id=relais-app content=/app.js>", " data-office=\"/office-1.js\"");
        assert_eq!(small.as_deref(), Some("<meta id=relais-app data-office=\"/office-1.js\" content=/app.js>"));
        assert_eq!(named("<p>", ""), None);
    }

    #[test]
    fn only_its_own_files_are_the_offices() {
        assert!(holds(Path::new("dist/office-12ab.js")));
        assert!(holds(Path::new("dist/messages/office.fr.json")));
        assert!(!holds(Path::new("dist/app-12ab.js")));
    }
}
