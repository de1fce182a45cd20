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

/// Returns whether a file lies in this folder of a crate's sources, or is its module file.
fn is_in(path: &Path, module: &str) -> bool {
    path.components().any(|part| part.as_os_str() == module) || path.file_stem().is_some_and(|stem| stem == module)
}

#[test]
fn only_the_store_speaks_sql() {
    for (path, text) in sources("server/src") {
        assert!(is_in(&path, "store") || !code(&text).contains("sqlx::query"), "{} speaks SQL", path.display());
    }
}

/// What only one module of the client may use, and why.
const KEPT_TO_A_MODULE: [(&str, &[&str], &str); 2] = [
    ("api", &["gloo_net", "fetch_with_", ".fetch("], "what may be believed of an answer is decided in one place"),
    ("storage", &["indexed_db_futures", "IdbDatabase", "IdbFactory"], "a frozen page must never hold a transaction"),
];

#[test]
fn the_client_fetches_and_stores_in_one_place_each() {
    for (path, text) in sources("app/src") {
        for (module, words, why) in KEPT_TO_A_MODULE {
            let allowed = is_in(&path, module);
            for word in words {
                assert!(
                    allowed || !code(&text).contains(word),
                    "{} uses {word} outside `{module}`: {why}",
                    path.display()
                );
            }
        }
    }
}

/// What the client does not use at all, with the file where there is no other way, and why.
const BANNED_IN_CLIENT: [(&str, Option<&str>, &str); 6] = [
    ("Reflect::", Some("rescue_file.rs"), "call the browser through typed bindings, so that the compiler reads along"),
    ("innerHTML", None, "markup comes from `view!`, never from text"),
    ("inner_html", None, "markup comes from `view!`, never from text"),
    ("thread_local!", None, "state belongs to a context or to an owner that ends"),
    ("Box::leak", None, "state belongs to a context or to an owner that ends"),
    ("set_timeout", None, "wait for what is drawn, not for a time; pauses are named constants given to gloo-timers"),
];

#[test]
fn the_client_goes_no_untyped_or_timed_ways() {
    for (path, text) in sources("app/src") {
        for (word, exception, why) in BANNED_IN_CLIENT {
            let allowed = exception.is_some_and(|file| path.ends_with(file));
            assert!(allowed || !code(&text).contains(word), "{} uses {word}: {why}", path.display());
        }
    }
    // The keyboard goes where something was just drawn, without a clock.
    for (path, text) in sources("app/src/components").into_iter().chain(sources("app/src/pages")) {
        let timed = code(&text).contains("Timeout::new") || code(&text).contains("sleep(");
        assert!(!(timed && code(&text).contains("focus(")), "{} moves the focus by a timer", path.display());
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
