//! Journeys through the real front door, told as sentences about people and devices.

use shared::check::{Severity, check};
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::{Body, Delete, Insert, PAYLOAD_BYTES_MAX, Remark, Reply, Settle, to_bytes};
use shared::sync::admission::Reason;
use shared::sync::rows::{Durability, Shelf, Writes};
use shared::sync::wire;
use shared::value::{Date, Target, Value};
use shared::workflow::{Action, Role, State};
use tests::device::{Device, Missed, ROUNDS_MAX};
use tests::server::{Person, TestServer};

const DOCUMENT: [u8; 16] = [7; 16];

struct Cast {
    server: TestServer,
    authority: AuthorityId,
    ana: Person,
    ben: Person,
    eva: Person,
}

/// Ana and Ben write for one authority, Eva is staff.
async fn cast() -> Cast {
    let server = TestServer::start().await;
    let authority = server.db_authority("Immigration Services", "KE").await;
    let ana = server.db_person("ana", Role::FocalPoint, Some(authority)).await;
    let ben = server.db_person("ben", Role::FocalPoint, Some(authority)).await;
    let eva = server.db_person("eva", Role::ProjectOfficer, None).await;
    Cast { server, authority, ana, ben, eva }
}

/// Ana's laptop and Ben's phone both hold the same draft, complete.
async fn a_complete_draft_on_two_devices() -> (TestServer, Device, Device, DocumentId) {
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let document = laptop.create(DOCUMENT, authority);
    answer_everything(&mut laptop, document);
    for device in [&mut laptop, &mut phone] {
        assert!(device.sync(&server).await.is_ok());
    }
    (server, laptop, phone, document)
}

fn title(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Answers what the checks still ask for, as a patient person would.
fn answer_everything(device: &mut Device, document: DocumentId) {
    tests::answers::complete(device, document, 2026);
    let problems =
        check(&request::FORM, &device.sees(Scope::shared(document)).answers(), Date { year: 2026, month: 3, day: 1 });
    let blocking: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Blocks).collect();
    assert!(blocking.is_empty(), "{blocking:?}");
}

#[tokio::test]
async fn a_request_written_offline_is_sent_reviewed_corrected_and_registered() {
    let Cast { mut server, authority, ana, eva, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    server.kill();
    let document = laptop.create(DOCUMENT, authority);
    answer_everything(&mut laptop, document);
    laptop.ask(document, Action::Submit, None, Vec::new());
    assert_eq!(laptop.sync(&server).await, Err(Missed::Offline));
    assert!(laptop.unsent() > 0, "everything waits on the device");

    server.start_again().await;
    laptop.sync(&server).await.unwrap();
    let seen = laptop.sees(Scope::shared(document));
    assert_eq!(seen.state, State::Received);
    assert!(seen.receipt().is_some_and(|receipt| receipt.starts_with("R-2603-")));

    let mut office = Device::new(&eva, 2);
    office.sync(&server).await.unwrap();
    let remark = Remark {
        target: Some(Target::of(request::TITLE)),
        text: "Which services?".to_owned(),
        internal: false,
        published_from: None,
        written_by: None,
    };
    let written = office.write(vec![(Scope::internal(document), Body::Remark(remark))]);
    office.sync(&server).await.unwrap();
    laptop.sync(&server).await.unwrap();
    assert!(laptop.sees(Scope::shared(document)).threads.is_empty(), "a remark not yet sent is staff's own");

    office.ask(document, Action::Return, Some("Please answer the remark."), vec![written[0].id]);
    office.sync(&server).await.unwrap();
    laptop.sync(&server).await.unwrap();
    let returned = laptop.sees(Scope::shared(document));
    assert_eq!(returned.state, State::Returned);
    let (remark, thread) = returned.threads.iter().next().expect("the remark came along");
    assert_eq!((thread.text.as_str(), thread.mark.author), ("Which services?", eva.actor.person));

    let reply = Reply { remark: *remark, text: "The immigration services.".to_owned() };
    laptop.write(vec![(Scope::shared(document), Body::Reply(reply))]);
    laptop.set(document, Target::of(request::TITLE), title("Kenya II: migration data, immigration services"));
    laptop.ask(document, Action::Submit, None, Vec::new());
    laptop.sync(&server).await.unwrap();
    office.sync(&server).await.unwrap();
    let internal = office.sees(Scope::internal(document));
    assert_eq!(internal.versions.len(), 2, "staff can compare what they read with what came back");

    office.write(vec![(Scope::shared(document), Body::Settle(Settle { remark: *remark, settled: true }))]);
    office.ask(document, Action::Register, None, Vec::new());
    office.sync(&server).await.unwrap();
    laptop.sync(&server).await.unwrap();
    let registered = laptop.sees(Scope::shared(document));
    assert_eq!((registered.state, registered.reference()), (State::Registered, Some("2026-01")));
    assert!(registered.threads.get(remark).is_some_and(|thread| thread.settled.is_some()));
}

#[tokio::test]
async fn two_people_writing_offline_keep_every_word_and_are_shown_two_answers() {
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let document = laptop.create(DOCUMENT, authority);
    laptop.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Data are kept. They are not shared.");
    laptop.sync(&server).await.unwrap();
    phone.sync(&server).await.unwrap();

    laptop.set(document, Target::of(request::TITLE), title("Migration data"));
    laptop.type_at(document, request::CONTEXT_AND_PROBLEM, 14, " On paper.");
    let here = laptop.add_item(document, request::PROPOSED_ACTIVITIES).unwrap();
    phone.set(document, Target::of(request::TITLE), title("Data on migration"));
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 35, " Nobody may see them.");
    let there = phone.add_item(document, request::PROPOSED_ACTIVITIES).unwrap();
    for device in [&mut laptop, &mut phone] {
        device.sync(&server).await.unwrap();
    }
    laptop.sync(&server).await.unwrap();

    let seen = laptop.sees(Scope::shared(document));
    assert_eq!(seen, phone.sees(Scope::shared(document)));
    let prose = seen.prose(Target::of(request::CONTEXT_AND_PROBLEM)).unwrap();
    assert_eq!(prose.text(), "Data are kept. On paper. They are not shared. Nobody may see them.");
    let answers = seen.register(Target::of(request::TITLE)).unwrap().answers();
    assert_eq!(answers.len(), 2, "two answers, neither overwritten");
    let mut items = seen.answers().items(request::PROPOSED_ACTIVITIES).to_vec();
    items.sort();
    let mut both = vec![here, there];
    both.sort();
    assert_eq!(items, both);

    phone.set(document, Target::of(request::TITLE), title("Migration data in Kenya"));
    phone.sync(&server).await.unwrap();
    laptop.sync(&server).await.unwrap();
    assert!(!laptop.sees(Scope::shared(document)).register(Target::of(request::TITLE)).unwrap().unsettled());
}

#[tokio::test]
async fn an_edit_that_arrives_after_submission_is_parked_where_its_author_sees_it() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Late words. ");
    laptop.ask(document, Action::Submit, None, Vec::new());
    laptop.sync(&server).await.unwrap();
    phone.sync(&server).await.unwrap();

    let parked = phone.own(Shelf::Parked);
    assert_eq!(parked.len(), 1, "not applied, not lost");
    assert_eq!(Reason::from_number(parked[0].reason), Some(Reason::Locked));
}

#[tokio::test]
async fn a_submit_of_text_nobody_read_is_answered_with_the_change() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.set(document, Target::of(request::TITLE), title("Another title"));
    phone.sync(&server).await.unwrap();
    laptop.ask(document, Action::Submit, None, Vec::new());
    laptop.sync(&server).await.unwrap();

    assert_eq!(laptop.state(document), State::Draft);
    assert_eq!(
        laptop.own(Shelf::Parked).iter().map(|own| Reason::from_number(own.reason)).collect::<Vec<_>>(),
        [Some(Reason::ContentChanged)]
    );
}

#[tokio::test]
async fn a_stranger_learns_nothing_of_a_document_and_changes_nothing() {
    let Cast { server, authority, ana, .. } = cast().await;
    let other = server.db_authority("Ministry of Youth", "NE").await;
    let cem = server.db_person("cem", Role::FocalPoint, Some(other)).await;
    let (mut laptop, mut stranger) = (Device::new(&ana, 1), Device::new(&cem, 2));
    let document = laptop.create(DOCUMENT, authority);
    laptop.sync(&server).await.unwrap();

    stranger.set(document, Target::of(request::TITLE), title("Mine now"));
    stranger.create(DOCUMENT, other);
    stranger.sync(&server).await.unwrap();
    let reasons: Vec<_> = stranger.own(Shelf::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!(reasons, [Some(Reason::NotYours), Some(Reason::NotYours)]);
    assert!(!stranger.disk.keys().any(|(shelf, _)| *shelf == Shelf::Documents));
}

#[tokio::test]
async fn an_expired_session_leaves_the_work_where_it_is() {
    let Cast { server, authority, ana, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    laptop.create(DOCUMENT, authority);
    laptop.person.cookie = "relais=expired".to_owned();
    assert_eq!(laptop.sync(&server).await, Err(Missed::SignedOut));
    assert_eq!(laptop.unsent(), 1);
    laptop.person.cookie = server.db_session("ana").await;
    laptop.sync(&server).await.unwrap();
    assert_eq!(laptop.unsent(), 0);
}

#[tokio::test]
async fn nonsense_is_refused_in_a_typed_way_and_never_with_a_500() {
    let Cast { server, ana, .. } = cast().await;
    let deep = [0x81; 100_000];
    let bodies: [&[u8]; 6] =
        [b"", b"{}", &[0xff; 64], &deep, &[0xbf], &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]];
    for body in bodies {
        let answer = server.post_sync(&ana.cookie, body.to_vec()).await.unwrap();
        assert_eq!(answer.status.as_u16(), 400, "{:?}", &body[..body.len().min(8)]);
        assert!(String::from_utf8_lossy(&answer.body).contains("malformed"));
    }
}

#[tokio::test]
async fn another_persons_session_neither_sends_nor_fills_this_store() {
    let Cast { server, authority, ana, eva, .. } = cast().await;
    let mut laptop = Device::new(&ana, 1);
    laptop.create(DOCUMENT, authority);
    laptop.person.cookie.clone_from(&eva.cookie);
    assert_eq!(laptop.sync(&server).await, Err(Missed::SignedOut));
    assert_eq!(laptop.unsent(), 1, "it waits for its own person");

    laptop.person.cookie.clone_from(&ana.cookie);
    laptop.sync(&server).await.unwrap();
    let author = laptop.sees(Scope::shared(DocumentId(DOCUMENT))).created.map(|mark| mark.author);
    assert_eq!(author, Some(ana.actor.person));
}

/// A new device gets its files whole, without the operations they came from: it counts on from the greatest
/// time in them all the same, or its words would stand behind those that were there.
#[tokio::test]
async fn a_word_put_into_a_text_that_came_whole_stands_where_it_was_put() {
    let Cast { server, authority, ana, ben, .. } = cast().await;
    let (mut laptop, mut phone) = (Device::new(&ana, 1), Device::new(&ben, 2));
    let document = laptop.create(DOCUMENT, authority);
    laptop.type_at(document, request::OBJECTIVES, 0, "One three. Four. Five. Six.");
    laptop.sync(&server).await.expect("sent");
    phone.sync(&server).await.expect("received whole");
    phone.type_at(document, request::OBJECTIVES, 4, "two ");
    let text = |device: &Device| {
        let seen = device.sees(Scope::shared(document));
        seen.prose(Target::of(request::OBJECTIVES)).map(|prose| prose.text()).unwrap_or_default()
    };
    assert_eq!(text(&phone), "One two three. Four. Five. Six.");
    phone.sync(&server).await.expect("sent");
    laptop.sync(&server).await.expect("received");
    assert_eq!(text(&laptop), text(&phone));
}

fn shared_documents(device: &Device) -> usize {
    device.disk.keys().filter(|(shelf, _)| *shelf == Shelf::Documents).count()
}

/// What the office knows has changed, and something too long for one reply has come in: both arrive.
#[tokio::test]
async fn an_office_that_was_away_gets_what_is_new_and_what_changed_however_much_it_is() {
    let Cast { server, authority, ana, eva, .. } = cast().await;
    let (mut laptop, mut office, mut colleague) = (Device::new(&ana, 1), Device::new(&eva, 2), Device::new(&eva, 3));
    let known = laptop.create(DOCUMENT, authority);
    answer_everything(&mut laptop, known);
    laptop.ask(known, Action::Submit, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    office.sync(&server).await.expect("received");

    colleague.sync(&server).await.expect("received");
    colleague.ask(known, Action::Register, None, Vec::new());
    colleague.sync(&server).await.expect("registered");
    for number in 0..3 {
        let new = laptop.create([20 + number; 16], authority);
        answer_everything(&mut laptop, new);
        for gap in [request::GAP_INDIVIDUAL, request::GAP_ORGANISATIONAL, request::GAP_ENABLING] {
            laptop.type_at(new, gap, 0, &"🦊".repeat(1_800));
        }
        laptop.ask(new, Action::Submit, None, Vec::new());
        laptop.sync(&server).await.expect("submitted");
        assert_eq!(laptop.state(new), State::Received);
    }
    colleague.sync(&server).await.expect("received");
    colleague.ask(known, Action::Assess, None, Vec::new());
    colleague.sync(&server).await.expect("being assessed");

    office.pull_bytes = 16 * 1024;
    let rounds = office.sync(&server).await.expect("received");
    let head = server.server().ledger.look(|committed| committed.head);
    assert_eq!(office.identity().map(|identity| identity.cursor), Some(head), "after {rounds} rounds");
    assert!(rounds < ROUNDS_MAX);
    assert_eq!(office.state(known), State::UnderAssessment);
    assert_eq!(office.documents().len(), 4);
    for document in office.documents() {
        let scope = Scope::shared(document);
        assert_eq!(office.sees(scope).answers(), laptop.sees(scope).answers());
    }
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
    assert!(laptop.own(Shelf::Parked).is_empty());
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
    let written: usize = laptop.own(Shelf::Outbox).iter().map(|own| own.op.payload.len()).sum();
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
    let parked: Vec<_> = laptop.own(Shelf::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!(parked, [Some(Reason::TooLarge); 3], "two of five pieces had room");

    laptop.ask(document, Action::Withdraw, None, Vec::new());
    laptop.sync(&server).await.expect("sent");
    assert_eq!(laptop.state(document), State::Withdrawn);
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
    laptop.ask(document, Action::Submit, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    server.kill();
    server.start_again().await;
    office.sync(&server).await.expect("received");
    let kept = office.sees(Scope::internal(document)).versions;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].answers, to_bytes(&laptop.sees(Scope::shared(document)).answers()));
    assert!(kept[0].answers.len() > PAYLOAD_BYTES_MAX);
}

/// Ben’s late words wait beside the request; before they are taken in after all he has gone elsewhere.
#[tokio::test]
async fn late_words_of_someone_who_left_the_authority_are_not_taken_in_after_all() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Late words. ");
    laptop.ask(document, Action::Submit, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    phone.sync(&server).await.expect("parked");
    let late = phone.own(Shelf::Parked)[0].op.id;
    let elsewhere = server.db_authority("Ministry of Youth", "NE").await;
    let mut write = server.server().store.write().await.expect("writable");
    sqlx::query("UPDATE person SET authority = ? WHERE login = 'ben'")
        .bind(elsewhere.0)
        .execute(&mut *write)
        .await
        .expect("moved");
    write.commit().await.expect("committed");

    let eva = server.db_person("eva2", Role::ProjectOfficer, None).await;
    let mut office = Device::new(&eva, 3);
    office.sync(&server).await.expect("received");
    office.ask(document, Action::Adopt, None, vec![late]);
    office.sync(&server).await.expect("judged");
    let text = office.sees(Scope::shared(document)).answers().text(Target::of(request::CONTEXT_AND_PROBLEM)).to_owned();
    assert!(!text.starts_with("Late words."), "{text}");
}
