//! Letters of the alphabets in use here: Latin, Greek, Cyrillic, Armenian, Georgian, Arabic.
//!
//! For looking words up and for rules that warn, never to decide what is kept. The standard library's
//! tables hold every script there is and would make a thirtieth of the first load.

/// Returns a character in its small form, where its alphabet has one of one character.
#[must_use]
pub fn small(letter: char) -> char {
    let code = u32::from(letter);
    let small = match code {
        0x41..=0x5A | 0xC0..=0xD6 | 0xD8..=0xDE | 0x391..=0x3A1 | 0x3A3..=0x3AB | 0x410..=0x42F => code + 32,
        // Latin with marks, in pairs: the capital is even, in two stretches odd.
        0x100..=0x12F | 0x132..=0x137 | 0x14A..=0x177 | 0x1E00..=0x1E95 | 0x1EA0..=0x1EFF | 0x460..=0x4BF => code | 1,
        0x139..=0x148 | 0x179..=0x17E if code % 2 == 1 => code + 1,
        0x130 => 0x69,
        0x178 => 0xFF,
        0x400..=0x40F => code + 80,
        0x531..=0x556 => code + 48,
        _ => code,
    };
    char::from_u32(small).unwrap_or(letter)
}

/// Returns a text in small letters.
#[must_use]
pub fn lowercase(text: &str) -> String {
    text.chars().map(small).collect()
}

/// Returns whether a character is a letter; marks that stand on a letter count as one.
#[must_use]
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, 'ª' | 'µ' | 'º' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{1FFF}' | '\u{2C00}'..='\u{2DFF}')
            && !matches!(c, ';' | '·' | '՚'..='՟' | '،' | '؛' | '؟' | '٪'..='٭' | '٠'..='٩' | '۰'..='۹' | '۔')
        || matches!(c, '\u{3040}'..='\u{D7FF}' | '\u{FB00}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}')
}

/// Returns whether a character is a letter or a digit.
#[must_use]
pub fn is_letter_or_digit(c: char) -> bool {
    is_digit(c) || is_letter(c)
}

/// Returns whether a character is a digit, Arabic ones included.
#[must_use]
pub fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '٠'..='٩' | '۰'..='۹')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the seed's languages, and of the partner countries' alphabets.
    const WORDS: &str = "Élan ÇA Œuvre Ærø Ñandú São Łódź Žižkov Straße Čeština Ÿ Ğ Õ \
        Здравствуйте Ђорђе Ελλάδα Հայաստան ქართული العربية Việt Ồ Ḍ";

    #[test]
    fn capitals_become_small_as_the_standard_library_makes_them() {
        for c in WORDS.chars() {
            assert_eq!(vec![small(c)], c.to_lowercase().collect::<Vec<_>>(), "{c}");
        }
        assert_eq!(lowercase("ÉQUIPEMENT Đ"), "équipement đ");
    }

    #[test]
    fn a_small_letter_stays_as_it_is() {
        for c in WORDS.chars().flat_map(char::to_lowercase) {
            assert_eq!(small(c), c);
        }
    }

    #[test]
    fn letters_digits_and_the_rest_are_told_apart() {
        for c in WORDS.chars().filter(|c| *c != ' ') {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c}");
        }
        for c in ['.', '’', '–', '؟', '،', '·', '\u{a0}', '€', '×', '÷', '1', '٣', '😀'] {
            assert!(!is_letter(c), "{c}");
        }
        assert!(is_digit('٣') && is_letter_or_digit('7') && !is_letter_or_digit('-'));
    }
}
