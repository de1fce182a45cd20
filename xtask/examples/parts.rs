//! Prints what each part of the compiled programs takes: sums of their functions' sizes, by the crate and module that
//! a function's name speaks of.
//!
//! Called by the build, with the programs as they are before wasm-opt, which takes the names out and makes them smaller.
//! Says where to look, not what a part would cost if it went: a function made for the types of
//! two crates is counted for the first. Apart from xtask itself, which needs no library.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::Path;

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

const LIBRARY: &str = "library";
const REST: &str = "rest";
/// Constant texts and tables belong to no function.
const DATA: &str = "texts and tables";

/// The parts, by what the paths in a function's name begin with; a longer beginning goes before a shorter one.
const PARTS: [(&str, &[&str]); 9] = [
    (
        "views",
        &[
            "portal",
            "office",
            "app",
            "any_spawner",
            "either_of",
            "leptos",
            "leptos_dom",
            "next_tuple",
            "oco_ref",
            "or_poisoned",
            "reactive_graph",
            "reactive_stores",
            "slotmap",
            "tachys",
            "throw_error",
        ],
    ),
    ("router", &["leptos_router", "percent_encoding", "url"]),
    ("storage", &["app::storage", "indexed_db_futures"]),
    ("sync", &["app::api", "app::documents", "app::session", "app::sync", "gloo_net", "shared::sync"]),
    ("codec", &["cbor", "itoa", "minicbor", "ryu", "serde", "serde_core", "serde_json", "zmij"]),
    ("rules", &["shared"]),
    (
        "browser",
        &[
            "futures",
            "gloo_events",
            "gloo_storage",
            "gloo_timers",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "web_sys",
        ],
    ),
    (LIBRARY, &["alloc", "compiler_builtins", "core", "dlmalloc", "hashbrown", "memchr", "std"]),
    (REST, &[]),
];
/// So many crates of the rest are named, the largest first.
const REST_NAMED: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    println!("  {:<24} {:>11}", "Part, before wasm-opt", "bytes");
    for path in std::env::args().skip(1) {
        let path = Path::new(&path);
        let mut sizes = Sizes::default();
        for (name, bytes) in functions(&fs::read(path)?)? {
            sizes.add(&name, bytes);
        }
        sizes.print(path.file_stem().unwrap_or_default().to_string_lossy().trim_end_matches("_bg"));
    }
    Ok(())
}

/// Returns the functions of a module by their names, with the sizes of their bodies, and the data.
fn functions(module: &[u8]) -> Result<Vec<(String, u64)>, Box<dyn Error>> {
    let (mut imported, mut bodies, mut data) = (0, Vec::new(), 0);
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(length(&body.range())),
            Payload::DataSection(section) => data += length(&section.range()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { continue };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for function in functions {
                        let function = function?;
                        names.insert(function.index as usize, function.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        return Err("the names of the functions were taken out; Cargo.toml says strip = \"debuginfo\"".into());
    }
    let named = bodies.into_iter().enumerate().map(|(index, bytes)| {
        let name = names.get(&(imported + index)).map_or("", String::as_str);
        (format!("{:#}", rustc_demangle::demangle(name)), bytes)
    });
    Ok(named.chain([(DATA.to_owned(), data)]).collect())
}

fn length(range: &Range<u64>) -> u64 {
    range.end - range.start
}

/// What is known of one program.
#[derive(Debug, Default)]
struct Sizes {
    parts: BTreeMap<&'static str, u64>,
    /// The crates of the rest.
    rest: BTreeMap<String, u64>,
}

impl Sizes {
    fn add(&mut self, function: &str, bytes: u64) {
        let part = if function == DATA { DATA } else { part(function) };
        *self.parts.entry(part).or_default() += bytes;
        if part == REST {
            let name = paths(function).next().map_or(function, first_step);
            *self.rest.entry(name.to_owned()).or_default() += bytes;
        }
    }

    fn print(&self, program: &str) {
        let sum: u64 = self.parts.values().sum();
        println!("  {program:<24} {sum:>11}");
        for part in PARTS.map(|(part, _)| part).into_iter().chain([DATA]) {
            let bytes = self.parts.get(part).copied().unwrap_or_default();
            let percent = bytes * 100 / sum.max(1);
            let named = if part == REST { self.largest_of_the_rest() } else { String::new() };
            println!("    {part:<22} {bytes:>11} {percent:>3} %  {named}");
        }
    }

    fn largest_of_the_rest(&self) -> String {
        let mut crates: Vec<(&String, &u64)> = self.rest.iter().collect();
        crates.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
        let named = crates.into_iter().take(REST_NAMED).map(|(name, bytes)| format!("{name} {bytes}"));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// Returns the part of the first path in a function's name that is not the library's: `Vec<shared::Op>` is of `shared`.
fn part(function: &str) -> &'static str {
    let mut found = REST;
    for path in paths(function) {
        match part_of_path(path) {
            LIBRARY => found = LIBRARY,
            REST => {}
            part => return part,
        }
    }
    found
}

fn part_of_path(path: &str) -> &'static str {
    let begins = |beginning: &&&str| path.strip_prefix(**beginning).is_some_and(|rest| rest.starts_with("::"));
    let longest = |beginnings: &'static [&'static str]| beginnings.iter().filter(begins).map(|found| found.len()).max();
    let parts = PARTS.iter().filter_map(|(part, beginnings)| Some((longest(beginnings)?, *part)));
    parts.max().map_or(REST, |(_, part)| part)
}

/// Returns the paths in a function's name: `<app::a::B as core::fmt::Debug>::fmt` has two that begin with a crate.
fn paths(function: &str) -> impl Iterator<Item = &str> {
    let of_a_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    function
        .split(move |letter| !of_a_path(letter))
        .filter(|path| path.contains("::") && path.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

fn first_step(path: &str) -> &str {
    path.split("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_of_the_first_part_its_name_speaks_of() {
        let cases = [
            ("app::pages::home::show", "views"),
            ("<app::storage::Store as core::fmt::Debug>::fmt", "storage"),
            ("shared::merge::fold", "rules"),
            ("shared::sync::engine::step", "sync"),
            ("core::ptr::drop_in_place<leptos_router::location::Url>", "router"),
            ("<alloc::vec::Vec<T> as core::clone::Clone>::clone", LIBRARY),
            ("<alloc::vec::Vec<minicbor::Token>>::push", "codec"),
            ("apple::pie", REST),
            ("__wbindgen_malloc", REST),
        ];
        for (function, expected) in cases {
            assert_eq!(part(function), expected, "{function}");
        }
    }
}
