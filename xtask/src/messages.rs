//! Puts the message files of the built client into the form in which they cross the line: those of one language
//! that every page needs are one file, and what keys have in common is said once, as branches.
//!
//! In `public/messages` a key and its words stand on a line of their own, for people. Deliberately does not know
//! what the words are about.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::sources;

/// What stands before the language in the name of the screens' file, which joins that of the forms.
const SCREENS: &str = "ui.";

/// Rewrites the files of a folder.
pub fn bind(folder: &Path) -> Result<(), Failure> {
    let files = sources::files(folder)?;
    let read = |path: &Path| fs::read_to_string(path).map_err(Failure::file("reading", path));
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let screens = folder.join(format!("{SCREENS}{name}"));
        if name.starts_with(SCREENS) {
            continue;
        }
        let mut text = read(file)?;
        if screens.exists() {
            text.push_str(&read(&screens)?);
            fs::remove_file(&screens).map_err(Failure::file("removing", &screens))?;
        }
        let mut entries: Vec<Entry> = text.lines().filter_map(entry).collect();
        entries.sort();
        let mut bound = String::new();
        branch(&entries, 0, &mut bound);
        fs::write(file, bound).map_err(Failure::file("writing", file))?;
    }
    Ok(())
}

/// The steps of a key, and its words as JSON.
type Entry<'a> = (Vec<&'a str>, &'a str);

/// Reads `"some.key": "some words",`.
fn entry(line: &str) -> Option<Entry<'_>> {
    let (key, words) = line.strip_prefix('"')?.trim_end_matches(',').split_once("\": ")?;
    Some((key.split('.').collect(), words))
}

/// Writes entries that have their first steps in common. Words of a key that is itself the beginning of others
/// stand under no name.
fn branch(entries: &[Entry], depth: usize, bound: &mut String) {
    bound.push('{');
    let twigs = entries.chunk_by(|(one, _), (other, _)| one.get(depth) == other.get(depth));
    for (index, twig) in twigs.enumerate() {
        if index > 0 {
            bound.push(',');
        }
        let (key, words) = &twig[0];
        bound.push_str(&format!("\"{}\":", key.get(depth).unwrap_or(&"")));
        if twig.len() == 1 && key.len() <= depth + 1 {
            bound.push_str(words);
        } else {
            branch(twig, depth + 1, bound);
        }
    }
    bound.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_have_in_common_is_said_once() {
        let text = "{\n\"ui.a\": \"One: \\\"two\\\"\",\n\"ui.a.b\": \"Three\",\n\"form.x.label\": \"Four\"\n}\n";
        let mut entries: Vec<Entry> = text.lines().filter_map(entry).collect();
        entries.sort();
        let mut bound = String::new();
        branch(&entries, 0, &mut bound);
        let expected = r#"{"form":{"x":{"label":"Four"}},"ui":{"a":{"":"One: \"two\"","b":"Three"}}}"#;
        assert_eq!(bound, expected);
    }
}
