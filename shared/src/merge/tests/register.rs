//! A short answer keeps exactly what nobody has replaced.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{LINE, What, World, days, fold, set};
use crate::ids::OpId;
use crate::merge::Mark;
use crate::merge::register::{Register, Sibling};
use crate::op::{Body, Entry, Set};
use crate::value::{Target, Value};

const FIELD: Target = Target::of(LINE);

fn answer(entry: &Entry) -> Option<Set> {
    match entry.op.body() {
        Ok(Body::Set(set)) if set.target == FIELD => Some(set),
        _ => None,
    }
}

fn apply(register: &mut Register, entry: &Entry) {
    if let Some(set) = answer(entry) {
        let sibling = Sibling { mark: Mark::of(entry), lamport: entry.op.lamport, value: set.value };
        register.set(sibling, &set.over);
    }
}

fn folded(entries: &[Entry]) -> Register {
    let mut register = Register::default();
    entries.iter().for_each(|entry| apply(&mut register, entry));
    register
}

/// The rule itself: what was said, without what somebody who had read it replaced.
fn nobody_replaced(entries: &[Entry]) -> BTreeSet<OpId> {
    let replaced: BTreeSet<OpId> = entries.iter().filter_map(answer).flat_map(|set| set.over).collect();
    entries
        .iter()
        .filter(|entry| answer(entry).is_some())
        .map(|entry| entry.op.id)
        .filter(|id| !replaced.contains(id))
        .collect()
}

fn shown(register: &Register) -> Vec<(OpId, String)> {
    register.answers().iter().map(|sibling| (sibling.mark.op, sibling.value.to_text())).collect()
}

/// What it is called, who types what in turn, and what stands then.
type Case = (&'static str, &'static [(usize, &'static str)], &'static [&'static str]);

/// What each person types in turn, `-` for a sync of that person; then what stands.
#[test]
fn what_stands_after_two_people_answered() {
    let cases: [Case; 7] = [
        ("one answer", &[(0, "Mali")], &["Mali"]),
        ("the second had read the first", &[(0, "Mali"), (0, "-"), (1, "-"), (1, "Niger")], &["Niger"]),
        ("neither had read the other", &[(0, "Mali"), (1, "Niger")], &["Mali", "Niger"]),
        ("both said the same", &[(0, "Mali"), (1, " Mali ")], &["Mali"]),
        (
            "a third settles what two had said",
            &[(0, "Mali"), (1, "Niger"), (0, "-"), (1, "-"), (2, "-"), (2, "Chad")],
            &["Chad"],
        ),
        (
            "one corrects themselves, the other had not read it",
            &[(0, "Mali"), (0, "Mali!"), (1, "Niger")],
            &["Mali!", "Niger"],
        ),
        (
            "settled by one, answered anew by another who had not read that",
            &[(0, "Mali"), (1, "Niger"), (0, "-"), (1, "-"), (0, "-"), (0, "Chad"), (1, "Togo")],
            &["Chad", "Togo"],
        ),
    ];
    for (name, turns, stands) in cases {
        let mut world = World::new();
        for (who, text) in turns {
            match *text {
                "-" => world.sync(*who),
                text => {
                    let body = set(&world.view(*who), FIELD, Value::Text(text.to_owned()));
                    world.write(*who, body);
                }
            }
        }
        world.all_sync();
        let document = fold(&world.log);
        let register = document.register(FIELD).unwrap();
        let mut said: Vec<String> = register.answers().iter().map(|sibling| sibling.value.to_text()).collect();
        said.sort();
        assert_eq!(said.iter().map(|said| said.trim()).collect::<Vec<_>>(), stands, "{name}");
        assert_eq!(register.unsettled(), stands.len() > 1, "{name}");
        let by_all: Vec<_> = (0..3).map(|who| shown(world.view(who).register(FIELD).unwrap())).collect();
        assert!(by_all.iter().all(|seen| *seen == by_all[0]), "{name}: {by_all:?}");
    }
}

#[test]
fn the_answer_shown_first_is_the_one_whose_author_had_read_most_whatever_the_clocks_say() {
    let mut world = World::new();
    // The second person's clock stands in 2099; the first wrote more before.
    world.write(0, set(&world.view(0), FIELD, Value::Text("draft".to_owned())));
    world.write(0, set(&world.view(0), FIELD, Value::Text("read more".to_owned())));
    world.write(1, set(&world.view(1), FIELD, Value::Text("from 2099".to_owned())));
    world.all_sync();
    let document = fold(&world.log);
    assert_eq!(document.register(FIELD).unwrap().first().unwrap().value.to_text(), "read more");
}

#[test]
fn a_parked_answer_that_was_replaced_meanwhile_does_not_come_back() {
    let mut world = World::new();
    let first = world.write(0, set(&world.view(0), FIELD, Value::Text("first".to_owned())));
    world.write(0, set(&world.view(0), FIELD, Value::Text("second".to_owned())));
    world.all_sync();
    let late = world.log.iter().position(|entry| entry.op.id == first).unwrap();
    let mut order = world.log.clone();
    let entry = order.remove(late);
    order.push(entry);
    assert_eq!(shown(&folded(&order)).iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["second"]);
}

const DOES: &[What] = &[What::Sync, What::Push, What::Set, What::Set, What::Set];

proptest! {
    #[test]
    fn exactly_what_nobody_replaced_stands(steps in days(DOES, 40)) {
        let world = World::played(&steps);
        let heads: BTreeSet<OpId> = folded(&world.log).heads().into_iter().collect();
        prop_assert_eq!(heads, nobody_replaced(&world.log));
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(steps in days(DOES, 30), picks in vec(any::<u16>(), 1..30)) {
        let world = World::played(&steps);
        let (here, there) = (folded(&world.log), folded(&world.reordered(&picks)));
        prop_assert_eq!(here.heads(), there.heads());
        prop_assert_eq!(shown(&here), shown(&there));
    }

    #[test]
    fn an_answer_that_comes_twice_in_a_row_counts_once(steps in days(DOES, 30)) {
        let world = World::played(&steps);
        let mut register = Register::default();
        for entry in &world.log {
            apply(&mut register, entry);
            let once = shown(&register);
            apply(&mut register, entry);
            prop_assert_eq!(shown(&register), once);
        }
    }

    #[test]
    fn who_answers_sees_their_answer_and_no_other(steps in days(DOES, 20), who in 0_usize..3) {
        let mut world = World::half_way(&steps);
        world.write(who, set(&world.view(who), FIELD, Value::Text("mine".to_owned())));
        let view = world.view(who);
        let said: Vec<String> = view.register(FIELD).unwrap().answers().iter().map(|s| s.value.to_text()).collect();
        prop_assert_eq!(said, ["mine"]);
    }
}
