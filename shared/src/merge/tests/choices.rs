//! A multiple choice: who ticks wins over who unticks without having seen it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{TICKS, What, World, choose, days, fold};
use crate::ids::OpId;
use crate::merge::Mark;
use crate::merge::choices::Choices;
use crate::op::{Body, Choose, Entry};
use crate::value::Target;

const FIELD: Target = Target::of(TICKS);

fn tick(entry: &Entry) -> Option<Choose> {
    match entry.op.body() {
        Ok(Body::Choose(choose)) => Some(choose),
        _ => None,
    }
}

fn apply(choices: &mut Choices, entry: &Entry) {
    if let Some(tick) = tick(entry) {
        choices.choose(&tick.code, tick.chosen, Mark::of(entry), entry.op.lamport, &tick.over);
    }
}

fn folded(entries: &[Entry]) -> Choices {
    let mut choices = Choices::default();
    entries.iter().for_each(|entry| apply(&mut choices, entry));
    choices
}

/// The rule itself: a code is chosen while one tick of it stands that nobody who had seen it undid.
fn chosen_by_the_rule(entries: &[Entry]) -> BTreeSet<String> {
    let undone: BTreeSet<OpId> = entries.iter().filter_map(tick).flat_map(|tick| tick.over).collect();
    entries
        .iter()
        .filter(|entry| !undone.contains(&entry.op.id))
        .filter_map(tick)
        .filter(|tick| tick.chosen)
        .map(|tick| tick.code)
        .collect()
}

/// What it is called, who does what in turn, and whether the code is chosen then.
type Case = (&'static str, &'static [(usize, char)], bool);

/// `+` ticks, `-` unticks, `=` syncs; each by one person.
#[test]
fn what_is_ticked_after_two_people_chose() {
    let cases: [Case; 7] = [
        ("ticked", &[(0, '+')], true),
        ("ticked, then unticked by the same person", &[(0, '+'), (0, '-')], false),
        ("unticked by somebody who had seen the tick", &[(0, '+'), (0, '='), (1, '='), (1, '-')], false),
        ("unticked by one while the other ticks", &[(0, '+'), (0, '='), (1, '='), (0, '-'), (1, '+')], true),
        ("the same, the tick sent first", &[(0, '+'), (0, '='), (1, '='), (1, '+'), (1, '='), (0, '-')], true),
        ("both untick", &[(0, '+'), (0, '='), (1, '='), (0, '-'), (1, '-')], false),
        (
            "ticked by both, unticked by one who saw only one tick",
            &[(0, '+'), (1, '+'), (0, '='), (0, '-'), (1, '=')],
            true,
        ),
    ];
    for (name, turns, ticked) in cases {
        let mut world = World::new();
        for (who, sign) in turns {
            match sign {
                '=' => world.sync(*who),
                sign => {
                    world.write(*who, choose(&world.view(*who), "THB", *sign == '+'));
                }
            }
        }
        world.all_sync();
        for who in 0..3 {
            let view = world.view(who);
            assert_eq!(view.choices(FIELD).unwrap().holds("THB"), ticked, "{name}");
            let codes = if ticked { vec!["THB"] } else { Vec::new() };
            assert_eq!(view.choices(FIELD).unwrap().codes(), codes, "{name}");
        }
    }
}

#[test]
fn codes_do_not_disturb_each_other() {
    let mut world = World::new();
    world.write(0, choose(&world.view(0), "THB", true));
    world.write(1, choose(&world.view(1), "DAT", true));
    world.write(2, choose(&world.view(2), "DAT", false));
    world.all_sync();
    assert_eq!(fold(&world.log).choices(FIELD).unwrap().codes(), ["DAT", "THB"]);
}

const DOES: &[What] = &[What::Sync, What::Push, What::Choose, What::Choose, What::Choose];

proptest! {
    #[test]
    fn a_code_is_chosen_while_a_tick_stands_that_nobody_undid(steps in days(DOES, 40)) {
        let world = World::played(&steps);
        let codes: BTreeSet<String> = folded(&world.log).codes().into_iter().collect();
        prop_assert_eq!(codes, chosen_by_the_rule(&world.log));
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(steps in days(DOES, 30), picks in vec(any::<u16>(), 1..30)) {
        let world = World::played(&steps);
        let (here, there) = (folded(&world.log), folded(&world.reordered(&picks)));
        prop_assert_eq!(here.codes(), there.codes());
        for code in ["A", "B", "C"] {
            prop_assert_eq!(here.heads(code), there.heads(code));
        }
    }

    #[test]
    fn a_tick_that_comes_twice_in_a_row_counts_once(steps in days(DOES, 30)) {
        let world = World::played(&steps);
        let mut choices = Choices::default();
        for entry in &world.log {
            apply(&mut choices, entry);
            let once = (choices.codes(), choices.heads("A"));
            apply(&mut choices, entry);
            prop_assert_eq!((choices.codes(), choices.heads("A")), once);
        }
    }

    #[test]
    fn who_ticks_sees_the_tick_and_who_unticks_sees_it_gone(steps in days(DOES, 20), who in 0_usize..3, chosen in any::<bool>()) {
        let mut world = World::half_way(&steps);
        world.write(who, choose(&world.view(who), "A", chosen));
        prop_assert_eq!(world.view(who).choices(FIELD).unwrap().holds("A"), chosen);
    }
}
