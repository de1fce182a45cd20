//! What the first visit downloads: every file with its size, raw and compressed, beside the budget.
//!
//! Deliberately counts everything in `dist/` but the office and further languages: what somebody forgets to list is
//! downloaded all the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::folders;
use crate::office;
use crate::progress::say;
use crate::sources;

/// The budget of the first load: all files, brotli, one language.
const BUDGET_BYTES: u64 = 200 * 1024;

const MESSAGES: &str = "messages/";

/// A file of the built client with its sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asset {
    name: String,
    raw_bytes: u64,
    sent_bytes: u64,
}

/// Prints the sizes and fails where the sum is above its budget.
pub fn check() -> Result<(), Failure> {
    let assets = first_load(assets(&folders::dist())?);
    let raw: u64 = assets.iter().map(|asset| asset.raw_bytes).sum();
    let sent: u64 = assets.iter().map(|asset| asset.sent_bytes).sum();
    say(&line("First load, one language", "raw", "brotli"));
    for asset in &assets {
        say(&line(&asset.name, &grouped(asset.raw_bytes), &grouped(asset.sent_bytes)));
    }
    say(&line("Sum", &grouped(raw), &grouped(sent)));
    say(&line("Budget", "", &grouped(BUDGET_BYTES)));
    match sent <= BUDGET_BYTES {
        true => Ok(()),
        false => Err(Failure::OverBudget { bytes: sent, budget: BUDGET_BYTES }),
    }
}

fn assets(dist: &Path) -> Result<Vec<Asset>, Failure> {
    let mut assets = Vec::new();
    for path in sources::files(dist)? {
        if path.extension().is_some_and(|extension| extension == "br") {
            continue;
        }
        let compressed = PathBuf::from(format!("{}.br", path.display()));
        let raw_bytes = size(&path)?;
        assets.push(Asset {
            name: path.strip_prefix(dist).unwrap_or(&path).display().to_string(),
            raw_bytes,
            sent_bytes: if compressed.exists() { size(&compressed)? } else { raw_bytes },
        });
    }
    Ok(assets)
}

/// Leaves out the office, and the languages a first visit does not download; the largest stands for the one it does.
fn first_load(assets: Vec<Asset>) -> Vec<Asset> {
    let (messages, mut chosen): (Vec<Asset>, Vec<Asset>) = assets
        .into_iter()
        .filter(|asset| !office::holds(Path::new(&asset.name)))
        .partition(|asset| asset.name.starts_with(MESSAGES));
    let mut languages: BTreeMap<String, Vec<Asset>> = BTreeMap::new();
    for file in messages {
        let language = file.name.rsplit('.').nth(1).and_then(|name| name.rsplit('/').next()).unwrap_or_default();
        languages.entry(language.to_owned()).or_default().push(file);
    }
    let weight = |files: &Vec<Asset>| files.iter().map(|file| file.sent_bytes).sum::<u64>();
    chosen.extend(languages.into_values().max_by_key(weight).unwrap_or_default());
    chosen.sort_by_key(|asset| std::cmp::Reverse(asset.sent_bytes));
    chosen
}

fn size(path: &Path) -> Result<u64, Failure> {
    fs::metadata(path).map(|metadata| metadata.len()).map_err(Failure::file("reading", path))
}

fn line(name: &str, raw: &str, sent: &str) -> String {
    format!("  {name:<48} {raw:>11} {sent:>11}")
}

/// Writes a number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, sent_bytes: u64) -> Asset {
        Asset { name: name.into(), raw_bytes: 3 * sent_bytes, sent_bytes }
    }

    #[test]
    fn only_the_largest_language_counts() {
        let counted = first_load(vec![
            asset("app.wasm", 90_000),
            asset("messages/en.json", 4_000),
            asset("messages/fr.json", 5_000),
            asset("messages/ui.fr.json", 3_000),
            asset("messages/ui.en.json", 3_500),
            asset("office-1.wasm", 120_000),
            asset("index.html", 500),
        ]);
        let names: Vec<&str> = counted.iter().map(|asset| asset.name.as_str()).collect();
        assert_eq!(names, ["app.wasm", "messages/fr.json", "messages/ui.fr.json", "index.html"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(204_800), "204,800");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
