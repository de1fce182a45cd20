//! What changed between two states of a text, and how two changes of one text go together.
//!
//! Pure. Counts in characters, so that no surrogate pair is ever split; knows no document.

/// One change: at a place, characters taken away, then words put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Characters before it.
    pub at: usize,
    /// Characters taken away.
    pub removed: usize,
    /// Words put in.
    pub inserted: String,
}

/// Returns what turns `old` into `new`; `caret` is where the caret stands in `new`, which tells a
/// letter typed among equal ones apart.
pub fn edit(old: &str, new: &str, caret: usize) -> Option<Edit> {
    if old == new {
        return None;
    }
    let old: Vec<char> = old.chars().collect();
    let new: Vec<char> = new.chars().collect();
    let room = old.len().min(new.len()).min(new.len() - caret.min(new.len()));
    let tail = (0..room).take_while(|back| old[old.len() - 1 - back] == new[new.len() - 1 - back]).count();
    let head_room = old.len().min(new.len()) - tail;
    let head = (0..head_room).take_while(|index| old[*index] == new[*index]).count();
    // The caret may stand before the change (a word dropped there); the rest of the tail is alike too.
    let left = old.len().min(new.len()) - tail - head;
    let more =
        (0..left).take_while(|back| old[old.len() - 1 - tail - back] == new[new.len() - 1 - tail - back]).count();
    let tail = tail + more;
    Some(Edit { at: head, removed: old.len() - head - tail, inserted: new[head..new.len() - tail].iter().collect() })
}

/// Puts `mine` and `theirs`, both made from `base`, together. Returns the text and where the caret
/// of `mine` comes to stand. Nobody's words are lost: what both removed is gone once.
pub fn merge(base: &str, theirs: &str, mine: &str, caret: usize) -> (String, usize) {
    let length = theirs.chars().count();
    let (Some(theirs_edit), Some(own)) = (edit(base, theirs, usize::MAX), edit(base, mine, caret)) else {
        return if base == mine { (theirs.to_owned(), caret.min(length)) } else { (mine.to_owned(), caret) };
    };
    let added = theirs_edit.inserted.chars().count();
    let end = theirs_edit.at + theirs_edit.removed;
    // A place in `base` as a place in `theirs`.
    let place = |at: usize| match at {
        at if at <= theirs_edit.at => at,
        at if at >= end => at - theirs_edit.removed + added,
        _ => theirs_edit.at + added,
    };
    let overlap = own.at < end && theirs_edit.at < own.at + own.removed;
    let from = if overlap { theirs_edit.at + added } else { place(own.at) };
    let removed = if overlap { 0 } else { own.removed };
    let mut text: Vec<char> = theirs.chars().collect();
    let from = from.min(text.len());
    let to = (from + removed).min(text.len());
    text.splice(from..to, own.inserted.chars());
    (text.into_iter().collect(), from + own.inserted.chars().count())
}

/// Returns how many characters stand before a place given in UTF-16 units.
pub fn chars_before(text: &str, units: usize) -> usize {
    let mut passed = 0;
    text.chars()
        .take_while(|one| {
            passed += one.len_utf16();
            passed <= units
        })
        .count()
}

/// Returns the place after so many characters in UTF-16 units.
pub fn units_before(text: &str, chars: usize) -> u32 {
    u32::try_from(text.chars().take(chars).map(char::len_utf16).sum::<usize>()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(at: usize, removed: usize, inserted: &str) -> Option<Edit> {
        Some(Edit { at, removed, inserted: inserted.to_owned() })
    }

    #[test]
    fn a_letter_typed_among_equal_ones_stands_where_the_caret_is() {
        assert_eq!(edit("aaa", "aaaa", 2), change(1, 0, "a"));
        assert_eq!(edit("aaa", "aaaa", 4), change(3, 0, "a"));
    }

    #[test]
    fn an_emoji_is_one_character_and_never_half_of_one() {
        assert_eq!(edit("a😀b", "a😃b", 2), change(1, 1, "😃"));
        assert_eq!(chars_before("a😀b", 3), 2);
        assert_eq!(units_before("a😀b", 2), 3);
    }

    #[test]
    fn a_selection_replaced_is_one_change() {
        assert_eq!(edit("one two three", "one 2 three", 5), change(4, 3, "2"));
        assert_eq!(edit("same", "same", 0), None);
        assert_eq!(edit("gone", "", 0), change(0, 4, ""));
    }

    #[test]
    fn words_of_two_people_in_different_places_both_stay() {
        let (text, caret) = merge("one three", "one three four", "one two three", 8);
        assert_eq!((text.as_str(), caret), ("one two three four", 8));
        let (text, caret) = merge("one two", "zero one two", "one two three", 13);
        assert_eq!((text.as_str(), caret), ("zero one two three", 18));
    }

    #[test]
    fn words_of_two_people_in_one_place_both_stay() {
        let (text, _) = merge("one two", "one 2", "one deux", 8);
        assert!(text.contains('2') && text.contains("deux"), "{text}");
    }
}
