//! Text as it is compared: for looking words up and for rules that warn, never to decide what is kept.
//!
//! Does not know languages: what two of them spell alike is folded alike. What is shown is the text
//! itself, never its folded form.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns `text` without what people leave out or vary when they search: capitals, accents and other
/// marks on Latin, Greek, Cyrillic and Arabic letters, and the kind of apostrophe. Letters that are
/// two in other spellings become these: `œ` is `oe`, `ß` is `ss`.
///
/// Longer or shorter than `text`: places in one are none in the other. Vowel signs of scripts that
/// write them as marks (Thai, Burmese) stay, since without them other words come out.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // There and back again, letter by letter: ß has no capital but SS, ς and σ have one.
    let letters = text.nfd().filter(|c| !is_accent(*c)).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    for letter in letters {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            '’' | 'ʼ' => folded.push('\''),
            '\u{a0}' | '\u{202f}' => folded.push(' '),
            other => folded.push(other),
        }
    }
    folded
}

/// Returns whether `c` is part of a word: a letter, a digit, or a mark that stands on one.
#[must_use]
pub fn in_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Combining diacritical marks, and what Arabic leaves out or stretches.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{fold, in_word};

    #[test]
    fn what_is_searched_finds_what_was_written() {
        for (written, searched) in [
            ("Genève", "geneve"),
            ("GENE\u{300}VE", "genève"),
            ("Straße", "STRASSE"),
            ("Œuvre", "oeuvre"),
            ("Łódź", "lodz"),
            ("Ærø", "aero"),
            ("Đorđe", "dorde"),
            ("İstanbul", "istanbul"),
            ("ISPARTA", "ısparta"),
            ("Côte d’Ivoire", "cote d'ivoire"),
            ("15\u{202f}000", "15 000"),
            ("Ελλάδα", "ΕΛΛΑΔΑ"),
            ("ΟΔΟΣ", "οδος"),
            ("Здравствуйте", "ЗДРАВСТВУИТЕ"),
            ("أَحْمَد", "احمد"),
            ("Հայաստան", "ՀԱՅԱՍՏԱՆ"),
        ] {
            assert_eq!(fold(written), fold(searched), "{written} {searched}");
        }
    }

    #[test]
    fn other_words_stay_other_words() {
        for (one, other) in [("Niger", "Nigeria"), ("ทา", "ที"), ("ก่า", "กา"), ("1", "١"), ("a b", "ab")]
        {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
        assert_eq!(fold(""), "");
        assert_eq!(fold("Genève 2018"), "geneve 2018");
    }

    #[test]
    fn words_and_what_stands_between_them_are_told_apart() {
        for c in "ÉßœЖΩبไทยე7٣".chars().chain(['\u{301}', '\u{64e}', '\u{e35}']) {
            assert!(in_word(c), "{c:?}");
        }
        for c in ['.', '’', '–', '؟', '،', '·', '\u{a0}', '€', '×', '÷', '😀', '-'] {
            assert!(!in_word(c), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
