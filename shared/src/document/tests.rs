//! The fold of everything: one log gives one document, however it comes, in whatever pieces.

use proptest::prelude::*;

use super::Document;
use crate::merge::tests::{ITEM_LINE, LINE, What, World, added, days, deleted, fold, remark, scope, set, typed};
use crate::op::{Body, Entry, RemoveItem, Reply, Settle, from_bytes, to_bytes};
use crate::value::{Target, Value};

const DOES: &[What] = &What::ALL;

proptest! {
    #[test]
    fn what_is_stored_is_what_is_read_back(steps in days(DOES, 50)) {
        let document = fold(&World::played(&steps).log);
        let stored = to_bytes(&document);
        prop_assert_eq!(from_bytes::<Document>(&stored).ok(), Some(document.clone()));
        prop_assert_eq!(to_bytes(&from_bytes::<Document>(&stored).unwrap()), stored);
    }

    #[test]
    fn a_snapshot_and_what_came_after_it_are_the_whole_log(steps in days(DOES, 40)) {
        let log = World::played(&steps).log;
        let whole = fold(&log);
        for cut in 0..=log.len() {
            let mut document: Document = from_bytes(&to_bytes(&fold(&log[..cut]))).unwrap();
            log[cut..].iter().for_each(|entry| document.apply(entry));
            prop_assert_eq!(&document, &whole, "cut before entry {}", cut);
        }
    }

    #[test]
    fn what_is_folded_in_already_changes_nothing(steps in days(DOES, 30)) {
        let log = World::played(&steps).log;
        let whole = fold(&log);
        let mut again = whole.clone();
        log.iter().for_each(|entry| again.apply(entry));
        prop_assert_eq!(again, whole);
    }

    /// So it is from when a server came back from a backup until it has sent its own state. Only a removed item may
    /// come up again meanwhile, until it is known where in the log its edits stand.
    #[test]
    fn what_is_offered_again_to_a_restored_server_is_shown_once(steps in days(DOES, 40)) {
        let log = World::played(&steps).log;
        let whole = fold(&log);
        let mut stale = whole.clone();
        stale.seq = 0;
        log.iter().for_each(|entry| stale.apply(&Entry::pending(entry.op.clone(), entry.author)));
        if !log.iter().any(|entry| matches!(entry.op.body(), Ok(Body::RemoveItem(_)))) {
            prop_assert_eq!(stale.answers(), whole.answers());
        }
        let said = |document: &Document| document.threads.values().map(|thread| thread.replies.len()).sum::<usize>();
        prop_assert_eq!(said(&stale), said(&whole));
    }

    #[test]
    fn everybody_sees_the_same_once_all_have_synced(steps in days(DOES, 40)) {
        let world = World::played(&steps);
        let server = fold(&world.log);
        for who in 0..3 {
            prop_assert_eq!(world.view(who).state_hash(), server.state_hash());
        }
    }

    #[test]
    fn clocks_decide_nothing(steps in days(DOES, 40), clocks in proptest::collection::vec(any::<i64>(), 1..9)) {
        let log = World::played(&steps).log;
        let clocks = clocks.iter().cycle();
        let other: Vec<Entry> = log
            .iter()
            .cloned()
            .zip(clocks)
            .map(|(mut entry, clock)| {
                entry.op.wall_ms = *clock;
                entry
            })
            .collect();
        let (here, there) = (fold(&log), fold(&other));
        prop_assert_eq!(here.answers(), there.answers());
        prop_assert_eq!(here.content_hash(), there.content_hash());
        prop_assert_eq!(here.threads.keys().collect::<Vec<_>>(), there.threads.keys().collect::<Vec<_>>());
    }

    #[test]
    fn who_has_read_a_document_counts_on_from_every_time_in_it(steps in days(DOES, 40)) {
        let log = World::played(&steps).log;
        let document = fold(&log);
        let heads = document.register(Target::of(LINE)).map(|line| line.heads()).unwrap_or_default();
        let stands = |entry: &&Entry| match entry.op.body() {
            Ok(Body::Insert(_) | Body::AddItem(_) | Body::MoveItem(_)) => true,
            _ => heads.contains(&entry.op.id),
        };
        for entry in log.iter().filter(stands) {
            let last = entry.op.lamport + entry.op.body().map_or(1, |body| body.lamport_length()) - 1;
            prop_assert!(document.lamport() >= last, "{:?} is at {}", entry.op.id, last);
        }
    }
}

#[test]
fn answers_in_a_removed_item_are_not_part_of_what_is_said() {
    let mut world = World::new();
    let item = world.write(0, added(&world.view(0), 0));
    let target = Target::in_item(item, ITEM_LINE);
    world.write(0, set(&world.view(0), target, Value::Text("topic".to_owned())));
    assert_eq!(world.view(0).answers().text(target), "topic");
    world.write(0, Body::RemoveItem(RemoveItem { item }));
    assert_eq!(world.view(0).answers().by_target.len(), 0);
}

#[test]
fn a_remark_its_answers_and_its_settling_stand_in_the_order_they_were_made() {
    let mut world = World::new();
    let said = world.write(2, remark("why?"));
    world.all_sync();
    world.write(0, Body::Reply(Reply { remark: said, text: "because".to_owned() }));
    world.write(1, Body::Reply(Reply { remark: said, text: "and also".to_owned() }));
    world.all_sync();
    world.write(2, Body::Settle(Settle { remark: said, settled: true }));
    world.all_sync();
    let document = fold(&world.log);
    let thread = document.threads.get(&said).unwrap();
    let replies: Vec<_> = thread.replies.iter().map(|(mark, text)| (mark.author.0, text.as_str())).collect();
    assert_eq!(replies, [(1, "because"), (2, "and also")]);
    assert_eq!(thread.settled.map(|mark| mark.author.0), Some(3));
    world.write(2, Body::Settle(Settle { remark: said, settled: false }));
    world.all_sync();
    assert_eq!(fold(&world.log).threads.get(&said).unwrap().settled, None);
}

#[test]
fn what_a_newer_client_wrote_is_kept_and_the_rest_stays_readable() {
    let mut world = World::new();
    world.write(0, typed(&world.view(0), 0, "before"));
    world.write(1, Body::Unknown);
    world.write(0, deleted(&world.view(0), 0, 2));
    world.all_sync();
    let document = fold(&world.log);
    assert_eq!(document.answers().by_target.len(), 1);
    assert_eq!(document.unknown.len(), 1);
    assert_eq!((document.unknown[0].op.scope, document.unknown[0].op.kind), (scope(), 999));
    assert_eq!(from_bytes::<Document>(&to_bytes(&document)).unwrap().unknown, document.unknown);
}
