//! Long text, held to the plainest text there is: a tree of single characters.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::{TEXT, What, World, days, deleted, fold, typed};
use crate::ids::CharId;
use crate::merge::prose::Prose;
use crate::op::{Body, Entry};
use crate::value::Target;

const FIELD: Target = Target::of(TEXT);

fn apply(prose: &mut Prose, entry: &Entry) {
    match entry.op.body() {
        Ok(Body::Insert(insert)) => prose.insert(entry, insert.after, &insert.text),
        Ok(Body::Delete(delete)) => prose.delete(entry, &delete.spans),
        _ => {}
    }
}

fn folded(entries: &[Entry]) -> Prose {
    let mut prose = Prose::default();
    entries.iter().for_each(|entry| apply(&mut prose, entry));
    prose
}

/// Every character by its name, in order; `None` where it was deleted.
fn characters(prose: &Prose) -> Vec<(CharId, Option<char>)> {
    let each = prose.runs().iter().flat_map(|run| {
        let letters: Vec<Option<char>> = match &run.text {
            Some(text) => text.chars().map(Some).collect(),
            None => vec![None; usize::try_from(run.chars).unwrap()],
        };
        assert_eq!(letters.len() as u64, run.chars, "a run has as many characters as it says");
        (0..).map(|at| run.first.plus(at)).zip(letters)
    });
    each.collect()
}

/// The plainest text: each character hangs on the one it was typed after, later ones come first.
#[derive(Default)]
struct Tree {
    after: BTreeMap<Option<CharId>, Vec<(CharId, char)>>,
    deleted: BTreeSet<CharId>,
}

impl Tree {
    fn of(entries: &[Entry]) -> Self {
        let mut tree = Self::default();
        for entry in entries {
            match entry.op.body() {
                Ok(Body::Insert(insert)) => {
                    let mut hangs_on = insert.after;
                    for (offset, letter) in (0..).zip(insert.text.chars()) {
                        let id = entry.op.first_char().plus(offset);
                        tree.after.entry(hangs_on).or_default().push((id, letter));
                        hangs_on = Some(id);
                    }
                }
                Ok(Body::Delete(delete)) => {
                    let each = delete.spans.iter().flat_map(|span| (0..span.chars).map(|at| span.first.plus(at)));
                    tree.deleted.extend(each);
                }
                _ => {}
            }
        }
        tree
    }

    fn characters(&self) -> Vec<(CharId, Option<char>)> {
        let mut all = Vec::new();
        let mut open = self.children(None);
        while let Some((id, letter)) = open.pop() {
            all.push((id, (!self.deleted.contains(&id)).then_some(letter)));
            open.extend(self.children(Some(id)));
        }
        all
    }

    /// The greatest comes last: it is taken first.
    fn children(&self, id: Option<CharId>) -> Vec<(CharId, char)> {
        let mut children = self.after.get(&id).cloned().unwrap_or_default();
        children.sort();
        children
    }
}

/// Three people who have `text`, written by the third.
fn with(text: &str) -> World {
    let mut world = World::new();
    world.write(2, typed(&world.view(2), 0, text));
    world.all_sync();
    world
}

/// What somebody does to a text: types at a place, or takes characters away from there.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Types(usize, &'static str),
    Takes(usize, usize),
}

impl World {
    fn edit(&mut self, who: usize, edit: Edit) {
        let view = self.view(who);
        let body = match edit {
            Edit::Types(at, text) => typed(&view, at, text),
            Edit::Takes(at, chars) => deleted(&view, at, chars),
        };
        self.write(who, body);
    }
}

#[test]
fn two_people_edit_one_text() {
    use Edit::{Takes, Types};
    let cases = [
        ("one before, one behind", "migration", Types(0, "labour "), Types(9, " law"), "labour migration law"),
        ("both in the middle, far apart", "a plan for youth", Types(6, "ned"), Types(16, "!"), "a planned for youth!"),
        ("the same character deleted by both", "colour", Takes(4, 1), Takes(4, 1), "color"),
        ("overlapping deletions", "0123456789", Takes(2, 4), Takes(4, 4), "0189"),
        ("typed into what the other deletes", "a cruel world", Takes(2, 6), Types(7, "ty"), "a tyworld"),
        ("nothing deleted, nothing typed", "same", Takes(0, 0), Takes(4, 3), "same"),
        ("letters of several bytes", "é—🦊", Takes(1, 1), Types(3, "ñ"), "é🦊ñ"),
    ];
    for (name, before, ana, ben, after) in cases {
        for first in [0, 1] {
            let mut world = with(before);
            world.edit(0, ana);
            world.edit(1, ben);
            world.push(first);
            world.all_sync();
            for who in 0..3 {
                assert_eq!(world.view(who).prose(FIELD).unwrap().text(), after, "{name}, seen by {who}");
            }
        }
    }
}

#[test]
fn two_words_typed_at_one_place_stand_side_by_side_and_whole() {
    let mut world = with("()");
    world.edit(0, Edit::Types(1, "labour"));
    world.edit(1, Edit::Types(1, "migration"));
    world.all_sync();
    let text = fold(&world.log).prose(FIELD).unwrap().text();
    assert!(["(labourmigration)", "(migrationlabour)"].contains(&text.as_str()), "{text}");
}

#[test]
fn who_wrote_in_one_sentence_without_having_seen_each_other_is_noticed() {
    use Edit::{Takes, Types};
    let text = "We ask for advice. We have no budget! And no staff";
    let cases = [
        ("typed in one sentence", Types(6, " you"), Types(17, " soon"), true),
        ("typed and deleted in one sentence", Takes(3, 4), Types(17, " soon"), true),
        ("deleted two words of one sentence", Takes(3, 4), Takes(11, 7), true),
        ("typed into what the other deletes", Takes(3, 14), Types(10, "!"), true),
        ("different sentences", Types(6, " you"), Types(24, " really"), false),
        ("the first and the last sentence", Takes(0, 2), Takes(42, 5), false),
    ];
    for (name, ana, ben, noticed) in cases {
        for first in [0, 1] {
            let mut world = with(text);
            world.edit(0, ana);
            world.edit(1, ben);
            world.push(first);
            world.all_sync();
            let document = fold(&world.log);
            let both = &document.prose(FIELD).unwrap().both;
            assert_eq!(!both.is_empty(), noticed, "{name}, {first} first: {both:?}");
            for both in both {
                assert_eq!(
                    [both.earlier.author.0, both.later.author.0],
                    [first as u32 + 1, 2 - first as u32],
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn who_had_read_the_other_or_writes_on_alone_is_not_warned_about() {
    let mut world = with("We ask for advice");
    world.edit(0, Edit::Types(6, " you"));
    world.sync(0);
    world.sync(1);
    world.edit(1, Edit::Takes(0, 2));
    world.edit(1, Edit::Types(0, "They"));
    world.all_sync();
    assert_eq!(fold(&world.log).prose(FIELD).unwrap().both, []);
}

#[test]
fn who_writes_on_two_devices_is_not_warned_about_themselves() {
    let mut world = with("We ask for advice");
    world.same_person(0, 1);
    world.edit(0, Edit::Types(6, " you"));
    world.edit(1, Edit::Types(17, " soon"));
    world.all_sync();
    assert_eq!(fold(&world.log).prose(FIELD).unwrap().both, []);
}

#[test]
fn typing_on_for_weeks_stays_one_run() {
    let mut world = World::new();
    for (at, letter) in "migration".chars().enumerate() {
        world.write(0, typed(&world.view(0), at, &letter.to_string()));
        world.sync(0);
    }
    assert_eq!(fold(&world.log).prose(FIELD).unwrap().runs().len(), 1);
}

const DOES: &[What] = &[What::Sync, What::Push, What::Type, What::Type, What::Type, What::Delete];

proptest! {
    #[test]
    fn the_text_is_the_tree_of_its_characters(steps in days(DOES, 40)) {
        let world = World::played(&steps);
        prop_assert_eq!(characters(&folded(&world.log)), Tree::of(&world.log).characters());
    }

    #[test]
    fn each_character_nobody_deleted_stands_exactly_once(steps in days(DOES, 40)) {
        let world = World::played(&steps);
        let tree = Tree::of(&world.log);
        let mut typed: Vec<(CharId, char)> = tree.after.values().flatten().copied().collect();
        typed.retain(|(id, _)| !tree.deleted.contains(id));
        typed.sort();
        let text = folded(&world.log);
        let mut stands: Vec<_> = characters(&text).into_iter().filter_map(|(id, letter)| Some((id, letter?))).collect();
        stands.sort();
        prop_assert_eq!(stands, typed);
        prop_assert_eq!(text.text().chars().count(), tree_length(&tree));
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(steps in days(DOES, 30), picks in vec(any::<u16>(), 1..30)) {
        let world = World::played(&steps);
        prop_assert_eq!(characters(&folded(&world.log)), characters(&folded(&world.reordered(&picks))));
    }

    #[test]
    fn what_comes_twice_changes_nothing(steps in days(DOES, 30), again in vec(any::<u16>(), 0..10)) {
        let world = World::played(&steps);
        let mut prose = folded(&world.log);
        let before = prose.clone();
        for pick in again {
            apply(&mut prose, &world.log[usize::from(pick) % world.log.len()]);
        }
        prop_assert_eq!(prose, before);
    }

    #[test]
    fn what_somebody_types_stands_where_they_typed_it(steps in days(DOES, 30), who in 0_usize..3, place in any::<u16>()) {
        let mut world = World::half_way(&steps);
        let before: Vec<char> = world.view(who).prose(FIELD).map(Prose::text).unwrap_or_default().chars().collect();
        let at = usize::from(place) % (before.len() + 1);
        world.edit(who, Edit::Types(at, "<mine>"));
        let after = world.view(who).prose(FIELD).unwrap().text();
        let expected: String = before[..at].iter().copied().chain("<mine>".chars()).chain(before[at..].iter().copied()).collect();
        prop_assert_eq!(after, expected);
    }

    #[test]
    fn what_somebody_takes_away_is_gone_and_nothing_else(steps in days(DOES, 30), who in 0_usize..3, place in any::<u16>(), chars in 0_usize..6) {
        let mut world = World::half_way(&steps);
        let mut text: Vec<char> = world.view(who).prose(FIELD).map(Prose::text).unwrap_or_default().chars().collect();
        let at = usize::from(place) % (text.len() + 1);
        world.edit(who, Edit::Takes(at, chars));
        text.drain(at..(at + chars).min(text.len()));
        let after = world.view(who).prose(FIELD).map(Prose::text).unwrap_or_default();
        prop_assert_eq!(after.chars().collect::<Vec<_>>(), text);
    }

    #[test]
    fn two_who_edit_one_sentence_unseen_are_always_noticed(ana in 0_usize..12, ben in 0_usize..12, cut in 0_usize..4, first in 0_usize..2) {
        let mut world = with("eleven chars");
        world.edit(0, Edit::Types(ana, "x"));
        world.edit(1, if cut == 0 { Edit::Types(ben, "y") } else { Edit::Takes(ben, cut) });
        world.push(first);
        world.all_sync();
        let document = fold(&world.log);
        prop_assert_eq!(document.prose(FIELD).unwrap().both.len(), 1);
    }

    #[test]
    fn a_place_in_the_text_and_the_character_there_name_each_other(steps in days(DOES, 40)) {
        let prose = folded(&World::played(&steps).log);
        prop_assert_eq!(prose.index_after(None), 0);
        for at in 0..prose.text().chars().count() {
            let here = prose.char_at(at);
            prop_assert!(here.is_some());
            prop_assert_eq!(prose.index_after(here), at + 1);
        }
        prop_assert_eq!(prose.char_at(prose.text().chars().count()), None);
    }
}

fn tree_length(tree: &Tree) -> usize {
    tree.characters().iter().filter(|(_, letter)| letter.is_some()).count()
}
