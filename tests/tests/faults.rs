//! Rows of the fault table that need no browser: killed servers, cut lines, repeated and broken pushes.
//!
//! A real server in a process of its own where it has to die or the line has to be cut.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use shared::api::{Refusal, RefusalCode};
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::{Body, Insert, PAYLOAD_BYTES_MAX, from_bytes, to_bytes};
use shared::sync::admission::Reason;
use shared::sync::device::Own;
use shared::sync::rows::Shelf;
use shared::sync::wire::{MEDIA_TYPE, PATH, PUSH_OPS_MAX, Push, Reply};
use shared::value::{FieldId, Target, Value};
use shared::workflow::Role;
use tests::browser::Portal;
use tests::device::Device;
use tests::elsewhere::Elsewhere;
use tests::server::{Person, TestServer};

const WRITERS: u64 = 4;
const KILLS: usize = 4;
/// Words acknowledged between two kills, over all writers.
const WORDS_BETWEEN: usize = 60;

fn objectives(device: &Device, document: DocumentId) -> String {
    let seen = device.sees(Scope::shared(document));
    seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text()).unwrap_or_default()
}

/// Adds a word at the front: other people's words are not split by it.
fn writes(device: &mut Device, document: DocumentId, word: &str) {
    let body = Body::Insert(Insert { target: Target::of(request::OBJECTIVES), after: None, text: format!("{word} ") });
    device.write(vec![(Scope::shared(document), body)]);
}

/// Four devices push without a pause while the server is killed again and again: right after each
/// restart every acknowledged word is there, and at the end every word once.
#[test]
fn a_server_killed_at_any_moment_keeps_every_acknowledged_operation() {
    let mut portal = Portal::start();
    let document = Elsewhere::signed_in(&portal, "kenya", 50).begins(1, "Written under fire");
    let mut writers: Vec<Elsewhere> = (1..=WRITERS).map(|name| Elsewhere::signed_in(&portal, "kenya", name)).collect();
    let mut acknowledged = BTreeSet::new();
    let mut written = 0;
    for kill in 0..KILLS {
        let (told, heard) = std::sync::mpsc::channel::<String>();
        thread::scope(|scope| {
            for (number, writer) in writers.iter_mut().enumerate() {
                let told = told.clone();
                scope.spawn(move || {
                    for turn in 0.. {
                        let word = format!("w{kill}-{number}-{turn}");
                        writes(&mut writer.device, document, &word);
                        // Whatever the line does, the outbox knows what was acknowledged.
                        if writer.try_sync().is_err() || told.send(word).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(told);
            acknowledged.extend(heard.iter().take(WORDS_BETWEEN));
            portal.kill();
            acknowledged.extend(heard.iter());
        });
        portal.start_again();
        let mut witness = Elsewhere::signed_in(&portal, "kenya2", 100 + kill as u64);
        witness.sync();
        let text = objectives(&witness.device, document);
        let there: BTreeSet<&str> = text.split_whitespace().collect();
        let lost: Vec<_> = acknowledged.iter().filter(|word| !there.contains(word.as_str())).collect();
        assert!(lost.is_empty(), "acknowledged and gone after kill {kill}: {lost:?}");
        for writer in &mut writers {
            writer.sync();
        }
        written = acknowledged.len();
    }
    assert!(written >= KILLS * WORDS_BETWEEN, "the writers were busy: {written}");
    let mut witness = Elsewhere::signed_in(&portal, "kenya2", 999);
    witness.sync();
    let text = objectives(&witness.device, document);
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(words.len(), words.iter().collect::<BTreeSet<_>>().len(), "no word is there twice");
    for writer in &mut writers {
        writer.sync();
        assert_eq!(objectives(&writer.device, document), text, "all devices read the same");
    }
}

struct Cast {
    server: TestServer,
    authority: AuthorityId,
    ana: Person,
}

async fn cast() -> Cast {
    let server = TestServer::start().await;
    let authority = server.db_authority("Immigration Services", "KE").await;
    let ana = server.db_person("ana", Role::FocalPoint, Some(authority)).await;
    Cast { server, authority, ana }
}

/// Twice, twice at once, and again after a later one: one outcome, one acknowledgement.
#[tokio::test]
async fn the_same_push_has_one_outcome_however_often_and_in_which_order_it_comes() {
    let Cast { server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    laptop.sync(&server).await.expect("the draft is there");
    let reply = |answer: Option<tests::server::Answer>| -> Reply {
        Reply::from_body(&answer.expect("the server runs").body).expect("a reply")
    };
    writes(&mut laptop, document, "once");
    let first = to_bytes(&laptop.offer().expect("set up"));
    let (one, other) =
        tokio::join!(server.post_sync(&ana.cookie, first.clone()), server.post_sync(&ana.cookie, first.clone()));
    let (one, other) = (reply(one), reply(other));
    assert_eq!((one.acked, &one.parked), (other.acked, &other.parked));
    let head = server.server().ledger.look(|committed| committed.head);

    laptop.sync(&server).await.expect("acknowledged");
    writes(&mut laptop, document, "later");
    laptop.sync(&server).await.expect("acknowledged");
    let again = reply(server.post_sync(&ana.cookie, first).await);
    assert_eq!(again.forked_at, None, "the same bytes are no copy of the device");
    assert!(again.acked > one.acked, "what came later stays acknowledged");
    assert_eq!(server.server().ledger.look(|committed| committed.head), head + 1, "nothing was taken twice");

    let mut witness = Device::new(&ana, 2);
    witness.sync(&server).await.expect("readable");
    assert_eq!(objectives(&witness, document), "later once ");
}

/// The request is cut after every so many bytes, the reply too: the next round goes on, every word is
/// there once.
#[test]
fn a_line_cut_at_any_byte_costs_nothing_and_doubles_nothing() {
    let portal = Portal::start();
    let mut laptop = Elsewhere::signed_in(&portal, "kenya", 1);
    let document = laptop.begins(1, "On a thin line");
    let mut words = Vec::new();
    let mut cut = |laptop: &mut Elsewhere, sends: f64, reads: Option<usize>| {
        let word = format!("c{}", words.len());
        writes(&mut laptop.device, document, &word);
        words.push(word);
        let body = to_bytes(&laptop.device.offer().expect("set up"));
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nx-relais: 1\r\ncontent-type: {MEDIA_TYPE}\r\ncookie: {}\r\n\
             content-length: {}\r\n\r\n",
            laptop.device.person.cookie,
            body.len()
        );
        let bytes = [head.as_bytes(), &body].concat();
        let address = portal.url().trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(address).expect("the portal listens");
        stream.write_all(&bytes[..(bytes.len() as f64 * sends) as usize]).expect("sent");
        if let Some(reads) = reads {
            stream.read_exact(&mut vec![0; reads]).expect("the beginning of a reply");
        }
        drop(stream);
    };
    for step in 0..20 {
        cut(&mut laptop, f64::from(step) / 20.0, None);
    }
    for reads in [0, 1, 12, 40, 120, 200] {
        cut(&mut laptop, 1.0, Some(reads));
    }
    laptop.sync();
    let mut witness = Elsewhere::signed_in(&portal, "kenya2", 2);
    witness.sync();
    let text = objectives(&witness.device, document);
    let mut there: Vec<&str> = text.split_whitespace().collect();
    there.sort_unstable();
    words.sort_unstable();
    assert_eq!(there, words);
}

/// Rewrites the operation written last, as a broken or a newer client might have written it.
fn tampers(device: &mut Device, change: impl FnOnce(&mut Own)) {
    let (key, row) = device.disk.iter().rfind(|((shelf, _), _)| *shelf == Shelf::Outbox).expect("a pending operation");
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
    assert_eq!(laptop.own(Shelf::Parked), []);
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
    let ops: Vec<_> = laptop.own(Shelf::Outbox).into_iter().map(|own| own.op).collect();
    assert_eq!(ops.len(), PUSH_OPS_MAX + 1);
    laptop.push_bytes = usize::MAX;
    let mut request = laptop.offer().expect("set up");
    // Nobody knows this database yet: the device is told of it before it pushes.
    request.epoch = server.server().store.epoch();
    assert_eq!(request.ops.as_ref().map(|push| push.ops.len()), Some(PUSH_OPS_MAX), "a device keeps to it");
    request.ops = Push::pack(&ops);
    let answer = server.post_sync(&ana.cookie, to_bytes(&request)).await.expect("the server runs");
    assert_eq!(answer.status.as_u16(), 413);
    let refusal: Refusal = serde_json::from_slice(&answer.body).expect("a typed refusal");
    assert_eq!(refusal.error.code, RefusalCode::TooLarge);
    assert_eq!(server.server().ledger.look(|committed| committed.head), 0, "nothing of it was taken");
    laptop.sync(&server).await.expect("taken in portions");
    assert_eq!((laptop.unsent(), laptop.own(Shelf::Parked).len()), (0, 0));
    assert_eq!(server.server().ledger.look(|committed| committed.head), PUSH_OPS_MAX as u64 + 1);
}

/// Each kind of nonsense travels between two good operations: it alone is put aside, with its reason.
#[tokio::test]
async fn what_the_server_cannot_apply_is_put_aside_alone_and_with_its_reason() {
    type Spoil = fn(&mut Device, DocumentId);
    let cases: [(&str, Reason, Spoil); 9] = [
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
        let path = format!("{}/../public/messages/ui.{language}.json", env!("CARGO_MANIFEST_DIR"));
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
        let reasons: Vec<_> = laptop.own(Shelf::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
        assert_eq!(reasons, [Some(expected)], "{what}");
        let mut witness = Device::new(&ana, 30 + number as u64);
        witness.sync(&server).await.expect("readable");
        assert_eq!(objectives(&witness, document), "after before ", "{what}: the rest went on");
        let key = format!("\"ui.reason.{}\"", expected.key());
        assert!(words.iter().all(|words| words.contains(&key)), "{what} has words in both languages");
    }
}

/// 1970 and 2099: neither the order, nor what merges, nor what survives depends on anybody's clock.
#[tokio::test]
async fn wrong_clocks_have_no_say() {
    let mut outcomes = Vec::new();
    for (early, late) in [(0, 4_070_908_800_000), (4_070_908_800_000, 0), (1_772_323_200_000, 1_772_323_200_000)] {
        let Cast { server, authority, ana } = cast().await;
        let ben = server.db_person("ben", Role::FocalPoint, Some(authority)).await;
        let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
        (laptop.clock_ms, phone.clock_ms) = (early, late);
        let document = laptop.create([7; 16], authority);
        laptop.type_at(document, request::OBJECTIVES, 0, "One two.");
        laptop.sync(&server).await.expect("sent");
        phone.sync(&server).await.expect("received");
        laptop.type_at(document, request::OBJECTIVES, 0, "Zero ");
        phone.type_at(document, request::OBJECTIVES, 8, " Three.");
        laptop.set(document, Target::of(request::TITLE), Value::Text("First".to_owned()));
        laptop.sync(&server).await.expect("sent");
        phone.sync(&server).await.expect("sent");
        phone.set(document, Target::of(request::TITLE), Value::Text("Second, having read the first".to_owned()));
        phone.sync(&server).await.expect("sent");
        laptop.sync(&server).await.expect("received");
        let seen = laptop.sees(Scope::shared(document));
        assert_eq!(seen.answers(), phone.sees(Scope::shared(document)).answers());
        outcomes.push((objectives(&laptop, document), seen.answers().text(Target::of(request::TITLE)).to_owned()));
    }
    let expected = ("Zero One two. Three.".to_owned(), "Second, having read the first".to_owned());
    assert!(outcomes.iter().all(|outcome| *outcome == expected), "{outcomes:?}");
}
