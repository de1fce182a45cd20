//! Shapes of a line of text: an address, a number to call, references, Latin letters.
//!
//! Deliberately loose: only what could never work is refused. Whether an address exists is not asked.

/// Fewest and most digits of a telephone number with its country prefix.
const PHONE_DIGITS: core::ops::RangeInclusive<usize> = 7..=15;
/// The first year a reference may carry: the programme's start.
const FIRST_YEAR: u16 = 2008;

/// Returns whether `text` could be an electronic mail address.
pub(super) fn email(text: &str) -> bool {
    let text = text.trim();
    let Some((person, host)) = text.rsplit_once('@') else {
        return false;
    };
    let labels = || host.split('.');
    !person.is_empty()
        && !person.contains('@')
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'))
        && labels().count() >= 2
        && labels().all(|label| !label.is_empty())
}

/// Returns whether `text` could be a telephone number with its country prefix.
pub(super) fn phone(text: &str) -> bool {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/' | '(' | ')')).collect();
    let digits = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    digits
        .is_some_and(|digits| PHONE_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns whether `text` is one reference or several.
pub(super) fn references(text: &str) -> bool {
    let mut parts = text.split([',', ';', '\n']).filter(|part| !part.trim().is_empty()).peekable();
    parts.peek().is_some() && parts.all(|part| reference(part).is_some())
}

/// Returns a reference as `YYYY-NN`, however it was typed: `2014 -05`, `2016 – 16` (domain.md §5.7).
#[must_use]
pub fn reference(text: &str) -> Option<String> {
    let (year, number) = text.split_once(['-', '–', '—', '\u{2011}'])?;
    let digits = |part: &str, lengths: core::ops::RangeInclusive<usize>| {
        let part = part.trim();
        (lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())?
    };
    let (year, number) = (digits(year, 4..=4)?, digits(number, 1..=3)?);
    (year >= FIRST_YEAR && number > 0).then(|| format!("{year}-{number:02}"))
}

/// Returns whether every letter of `text` is a Latin one.
pub(super) fn latin(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).all(|c| {
        c.is_ascii()
            || matches!(c, '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2b0}'..='\u{2ff}')
    })
}
