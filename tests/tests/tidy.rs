//! Structure rules as a test: each failure says which rule, where, and why it is one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::fs;
use std::path::{Path, PathBuf};

/// Longest source file, in lines; beyond it a concept is missing.
const FILE_LINES_MAX: usize = 420;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

fn all_sources() -> Vec<(PathBuf, String)> {
    ["shared/src", "server/src", "app/src", "tests/src", "tests/tests", "xtask/src"]
        .into_iter()
        .flat_map(sources)
        .collect()
}

/// Returns the lines of production code: tests at the end of a file are left out.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in all_sources() {
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}

#[test]
fn no_file_is_longer_than_a_person_reads_at_once() {
    for (path, text) in all_sources() {
        let lines = code(&text).lines().count();
        // `op.rs` is the list of all operations: one place to read the wire.
        let allowed = if path.ends_with("shared/src/op.rs") { 600 } else { FILE_LINES_MAX };
        assert!(lines <= allowed, "{} has {lines} lines", path.display());
    }
}

#[test]
fn shared_reaches_for_nothing_outside() {
    let banned = [
        "std::fs",
        "std::net",
        "std::time",
        "std::thread",
        "std::env",
        "tokio",
        "async fn",
        "HashMap",
        "println!",
        "leptos",
        "axum",
    ];
    for (path, text) in sources("shared/src") {
        for word in banned {
            assert!(
                !code(&text).contains(word),
                "{} uses {word}: shared is pure, hand it in as an argument",
                path.display()
            );
        }
    }
}

#[test]
fn only_the_store_speaks_sql_and_only_the_client_fetches() {
    for (path, text) in sources("server/src") {
        let store = path.components().any(|part| part.as_os_str() == "store") || path.ends_with("store.rs");
        assert!(store || !code(&text).contains("sqlx::query"), "{} speaks SQL outside the store", path.display());
    }
    for (path, text) in sources("app/src") {
        let local = path.components().any(|part| part.as_os_str() == "local");
        assert!(
            local || !code(&text).contains("\"indexedDB\""),
            "{} touches IndexedDB outside `local`",
            path.display()
        );
        // The one place that hands markup to the browser gets it from `view!`, never from data.
        let screen = path.ends_with("view/screen.rs");
        assert!(screen || !code(&text).contains("innerHTML"), "{} sets markup from text", path.display());
    }
}

#[test]
fn nothing_is_ignored_unfinished_or_slept_through() {
    // Written apart so that this file does not find itself.
    let banned = [concat!("#[ig", "nore"), concat!("to", "do!("), concat!("unimple", "mented!("), concat!("db", "g!(")];
    for (path, text) in all_sources() {
        for word in banned {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
    for (path, text) in sources("tests/src").into_iter().chain(sources("tests/tests")) {
        assert!(!text.contains(concat!("tokio::time::sl", "eep")), "{} sleeps: wait for a condition", path.display());
    }
}

#[test]
fn names_that_mean_nothing_are_not_used() {
    for (path, _) in all_sources() {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
        assert!(
            !["util", "utils", "common", "helpers", "types", "manager"].contains(&stem),
            "{} is not a noun of the domain",
            path.display()
        );
    }
}
