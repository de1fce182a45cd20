//! What a server does not take as it is: nonsense, what is too large, what another version wrote.

use shared::api::{Refusal, RefusalCode};
use shared::document::Document;
use shared::forms::request;
use shared::forms::request::workflow::{ADOPT, DRAFT, WITHDRAW};
use shared::ids::{DocumentId, OpId, ReplicaId, Scope};
use shared::op::{Body, Command, Entry, Insert, Op, PAYLOAD_BYTES_MAX, from_bytes, to_bytes};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::device::{Own, row_key};
use shared::sync::rows::ObjectStore;
use shared::sync::wire::{Logged, OP_BYTES_MAX, PUSH_OPS_MAX, Push, REQUEST_BYTES_MAX, Reply, Snapshot};
use shared::value::{FieldId, Target, Value};
use tests::device::Device;
use tests::server::Answer;

use crate::{Cast, cast, objectives, writes};

/// Rewrites the operation written last, as a broken or a newer client might have written it.
fn tampers(device: &mut Device, change: impl FnOnce(&mut Own)) {
    let (key, row) = device
        .disk
        .iter()
        .rfind(|((object_store, _), _)| *object_store == ObjectStore::Outbox)
        .expect("a pending operation");
    let (key, mut own): (_, Own) = (key.clone(), from_bytes(row).expect("an operation"));
    change(&mut own);
    device.disk.insert(key, to_bytes(&own));
}

fn set(device: &mut Device, document: DocumentId, field: FieldId, value: Value) {
    device.write(vec![(
        Scope::shared(document),
        Body::Set(shared::op::Set { target: Target::of(field), value, over: Vec::new() }),
    )]);
}

fn parked_for(device: &Device) -> Vec<Option<Reason>> {
    device.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect()
}

/// Takes a draft back, naming operations a withdrawal has no use for.
fn withdraws(device: &mut Device, document: DocumentId, names: Vec<OpId>) {
    let command = Command { action: WITHDRAW, expect: DRAFT, content_hash: None, reason: None, names, version: None };
    device.write(vec![(Scope::shared(document), Body::Command(command))]);
}

/// As many lists in lists as an operation has room for, behind what stands there already.
fn nested(before: Vec<u8>) -> Vec<u8> {
    let depth = PAYLOAD_BYTES_MAX - before.len() - 1;
    [before, vec![0x81; depth], vec![0x80]].concat()
}

/// Where a newer client would have put a field of its own, lists in lists without end: stepped over.
#[tokio::test]
async fn a_field_of_a_newer_client_is_stepped_over_however_deep_it_is() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    set(&mut laptop, document, request::TITLE, Value::Text("with more behind it".to_owned()));
    tampers(&mut laptop, |own| {
        let mut payload = own.op.payload.clone();
        assert_eq!(payload[0], 0x83, "a list of three fields");
        payload[0] = 0x84;
        own.op.payload = nested(payload);
    });
    laptop.sync(&server).await.expect("taken");
    assert_eq!(laptop.own(ObjectStore::Parked), []);
    let mut witness = Device::new(&ana, 2);
    witness.sync(&server).await.expect("readable");
    let seen = witness.sees(Scope::shared(document)).answers();
    assert_eq!(seen.text(Target::of(request::TITLE)), "with more behind it");
}

/// More at once than the server takes is refused as a whole and typed; in the portions of a device it is taken.
#[tokio::test]
async fn too_many_operations_at_once_are_refused_and_none_is_lost() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    let title = |number: usize| {
        let (target, value) = (Target::of(request::TITLE), Value::Text(format!("title {number}")));
        (Scope::shared(document), Body::Set(shared::op::Set { target, value, over: Vec::new() }))
    };
    laptop.write((0..PUSH_OPS_MAX).map(title).collect());
    let ops: Vec<_> = laptop.own(ObjectStore::Outbox).into_iter().map(|own| own.op).collect();
    assert_eq!(ops.len(), PUSH_OPS_MAX + 1);
    laptop.push_bytes = usize::MAX;
    let mut request = laptop.offer().expect("set up");
    assert_eq!(request.ops.as_ref().map(|push| push.ops.len()), Some(PUSH_OPS_MAX), "a device keeps to it");
    request.ops = Push::pack(&ops);
    let answer = server.post_sync(&ana.cookie, to_bytes(&request)).await.expect("the server runs");
    assert_eq!(answer.status.as_u16(), 413);
    let refusal: Refusal = serde_json::from_slice(&answer.body).expect("a typed refusal");
    assert_eq!(refusal.error.code, RefusalCode::TooLarge);
    assert_eq!(server.server().ledger.look(|committed| committed.head), 0, "nothing of it was taken");
    laptop.sync(&server).await.expect("taken in portions");
    assert_eq!((laptop.unsent(), laptop.own(ObjectStore::Parked).len()), (0, 0));
    assert_eq!(server.server().ledger.look(|committed| committed.head), PUSH_OPS_MAX as u64 + 1);
}

/// Each kind of nonsense travels between two good operations: it alone is put aside, with its reason.
#[tokio::test]
async fn what_the_server_cannot_apply_is_put_aside_alone_and_with_its_reason() {
    type Spoil = fn(&mut Device, DocumentId);
    let cases: [(&str, Reason, Spoil); 12] = [
        ("an unknown kind", Reason::UnknownKind, |device, document| {
            set(device, document, request::TITLE, Value::Text("x".to_owned()));
            tampers(device, |own| own.op.kind = 999);
        }),
        ("a payload that is no CBOR", Reason::Malformed, |device, document| {
            set(device, document, request::TITLE, Value::Text("x".to_owned()));
            tampers(device, |own| own.op.payload = vec![0xff; 9]);
        }),
        ("a payload of lists in lists without end", Reason::Malformed, |device, document| {
            set(device, document, request::TITLE, Value::Text("x".to_owned()));
            tampers(device, |own| own.op.payload = nested(Vec::new()));
        }),
        ("text that is no UTF-8", Reason::Malformed, |device, document| {
            set(device, document, request::TITLE, Value::Text("marked".to_owned()));
            tampers(device, |own| {
                let at = own.op.payload.windows(6).position(|six| six == b"marked").expect("the text");
                own.op.payload[at] = 0xff;
            });
        }),
        ("a field the form does not have", Reason::NoSuchField, |device, document| {
            set(device, document, FieldId(9_999), Value::Text("x".to_owned()));
        }),
        ("a code the list does not have", Reason::NotInList, |device, document| {
            set(device, document, request::KIND, Value::Code("no_such_kind".to_owned()));
        }),
        ("a number where words belong", Reason::WrongType, |device, document| {
            set(device, document, request::TITLE, Value::Flag(true));
        }),
        ("a line far too long", Reason::TooLarge, |device, document| {
            set(device, document, request::TITLE, Value::Text("x".repeat(20_000)));
        }),
        ("a command from the end of time", Reason::Malformed, |device, document| {
            withdraws(device, document, Vec::new());
            tampers(device, |own| own.op.lamport = u64::MAX);
        }),
        ("a command that names more than there is", Reason::TooLarge, |device, document| {
            let name = |counter| OpId { replica: ReplicaId(1), counter };
            withdraws(device, document, (1..=1_001).map(name).collect());
        }),
        ("a command that names one thing twice", Reason::Malformed, |device, document| {
            withdraws(device, document, vec![OpId { replica: ReplicaId(1), counter: 1 }; 2]);
        }),
        ("another authority’s document", Reason::NotYours, |device, _| {
            set(device, DocumentId([66; 16]), request::TITLE, Value::Text("x".to_owned()));
        }),
    ];
    let Cast { server, authority, ana } = cast().await;
    let other = server.db_authority("Another", "GH").await;
    let stranger = server.db_person("stranger", Role::FocalPoint, Some(other)).await;
    let mut theirs = Device::new(&stranger, 99);
    theirs.create([66; 16], other);
    theirs.sync(&server).await.expect("a document of their own");
    let words = ["en", "fr"].map(|language| {
        let path = format!("{}/../public/messages/{language}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("a message file")
    });
    for (number, (what, expected, spoil)) in cases.into_iter().enumerate() {
        let mut laptop = Device::new(&ana, 10 + number as u64);
        let document = laptop.create([10 + number as u8; 16], authority);
        writes(&mut laptop, document, "before");
        spoil(&mut laptop, document);
        writes(&mut laptop, document, "after");
        laptop.sync(&server).await.unwrap_or_else(|missed| panic!("{what}: {missed:?}"));
        assert_eq!(laptop.unsent(), 0, "{what}: nothing is stuck");
        let reasons = parked_for(&laptop);
        assert_eq!(reasons, [Some(expected)], "{what}");
        let mut witness = Device::new(&ana, 30 + number as u64);
        witness.sync(&server).await.expect("readable");
        assert_eq!(objectives(&witness, document), "after before ", "{what}: the rest went on");
        let key = format!("\"ui.reason.{}\"", expected.key());
        assert!(words.iter().all(|words| words.contains(&key)), "{what} has words in both languages");
    }
}

/// Written by an earlier version of the client, which did not look at the size: too large for an operation, and too
/// large for any request.
#[tokio::test]
async fn an_operation_too_large_to_be_taken_or_even_sent_does_not_hold_up_the_rest() {
    for bytes in [PAYLOAD_BYTES_MAX + 1, OP_BYTES_MAX, REQUEST_BYTES_MAX] {
        let Cast { server, authority, ana } = cast().await;
        let mut laptop = Device::new(&ana, 1);
        let document = laptop.create([7; 16], authority);
        writes(&mut laptop, document, "before");
        set(&mut laptop, document, request::TITLE, Value::Text("x".to_owned()));
        let large = Body::Set(shared::op::Set {
            target: Target::of(request::TITLE),
            value: Value::Text("x".repeat(bytes)),
            over: Vec::new(),
        });
        tampers(&mut laptop, |own| own.op.payload = large.encode().1);
        writes(&mut laptop, document, "after");
        laptop.sync(&server).await.unwrap_or_else(|missed| panic!("{bytes}: {missed:?}"));
        assert_eq!(laptop.unsent(), 0, "{bytes}: nothing is stuck");
        let parked = laptop.own(ObjectStore::Parked);
        let reasons: Vec<_> = parked.iter().map(|own| Reason::from_number(own.reason)).collect();
        assert_eq!(reasons, [Some(Reason::TooLarge)], "{bytes}");
        assert_eq!(parked[0].op.body().ok(), Some(large), "its words can still be read and exported");
        assert_eq!(objectives(&laptop, document), "after before ");
        let mut witness = Device::new(&ana, 2);
        witness.sync(&server).await.expect("readable");
        assert_eq!(objectives(&witness, document), "after before ");
    }
}

/// A command may name a great deal as well.
#[tokio::test]
async fn a_command_too_large_to_be_taken_is_put_aside_alone() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    laptop.ask(document, WITHDRAW, None, Vec::new());
    tampers(&mut laptop, |own| {
        let Ok(Body::Command(mut command)) = own.op.body() else { return };
        command.names = vec![own.op.id; PAYLOAD_BYTES_MAX / 8];
        own.op.payload = Body::Command(command).encode().1;
    });
    laptop.sync(&server).await.expect("answered");
    let reasons = parked_for(&laptop);
    assert_eq!(reasons, [Some(Reason::TooLarge)]);
}

/// A client that speaks a protocol of another year is told so, in words of the server's own.
#[tokio::test]
async fn a_client_of_another_protocol_is_told_to_update_and_keeps_its_work() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    laptop.create([7; 16], authority);
    let mut request = laptop.offer().expect("set up");
    request.protocol += 1;
    let answer = server.post_sync(&ana.cookie, to_bytes(&request)).await.expect("the server runs");
    let media_type = Some(answer.media_type.as_str());
    let status = answer.status.as_u16();
    let read = app::sync::read_answer(app::sync::Answer { status, media_type, retry_after: None, body: answer.body });
    assert_eq!(read, Err(app::sync::TransportError::TooOld));
    assert_eq!(laptop.unsent(), 1);
}

/// An older server put it aside because it did not know the kind; the newer one does.
#[tokio::test]
async fn what_an_older_server_did_not_know_is_judged_again_when_it_is_offered_again() {
    let Cast { mut server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    laptop.sync(&server).await.expect("sent");
    writes(&mut laptop, document, "understood");
    let op = laptop.own(ObjectStore::Outbox).remove(0).op;
    server.db_parked(&op, &ana, Reason::UnknownKind).await;
    server.kill();
    server.start_again().await;
    laptop.sync(&server).await.expect("offered again");
    assert_eq!((laptop.unsent(), laptop.own(ObjectStore::Parked)), (0, Vec::new()));
    assert_eq!(objectives(&laptop, document), "understood ");
    let mut witness = Device::new(&ana, 2);
    witness.sync(&server).await.expect("readable");
    assert_eq!(objectives(&witness, document), "understood ");
}

/// The same once it lies on the object store: its writer applies it after all.
#[tokio::test]
async fn what_an_older_server_did_not_know_can_be_applied_from_the_shelf() {
    let Cast { mut server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    set(&mut laptop, document, request::TITLE, Value::Text("x".to_owned()));
    tampers(&mut laptop, |own| own.op.kind = 999);
    laptop.sync(&server).await.expect("put aside");
    let unknown = laptop.own(ObjectStore::Parked)[0].op.id;
    let ask = |laptop: &mut Device| laptop.ask(document, ADOPT, None, vec![unknown]);
    ask(&mut laptop);
    laptop.sync(&server).await.expect("answered");
    let reasons = parked_for(&laptop);
    assert_eq!(reasons, [Some(Reason::UnknownKind); 2], "a server that still does not know it says so");

    writes(&mut laptop, document, "understood");
    let late = laptop.own(ObjectStore::Outbox).remove(0);
    server.db_parked(&late.op, &ana, Reason::UnknownKind).await;
    server.kill();
    server.start_again().await;
    laptop.disk.remove(&(ObjectStore::Outbox, row_key(late.row).to_vec()));
    laptop.disk.insert((ObjectStore::Parked, row_key(late.row).to_vec()), to_bytes(&Own { reason: 2, ..late.clone() }));
    laptop.ask(document, ADOPT, None, vec![late.op.id]);
    laptop.sync(&server).await.expect("applied");
    assert_eq!(objectives(&laptop, document), "understood ");
    assert!(laptop.own(ObjectStore::Parked).iter().all(|own| own.op.id != late.op.id), "it left the store");
}

/// Whoever reads an operation counts on from its time: one from far ahead would leave no room to write in.
#[tokio::test]
async fn an_operation_from_far_ahead_is_put_aside_and_its_readers_write_on() {
    let Cast { server, authority, ana } = cast().await;
    let ben = server.db_person("ben", Role::FocalPoint, Some(authority)).await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let document = laptop.create([7; 16], authority);
    laptop.sync(&server).await.expect("sent");
    phone.sync(&server).await.expect("received");
    writes(&mut laptop, document, "ahead");
    tampers(&mut laptop, |own| own.op.lamport = 1 << 60);
    laptop.sync(&server).await.expect("judged");
    phone.sync(&server).await.expect("received");
    writes(&mut phone, document, "now");
    phone.sync(&server).await.expect("sent");
    assert_eq!(parked_for(&phone), [], "a colleague’s words are taken");
    assert_eq!(parked_for(&laptop), [Some(Reason::Malformed)]);
    assert_eq!(objectives(&phone, document), "now ");
}

/// A log may hold such an operation from before: a device that reads it goes on counting by its own.
#[tokio::test]
async fn a_device_does_not_follow_a_time_that_leaps() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    laptop.sync(&server).await.expect("sent");
    let insert = Insert { target: Target::of(request::OBJECTIVES), after: None, text: "ahead".to_owned() };
    let (kind, payload) = Body::Insert(insert).encode();
    let (id, scope) = (OpId { replica: ReplicaId(77), counter: 1 }, Scope::shared(document));
    let op = Op { id, scope, lamport: 1 << 59, observed: 0, wall_ms: 0, kind, payload };
    let leap = |seq| Entry { seq, author: ana.actor.person, received_ms: 1, op: op.clone() };
    let mut whole = Document::default();
    whole.apply(&leap(1));
    let body = to_bytes(&whole);
    for snapshot in [false, true] {
        let asked = laptop.offer().expect("set up");
        let answer = server.post_sync(&ana.cookie, to_bytes(&asked)).await.expect("the server runs");
        let mut reply = Reply::from_body(&answer.body).expect("a reply");
        if snapshot {
            reply.snapshots = Some(vec![Snapshot { scope, body: body.clone() }]);
        } else {
            reply.cursor += 1;
            reply.entries = Some(vec![Logged::Other(leap(reply.cursor))]);
        }
        let answer = Answer { body: reply.to_body(), ..answer };
        let (writes, _) = laptop.plan(&asked, &answer).expect("usable");
        laptop.commit(writes);
        let lamport = laptop.identity().expect("set up").lamport;
        assert!(lamport < 1 << 32, "as a snapshot: {snapshot}: {lamport}");
    }
}

/// Its name and fingerprint are enough to recognise it: the bytes stay with their author.
#[tokio::test]
async fn what_is_far_too_large_is_known_again_without_being_kept() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    laptop.sync(&server).await.expect("sent");
    for kind in [2, 999] {
        writes(&mut laptop, document, "vast");
        tampers(&mut laptop, |own| {
            own.op.kind = kind;
            own.op.payload = vec![7; 500_000];
        });
        let push = to_bytes(&laptop.offer().expect("set up"));
        let mut outcomes = Vec::new();
        for _ in 0..2 {
            let answer = server.post_sync(&ana.cookie, push.clone()).await.expect("the server runs");
            let reply = Reply::from_body(&answer.body).expect("a reply");
            outcomes.push((reply.parked, reply.acked, reply.forked_at));
        }
        assert!(outcomes[0].0.is_some() && outcomes[0].2.is_none(), "{outcomes:?}");
        assert_eq!(outcomes[0], outcomes[1], "a retry finds the first outcome");
        laptop.sync(&server).await.expect("settled");
        assert_eq!(laptop.own(ObjectStore::Parked).last().map(|own| own.op.payload.len()), Some(500_000));
    }
    let longest: i64 = sqlx::query_scalar("SELECT max(length(body)) FROM op")
        .fetch_one(server.server().store.reader())
        .await
        .expect("a log");
    assert!(longest < 1_000, "{longest}");
}
