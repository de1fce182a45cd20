//! A tree loses no item and never closes into a ring, whatever two people move at once.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{ITEM_LINE, ITEMS, What, World, added, added_below, before, days, fold, moved_below, set};
use crate::ids::OpId;
use crate::merge::list::List;
use crate::op::{Body, MoveItem, Reconcile, RemoveItem};
use crate::value::{Target, Value};

/// Three people who have a chain: `B` below `A`, `C` below `B`.
fn with_chain() -> (World, [OpId; 3]) {
    let mut world = World::new();
    let a = world.write(2, added(&world.view(2), 0));
    let b = world.write(2, added_below(&world.view(2), Some(a)));
    let c = world.write(2, added_below(&world.view(2), Some(b)));
    world.all_sync();
    (world, [a, b, c])
}

fn list(world: &World) -> List {
    let list = world.view(0).list(ITEMS).unwrap().clone();
    for who in 1..3 {
        assert_eq!(world.view(who).list(ITEMS), Some(&list), "seen by {who}");
    }
    list
}

#[test]
fn what_stands_below_an_item_follows_it() {
    let (mut world, [a, b, c]) = with_chain();
    let d = world.write(0, added(&world.view(0), 9));
    world.all_sync();
    assert_eq!(list(&world).order(), [a, b, c, d]);
    world.write(0, moved_below(&world.view(0), b, Some(d)));
    world.all_sync();
    assert_eq!(list(&world).order(), [a, d, b, c], "with all that stands below it");
    assert_eq!(list(&world).depth(c), 2);
}

#[test]
fn two_moves_that_would_close_a_ring_leave_the_later_one_out_and_say_so() {
    for first in [0, 1] {
        let mut world = World::new();
        let a = world.write(2, added(&world.view(2), 0));
        let b = world.write(2, added(&world.view(2), 1));
        world.all_sync();
        world.write(0, moved_below(&world.view(0), a, Some(b)));
        world.write(1, moved_below(&world.view(1), b, Some(a)));
        world.push(first);
        world.all_sync();
        let list = list(&world);
        let (kept, left_out) = if first == 0 { (a, b) } else { (b, a) };
        assert_eq!(list.order(), [left_out, kept], "{first} first");
        assert!(list.item(left_out).unwrap().left_out.is_some(), "{first} first");
        world.write(0, Body::Reconcile(Reconcile { target: Target::in_item(left_out, ITEM_LINE) }));
        world.all_sync();
        assert_eq!(super::tree::list(&world).item(left_out).unwrap().left_out, None);
    }
}

#[test]
fn an_item_is_not_put_below_itself() {
    let (mut world, [a, b, c]) = with_chain();
    for below in [a, c] {
        world.write(0, moved_below(&world.view(0), a, Some(below)));
        world.all_sync();
        assert_eq!(list(&world).order(), [a, b, c]);
    }
}

#[test]
fn what_was_put_below_an_item_unseen_brings_it_back() {
    let (mut world, [a, b, c]) = with_chain();
    for item in [c, b, a] {
        world.write(0, Body::RemoveItem(RemoveItem { item }));
    }
    let d = world.write(1, added_below(&world.view(1), Some(b)));
    world.all_sync();
    assert_eq!(list(&world).order(), [b, d], "the rest stays removed, and what came back stands at the top");
    assert_eq!(list(&world).parent(b), None);
    assert!(list(&world).item(b).unwrap().revived.is_some());
}

#[test]
fn an_item_whose_parent_is_removed_stands_at_the_top() {
    let (mut world, [a, b, c]) = with_chain();
    world.write(0, Body::RemoveItem(RemoveItem { item: b }));
    world.all_sync();
    assert_eq!(list(&world).order(), [a, c]);
    let topic = set(&world.view(1), Target::in_item(b, ITEM_LINE), Value::Text("written later".to_owned()));
    world.write(1, topic);
    world.all_sync();
    assert_eq!(list(&world).order(), [a, c], "who had seen the removal does not undo it");
}

#[test]
fn items_change_places_among_those_below_the_same_one() {
    let (mut world, [a, b, c]) = with_chain();
    let d = world.write(0, added_below(&world.view(0), Some(a)));
    world.all_sync();
    assert_eq!(list(&world).siblings(Some(a)), [b, d]);
    for (item, position) in list(&world).moves(d, Some(a), 0) {
        world.write(0, Body::MoveItem(MoveItem { item, position, parent: Some(a) }));
    }
    world.all_sync();
    assert_eq!(list(&world).order(), [a, d, b, c]);
    let position = before(&world.view(0), Some(a));
    world.write(0, Body::MoveItem(MoveItem { item: d, position, parent: None }));
    world.all_sync();
    assert_eq!(list(&world).order(), [d, a, b, c]);
}

const DOES: &[What] =
    &[What::Sync, What::Push, What::AddBelow, What::MoveBelow, What::MoveBelow, What::Remove, What::EditItem];

proptest! {
    #[test]
    fn every_item_that_is_there_is_reached_once_from_the_top(steps in days(DOES, 50)) {
        let world = World::played(&steps);
        let document = fold(&world.log);
        let Some(list) = document.list(ITEMS) else { return Ok(()) };
        let order = list.order();
        let present: BTreeSet<OpId> = order.iter().copied().collect();
        prop_assert_eq!(present.len(), order.len(), "none twice");
        for entry in &world.log {
            let there = list.item(entry.op.id).is_some_and(|item| item.present());
            prop_assert_eq!(there, present.contains(&entry.op.id), "none lost");
        }
        for (at, id) in order.iter().enumerate() {
            if let Some(parent) = list.parent(*id) {
                prop_assert!(order[..at].contains(&parent), "what stands above comes before");
            }
        }
    }

    #[test]
    fn who_moves_an_item_sees_it_there_or_left_out(steps in days(DOES, 30), who in 0_usize..3, pick in any::<u16>()) {
        let mut world = World::half_way(&steps);
        let items = world.view(who).list(ITEMS).map(List::order).unwrap_or_default();
        prop_assume!(items.len() > 1);
        let (item, below) = (items[usize::from(pick) % items.len()], items[usize::from(pick / 7) % items.len()]);
        world.write(who, moved_below(&world.view(who), item, Some(below)));
        let view = world.view(who);
        let list = view.list(ITEMS).unwrap();
        prop_assert!(list.parent(item) == Some(below) || list.item(item).unwrap().left_out.is_some());
        prop_assert_eq!(list.order().len(), items.len());
    }
}
