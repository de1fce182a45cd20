//! Signs of what must never be stored: a person's identity number, a telephone number in running
//! text, a victim named (domain.md §3.1 last row, §7).
//!
//! A detector of patterns, meant to make a person look again; it neither proves nor clears anything.
//! Years, dates, references, laws and round amounts are not taken for identity numbers.

use crate::text::{fold, in_word};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SensitiveKind {
    /// What looks like a number of an identity document.
    IdentityNumber,
    /// What looks like a telephone number.
    Phone,
    /// What looks like the name of a victim or of a case.
    NamedPerson,
}

impl SensitiveKind {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::IdentityNumber => "identity_number",
            Self::Phone => "phone_in_text",
            Self::NamedPerson => "named_person",
        }
    }
}

/// Digits from which a number without separators looks like an identity number.
const IDENTITY_DIGITS_MIN: usize = 7;
/// Digits from which one written after "passport no." does.
const ANNOUNCED_DIGITS_MIN: usize = 5;
/// Most letters of an identity number; more is a word.
const IDENTITY_LETTERS_MAX: usize = 4;
/// Digits of a telephone number.
const PHONE_DIGITS: core::ops::RangeInclusive<usize> = 8..=15;
/// Digits of one in its country's own form, from which a date written in groups differs.
const NATIONAL_PHONE_DIGITS_MIN: usize = 9;
/// How many words after "victim" a name is looked for.
const WORDS_AFTER: usize = 4;

/// Words that announce an identity number, folded; so are the two lists below.
const DOCUMENTS: &[&str] =
    &["passport", "passeport", "pasaporte", "passaporte", "паспорт", "cni", "cin", "dni", "curp", "nin", "nif", "جواز"];
/// Words for a person whose name must not be told.
const PERSONS: &[&str] =
    &["victim", "victime", "victima", "vitima", "жертва", "survivor", "survivante", "survivant", "sobreviviente"];
/// Words that announce a name.
const NAMING: &[&str] = &[
    "named",
    "called",
    "nomme",
    "nommee",
    "appele",
    "appelee",
    "prenomme",
    "prenommee",
    "llamado",
    "llamada",
    "chamado",
    "chamada",
    "mr",
    "mrs",
    "ms",
    "mme",
    "mlle",
    "sr",
    "sra",
    "имени",
];

/// Returns what was found in `text`, at most once of each kind, with the words that gave it away.
#[must_use]
pub fn sensitive(text: &str) -> Vec<(SensitiveKind, String)> {
    let phone = phone(text);
    let mut found = Vec::new();
    // A telephone number is not told twice.
    let without_phone = phone.as_ref().map(|phone| text.replace(phone.as_str(), " "));
    if let Some(number) = identity_number(without_phone.as_deref().unwrap_or(text)) {
        found.push((SensitiveKind::IdentityNumber, number));
    }
    found.extend(phone.map(|phone| (SensitiveKind::Phone, phone)));
    found.extend(named_person(text).map(|words| (SensitiveKind::NamedPerson, words)));
    found
}

fn identity_number(text: &str) -> Option<String> {
    let mut announced = 0_u8;
    for token in text.split(|c: char| !in_word(c) && c != '-').filter(|token| !token.is_empty()) {
        if DOCUMENTS.contains(&fold(token).as_str()) {
            announced = 3;
            continue;
        }
        if looks_like_identity(token, announced > 0) {
            return Some(token.to_owned());
        }
        announced = announced.saturating_sub(1);
    }
    None
}

fn looks_like_identity(token: &str, announced: bool) -> bool {
    let digits = token.chars().filter(|c| c.is_numeric()).count();
    let letters = token.chars().filter(|c| c.is_alphabetic()).count();
    let least = match (announced, token.contains('-')) {
        (true, _) => ANNOUNCED_DIGITS_MIN,
        // 2016-01-01 has eight.
        (false, true) => IDENTITY_DIGITS_MIN + 2,
        (false, false) => IDENTITY_DIGITS_MIN,
    };
    // 15000000 is an amount of money or of people.
    digits >= least && letters <= IDENTITY_LETTERS_MAX && !(letters == 0 && token.ends_with("000"))
}

fn phone(text: &str) -> Option<String> {
    let part_of_number =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '(' | ')');
    text.split(|c| !part_of_number(c)).find_map(|run| {
        let start = run.rfind('+').or_else(|| run.find(|c: char| c.is_ascii_digit()))?;
        let number = run[start..].trim_end_matches(|c: char| !c.is_ascii_digit());
        let international = number.starts_with('+') || number.starts_with("00");
        // A national number in groups: 0712 345 678. Amounts never start with zero.
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let national = number.starts_with('0') && number.contains(' ') && digits >= NATIONAL_PHONE_DIGITS_MIN;
        ((international || national) && PHONE_DIGITS.contains(&digits)).then(|| number.to_owned())
    })
}

fn named_person(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.iter().enumerate().find_map(|(index, word)| {
        if !PERSONS.contains(&bare(word).as_str()) || ends_sentence(word) {
            return None;
        }
        let after = &words[index + 1..words.len().min(index + 2 + WORDS_AFTER)];
        let sentence = after.iter().position(|word| ends_sentence(word)).map_or(after.len(), |last| last + 1);
        let naming = after[..sentence].iter().position(|word| NAMING.contains(&bare(word).as_str()))?;
        let name = after[..sentence].get(naming + 1)?;
        let first = name.chars().find(|c| in_word(*c))?;
        first.is_uppercase().then(|| words[index..=index + 2 + naming].join(" "))
    })
}

/// Returns whether a sentence ends with this word; the full stop of "Mr." ends none.
fn ends_sentence(word: &str) -> bool {
    word.ends_with(['.', '!', '?', ';', '؟']) && !NAMING.contains(&bare(word).as_str())
}

/// A word without the punctuation around it, folded.
fn bare(word: &str) -> String {
    fold(word.trim_matches(|c: char| !in_word(c)))
}
