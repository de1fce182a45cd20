//! Taking replies in, case by case, on a store in memory.

use shared::document::{Document, EDITION};
use shared::ids::{AuthorityId, DocumentId, OpId, PersonId, ReplicaId, Scope};
use shared::op::{Body, Create, Entry, Op, from_bytes, to_bytes};
use shared::sync::device::{Device, Own, append, row_key};
use shared::sync::outbox::offer;
use shared::sync::rows::{Durability, ObjectStore, Rows, Writes};
use shared::sync::settle::{KEPT_MS, settle};
use shared::sync::wire::{Logged, PROTOCOL, Reply, Request, Snapshot, digest};

const NAME: ReplicaId = ReplicaId(11);
const EPOCH: u64 = 9;
const NOW_MS: i64 = 1_790_000_000_000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// A device whose store is rows in memory.
#[derive(Clone)]
struct Store(Rows);

impl Store {
    fn new() -> Self {
        Self::of(Device { epoch: EPOCH, ..Device::new(PersonId(5), NAME) })
    }

    fn of(device: Device) -> Self {
        let mut store = Self(Rows::default());
        let mut writes = Writes::new(Durability::Strict);
        device.write(&mut writes);
        store.commit(writes);
        store
    }

    fn commit(&mut self, writes: Writes) {
        for (key, value) in writes.rows {
            match value {
                Some(value) => drop(self.0.0.insert(key, value)),
                None => drop(self.0.0.remove(&key)),
            }
        }
    }

    /// Begins a document.
    fn begins(&mut self, number: u8) {
        let create = Create { form: shared::forms::request::FORM.id, form_version: 1, authority: AuthorityId(1) };
        let draft = (Scope::shared(DocumentId([number; 16])), Body::Create(create));
        let (writes, _) = append(&self.0, vec![draft], NOW_MS).expect("a device row");
        self.commit(writes);
    }

    fn offers(&mut self, bytes: usize) -> Request {
        let (writes, request) = offer(&self.0, bytes, 1_000).expect("a device row");
        self.commit(writes);
        request
    }

    fn takes(&mut self, request: &Request, reply: Reply, fresh: u64) {
        let reply = Reply { protocol: PROTOCOL, epoch: EPOCH, now_ms: NOW_MS, ..reply };
        let (writes, _) = settle(&self.0, request, &reply, ReplicaId(fresh)).expect("our server's answer");
        self.commit(writes);
    }

    fn device(&self) -> Device {
        Device::read(&self.0).expect("a device row")
    }

    fn own(&self, object_store: ObjectStore) -> Vec<Own> {
        self.0.entries(object_store).map(|(_, own)| from_bytes(own).expect("an operation")).collect()
    }
}

/// Its key alone was read, which is what a plan sees of the others, or this build cannot read it; it stays as it is
/// until the whole comes.
#[test]
fn a_document_that_was_not_read_is_loaded_anew_and_never_begun_anew() {
    for there in [Vec::new(), vec![0xff]] {
        is_loaded_anew(&there);
    }
}

fn is_loaded_anew(there: &[u8]) {
    let mut store = Store::new();
    store.begins(1);
    let mut writes = Writes::new(Durability::Relaxed);
    let key = Scope::shared(DocumentId([1; 16])).key().to_vec();
    writes.put(ObjectStore::Documents, key.clone(), there.to_vec());
    store.commit(writes);
    let request = store.offers(1_000);
    let own = Logged::Own { seq: 7, counter: 1, count: 1, received_ms: NOW_MS };
    store.takes(&request, Reply { acked: 1, cursor: 7, entries: Some(vec![own]), ..Reply::default() }, 99);
    assert_eq!(store.0.get(ObjectStore::Documents, &key), Some(there), "nothing is written over what is there");
    assert_eq!(store.device().wanted, [DocumentId([1; 16])], "it is asked for");
    assert_eq!(store.own(ObjectStore::Outbox).len(), 1, "and what was written is shown until it is there");
}

/// A page of an earlier edition goes on beside a new one and stores what it can read: the next new page looks again.
#[test]
fn what_an_earlier_edition_stored_beside_this_one_is_taken_over_again() {
    let mut store = Store::new();
    let mut writes = Writes::new(Durability::Relaxed);
    Device { edition: Some(EDITION + 1), ..store.device() }.write(&mut writes);
    store.commit(writes);
    let request = store.offers(1_000);
    store.takes(&request, Reply { cursor: 3, ..Reply::default() }, 70);
    assert_eq!(store.device().edition, Some(EDITION + 1), "nothing was stored");
    store.begins(1);
    let request = store.offers(1_000);
    let own = Logged::Own { seq: 7, counter: 1, count: 1, received_ms: NOW_MS };
    store.takes(&request, Reply { acked: 1, cursor: 7, entries: Some(vec![own]), ..Reply::default() }, 70);
    assert_eq!(store.device().edition, Some(EDITION));
}

/// It counts as here, or it would be asked for without end.
#[test]
fn a_document_sent_whole_that_cannot_be_read_is_kept_for_a_build_that_can() {
    let mut store = Store::new();
    let scope = Scope::shared(DocumentId([1; 16]));
    let request = store.offers(1_000);
    let snapshot = Snapshot { scope, body: vec![0xff] };
    store.takes(&request, Reply { cursor: 7, snapshots: Some(vec![snapshot]), ..Reply::default() }, 70);
    assert_eq!(store.0.get(ObjectStore::Documents, &scope.key()), Some([0xff].as_slice()));
    assert_eq!(store.offers(1_000).digest, digest([scope.document]), "it is not missed");
}

/// It holds more than this build makes of it: the notice stays, and the server is not asked for it at every word.
#[test]
fn what_a_newer_server_sent_whole_is_known_for_it_and_not_compared() {
    let mut store = Store::new();
    store.begins(1);
    let scope = Scope::shared(DocumentId([1; 16]));
    let mut document = Document::default();
    document.apply(&Entry {
        seq: 7,
        author: PersonId(5),
        received_ms: NOW_MS,
        op: store.own(ObjectStore::Outbox)[0].op.clone(),
    });
    for (needs, asked) in [(None, true), (Some(EDITION + 1), false)] {
        let mut store = store.clone();
        document.needs = needs;
        let request = store.offers(1_000);
        let snapshot = Snapshot { scope, body: to_bytes(&document) };
        let hashes = Some(vec![(scope, document.state_hash() + 1)]);
        store.takes(&request, Reply { cursor: 7, snapshots: Some(vec![snapshot]), hashes, ..Reply::default() }, 70);
        let kept: Document =
            from_bytes(store.0.get(ObjectStore::Documents, &scope.key()).expect("it is here")).expect("read");
        assert_eq!(kept.is_beyond(EDITION), needs.is_some());
        assert_eq!(store.device().wanted == [scope.document], asked, "{needs:?}");
    }
}

/// A device that knows no database takes the first one for its own, with everything the reply brings.
#[test]
fn the_first_database_is_met_and_taken_from_in_one_exchange() {
    let mut store = Store::of(Device::new(PersonId(5), NAME));
    store.begins(1);
    let own = store.own(ObjectStore::Outbox)[0].op.clone();
    let mut document = Document::default();
    document.apply(&Entry { seq: 7, author: PersonId(5), received_ms: NOW_MS, op: own.clone() });
    let request = store.offers(1_000);
    assert!(request.begins() && request.ops.is_some());
    let snapshots = Some(vec![Snapshot { scope: own.scope, body: to_bytes(&document) }]);
    store.takes(&request, Reply { acked: 1, cursor: 7, snapshots, ..Reply::default() }, 70);
    let device = store.device();
    assert_eq!((device.epoch, device.cursor, device.acked), (EPOCH, 7, 1));
    assert_eq!((store.own(ObjectStore::Outbox).len(), store.own(ObjectStore::Kept).len()), (0, 1));
    assert!(!store.offers(1_000).begins());
}

/// What a rescue file brought that had been put aside elsewhere is offered to the first database before
/// the device takes anything of it for known.
#[test]
fn what_was_put_aside_elsewhere_is_offered_to_the_first_database() {
    let mut store = Store::of(Device::new(PersonId(5), NAME));
    store.begins(1);
    let own = store.own(ObjectStore::Outbox)[0].clone();
    let mut writes = Writes::new(Durability::Strict);
    writes.remove(ObjectStore::Outbox, row_key(own.row));
    writes.put(ObjectStore::Parked, row_key(own.row), to_bytes(&Own { reason: 1, ..own }));
    store.commit(writes);
    let request = store.offers(1_000);
    store.takes(&request, Reply { cursor: 7, ..Reply::default() }, 70);
    assert_eq!((store.device().epoch, store.device().cursor), (EPOCH, 0));
    assert_eq!((store.own(ObjectStore::Outbox).len(), store.own(ObjectStore::Parked).len()), (1, 0));
}

#[test]
fn what_is_received_stays_on_the_device_for_thirty_days() {
    for (days, stays) in [(0, true), (29, true), (30, true), (31, false), (400, false)] {
        let mut store = Store::new();
        let op = Op {
            id: OpId { replica: NAME, counter: 1 },
            scope: Scope::shared(DocumentId([1; 16])),
            lamport: 1,
            observed: 0,
            // The device's own clock has no say in it.
            wall_ms: -1,
            kind: 999,
            payload: Vec::new(),
        };
        let own = Own { op, row: 1, reason: 0, settled_ms: NOW_MS - days * DAY_MS, seq: 1 };
        let mut writes = Writes::new(Durability::Strict);
        writes.put(ObjectStore::Kept, row_key(1), to_bytes(&own));
        Device { epoch: EPOCH, next_counter: 2, acked: 1, next_row: 2, ..Device::new(PersonId(5), NAME) }
            .write(&mut writes);
        store.commit(writes);
        let request = store.offers(1_000);
        store.takes(&request, Reply { acked: 1, ..Reply::default() }, 77);
        assert_eq!(!store.own(ObjectStore::Kept).is_empty(), stays, "after {days} days");
    }
    assert_eq!(KEPT_MS, 30 * DAY_MS);
}

/// A profile was copied, the copy wrote on and reached the server, and was copied again: those two still hold
/// the same unsent work, and the server has more under their name than either wrote.
#[test]
fn two_copies_of_a_copy_give_the_work_they_share_the_same_new_names() {
    let mut first = Store::new();
    (1..=4).for_each(|number| first.begins(number));
    let second = first.clone();
    let names = [(first, 101), (second, 202)].map(|(mut copy, fresh)| {
        // One operation at a time: the first is the one that the server has, the third is not.
        let request = copy.offers(1);
        copy.takes(&request, Reply { acked: 9, ..Reply::default() }, fresh);
        let request = copy.offers(10_000);
        assert_eq!(request.replica, NAME, "what is not compared yet goes under the name it was written with");
        copy.takes(&request, Reply { acked: 9, forked_at: Some(3), ..Reply::default() }, fresh);
        let waits = copy.own(ObjectStore::Outbox);
        waits.iter().map(|own| own.op.id).filter(|id| id.replica != NAME).collect::<Vec<_>>()
    });
    assert_eq!(names[0].len(), 2, "{names:?}");
    assert_eq!(names[0], names[1]);
}

/// A copy went on under this device's name, and this one has nothing else to send: it takes another name
/// before it writes again.
#[test]
fn who_has_sent_everything_and_finds_more_under_its_name_goes_on_under_another() {
    let mut store = Store::new();
    store.begins(1);
    let request = store.offers(1_000);
    store.takes(&request, Reply { acked: 5, ..Reply::default() }, 303);
    store.begins(2);
    let request = store.offers(1_000);
    assert_eq!(request.replica, ReplicaId(303));
    assert_eq!(request.ops.map(|push| push.first_counter), Some(1));
}
