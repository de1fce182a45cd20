//! A list neither doubles nor loses an item, and a removal gives way to what its author had not seen.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{ITEM_LINE, ITEMS, What, World, added, before, days, fold, saw, set};
use crate::ids::OpId;
use crate::merge::list::List;
use crate::op::{Body, Entry, MoveItem, Reconcile, RemoveItem};
use crate::value::{Target, Value};

/// What an operation does to an item, when it does anything.
#[derive(Debug, PartialEq, Eq)]
enum Does {
    Adds(OpId),
    Edits(OpId),
    Removes(OpId),
}

fn does(entry: &Entry) -> Option<Does> {
    match entry.op.body().unwrap() {
        Body::AddItem(_) => Some(Does::Adds(entry.op.id)),
        Body::MoveItem(shift) => Some(Does::Edits(shift.item)),
        Body::Set(set) => set.target.item.map(Does::Edits),
        Body::RemoveItem(remove) => Some(Does::Removes(remove.item)),
        _ => None,
    }
}

fn apply(list: &mut List, entry: &Entry) {
    match entry.op.body().unwrap() {
        Body::AddItem(add) => list.add(entry, add.position, add.parent),
        Body::MoveItem(shift) => list.shift(shift.item, entry, shift.position, shift.parent),
        Body::Set(set) => set.target.item.into_iter().for_each(|item| list.edit(item, entry)),
        Body::RemoveItem(remove) => list.remove(remove.item, entry),
        _ => {}
    }
}

fn folded(entries: &[Entry]) -> List {
    let mut list = List::default();
    entries.iter().for_each(|entry| apply(&mut list, entry));
    list
}

/// The rule itself: an item is there unless somebody removed it who had seen all that anybody did to
/// it, but for what was done by people who had seen the removal.
fn present_by_the_rule(entries: &[Entry]) -> BTreeSet<OpId> {
    let every = |what: Does| entries.iter().filter(move |entry| does(entry).as_ref() == Some(&what));
    let unseen = |one: &Entry, other: &Entry| !saw(one, other) && !saw(other, one);
    let stands = |removal: &Entry, item| !every(Does::Edits(item)).any(|edit| unseen(removal, edit));
    let added = entries.iter().filter_map(|entry| match does(entry) {
        Some(Does::Adds(item)) => Some(item),
        _ => None,
    });
    added.filter(|item| !every(Does::Removes(*item)).any(|removal| stands(removal, *item))).collect()
}

/// Three people who have two items, `A` and `B` in this order.
fn with_two() -> (World, [OpId; 2]) {
    let mut world = World::new();
    let a = world.write(2, added(&world.view(2), 0));
    let b = world.write(2, added(&world.view(2), 1));
    world.all_sync();
    (world, [a, b])
}

fn order(world: &World) -> Vec<OpId> {
    let order = world.view(0).list(ITEMS).unwrap().order();
    for who in 1..3 {
        assert_eq!(world.view(who).list(ITEMS).unwrap().order(), order, "seen by {who}");
    }
    order
}

fn topic(world: &World, who: usize, item: OpId, text: &str) -> Body {
    set(&world.view(who), Target::in_item(item, ITEM_LINE), Value::Text(text.to_owned()))
}

#[test]
fn items_added_at_one_place_by_two_people_are_both_there() {
    let (mut world, [a, b]) = with_two();
    let ana = world.write(0, added(&world.view(0), 1));
    let ben = world.write(1, added(&world.view(1), 1));
    world.all_sync();
    let order = order(&world);
    assert_eq!([order[0], order[3]], [a, b]);
    assert_eq!(order[1..3].iter().collect::<BTreeSet<_>>(), [&ana, &ben].into_iter().collect());
}

/// A third item is then brought between the two, though their places are one.
#[test]
fn there_is_room_between_items_that_two_people_added_at_one_place() {
    let (mut world, [a, b]) = with_two();
    for who in [0, 1] {
        world.write(who, added(&world.view(who), 1));
    }
    world.all_sync();
    let [_, left, right, _] = order(&world)[..] else { panic!("four items") };
    for (item, position) in world.view(0).list(ITEMS).unwrap().moves(b, None, 2) {
        world.write(0, Body::MoveItem(MoveItem { item, position, parent: None }));
    }
    world.all_sync();
    assert_eq!(order(&world), [a, left, b, right]);
    let [only] = &world.view(0).list(ITEMS).unwrap().moves(right, None, 0)[..] else { panic!("one move is enough") };
    world.write(0, Body::MoveItem(MoveItem { item: only.0, position: only.1.clone(), parent: None }));
    assert_eq!(world.view(0).list(ITEMS).unwrap().order(), [right, a, left, b]);
}

#[test]
fn an_item_moved_by_two_people_is_there_once_where_the_later_reader_put_it() {
    for first in [0, 1] {
        let (mut world, [a, b]) = with_two();
        let c = world.write(0, added(&world.view(0), 2));
        world.all_sync();
        // The second person has written more and so counts further.
        world.write(1, topic(&world, 1, a, "counts on"));
        world.write(0, Body::MoveItem(MoveItem { item: c, position: before(&world.view(0), Some(a)), parent: None }));
        world.write(1, Body::MoveItem(MoveItem { item: c, position: before(&world.view(1), Some(b)), parent: None }));
        world.push(first);
        world.all_sync();
        assert_eq!(order(&world), [a, c, b], "{first} first");
    }
}

#[test]
fn who_removes_an_item_they_have_read_removes_it() {
    let (mut world, [a, b]) = with_two();
    world.write(0, topic(&world, 0, a, "read by the remover"));
    world.sync(0);
    world.sync(1);
    world.write(1, Body::RemoveItem(RemoveItem { item: a }));
    world.all_sync();
    assert_eq!(order(&world), [b]);
    assert!(fold(&world.log).list(ITEMS).unwrap().item(a).is_some_and(|item| item.revived.is_none()));
}

#[test]
fn an_edit_the_remover_had_not_seen_brings_the_item_back_and_says_so() {
    type Edit = fn(&World, OpId) -> Body;
    let edits: [(&str, Edit); 2] = [
        ("an answer in it", |world, item| topic(world, 1, item, "unseen")),
        ("a move", |world, item| {
            Body::MoveItem(MoveItem { item, position: before(&world.view(1), Some(item)), parent: None })
        }),
    ];
    for (name, edit) in edits {
        for first in [0, 1] {
            let (mut world, [a, b]) = with_two();
            let removal = world.write(0, Body::RemoveItem(RemoveItem { item: a }));
            assert_eq!(world.view(0).list(ITEMS).unwrap().order(), [b], "gone at once where it was removed");
            let edit = world.write(1, edit(&world, a));
            world.push(first);
            world.all_sync();
            assert_eq!(order(&world), [a, b], "{name}, {first} first");
            let document = fold(&world.log);
            let (removed, edited) = document.list(ITEMS).unwrap().item(a).unwrap().revived.unwrap();
            assert_eq!((removed.op, edited.op), (removal, edit), "{name}, {first} first");
            let target = Target::in_item(a, ITEM_LINE);
            world.write(0, Body::Reconcile(Reconcile { target }));
            world.all_sync();
            assert_eq!(fold(&world.log).list(ITEMS).unwrap().item(a).unwrap().revived, None, "{name}: found good");
            world.write(0, Body::RemoveItem(RemoveItem { item: a }));
            world.all_sync();
            assert_eq!(order(&world), [b], "{name}: who has seen all may remove it after all");
        }
    }
}

#[test]
fn removed_by_two_people_it_is_removed_and_a_third_ones_edit_brings_it_back() {
    let (mut world, [a, b]) = with_two();
    world.write(0, Body::RemoveItem(RemoveItem { item: a }));
    world.write(1, Body::RemoveItem(RemoveItem { item: a }));
    world.sync(0);
    world.sync(1);
    assert_eq!(fold(&world.log).list(ITEMS).unwrap().order(), [b]);
    world.write(2, topic(&world, 2, a, "unseen by both"));
    world.all_sync();
    assert_eq!(order(&world), [a, b]);
}

const DOES: &[What] = &[What::Sync, What::Push, What::Add, What::Move, What::Remove, What::EditItem, What::EditItem];

proptest! {
    #[test]
    fn what_was_added_is_there_once_unless_a_removal_stands(steps in days(DOES, 40)) {
        let world = World::played(&steps);
        let order = folded(&world.log).order();
        let once: BTreeSet<OpId> = order.iter().copied().collect();
        prop_assert_eq!(once.len(), order.len());
        prop_assert_eq!(once, present_by_the_rule(&world.log));
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(steps in days(DOES, 30), picks in vec(any::<u16>(), 1..30)) {
        let world = World::played(&steps);
        let (here, there) = (folded(&world.log), folded(&world.reordered(&picks)));
        prop_assert_eq!(here.order(), there.order());
        for item in here.order() {
            let flagged = |list: &List| list.item(item).is_some_and(|item| item.revived.is_some());
            prop_assert_eq!(flagged(&here), flagged(&there));
        }
    }

    #[test]
    fn what_comes_twice_in_a_row_counts_once(steps in days(DOES, 30)) {
        let world = World::played(&steps);
        let mut list = List::default();
        for entry in &world.log {
            apply(&mut list, entry);
            let once = list.order();
            apply(&mut list, entry);
            prop_assert_eq!(list.order(), once);
        }
        // An item that is added once more is the one that is there, with all that was done to it.
        let order = list.order();
        world.log.iter().filter(|entry| matches!(does(entry), Some(Does::Adds(_)))).for_each(|entry| apply(&mut list, entry));
        prop_assert_eq!(list.order(), order);
    }

    #[test]
    fn who_adds_moves_or_removes_sees_it_done(steps in days(DOES, 20), who in 0_usize..3) {
        let mut world = World::half_way(&steps);
        let seen = |world: &World| world.view(who).list(ITEMS).map(List::order).unwrap_or_default();
        let others = seen(&world);
        let item = world.write(who, added(&world.view(who), others.len()));
        let last: Vec<OpId> = others.iter().copied().chain([item]).collect();
        prop_assert_eq!(seen(&world), last);
        let position = before(&world.view(who), Some(seen(&world)[0]).filter(|first| *first != item));
        world.write(who, Body::MoveItem(MoveItem { item, position, parent: None }));
        let first: Vec<OpId> = [item].into_iter().chain(others.iter().copied()).collect();
        prop_assert_eq!(seen(&world), first);
        world.write(who, Body::RemoveItem(RemoveItem { item }));
        prop_assert_eq!(seen(&world), others);
    }
}
