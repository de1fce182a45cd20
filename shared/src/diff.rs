//! What changed between two states of the answers of a document: field by field, prose word by word.
//!
//! Pure; knows neither when the states were nor how a change is shown.

use std::collections::BTreeSet;

use crate::answers::{Answer, Answers};
use crate::form::{Field, FieldKind, Form};
use crate::ids::OpId;
use crate::value::{FieldId, Target};

/// Longest pair of texts compared word by word, as the product of their word counts; beyond it the
/// differing middle stands as one removal and one addition.
pub const WORD_PAIRS_MAX: usize = 4_000_000;

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the earlier.
    Removed(String),
    /// Only in the later.
    Added(String),
}

/// What became of one item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Only in the later state.
    Added,
    /// Only in the earlier state.
    Removed,
    /// In both, at other places (counted from 0) or below another item.
    Moved {
        /// Its place before.
        from: usize,
        /// Its place after.
        to: usize,
    },
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field, of the document or of an item.
    pub target: Target,
    /// Set when a list item came, went or moved.
    pub item: Option<(OpId, Fate)>,
}

/// Returns every difference, in the order of the form.
#[must_use]
pub fn changes(form: &Form, before: &Answers, after: &Answers) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in form.sections.iter().flat_map(|section| section.fields) {
        if let FieldKind::Table { .. } = field.kind {
            table(form, field, before, after, &mut changes);
        } else if field.item_fields().is_empty() {
            differs(before, after, Target::of(field.id), &mut changes);
        } else {
            list(field, before, after, &mut changes);
        }
    }
    changes
}

/// Returns the fields of the document that changed, lists when anything within them did.
#[must_use]
pub fn changed_fields(form: &Form, before: &Answers, after: &Answers) -> BTreeSet<FieldId> {
    let whole = |change: Change| form.container_of(change.target.field).map_or(change.target.field, |list| list.id);
    changes(form, before, after).into_iter().map(whole).collect()
}

fn differs(before: &Answers, after: &Answers, target: Target, changes: &mut Vec<Change>) {
    if said(before, target) != said(after, target) {
        changes.push(Change { target, item: None });
    }
}

/// An empty answer and none are the same.
fn said(answers: &Answers, target: Target) -> Option<&Answer> {
    answers.get(target).filter(|_| !answers.is_empty_at(target))
}

/// Cells that stand in both, or in one of the two.
fn table(form: &Form, field: &Field, before: &Answers, after: &Answers, changes: &mut Vec<Change>) {
    let cells: BTreeSet<(OpId, OpId)> = before.cells(form, field).into_iter().chain(after.cells(form, field)).collect();
    for (row, column) in cells {
        for inner in field.inner_fields() {
            differs(before, after, Target::in_cell(row, column, inner.id), changes);
        }
    }
}

fn list(field: &Field, before: &Answers, after: &Answers, changes: &mut Vec<Change>) {
    let (old, new) = (before.items(field.id), after.items(field.id));
    let target = Target::of(field.id);
    for item in old.iter().filter(|item| !new.contains(item)) {
        changes.push(Change { target, item: Some((*item, Fate::Removed)) });
    }
    let kept_old: Vec<&OpId> = old.iter().filter(|item| new.contains(item)).collect();
    let kept_new: Vec<&OpId> = new.iter().filter(|item| old.contains(item)).collect();
    for (to, item) in new.iter().enumerate() {
        match old.iter().position(|other| other == item) {
            None => changes.push(Change { target, item: Some((*item, Fate::Added)) }),
            Some(from) => {
                let place = |kept: &[&OpId]| kept.iter().position(|other| *other == item);
                if place(&kept_old) != place(&kept_new) || before.parent(*item) != after.parent(*item) {
                    changes.push(Change { target, item: Some((*item, Fate::Moved { from, to })) });
                }
                for inner in field.item_fields() {
                    differs(before, after, Target::in_item(*item, inner.id), changes);
                }
            }
        }
    }
}

/// Compares two texts word by word. Joined, the pieces without the removed ones are `after`.
#[must_use]
pub fn words(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (tokens(before), tokens(after));
    let head = old.iter().zip(&new).take_while(|(left, right)| left == right).count();
    let room = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(left, right)| left == right).count();
    let mut pieces = Pieces::default();
    pieces.same(&old[..head]);
    middle(&old[head..old.len() - tail], &new[head..new.len() - tail], &mut pieces);
    pieces.same(&old[old.len() - tail..]);
    pieces.0
}

/// Words with the white space that follows them: a word is compared whole.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut in_space = false;
    for (at, one) in text.char_indices() {
        if in_space && !one.is_whitespace() {
            tokens.push(&text[start..at]);
            start = at;
        }
        in_space = one.is_whitespace();
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

fn middle(old: &[&str], new: &[&str], pieces: &mut Pieces) {
    if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > WORD_PAIRS_MAX {
        pieces.removed(old);
        pieces.added(new);
        return;
    }
    let width = new.len() + 1;
    // Longest common run of words from each pair of places to the ends.
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if same_word(old[i], new[j]) {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if same_word(old[i], new[j]) {
            pieces.same(&new[j..=j]);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            pieces.removed(&old[i..=i]);
            i += 1;
        } else {
            pieces.added(&new[j..=j]);
            j += 1;
        }
    }
    pieces.removed(&old[i..]);
    pieces.added(&new[j..]);
}

fn same_word(left: &str, right: &str) -> bool {
    left.trim_end() == right.trim_end()
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn same(&mut self, words: &[&str]) {
        for word in words {
            if let Some(Piece::Same(text)) = self.0.last_mut() {
                text.push_str(word)
            } else {
                self.0.push(Piece::Same((*word).to_owned()))
            }
        }
    }

    fn removed(&mut self, words: &[&str]) {
        for word in words {
            if let Some(Piece::Removed(text)) = self.0.last_mut() {
                text.push_str(word)
            } else {
                self.0.push(Piece::Removed((*word).to_owned()))
            }
        }
    }

    fn added(&mut self, words: &[&str]) {
        for word in words {
            if let Some(Piece::Added(text)) = self.0.last_mut() {
                text.push_str(word)
            } else {
                self.0.push(Piece::Added((*word).to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::request::{ACTIVITY_TOPIC, FORM, PROPOSED_ACTIVITIES, TITLE};
    use crate::ids::ReplicaId;
    use crate::value::Value;

    fn item(counter: u64) -> OpId {
        OpId { replica: ReplicaId(1), counter }
    }

    fn answers(title: &str, items: &[u64]) -> Answers {
        let mut answers = Answers::default();
        answers.by_target.insert(Target::of(TITLE), Answer::Value(Value::Text(title.to_owned())));
        answers
            .by_target
            .insert(Target::of(PROPOSED_ACTIVITIES), Answer::Items(items.iter().copied().map(item).collect()));
        answers
    }

    #[test]
    fn one_word_replaced_is_one_removal_and_one_addition() {
        let pieces = words("one two three", "one 2 three");
        let expected = [
            Piece::Same("one ".to_owned()),
            Piece::Removed("two ".to_owned()),
            Piece::Added("2 ".to_owned()),
            Piece::Same("three".to_owned()),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn the_pieces_make_up_the_later_text_exactly() {
        let cases =
            [("", "a b"), ("a b", ""), ("a  b\nc", "a b c d"), ("été 😀 fin", "été 😃 fin"), ("x y z", "z y x")];
        for (before, after) in cases {
            let later: String = words(before, after)
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Same(text) | Piece::Added(text) => Some(text.as_str()),
                    Piece::Removed(_) => None,
                })
                .collect();
            assert_eq!(later, after, "{before:?}");
        }
    }

    #[test]
    fn an_empty_answer_and_no_answer_are_the_same() {
        assert_eq!(changes(&FORM, &answers("", &[]), &Answers::default()), Vec::new());
    }

    #[test]
    fn items_that_come_go_and_move_are_told_apart() {
        let changes = changes(&FORM, &answers("t", &[1, 2, 3]), &answers("t", &[3, 1, 4]));
        let fates: Vec<_> = changes.iter().filter_map(|change| change.item).collect();
        assert!(fates.contains(&(item(2), Fate::Removed)));
        assert!(fates.contains(&(item(4), Fate::Added)));
        assert!(fates.contains(&(item(3), Fate::Moved { from: 2, to: 0 })));
    }

    #[test]
    fn a_change_within_an_item_counts_for_its_list() {
        let (before, mut after) = (answers("t", &[1]), answers("t", &[1]));
        after.by_target.insert(Target::in_item(item(1), ACTIVITY_TOPIC), Answer::Value(Value::Text("new".to_owned())));
        assert_eq!(changed_fields(&FORM, &before, &after), BTreeSet::from([PROPOSED_ACTIVITIES]));
    }
}
