//! Journeys of much at once: long texts, many documents, long absences, and where it ends.

use shared::document::EDITION;
use shared::forms::request;
use shared::forms::request::workflow::{ASSESS, RECEIVED, REGISTER, SUBMIT, UNDER_ASSESSMENT, WITHDRAW, WITHDRAWN};
use shared::ids::Scope;
use shared::op::{Body, Delete, Insert, PAYLOAD_BYTES_MAX, to_bytes};
use shared::sync::admission::Reason;
use shared::sync::rows::{Durability, ObjectStore, Writes};
use shared::sync::wire;
use shared::value::Target;
use tests::device::{Device, ROUNDS_MAX};

use crate::{Cast, DOCUMENT, a_complete_draft_on_two_devices, answer_everything, cast, title};

fn shared_documents(device: &Device) -> usize {
    device.disk.keys().filter(|(object_store, _)| *object_store == ObjectStore::Documents).count()
}

/// What the office knows has changed, and something too long for one reply has come in: both arrive.
#[tokio::test]
async fn an_office_that_was_away_gets_what_is_new_and_what_changed_however_much_it_is() {
    let Cast { server, authority, ana, eva, .. } = cast().await;
    let (mut laptop, mut office, mut colleague) = (Device::new(&ana, 1), Device::new(&eva, 2), Device::new(&eva, 3));
    let known = laptop.create(DOCUMENT, authority);
    answer_everything(&mut laptop, known);
    laptop.ask(known, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    office.sync(&server).await.expect("received");

    colleague.sync(&server).await.expect("received");
    colleague.ask(known, REGISTER, None, Vec::new());
    colleague.sync(&server).await.expect("registered");
    for number in 0..3 {
        let new = laptop.create([20 + number; 16], authority);
        answer_everything(&mut laptop, new);
        for gap in [request::GAP_INDIVIDUAL, request::GAP_ORGANISATIONAL, request::GAP_ENABLING] {
            laptop.type_at(new, gap, 0, &"🦊".repeat(1_800));
        }
        laptop.ask(new, SUBMIT, None, Vec::new());
        laptop.sync(&server).await.expect("submitted");
        assert_eq!(laptop.state(new), RECEIVED);
    }
    colleague.sync(&server).await.expect("received");
    colleague.ask(known, ASSESS, None, Vec::new());
    colleague.sync(&server).await.expect("being assessed");

    office.pull_bytes = 16 * 1024;
    let rounds = office.sync(&server).await.expect("received");
    let head = server.server().ledger.look(|committed| committed.head);
    assert_eq!(office.identity().map(|identity| identity.cursor), Some(head), "after {rounds} rounds");
    assert!(rounds < ROUNDS_MAX);
    assert_eq!(office.state(known), UNDER_ASSESSMENT);
    assert_eq!(office.documents().len(), 4);
    for document in office.documents() {
        let scope = Scope::shared(document);
        assert_eq!(office.sees(scope).answers(), laptop.sees(scope).answers());
    }
}

/// A device that nobody knows yet brings its work and takes everything over, there and back.
#[tokio::test]
async fn a_new_device_sends_and_is_given_everything_in_one_round_trip() {
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let old = laptop.create(DOCUMENT, authority);
    laptop.set(old, Target::of(request::TITLE), title("Already there"));
    assert_eq!(laptop.sync(&server).await, Ok(1));
    let new = phone.create([8; 16], authority);
    assert_eq!(phone.sync(&server).await, Ok(1));
    assert_eq!(phone.documents(), [old, new]);
    assert_eq!((phone.own(ObjectStore::Outbox), phone.own(ObjectStore::Kept).len()), (Vec::new(), 1));
    let identity = phone.identity().expect("set up");
    assert_eq!((identity.epoch, identity.cursor, identity.acked), (server.server().store.epoch(), 3, 1));
}

/// What counts is what crosses the line: a page holds more the better it packs, and where it packs badly
/// it stays near to what was asked for all the same.
#[tokio::test]
async fn a_page_is_as_large_as_was_asked_once_it_is_packed() {
    const ASKED: u32 = 8 * 1024;
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let mut state = 1_u64;
    let mut noise = |length: usize| -> String {
        let letters = (0..length).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from_u32(0x4e00 + (state >> 48) as u32 % 0x5000).expect("a letter")
        });
        letters.collect()
    };
    for number in 0..30 {
        let document = laptop.create([number; 16], authority);
        laptop.type_at(document, request::OBJECTIVES, 0, &noise(1_000));
    }
    laptop.sync(&server).await.expect("sent");
    let mut new = Device::new(&ben, 2);
    new.pull_bytes = ASKED;
    let asked = to_bytes(&new.offer().expect("set up"));
    let plain = server.post_sync(&ben.cookie, asked.clone()).await.expect("the server runs");
    let packed = server.post_sync_taking("br", &ben.cookie, asked.clone()).await.expect("the server runs");
    for answer in [&plain, &packed] {
        assert!((1_000..2 * ASKED as usize).contains(&answer.body.len()), "{} bytes", answer.body.len());
    }

    let Cast { server, authority, ana, ben, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    for number in 0..30 {
        let document = laptop.create([number; 16], authority);
        laptop.type_at(document, request::OBJECTIVES, 0, &"All posts keep data. ".repeat(50));
    }
    laptop.sync(&server).await.expect("sent");
    let packed = server.post_sync_taking("br", &ben.cookie, asked).await.expect("the server runs");
    let body = tests::packing::unpacked(packed.body, Some("br")).expect("brotli");
    let reply = wire::Reply::from_body(&body).expect("a reply");
    assert_eq!((reply.snapshots.map(|snapshots| snapshots.len()), reply.more), (Some(30), false));
}

/// Many changed documents are asked for in portions; nobody else’s log is read along.
#[tokio::test]
async fn a_device_behind_on_a_hundred_documents_gets_each_change_once_and_in_order() {
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let documents: Vec<_> = (1..=100).map(|number| laptop.create([number; 16], authority)).collect();
    laptop.sync(&server).await.expect("sent");
    phone.sync(&server).await.expect("received");
    for round in 0..12 {
        for document in documents.iter().rev() {
            laptop.set(*document, Target::of(request::TITLE), title(&format!("Round {round}")));
        }
        laptop.sync(&server).await.expect("sent");
    }
    phone.sync(&server).await.expect("received");
    for document in documents {
        assert_eq!(phone.sees(Scope::shared(document)), laptop.sees(Scope::shared(document)));
    }
    let head = server.server().ledger.look(|committed| committed.head);
    assert_eq!(phone.identity().map(|identity| identity.cursor), Some(head));
}

/// One name said sixty-four times is one document, and what has no room in a reply comes with the next.
#[tokio::test]
async fn documents_asked_for_come_once_each_and_in_as_many_replies_as_they_need() {
    let Cast { server, authority, ana, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let documents: Vec<_> = (1..=3).map(|number| laptop.create([number; 16], authority)).collect();
    for document in &documents {
        laptop.type_at(*document, request::OBJECTIVES, 0, &"At length. ".repeat(1_000));
    }
    laptop.sync(&server).await.expect("sent");
    let mut asked = laptop.offer().expect("set up");
    asked.fetch = Some(vec![documents[0]; 64]);
    let answer = server.post_sync(&ana.cookie, to_bytes(&asked)).await.expect("the server runs");
    let reply = wire::Reply::from_body(&answer.body).expect("a reply");
    assert_eq!(reply.snapshots.map(|snapshots| snapshots.len()), Some(1));

    let mut identity = laptop.identity().expect("set up");
    identity.wanted.clone_from(&documents);
    let mut writes = Writes::new(Durability::Strict);
    identity.write(&mut writes);
    laptop.commit(writes);
    laptop.pull_bytes = 8 * 1024;
    let asked = laptop.offer().expect("set up");
    let answer = server.post_sync(&ana.cookie, to_bytes(&asked)).await.expect("the server runs");
    let reply = wire::Reply::from_body(&answer.body).expect("a reply");
    assert_eq!(reply.snapshots.as_ref().map(Vec::len), Some(1), "the room is used up by the first");
    let (writes, settled) = laptop.plan(&asked, &answer).expect("usable");
    laptop.commit(writes);
    assert!(settled.more);
    assert_eq!(laptop.identity().map(|identity| identity.wanted), Some(documents[1..].to_vec()));
    assert!(laptop.sync(&server).await.expect("received") < ROUNDS_MAX);
    assert_eq!(laptop.identity().map(|identity| identity.wanted), Some(Vec::new()));
    assert_eq!(shared_documents(&laptop), 3);
}

/// A person selects everything and deletes it: as many operations as it takes.
#[tokio::test]
async fn a_text_of_a_thousand_pieces_is_deleted_at_one_stroke() {
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let document = laptop.create(DOCUMENT, authority);
    // Every word is put before the one before it: no two of them join.
    let insert = || Insert { target: Target::of(request::OBJECTIVES), after: None, text: "x".to_owned() };
    laptop.write((0..1_200).map(|_| (Scope::shared(document), Body::Insert(insert()))).collect());
    laptop.sync(&server).await.expect("sent");
    let seen = laptop.sees(Scope::shared(document));
    let spans = seen.prose(Target::of(request::OBJECTIVES)).expect("a text").spans(0, 1_200);
    assert_eq!(spans.len(), 1_200);
    let delete = Delete { target: Target::of(request::OBJECTIVES), spans };
    laptop.write(vec![(Scope::shared(document), Body::Delete(delete))]);
    laptop.sync(&server).await.expect("sent");
    phone.sync(&server).await.expect("received");
    assert!(laptop.own(ObjectStore::Parked).is_empty());
    let seen = phone.sees(Scope::shared(document));
    assert_eq!(seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text()), Some(String::new()));
}

/// One document is not a way to fill everybody’s disk: beyond its size words are put aside, and it can
/// still be withdrawn.
#[tokio::test]
async fn a_document_grows_to_eight_mebibytes_and_no_further() {
    let Cast { mut server, authority, ana, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    let document = laptop.create(DOCUMENT, authority);
    laptop.type_at(document, request::OBJECTIVES, 0, "Begun.");
    let written: usize = laptop.own(ObjectStore::Outbox).iter().map(|own| own.op.payload.len()).sum();
    laptop.sync(&server).await.expect("sent");
    let size = server.server().ledger.look(|committed| committed.envelopes[&document].size);
    assert_eq!((size.bytes, size.ops), (written as u64, 2));

    // As if it had been written for years.
    let mut write = server.server().store.write().await.expect("writable");
    sqlx::query("UPDATE document SET bytes = ?")
        .bind((8 << 20) - 10_000)
        .execute(&mut *write)
        .await
        .expect("a document");
    write.commit().await.expect("committed");
    server.kill();
    server.start_again().await;
    laptop.type_at(document, request::OBJECTIVES, 0, &"x".repeat(20_000));
    laptop.sync(&server).await.expect("sent");
    assert_eq!(laptop.unsent(), 0);
    let parked: Vec<_> = laptop.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!(parked, [Some(Reason::TooLarge); 3], "two of five pieces had room");

    laptop.ask(document, WITHDRAW, None, Vec::new());
    laptop.sync(&server).await.expect("sent");
    assert_eq!(laptop.state(document), WITHDRAWN);
}

/// Snapshots only spare time: one that is damaged, or that a server of another edition made of less, is made again
/// from the log.
#[tokio::test]
async fn a_snapshot_that_is_not_whole_takes_nothing_from_a_request() {
    let (mut server, laptop, _, document) = a_complete_draft_on_two_devices().await;
    let scope = Scope::shared(document);
    let mut nothing = laptop.sees(scope).into_summary_fields();
    nothing.seq = laptop.sees(scope).seq;
    for (body, edition) in [(vec![0xff], EDITION), (to_bytes(&nothing), EDITION - 1)] {
        server.db_snapshot(scope, body, edition).await;
        server.kill();
        server.start_again().await;
        let mut another = Device::new(&laptop.person, 7 + u64::from(edition));
        another.sync(&server).await.expect("loaded");
        assert_eq!(another.sees(scope).answers(), laptop.sees(scope).answers(), "edition {edition}");
    }
}

/// What was submitted is the server’s to keep, also when it is longer than any operation of a device.
#[tokio::test]
async fn a_long_request_is_kept_whole_as_it_was_submitted() {
    let Cast { mut server, authority, ana, eva, .. } = cast().await;
    let (mut laptop, mut office) = (Device::new(&ana, 1), Device::new(&eva, 2));
    let document = laptop.create(DOCUMENT, authority);
    answer_everything(&mut laptop, document);
    let long = [
        (request::CONTEXT_AND_PROBLEM, 3_900),
        (request::LEGAL_AND_POLICY_FRAMEWORK, 2_900),
        (request::EXPECTED_RESULTS, 2_900),
        (request::GAP_INDIVIDUAL, 1_900),
        (request::GAP_ORGANISATIONAL, 1_900),
        (request::GAP_ENABLING, 1_900),
        (request::EXPERTISE_PROFILE, 1_900),
    ];
    for (field, chars) in long {
        laptop.type_at(document, field, 0, &"🦊".repeat(chars));
    }
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    server.kill();
    server.start_again().await;
    office.sync(&server).await.expect("received");
    let kept = office.sees(Scope::internal(document)).versions;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].answers, to_bytes(&laptop.sees(Scope::shared(document)).answers()));
    assert!(kept[0].answers.len() > PAYLOAD_BYTES_MAX);
}
