//! What a first visit costs on the line: until somebody can sign in, and until their program works without a network.
//! Every file with its size, raw and compressed, beside the budgets.
//!
//! For a program, deliberately counts everything in `dist/` but other programs and further languages: what somebody
//! forgets to list is downloaded all the same. Signing in needs what `index.html` names, and no more than that.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::folders;
use crate::programs::{self, PROGRAMS};
use crate::progress::say;
use crate::sources;

const MESSAGES: &str = "messages/";
const START_PAGE: &str = "index.html";
/// The budget until somebody can sign in, brotli, and in so many requests.
const SIGN_IN_BYTES_MAX: u64 = 30 * 1024;
const SIGN_IN_REQUESTS_MAX: usize = 4;

/// Returns the budget of a program with all it needs to work without a network: brotli, one language.
///
/// What is aimed at is 400 KiB for focal points and 450 KiB for staff. The client on Leptos' own views is above both;
/// these numbers keep it from growing unseen, and go down with it.
fn bytes_max(program: &str) -> u64 {
    match program {
        "office" => 490 * 1024,
        _ => 530 * 1024,
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
    let mut totals: Vec<(String, u64, u64)> = PROGRAMS
        .map(|program| (format!("{program}, complete, one language"), sent_bytes(&assets, program), bytes_max(program)))
        .into();
    let page = folders::dist().join(START_PAGE);
    let page = fs::read_to_string(&page).map_err(Failure::file("reading", &page))?;
    let needed = until_sign_in(&page, &assets);
    let bytes = needed.iter().map(|asset| asset.sent_bytes).sum();
    totals.insert(0, (format!("sign-in usable, {} requests", needed.len()), bytes, SIGN_IN_BYTES_MAX));
    let mut outcome = Ok(());
    for (what, bytes, budget) in totals {
        say(&line(&what, "", &grouped(bytes), &format!("of {}", grouped(budget))));
        if bytes > budget && outcome.is_ok() {
            outcome = Err(Failure::OverBudget { what, bytes, budget });
        }
    }
    if needed.len() > SIGN_IN_REQUESTS_MAX {
        let files: Vec<&str> = needed.iter().map(|asset| asset.name.as_str()).collect();
        return Err(Failure::Unexpected(format!(
            "signing in needs {} requests, more than {SIGN_IN_REQUESTS_MAX}: {}",
            files.len(),
            files.join(", ")
        )));
    }
    outcome
}

/// Returns the files that come before somebody can sign in: the first page, its sheets and its scripts.
fn until_sign_in<'a>(page: &str, assets: &'a [Asset]) -> Vec<&'a Asset> {
    let tags = page.split('<').filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag);
    let wait_for = |tag: &str| tag.starts_with("script") || tag.starts_with("link") && tag.contains("stylesheet");
    let waited_for: Vec<&str> = tags.filter(|tag| wait_for(tag)).collect();
    let is_needed = |name: &str| {
        name == START_PAGE
            || waited_for
                .iter()
                .any(|tag| tag.split(['"', '\'', '=', ' ']).any(|word| word.strip_prefix('/') == Some(name)))
    };
    assets.iter().filter(|asset| is_needed(&asset.name)).collect()
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
    fn signing_in_waits_for_the_page_its_sheets_and_its_scripts() {
        let names = ["index.html", "styles-1.css", "start-2.js", "program.js", "icons/relais.svg", "portal-3.js"];
        let assets = names.map(|name| Asset { name: name.into(), raw_bytes: 2, sent_bytes: 1 });
        let page = r#"<link rel="icon" href="/icons/relais.svg"><link rel=stylesheet href=/styles-1.css>
            <meta name="relais-program" data-script="/portal-3.js"><script type="module" src="/start-2.js"></script>"#;
        let needed: Vec<&str> = until_sign_in(page, &assets).iter().map(|asset| asset.name.as_str()).collect();
        assert_eq!(needed, ["index.html", "styles-1.css", "start-2.js"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(204_800), "204,800");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
