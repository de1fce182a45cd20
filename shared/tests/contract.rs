//! The bytes that devices, servers and files out there hold. They outlive every build.
//!
//! `contract/released.txt` has one line for each kind of operation, message and stored row. A line
//! is never changed; one may be added.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use proptest::collection::vec;
use proptest::prelude::*;
use shared::document::Document;
use shared::ids::{DocumentId, OpId, PersonId, ReplicaId, Scope};
use shared::op::{Body, Entry, Op, from_bytes, to_bytes};
use shared::sync::admission::Reason;
use shared::sync::device::{Device, Own};
use shared::sync::wire::{Push, Reply, Request, well_nested};

#[path = "contract/samples.rs"]
mod samples;

/// What to do when this fails.
const ADVICE: &str = "\
    These bytes are on devices and in logs already. If a meaning changed, give it a new kind and leave the old one. \
    If a field was added, it needs a number of its own and a default, and the old line stays and must still be read. \
    Only a line for something that is new is added to shared/tests/contract/released.txt";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn released() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("contract/released.txt").lines().filter_map(|line| line.split_once(' '))
}

#[test]
fn what_was_released_is_written_and_read_as_it_was() {
    let mut wrong = String::new();
    for sample in samples::all() {
        let written = hex(&sample.written);
        match released().find(|(name, _)| *name == sample.name) {
            Some((_, old)) => {
                assert!((sample.read)(&bytes(old)), "{} is read as something else now. {ADVICE}", sample.name);
                if old != written {
                    wrong.push_str(&format!("{} {written}\n", sample.name));
                }
            }
            None => wrong.push_str(&format!("{} {written}\n", sample.name)),
        }
    }
    assert!(wrong.is_empty(), "written differently now, or new:\n{wrong}{ADVICE}");
}

#[test]
fn every_released_line_is_still_checked() {
    let samples = samples::all();
    for (name, _) in released() {
        assert!(samples.iter().any(|sample| sample.name == name), "nothing checks {name} any more. {ADVICE}");
    }
}

#[test]
fn every_kind_of_operation_has_its_line() {
    for kind in 0..u16::MAX {
        // The payload is empty: what this build knows refuses it, and nothing else does.
        let known = Op { kind, payload: Vec::new(), ..samples::op(Body::Unknown) }.body().is_err();
        assert_eq!(samples::KINDS.iter().any(|(number, _)| *number == kind), known, "kind {kind}");
    }
}

#[test]
fn what_a_newer_build_adds_is_stepped_over() {
    let added = [0x82, 0x61, b'x', 0xa1, 0x01, 0xf6]; // ["x", {1: null}], behind the last field
    let whole = samples::all().into_iter().filter(|sample| sample.whole);
    for sample in whole {
        let mut longer = sample.written.clone();
        assert!((0x80..0x97).contains(&longer[0]), "{} is not a short array", sample.name);
        longer[0] += 1;
        longer.extend(added);
        assert!((sample.read)(&longer), "{} does not step over a field it does not know", sample.name);
    }
}

proptest! {
    #[test]
    fn an_unknown_kind_survives_byte_for_byte(kind in 1_000_u16.., payload in vec(any::<u8>(), 0..200), seq in 1_u64..99) {
        let op = Op { kind, payload, ..samples::op(Body::Unknown) };
        prop_assert_eq!(op.body().ok(), Some(Body::Unknown));
        let written = to_bytes(&op);
        prop_assert_eq!(to_bytes(&from_bytes::<Op>(&written).unwrap()), written.clone());
        let own = Own { op: op.clone(), row: 1, reason: Reason::UnknownKind as u8, settled_ms: 0, seq: 0 };
        prop_assert_eq!(to_bytes(&from_bytes::<Own>(&to_bytes(&own)).unwrap().op), written.clone());
        let request = Request { ops: Push::pack([&op]), ..Request::default() };
        let sent = from_bytes::<Request>(&to_bytes(&request)).unwrap().ops.unwrap().unpack(op.id.replica).unwrap();
        prop_assert_eq!(to_bytes(&sent[0]), written.clone());
        let mut document = Document::default();
        document.apply(&Entry { seq, author: PersonId(1), received_ms: 1, op });
        let kept = from_bytes::<Document>(&to_bytes(&document)).unwrap();
        prop_assert_eq!(to_bytes(&kept.unknown[0].op), written);
    }

    #[test]
    fn what_is_packed_for_a_push_is_unpacked_as_it_was(
        shapes in vec((any::<u64>(), any::<u64>(), any::<i64>(), 0_u8..4, any::<u16>()), 1..20),
    ) {
        let op = |((lamport, observed, wall_ms, place, kind), counter)| {
            let document = DocumentId([place; 16]);
            let scope = if place == 3 { Scope::internal(document) } else { Scope::shared(document) };
            let id = OpId { replica: ReplicaId(3), counter };
            Op { id, scope, lamport, observed, wall_ms, kind, payload: vec![place; usize::from(place)] }
        };
        let ops: Vec<Op> = shapes.into_iter().zip(7..).map(op).collect();
        let sent = to_bytes(&Push::pack(&ops).unwrap());
        prop_assert_eq!(from_bytes::<Push>(&sent).unwrap().unpack(ReplicaId(3)), Some(ops));
    }

    #[test]
    fn strange_bytes_are_refused_and_nothing_breaks(bytes in vec(any::<u8>(), 0..200), kind in 0_u16..50) {
        if let Ok(body) = (Op { kind, payload: bytes.clone(), ..samples::op(Body::Unknown) }).body() {
            // What was read says the same when it is written and read again.
            let (kind, payload) = body.encode();
            let again = Op { kind, payload, ..samples::op(Body::Unknown) }.body();
            prop_assert!(body == Body::Unknown || again.is_ok_and(|again| again == body));
        }
        let (device, document) = (from_bytes::<Device>(&bytes), from_bytes::<Document>(&bytes));
        prop_assert!(device.is_err() && document.is_err());
        let (request, reply) = (from_bytes::<Request>(&bytes), Reply::from_body(&bytes));
        prop_assert!(request.is_err() && reply.is_err());
    }
}

#[test]
fn lengths_are_not_believed() {
    for kind in [0x5b, 0x7b, 0x9b, 0xbb] {
        let bytes = [&[kind], &[0xff; 8][..]].concat();
        assert!(!well_nested(&bytes), "{kind:x}");
        assert!(from_bytes::<Request>(&bytes).is_err() && from_bytes::<Document>(&bytes).is_err(), "{kind:x}");
        assert!(from_bytes::<Vec<Vec<u64>>>(&bytes).is_err() && Reply::from_body(&bytes).is_err(), "{kind:x}");
    }
    let small = from_bytes::<Vec<u64>>(&[0x9b, 0, 0, 0, 0, 0, 0, 0, 1, 7]);
    assert_eq!(small.ok(), Some(vec![7]), "a length longer than need be is still a length");
}

#[test]
fn deep_nesting_is_refused_and_stepping_over_it_needs_no_stack() {
    let mut bytes = to_bytes(&Request::default());
    assert!(well_nested(&bytes));
    bytes[0] += 1;
    bytes.extend(vec![0x81; 1_000_000]);
    bytes.push(0x00);
    assert!(!well_nested(&bytes));
    assert_eq!(from_bytes::<Request>(&bytes).ok(), Some(Request::default()), "an unknown field, stepped over");
}

#[test]
fn what_has_no_length_is_not_well_nested() {
    for bytes in [&[0x9f, 0xff][..], &[0xbf, 0xff], &[0x5f, 0xff], &[0x7f, 0xff], &[0x81, 0x9f, 0xff], &[0xc1, 0x01]] {
        assert!(!well_nested(bytes), "{bytes:x?}");
    }
    for bytes in [&[][..], &[0x82, 0x01], &[0x01, 0x01], &[0x81, 0xff]] {
        assert_eq!(well_nested(bytes), bytes.is_empty(), "{bytes:x?}");
    }
    assert!(well_nested(&[0x82, 0xa1, 0x01, 0x61, b'a', 0xf6]));
}
