//! One value of each kind that travels or is stored, with every field filled.

use minicbor::{Decode, Encode};
use shared::document::Document;
use shared::form::FormId;
use shared::form::roles::Part;
use shared::form::workflow::{Action, State};
use shared::forms::request::workflow::{RECEIVED, REGISTER, REGISTERED, RETURNED, SUBMIT};
use shared::ids::{AuthorityId, CharId, DocumentId, OpId, PersonId, ReplicaId, Scope, Side};
use shared::merge::Mark;
use shared::op::{
    AddItem, Assign, Body, Choose, Command, Create, Delete, Entry, Insert, MoveItem, Op, ParkedOp, Read, Reconcile,
    Remark, RemoveItem, Reply as Answer, Set, Settle, Span, Transition, Version, Withdraw, from_bytes, to_bytes,
};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::device::{Device, Own, Past};
use shared::sync::wire::{Logged, PROTOCOL, Parked, Person, Push, Reply, Request, Resume, Snapshot};
use shared::value::{Date, FieldId, Target, Value};

type Reads = Box<dyn Fn(&[u8]) -> bool>;

/// A value under the name of its line.
pub struct Sample {
    pub name: &'static str,
    pub written: Vec<u8>,
    /// Whether it is one value, with every field it has: what comes behind them is a later build's.
    pub whole: bool,
    /// Whether bytes are read as this very value.
    pub read: Reads,
}

const DOCUMENT: DocumentId = DocumentId(*b"sixteen letters.");
const OP: OpId = OpId { replica: ReplicaId(0x1122_3344_5566_7788), counter: 300 };
const OTHER: OpId = OpId { replica: ReplicaId(7), counter: 2 };
const CHAR: CharId = CharId { lamport: 70_000, replica: ReplicaId(7) };
const FIELD: Target = Target::of(FieldId(23));
const IN_ITEM: Target = Target::in_item(OTHER, FieldId(401));

/// The kinds of operations this build knows, and the names of their lines.
pub const KINDS: [(u16, &str); 20] = [
    (1, "op-create"),
    (2, "op-set"),
    (3, "op-insert"),
    (4, "op-delete"),
    (5, "op-choose"),
    (6, "op-add-item"),
    (7, "op-move-item"),
    (8, "op-remove-item"),
    (9, "op-reconcile"),
    (10, "op-remark"),
    (11, "op-reply"),
    (12, "op-settle"),
    (13, "op-withdraw"),
    (14, "op-read"),
    (15, "op-assign"),
    (16, "op-unassign"),
    (20, "op-command"),
    (40, "op-transition"),
    (41, "op-version"),
    (42, "op-aside"),
];

fn bodies() -> [Body; 20] {
    [
        Body::Create(Create { form: FormId(1), form_version: 2, authority: AuthorityId(33) }),
        Body::Set(Set { target: IN_ITEM, value: Value::Text("Kenya".to_owned()), over: vec![OP, OTHER] }),
        Body::Insert(Insert { target: FIELD, after: Some(CHAR), text: "été 🦊".to_owned() }),
        Body::Delete(Delete { target: FIELD, spans: vec![Span { first: CHAR, chars: 24 }] }),
        Body::Choose(Choose { target: FIELD, code: "THB".to_owned(), chosen: true, over: vec![OTHER] }),
        Body::AddItem(AddItem { field: FieldId(400), position: vec![8, 255], parent: Some(OTHER) }),
        Body::MoveItem(MoveItem { item: OTHER, position: vec![4], parent: Some(OP) }),
        Body::RemoveItem(RemoveItem { item: OTHER }),
        Body::Reconcile(Reconcile { target: Target::in_cell(OP, OTHER, FieldId(401)) }),
        Body::Remark(Remark {
            target: Some(FIELD),
            text: "why?".to_owned(),
            internal: true,
            published_from: Some(OP),
            written_by: Some(PersonId(5)),
        }),
        Body::Reply(Answer { remark: OP, text: "because".to_owned() }),
        Body::Settle(Settle { remark: OP, settled: true }),
        Body::Withdraw(Withdraw { remark: OP }),
        Body::Read(Read { version: 3 }),
        Body::Assign(Assign { person: PersonId(5), part: Part(2) }),
        Body::Unassign(Assign { person: PersonId(5), part: Part(2) }),
        Body::Command(Command {
            action: SUBMIT,
            expect: RETURNED,
            content_hash: Some(u64::MAX),
            reason: Some("done".to_owned()),
            names: vec![OTHER],
            version: Some(2),
        }),
        Body::Transition(transition()),
        Body::Version(Version { number: 2, answers: vec![0xa0], assessment: vec![0x80] }),
        Body::ParkedOp(ParkedOp { entry: entry(Body::Read(Read { version: 3 }), 0), reason: Reason::Locked as u8 }),
    ]
}

fn transition() -> Transition {
    Transition {
        command: OP,
        by: PersonId(5),
        action: REGISTER,
        from: RECEIVED,
        to: REGISTERED,
        reason: Some("complete".to_owned()),
        receipt: Some("R-1".to_owned()),
        reference: Some("2016-16".to_owned()),
        version: Some(2),
        at_ms: 1_790_000_000_000,
    }
}

/// An operation that says `body`.
pub fn op(body: Body) -> Op {
    let (kind, payload) = body.encode();
    Op { id: OP, scope: Scope::shared(DOCUMENT), lamport: 70_001, observed: 12, wall_ms: -1, kind, payload }
}

fn entry(body: Body, seq: u64) -> Entry {
    Entry { seq, author: PersonId(5), received_ms: 1_790_000_000_001, op: op(body) }
}

/// A document with something of each kind in it; work put aside only came to be kept later.
fn document(with_aside: bool) -> Document {
    let mut document = Document::default();
    let kept = |body: &Body| with_aside || !matches!(body, Body::ParkedOp(_));
    for (body, seq) in bodies().into_iter().filter(kept).zip(1..) {
        let mut entry = entry(body, seq);
        entry.op.id = match entry.op.body() {
            Ok(Body::AddItem(_)) => OTHER,
            Ok(Body::Remark(_)) => OP,
            _ => OpId { counter: seq, ..OP },
        };
        document.apply(&entry);
    }
    document.apply(&Entry { seq: 99, op: Op { kind: 999, ..op(Body::Unknown) }, ..entry(Body::Unknown, 99) });
    document
}

fn request() -> Request {
    let ops = [op(Body::Read(Read { version: 3 })), Op { scope: Scope::internal(DOCUMENT), ..op(bodies()[1].clone()) }];
    Request {
        protocol: PROTOCOL,
        replica: OP.replica,
        epoch: 9,
        cursor: 1_000,
        digest: 0xffff_0000,
        bytes_max: 16_384,
        ops: Push::pack(&ops),
        fetch: Some(vec![DOCUMENT]),
        resume: Some(Resume { after: DOCUMENT, head: 1_001 }),
        person: PersonId(5),
    }
}

fn reply() -> Reply {
    Reply {
        protocol: PROTOCOL,
        epoch: 9,
        acked: 301,
        cursor: 1_002,
        more: true,
        now_ms: 1_790_000_000_002,
        parked: Some(vec![Parked { counter: 300, reason: Reason::Locked }]),
        forked_at: Some(302),
        entries: Some(vec![
            Logged::Own { seq: 1_001, counter: 301, count: 1, received_ms: 1_790_000_000_001 },
            Logged::Other(entry(Body::Read(Read { version: 3 }), 1_002)),
        ]),
        snapshots: Some(vec![snapshot()]),
        documents: Some(vec![DOCUMENT]),
        people: Some(vec![person()]),
        resume: Some(Resume { after: DOCUMENT, head: 1_001 }),
        hashes: Some(vec![(Scope::shared(DOCUMENT), 77)]),
        replayed: Some(vec![(299, 998)]),
    }
}

fn nothing_new() -> Reply {
    Reply { protocol: PROTOCOL, epoch: 9, cursor: 1_000, ..Reply::default() }
}

fn snapshot() -> Snapshot {
    Snapshot { scope: Scope { document: DOCUMENT, side: Side::Note(PersonId(5)) }, body: vec![0xa0] }
}

fn person() -> Person {
    Person { id: PersonId(5), name: "Amina".to_owned(), role: Role::ProjectOfficer }
}

fn device(edition: Option<u16>) -> Device {
    Device {
        edition,
        next_counter: 302,
        lamport: 70_003,
        next_row: 40,
        offered: 301,
        acked: 300,
        epoch: 9,
        cursor: 1_000,
        resume: Some(Resume { after: DOCUMENT, head: 1_001 }),
        wanted: vec![DOCUMENT],
        synced_ms: 1_790_000_000_000,
        past: vec![Past { replica: ReplicaId(7), acked: 2 }],
        ..Device::new(PersonId(5), OP.replica)
    }
}

/// What a server of a later edition sends.
fn needing(edition: u16) -> Document {
    let mut document = document(true);
    document.needs = Some(edition);
    let since = Mark { op: OP, author: PersonId(5), at_ms: 1, seq: 9 };
    document.named = Some(vec![(PersonId(6), Part(2), since)]);
    document
}

fn own() -> Own {
    Own { op: op(bodies()[2].clone()), row: 39, reason: 5, settled_ms: 1_790_000_000_000, seq: 1_001 }
}

fn sample<T>(name: &'static str, value: T) -> Sample
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + 'static,
{
    let written = to_bytes(&value);
    Sample {
        name,
        written,
        whole: true,
        read: Box::new(move |bytes| from_bytes::<T>(bytes).is_ok_and(|read| read == value)),
    }
}

/// Several values of one type, each as it is written.
fn each<T>(name: &'static str, values: Vec<T>) -> Sample
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + 'static,
{
    Sample { whole: false, ..sample(name, values) }
}

/// Every sample.
pub fn all() -> Vec<Sample> {
    let kinds = KINDS.into_iter().zip(bodies()).map(|((number, name), body)| {
        let (kind, written) = body.encode();
        assert_eq!(kind, number, "{name} has another number now");
        let read = move |bytes: &[u8]| {
            Op { payload: bytes.to_vec(), ..op(body.clone()) }.body().is_ok_and(|read| read == body)
        };
        Sample { name, written, whole: true, read: Box::new(read) }
    });
    let values = vec![
        Value::Empty,
        Value::Text("a".to_owned()),
        Value::Number(-70_000),
        Value::Date(Date { year: 2_026, month: 11, day: 0 }),
        Value::Code("KE".to_owned()),
        Value::Flag(true),
        Value::Unreadable("soon".to_owned()),
    ];
    let sides = [Side::Shared, Side::Internal, Side::Note(PersonId(5))];
    let scopes = sides.map(|side| Scope { document: DOCUMENT, side }).to_vec();
    let rest = [
        sample("op", op(bodies()[1].clone())),
        sample("entry", entry(bodies()[1].clone(), 1_000)),
        sample("own", own()),
        Sample { whole: false, ..sample("device", device(None)) },
        sample("device-of-an-edition", device(Some(1))),
        Sample { whole: false, ..sample("document", document(false)) },
        Sample { whole: false, ..sample("document-with-work-put-aside", document(true)) },
        sample("document-that-needs-an-edition", needing(2)),
        sample("request", request()),
        sample("request-of-a-new-device", Request { protocol: PROTOCOL, replica: OP.replica, ..Request::default() }),
        sample("reply", reply()),
        Sample { whole: false, ..sample("reply-with-nothing-new", nothing_new()) },
        sample("snapshot", snapshot()),
        sample("person", person()),
        each("values", values),
        each("scopes", scopes),
        each("reasons", Reason::ALL.to_vec()),
        each("states", [0, 12, 255].map(State).to_vec()),
        each("actions", [0, 13, 255].map(Action).to_vec()),
        each("roles", Role::ALL.to_vec()),
        each("fingerprint", vec![op(bodies()[1].clone()).fingerprint()]),
    ];
    kinds.chain(rest).collect()
}
