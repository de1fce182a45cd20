//! Every word the screens ask for is in the message files, in both languages, with the places its
//! callers fill; and no word is left over: each byte of a message file is paid for on the first visit.
//!
//! A missing message shows the last part of its name and looks like a word: no browser story sees
//! it. The words of forms, lists, problems and findings are held to the same in `shared`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use shared::sync::admission::Reason;

/// The pages that only the office's program has: it alone fetches the office's words.
const OFFICE_PAGES: [&str; 2] = ["pages/inbox", "pages/review"];

/// Keys that are put together: what they begin with, and where the names stand that end them. The
/// names are the words in quotation marks between the two marks of that file.
const PUT_TOGETHER: [(&str, &str, &str, &str); 4] = [
    ("ui.link.short.", "components/app_shell.rs", "let connection =", "i18n.get("),
    ("ui.store.", "storage.rs", "const fn key(", "\n    }\n"),
    ("ui.store.", "documents/error.rs", "const fn key(", "\n    }\n"),
    ("ui.list.", "components/item_list.rs", "let (icon, way, class) =", ";"),
];

/// The same for rescue files: their failures have words of their own or are the store's.
const FAILURES: (&str, &str, &str) = ("rescue.rs", "const fn key(", "\n    }\n");

/// Prefixes that are put together elsewhere, and are held to the files in `shared`.
const OF_FORMS: [&str; 1] = ["ui.rescue.error."];

/// Where people sign in, with its words in both languages: it has no message file to wait for.
const FIRST_PAGE: &str = "public/index.html";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sources of the client by their names under `app/src`.
fn sources() -> BTreeMap<String, String> {
    let folder = root().join("app/src");
    let mut found = BTreeMap::new();
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn first_page() -> String {
    fs::read_to_string(root().join(FIRST_PAGE)).unwrap()
}

fn messages(name: &str) -> BTreeMap<String, String> {
    serde_json::from_str(&fs::read_to_string(root().join("public/messages").join(name)).unwrap()).unwrap()
}

/// The words of the screens, without those of forms and rules that stand in the same file.
fn screens(language: &str) -> BTreeMap<String, String> {
    messages(&format!("{language}.json")).into_iter().filter(|(key, _)| key.starts_with("ui.")).collect()
}

/// The words that the office's program alone asks for.
fn office(language: &str) -> BTreeMap<String, String> {
    messages(&format!("office.{language}.json"))
}

/// The places a text leaves open: `{name}`.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// What the first page says before any program is there.
struct FirstPageText<'a> {
    key: &'a str,
    french: &'a str,
    english: &'a str,
}

fn first_page_texts(page: &str) -> Vec<FirstPageText<'_>> {
    let quoted = |tag: &str, name: &str| -> Option<(usize, usize)> {
        let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
        Some((start, start + tag[start..].find('"')?))
    };
    let text = |element: &'_ str| -> Option<(usize, usize)> {
        let start = element.find('>')? + 1;
        Some((start, start + element[start..].find('<')?))
    };
    let mut found = Vec::new();
    for (at, _) in page.match_indices("data-words=") {
        let rest = &page[at..];
        let cut = |place: Option<(usize, usize)>| place.map(|(start, end)| &rest[start..end]);
        let (key, english) = (cut(quoted(rest, "data-words")), cut(quoted(rest, "data-en")));
        found.push(FirstPageText {
            key: key.expect("a key"),
            english: english.unwrap_or_else(|| panic!("{key:?} has no English")),
            french: cut(text(rest)).expect("words"),
        });
    }
    found
}

/// The words in quotation marks that could end a key.
fn names(sources: &BTreeMap<String, String>, file: &str, from: &str, to: &str) -> BTreeSet<String> {
    let missing = |what: &str| -> ! { panic!("{file} has no {what:?} any more: say where its names are now") };
    let text = sources.get(file).unwrap_or_else(|| panic!("{file} is gone: say where its names are now"));
    let Some((_, rest)) = text.split_once(from) else { missing(from) };
    let Some((part, _)) = rest.split_once(to) else { missing(to) };
    let quoted = part.split('"').skip(1).step_by(2);
    let names: BTreeSet<String> = quoted
        .filter(|name| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'))
        .map(ToOwned::to_owned)
        .collect();
    assert!(!names.is_empty(), "no names after {from:?} in {file}");
    names
}

/// One place of a source where words are asked for.
#[derive(Debug)]
struct Asked {
    file: String,
    /// The key, or what it begins with when the rest is put together.
    key: String,
    whole: bool,
    /// The method of `I18n` it is given to; empty when it is not given to one at once.
    method: String,
    /// The places that are filled, when they are written out.
    filled: Option<BTreeSet<String>>,
}

fn asked(sources: &BTreeMap<String, String>) -> Vec<Asked> {
    let mut found = Vec::new();
    for (file, text) in sources {
        for (at, _) in text.match_indices("\"ui.").chain(text.match_indices("\"office.")) {
            let Some((key, rest)) = text[at + 1..].split_once('"') else { continue };
            let (key, whole) = match key.split_once('{') {
                Some((start, _)) => (start, false),
                None => (key, true),
            };
            // The beginnings of the files' own names.
            if ["ui.", "office."].contains(&key) {
                continue;
            }
            let before = text[..at].trim_end_matches(|sign: char| sign.is_whitespace() || "&(".contains(sign));
            let before = before.trim_end_matches("format!").trim_end_matches(|sign: char| "&(".contains(sign));
            let method = before.rsplit_once("i18n.").map_or("", |(_, name)| name);
            let method =
                if method.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') { method } else { "" };
            let filled = rest.trim_start().strip_prefix(',').filter(|_| method == "with").and_then(|rest| {
                let (_, list) = rest.split_once("&[")?;
                let (list, _) = list.split_once(']')?;
                let pairs = list.split("(\"").skip(1).filter_map(|pair| pair.split_once('"'));
                Some(pairs.map(|(name, _)| name.to_owned()).collect())
            });
            found.push(Asked { file: file.clone(), key: key.to_owned(), whole, method: method.to_owned(), filled });
        }
    }
    found
}

/// Every key the screens ask for, with whether only the office does.
fn needed(sources: &BTreeMap<String, String>) -> BTreeMap<String, bool> {
    let mut needed: BTreeMap<String, bool> = BTreeMap::new();
    let mut need = |key: String, file: &str| {
        let office = OFFICE_PAGES.iter().any(|page| file.starts_with(page));
        needed.entry(key).and_modify(|only| *only &= office).or_insert(office);
    };
    for asked in asked(sources) {
        if asked.method == "count" {
            need(format!("{}.one", asked.key), &asked.file);
            need(format!("{}.other", asked.key), &asked.file);
        } else if asked.whole {
            need(asked.key, &asked.file);
        } else {
            let known = PUT_TOGETHER.iter().map(|(prefix, ..)| *prefix).chain(["ui.reason."]).chain(OF_FORMS);
            assert!(known.into_iter().any(|prefix| prefix == asked.key), "say what ends {}: {}", asked.key, asked.file);
        }
    }
    for (prefix, file, from, to) in PUT_TOGETHER {
        for name in names(sources, file, from, to) {
            need(format!("{prefix}{name}"), file);
        }
    }
    for text in first_page_texts(&first_page()) {
        need(text.key.to_owned(), FIRST_PAGE);
    }
    for reason in Reason::ALL {
        need(format!("ui.reason.{}", reason.key()), "pages/on_this_device/parked.rs");
    }
    needed
}

#[test]
fn every_word_the_screens_ask_for_is_there_and_none_is_left_over() {
    let sources = sources();
    let needed = needed(&sources);
    let failures = names(&sources, FAILURES.0, FAILURES.1, FAILURES.2);
    for language in ["fr", "en"] {
        let (screens, office) = (screens(language), office(language));
        let lacking: Vec<&String> = needed
            .iter()
            .filter(|(key, only_office)| !(screens.contains_key(*key) || **only_office && office.contains_key(*key)))
            .map(|(key, _)| key)
            .collect();
        assert!(lacking.is_empty(), "{language} lacks {lacking:?}");
        let told = |name: &&String| {
            screens.contains_key(&format!("ui.rescue.error.{name}"))
                || screens.contains_key(&format!("ui.store.{name}"))
        };
        let silent: Vec<&String> = failures.iter().filter(|name| !told(name)).collect();
        assert!(silent.is_empty(), "{language} has no words for the failures {silent:?} of a rescue file");
        let asked_for = |key: &&String| {
            needed.contains_key(*key)
                || key.strip_prefix("ui.rescue.error.").is_some_and(|name| failures.contains(name))
        };
        let left_over: Vec<&String> = screens.keys().chain(office.keys()).filter(|key| !asked_for(key)).collect();
        assert!(left_over.is_empty(), "{language} has words nobody asks for: {left_over:?}");
        let paid_for_by_partners: Vec<&String> = screens.keys().filter(|key| needed.get(*key) == Some(&true)).collect();
        assert!(paid_for_by_partners.is_empty(), "only the office asks for {paid_for_by_partners:?}");
    }
}

#[test]
fn both_languages_say_the_same_with_the_same_places() {
    for read in [screens, office] {
        let (french, english) = (read("fr"), read("en"));
        assert_eq!(french.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
        for (key, text) in &french {
            assert_eq!(places(text), places(&english[key]), "{key}");
            assert!(!text.trim().is_empty() && !english[key].trim().is_empty(), "{key} says nothing");
        }
    }
}

/// A place nobody fills stands on the screen as a brace.
#[test]
fn every_open_place_is_filled_where_the_words_are_asked_for() {
    let sources = sources();
    let mut words = screens("en");
    words.extend(office("en"));
    let mut filled_places = 0;
    for asked in asked(&sources).into_iter().filter(|asked| asked.whole && !asked.method.is_empty()) {
        let counted = asked.method == "count";
        let keys = if counted {
            vec![format!("{}.one", asked.key), format!("{}.other", asked.key)]
        } else {
            vec![asked.key.clone()]
        };
        let mut filled = match (&asked.filled, asked.method.as_str()) {
            (Some(filled), _) => filled.clone(),
            (None, "with") => continue,
            (None, _) => BTreeSet::new(),
        };
        filled_places += filled.len();
        if counted {
            filled.insert("n".to_owned());
        }
        for open in keys.iter().filter_map(|key| words.get(key)).flat_map(|text| places(text)) {
            assert!(filled.contains(open), "{} leaves {{{open}}} open in {}", asked.key, asked.file);
        }
    }
    assert!(filled_places > 10, "only {filled_places} filled places were found: the sources are written otherwise now");
}

/// The message files are what is translated; the first page only says it sooner.
#[test]
fn the_first_page_says_what_the_message_files_say() {
    let page = first_page();
    let (french, english) = (screens("fr"), screens("en"));
    let texts = first_page_texts(&page);
    for FirstPageText { key, french: said, english: said_in_english } in &texts {
        assert_eq!(french.get(*key).map(String::as_str), Some(*said), "{key}");
        assert_eq!(english.get(*key).map(String::as_str), Some(*said_in_english), "{key}");
    }
    assert!(texts.len() > 20, "only {} texts were found: the page is written otherwise now", texts.len());
}
