//! Journeys through the real front door, told as sentences about people and devices.

use shared::check::{Severity, check};
use shared::form::assessment::{Assessment, Finding, Outcome};
use shared::forms::request;
use shared::forms::request::assessment::RuleId;
use shared::forms::request::workflow::{DRAFT, RECEIVED, REGISTER, REGISTERED, RETURN, RETURNED, SUBMIT};
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::{Body, Remark, Reply, Settle, from_bytes, to_bytes};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::rows::ObjectStore;
use shared::value::{Date, Target, Value};
use tests::device::{Device, Missed};
use tests::server::{Person, TestServer};

mod journeys {
    mod late;
    mod much;
}

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
    laptop.ask(document, SUBMIT, None, Vec::new());
    assert_eq!(laptop.sync(&server).await, Err(Missed::Offline));
    assert!(laptop.unsent() > 0, "everything waits on the device");

    server.start_again().await;
    laptop.sync(&server).await.unwrap();
    let seen = laptop.sees(Scope::shared(document));
    assert_eq!(seen.state, RECEIVED);
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

    office.ask(document, RETURN, Some("Please answer the remark."), vec![written[0].id]);
    office.sync(&server).await.unwrap();
    laptop.sync(&server).await.unwrap();
    let returned = laptop.sees(Scope::shared(document));
    assert_eq!(returned.state, RETURNED);
    let (remark, thread) = returned.threads.iter().next().expect("the remark came along");
    assert_eq!((thread.text.as_str(), thread.mark.author), ("Which services?", eva.actor.person));

    let reply = Reply { remark: *remark, text: "The immigration services.".to_owned() };
    laptop.write(vec![(Scope::shared(document), Body::Reply(reply))]);
    laptop.set(document, Target::of(request::TITLE), title("Kenya II: migration data, immigration services"));
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.unwrap();
    office.sync(&server).await.unwrap();
    let internal = office.sees(Scope::internal(document));
    assert_eq!(internal.versions.len(), 2, "staff can compare what they read with what came back");

    office.write(vec![(Scope::shared(document), Body::Settle(Settle { remark: *remark, settled: true }))]);
    office.ask(document, REGISTER, None, Vec::new());
    office.sync(&server).await.unwrap();
    laptop.sync(&server).await.unwrap();
    let registered = laptop.sees(Scope::shared(document));
    assert_eq!((registered.state, registered.reference()), (REGISTERED, Some("2026-01")));
    assert!(registered.threads.get(remark).is_some_and(|thread| thread.settled.is_some()));
}

/// The second of a year, whoever asks, whatever it was opened as.
#[tokio::test]
async fn each_request_that_is_registered_gets_the_next_number_of_the_year() {
    let Cast { server, authority, ana, eva, .. } = cast().await;
    let (mut laptop, mut office) = (Device::new(&ana, 1), Device::new(&eva, 2));
    for (number, expected) in [(11, "2026-01"), (12, "2026-02"), (13, "2026-03")] {
        let document = laptop.create([number; 16], authority);
        answer_everything(&mut laptop, document);
        laptop.ask(document, SUBMIT, None, Vec::new());
        laptop.sync(&server).await.unwrap();
        office.sync(&server).await.unwrap();
        office.ask(document, REGISTER, None, Vec::new());
        office.sync(&server).await.unwrap();
        assert_eq!(office.sees(Scope::shared(document)).reference(), Some(expected));
    }
}

/// Whoever gets a request back reads why: in words on the whole, or in a remark.
#[tokio::test]
async fn a_request_is_not_sent_back_without_a_word() {
    let Cast { server, authority, ana, eva, .. } = cast().await;
    let (mut laptop, mut office) = (Device::new(&ana, 1), Device::new(&eva, 2));
    let document = laptop.create(DOCUMENT, authority);
    answer_everything(&mut laptop, document);
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.unwrap();
    office.sync(&server).await.unwrap();
    for silence in [None, Some(" \n")] {
        office.ask(document, RETURN, silence, Vec::new());
        office.sync(&server).await.unwrap();
    }
    assert_eq!(office.state(document), RECEIVED);
    let reasons: Vec<_> = office.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!(reasons, [Some(Reason::ReasonMissing); 2]);
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
async fn a_submit_of_text_nobody_read_is_answered_with_the_change() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.set(document, Target::of(request::TITLE), title("Another title"));
    phone.sync(&server).await.unwrap();
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.unwrap();

    assert_eq!(laptop.state(document), DRAFT);
    assert_eq!(
        laptop.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect::<Vec<_>>(),
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
    let reasons: Vec<_> = stranger.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!(reasons, [Some(Reason::NotYours), Some(Reason::NotYours)]);
    assert!(!stranger.disk.keys().any(|(object_store, _)| *object_store == ObjectStore::Documents));
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
    // A request like any other, and behind it, where a newer client's fields would stand, lists in lists without end.
    let good = to_bytes(&Device::new(&ana, 1).offer().expect("set up"));
    let nulls = vec![0xf6; 31 - usize::from(good[0] - 0x80)];
    let behind = [&[0x98, 32], &good[1..], &nulls, &deep, &[0x80]].concat();
    let many = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let bodies: [&[u8]; 7] = [b"", b"{}", &[0xff; 64], &deep, &behind, &[0xbf], &many];
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

/// Staff open requests for a partner, and may name an authority that is not there (any more).
#[tokio::test]
async fn a_request_opened_for_an_unknown_authority_is_put_aside_alone() {
    let Cast { server, authority, eva, .. } = cast().await;
    let mut office = Device::new(&eva, 2);
    office.create([9; 16], AuthorityId(0));
    let known = office.create(DOCUMENT, authority);
    office.set(known, Target::of(request::TITLE), title("Opened for a partner"));
    office.sync(&server).await.expect("nobody is asked to come back");
    let reasons: Vec<_> = office.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!((office.unsent(), reasons), (0, vec![Some(Reason::NotPermitted)]));
    assert_eq!(office.documents(), [known]);
}

#[tokio::test]
async fn a_second_request_on_a_theme_already_being_helped_is_marked_for_staff() {
    let Cast { server, authority, ana, eva, .. } = cast().await;
    let (mut laptop, mut office) = (Device::new(&ana, 1), Device::new(&eva, 2));
    for (id, expected) in [(1, (Outcome::Passes, Vec::new())), (2, (Outcome::Warns, vec!["2026-01".to_owned()]))] {
        let document = laptop.create([id; 16], authority);
        answer_everything(&mut laptop, document);
        laptop.ask(document, SUBMIT, None, Vec::new());
        laptop.sync(&server).await.expect("submitted");
        office.sync(&server).await.expect("received");
        let versions = office.sees(Scope::internal(document)).versions;
        let assessment: Assessment = from_bytes(&versions[0].assessment).expect("the server's judgement");
        let of_rule = |finding: &&Finding| finding.rule == RuleId::E6 as u8;
        let found = assessment.findings.iter().find(of_rule).expect("every rule finds something");
        assert_eq!((found.outcome, found.values.clone()), expected);
        office.ask(document, REGISTER, None, Vec::new());
        office.sync(&server).await.expect("registered");
    }
}
