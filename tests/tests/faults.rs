//! Rows of the fault table that need no browser: killed servers, cut lines, repeated and broken pushes.
//!
//! A real server in a process of its own where it has to die or the line has to be cut.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::{Body, Insert, to_bytes};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::rows::ObjectStore;
use shared::sync::wire::{MEDIA_TYPE, PATH, Push, Reply};
use shared::value::{Target, Value};
use tests::browser::Portal;
use tests::device::Device;
use tests::remote_device::RemoteDevice;
use tests::server::{Answer, Person, TestServer};

mod faults {
    mod refused;
}

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
    let document = RemoteDevice::signed_in(&portal, "kenya", 50).begins(1, "Written under fire");
    let mut writers: Vec<RemoteDevice> =
        (1..=WRITERS).map(|name| RemoteDevice::signed_in(&portal, "kenya", name)).collect();
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
        let mut witness = RemoteDevice::signed_in(&portal, "kenya2", 100 + kill as u64);
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
    let mut witness = RemoteDevice::signed_in(&portal, "kenya2", 999);
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
    let reply = |answer: Option<Answer>| -> Reply {
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
    writes(&mut laptop, document, "last");
    let mut early = laptop.offer().expect("set up");
    early.ops = Push::pack(&[laptop.own(ObjectStore::Outbox).pop().expect("the last word").op]);
    let early = reply(server.post_sync(&ana.cookie, to_bytes(&early)).await);
    assert_eq!((early.acked, early.forked_at), (one.acked, None), "what overtook the one before it is not taken yet");
    laptop.sync(&server).await.expect("acknowledged");
    let again = reply(server.post_sync(&ana.cookie, first).await);
    assert_eq!(again.forked_at, None, "the same bytes are no copy of the device");
    assert!(again.acked > one.acked, "what came later stays acknowledged");
    assert_eq!(server.server().ledger.look(|committed| committed.head), head + 2, "nothing was taken twice");

    let mut witness = Device::new(&ana, 2);
    witness.sync(&server).await.expect("readable");
    assert_eq!(objectives(&witness, document), "last later once ");
}

/// The request is cut after every so many bytes, the reply too: the next round goes on, every word is
/// there once.
#[test]
fn a_line_cut_at_any_byte_costs_nothing_and_doubles_nothing() {
    let portal = Portal::start();
    let mut laptop = RemoteDevice::signed_in(&portal, "kenya", 1);
    let document = laptop.begins(1, "On a thin line");
    let mut words = Vec::new();
    let mut cut = |laptop: &mut RemoteDevice, sends: f64, reads: Option<usize>| {
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
    for reads in [0, 1, 12, 40, 80, 120] {
        cut(&mut laptop, 1.0, Some(reads));
    }
    laptop.sync();
    let mut witness = RemoteDevice::signed_in(&portal, "kenya2", 2);
    witness.sync();
    let text = objectives(&witness.device, document);
    let mut there: Vec<&str> = text.split_whitespace().collect();
    there.sort_unstable();
    words.sort_unstable();
    assert_eq!(there, words);
}

/// 1970 and 2099: neither the order, nor what merges, nor what survives depends on anybody's clock.
#[tokio::test]
async fn wrong_clocks_have_no_say() {
    let mut outcomes = Vec::new();
    let strategy = Target::of(request::NATIONAL_STRATEGY);
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
        laptop.set(document, strategy, Value::Text("Coast plan".to_owned()));
        phone.set(document, strategy, Value::Text("Vision 2030".to_owned()));
        laptop.sync(&server).await.expect("sent");
        phone.sync(&server).await.expect("sent");
        phone.set(document, Target::of(request::TITLE), Value::Text("Second, having read the first".to_owned()));
        phone.sync(&server).await.expect("sent");
        laptop.sync(&server).await.expect("received");
        let seen = laptop.sees(Scope::shared(document));
        assert_eq!(seen.answers(), phone.sees(Scope::shared(document)).answers());
        let title = seen.answers().text(Target::of(request::TITLE)).to_owned();
        let both = seen.register(strategy).map(|register| register.answers()).unwrap_or_default();
        let both = both.iter().map(|answer| answer.value.to_text()).collect::<Vec<_>>().join(", ");
        outcomes.push([objectives(&laptop, document), title, both]);
    }
    let expected = ["Zero One two. Three.", "Second, having read the first", "Vision 2030, Coast plan"];
    assert!(outcomes.iter().all(|outcome| *outcome == expected), "{outcomes:?}");
}

/// The disk takes everything but one document, whoever writes it: its author is told, nobody else notices.
#[tokio::test]
async fn a_push_that_cannot_be_written_down_costs_nobody_else_anything() {
    let Cast { server, authority, ana } = cast().await;
    let ben = server.db_person("ben", Role::FocalPoint, Some(authority)).await;
    server.db_refuses(DocumentId([66; 16])).await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    laptop.sync(&server).await.expect("the laptop knows the database");
    phone.sync(&server).await.expect("the phone too");
    let before = laptop.create([7; 16], authority);
    laptop.create([66; 16], authority);
    let after = laptop.create([8; 16], authority);
    phone.create([9; 16], authority);

    let ops = |device: &Device| device.own(ObjectStore::Outbox).into_iter().map(|own| own.op).collect::<Vec<_>>();
    let writer = &server.server().writer;
    // Handed over in one turn: the writer finds both in its queue and takes them as one group.
    let (refused, taken) = tokio::join!(writer.push(ana.actor, ops(&laptop)), writer.push(ben.actor, ops(&phone)));
    assert_eq!(taken.expect("taken").taken, 1, "a push in the same group is taken");
    assert_eq!(refused.expect("answered").taken, 3);

    laptop.sync(&server).await.expect("answered");
    let parked = laptop.own(ObjectStore::Parked);
    assert_eq!((laptop.unsent(), parked.len()), (0, 1), "what cannot be written is put aside, the rest goes on");
    assert_eq!(Reason::from_number(parked[0].reason), Some(Reason::Malformed));
    let mut witness = Device::new(&ana, 3);
    witness.sync(&server).await.expect("readable");
    assert_eq!(witness.documents(), [before, after, DocumentId([9; 16])]);
}

/// `relais backup` and `relais restore`, seen from the field: the device notices and fills the gap.
#[tokio::test]
async fn what_a_restored_server_lost_is_offered_again_by_the_device_that_has_it() {
    let Cast { mut server, authority, ana } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create([7; 16], authority);
    laptop.sync(&server).await.expect("sent");
    server.db_back_up().await;
    writes(&mut laptop, document, "acknowledged");
    laptop.sync(&server).await.expect("sent");
    let before = server.server().store.epoch();

    server.db_restore(true).await;
    assert_ne!(server.server().store.epoch(), before);
    let mut witness = Device::new(&ana, 2);
    witness.sync(&server).await.expect("readable");
    assert_eq!(objectives(&witness, document), "", "the backup does not have it");
    laptop.sync(&server).await.expect("offered again");
    witness.sync(&server).await.expect("readable");
    assert_eq!(objectives(&witness, document), "acknowledged ");
}
