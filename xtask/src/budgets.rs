//! What each program costs on the line until it works without a network: every file with its size, raw and
//! compressed, beside the budgets.
//!
//! Deliberately counts everything in `dist/` but other programs and further languages: what somebody forgets to list
//! is downloaded all the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::folders;
use crate::programs::{self, PROGRAMS};
use crate::progress::say;
use crate::sources;

const MESSAGES: &str = "messages/";

/// Returns the budget of a program with all it needs to work without a network: brotli, one language.
fn bytes_max(program: &str) -> u64 {
    match program {
        "office" => 450 * 1024,
        _ => 400 * 1024,
    }
}

/// A file of the built client with its sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asset {
    name: String,
    raw_bytes: u64,
    sent_bytes: u64,
}

impl Asset {
    fn owner(&self) -> Option<&'static str> {
        programs::owner(Path::new(&self.name))
    }

    /// Returns the language of a message file.
    fn language(&self) -> Option<&str> {
        let name = self.name.strip_prefix(MESSAGES)?.strip_suffix(".json")?;
        name.rsplit('.').next()
    }
}

/// Prints the sizes and fails where a program is above its budget.
pub fn check() -> Result<(), Failure> {
    let mut assets = assets(&folders::dist())?;
    assets.sort_by_key(|asset| std::cmp::Reverse(asset.sent_bytes));
    say(&line("File", "raw", "brotli", "for"));
    for asset in &assets {
        let reader = asset.owner().unwrap_or("all");
        say(&line(&asset.name, &grouped(asset.raw_bytes), &grouped(asset.sent_bytes), reader));
    }
    let mut outcome = Ok(());
    for program in PROGRAMS {
        let (bytes, budget) = (sent_bytes(&assets, program), bytes_max(program));
        let what = format!("{program}, complete, one language");
        say(&line(&what, "", &grouped(bytes), &format!("of {}", grouped(budget))));
        if bytes > budget && outcome.is_ok() {
            outcome = Err(Failure::OverBudget { what, bytes, budget });
        }
    }
    outcome
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

/// Returns what a program's first visit downloads in the end. It has one language; the largest stands for it.
fn sent_bytes(assets: &[Asset], program: &str) -> u64 {
    let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
    let mut bytes = 0;
    for asset in assets.iter().filter(|asset| asset.owner().is_none_or(|owner| owner == program)) {
        match asset.language() {
            Some(language) => *languages.entry(language).or_default() += asset.sent_bytes,
            None => bytes += asset.sent_bytes,
        }
    }
    bytes + languages.into_values().max().unwrap_or_default()
}

fn size(path: &Path) -> Result<u64, Failure> {
    fs::metadata(path).map(|metadata| metadata.len()).map_err(Failure::file("reading", path))
}

fn line(name: &str, raw: &str, sent: &str, remark: &str) -> String {
    format!("  {name:<48} {raw:>11} {sent:>11}  {remark}")
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

    #[test]
    fn a_program_pays_for_itself_for_what_is_shared_and_for_its_largest_language() {
        type Files = &'static [(&'static str, u64)];
        let cases: [(&str, Files, u64, u64); 5] = [
            ("nothing", &[], 0, 0),
            ("what is shared", &[("index.html", 5), ("icons/relais.svg", 1), ("service_worker.js", 2)], 8, 8),
            ("each its own", &[("portal-1.js", 10), ("portal-1_bg.wasm", 100), ("office-1.js", 7)], 110, 7),
            ("the largest language", &[("messages/fr.json", 5), ("messages/en.json", 4)], 5, 5),
            // English is the larger one for staff, French for everybody else.
            (
                "the largest language of all files together",
                &[
                    ("messages/fr.json", 5),
                    ("messages/en.json", 4),
                    ("messages/office.fr.json", 1),
                    ("messages/office.en.json", 3),
                ],
                5,
                7,
            ),
        ];
        for (name, files, portal, office) in cases {
            let assets: Vec<Asset> = files
                .iter()
                .map(|(name, bytes)| Asset { name: (*name).into(), raw_bytes: 3 * bytes, sent_bytes: *bytes })
                .collect();
            assert_eq!(sent_bytes(&assets, "portal"), portal, "{name}");
            assert_eq!(sent_bytes(&assets, "office"), office, "{name}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(204_800), "204,800");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
