//! Keys that are not characters, for [`super::Browser::type_keys`].
//!
//! A modifier stays down until [`RELEASE`]: `CONTROL`, `z`, `RELEASE` is undo.

pub const ALT: &str = "\u{E00A}";
pub const BACKSPACE: &str = "\u{E003}";
pub const CONTROL: &str = "\u{E009}";
pub const DELETE: &str = "\u{E017}";
pub const DOWN: &str = "\u{E015}";
pub const END: &str = "\u{E010}";
pub const ENTER: &str = "\u{E007}";
pub const ESCAPE: &str = "\u{E00C}";
pub const HOME: &str = "\u{E011}";
pub const LEFT: &str = "\u{E012}";
pub const PAGE_DOWN: &str = "\u{E00F}";
pub const PAGE_UP: &str = "\u{E00E}";
pub const RELEASE: &str = "\u{E000}";
pub const RIGHT: &str = "\u{E014}";
pub const SHIFT: &str = "\u{E008}";
pub const SPACE: &str = " ";
pub const TAB: &str = "\u{E004}";
pub const UP: &str = "\u{E013}";

const MODIFIERS: [&str; 3] = [ALT, CONTROL, SHIFT];

/// One movement of a finger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stroke {
    Down(String),
    Up(String),
}

/// The movements that type the keys, every modifier let go at the end.
pub(super) fn strokes(text: &str) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    let mut held: Vec<String> = Vec::new();
    for character in text.chars() {
        let key = match character {
            '\n' => ENTER.to_owned(),
            '\t' => TAB.to_owned(),
            other => other.to_string(),
        };
        if key == RELEASE {
            strokes.extend(held.drain(..).rev().map(Stroke::Up));
            continue;
        }
        strokes.push(Stroke::Down(key.clone()));
        match MODIFIERS.contains(&key.as_str()) {
            true => held.push(key),
            false => strokes.push(Stroke::Up(key)),
        }
    }
    strokes.extend(held.into_iter().rev().map(Stroke::Up));
    strokes
}

#[cfg(test)]
mod tests {
    use super::{CONTROL, RELEASE, Stroke, strokes};

    #[test]
    fn a_modifier_is_held_over_the_keys_up_to_its_release() {
        let up = |key: &str| Stroke::Up(key.to_owned());
        let down = |key: &str| Stroke::Down(key.to_owned());
        let typed = strokes(&format!("{CONTROL}z{RELEASE}a"));
        let expected = [down(CONTROL), down("z"), up("z"), up(CONTROL), down("a"), up("a")];
        assert_eq!(typed, expected);
    }

    #[test]
    fn a_forgotten_release_is_made_up_for() {
        assert_eq!(strokes(CONTROL).last(), Some(&Stroke::Up(CONTROL.to_owned())));
    }
}
