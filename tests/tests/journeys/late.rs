//! What a person wrote that arrives after the request has left: put aside, shown, applied after all.

use shared::forms::request;
use shared::forms::request::workflow::{ADOPT, RETURN, SUBMIT};
use shared::ids::{DocumentId, Scope, Side};
use shared::op::{Body, Insert, Settle};
use shared::role::Role;
use shared::sync::admission::Reason;
use shared::sync::rows::{Fetch, ObjectStore};
use shared::value::Target;
use tests::device::Device;
use tests::server::TestServer;

use crate::{a_complete_draft_on_two_devices, title};

#[tokio::test]
async fn an_edit_that_arrives_after_submission_is_parked_where_its_author_sees_it() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Late words. ");
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.unwrap();
    phone.sync(&server).await.unwrap();

    let parked = phone.own(ObjectStore::Parked);
    assert_eq!(parked.len(), 1, "not applied, not lost");
    assert_eq!(Reason::from_number(parked[0].reason), Some(Reason::Locked));
}

/// Staff read what was submitted and send it back.
async fn is_sent_back(server: &TestServer, document: DocumentId) {
    let mut office = Device::new(&server.db_person("staff", Role::ProjectOfficer, None).await, 3);
    office.sync(server).await.expect("received");
    office.ask(document, RETURN, Some("Please look again."), Vec::new());
    office.sync(server).await.expect("sent back");
}

#[tokio::test]
async fn an_activity_added_too_late_is_applied_after_all_with_what_was_written_in_it() {
    for whole_first in [true, false] {
        let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
        let item = phone.add_item(document, request::PROPOSED_ACTIVITIES).expect("an activity");
        let target = Target::in_item(item, request::ACTIVITY_TOPIC);
        let topic = phone.set(document, target, title("Border data")).expect("its topic");
        laptop.ask(document, SUBMIT, None, Vec::new());
        laptop.sync(&server).await.expect("submitted");
        phone.sync(&server).await.expect("too late");
        let reasons: Vec<_> =
            phone.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
        assert_eq!(reasons, [Some(Reason::Locked), Some(Reason::Locked)]);

        is_sent_back(&server, document).await;
        phone.sync(&server).await.expect("open again");
        for id in if whole_first { [item, topic] } else { [topic, item] } {
            phone.ask(document, ADOPT, None, vec![id]);
        }
        phone.sync(&server).await.expect("applied");
        assert_eq!(phone.sees(Scope::shared(document)).answers().text(target), "Border data");
        assert_eq!((phone.unsent(), phone.own(ObjectStore::Parked).len()), (0, 0));
    }
}

#[tokio::test]
async fn a_confidential_word_that_came_too_late_is_applied_after_all_by_its_writer_alone() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    let note = Scope { document, side: Side::Note(phone.person.actor.person) };
    let target = Target::of(request::SENSITIVITIES);
    let word = Insert { target, after: None, text: "Between us.".to_owned() };
    let late = phone.write(vec![(note, Body::Insert(word))])[0].id;
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    phone.sync(&server).await.expect("too late");
    is_sent_back(&server, document).await;

    laptop.sync(&server).await.expect("open again");
    laptop.ask(document, ADOPT, None, vec![late]);
    laptop.sync(&server).await.expect("answered");
    let answered: Vec<_> = laptop.own(ObjectStore::Parked).iter().map(|own| Reason::from_number(own.reason)).collect();
    assert_eq!(answered, [Some(Reason::NoSuchItem)], "a colleague learns nothing of it");

    phone.sync(&server).await.expect("open again");
    phone.ask(document, ADOPT, None, vec![late]);
    phone.sync(&server).await.expect("applied");
    assert_eq!(phone.sees(note).answers().text(target), "Between us.");
    assert!(phone.own(ObjectStore::Parked).is_empty());
}

#[tokio::test]
async fn late_words_are_shown_to_staff_with_their_reason_and_can_be_applied_by_them() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    let mut office = Device::new(&server.db_person("eva2", Role::ProjectOfficer, None).await, 3);
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    office.sync(&server).await.expect("read by staff");
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Late words. ");
    phone.set(document, Target::of(request::TITLE), title("Late title"));
    phone.sync(&server).await.expect("too late");
    office.sync(&server).await.expect("told");
    laptop.sync(&server).await.expect("told nothing");

    let aside = |device: &Device| device.sees(Scope::internal(document)).parked.unwrap_or_default();
    let told = aside(&office);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|aside| Reason::from_number(aside.reason) == Some(Reason::Locked)));
    assert!(told.iter().all(|aside| aside.entry.author == phone.person.actor.person && aside.entry.received_ms > 0));
    assert!(matches!(told[0].entry.op.body(), Ok(Body::Insert(insert)) if insert.text == "Late words. "));
    let names = office.read(&[Fetch::All(ObjectStore::People)]);
    assert!(names.get(ObjectStore::People, &phone.person.actor.person.0.to_be_bytes()).is_some(), "and by whom");
    assert!(aside(&laptop).is_empty(), "a colleague is told nothing");

    office.ask(document, ADOPT, None, vec![told[0].entry.op.id]);
    let left = Settle { remark: told[1].entry.op.id, settled: true };
    office.write(vec![(Scope::internal(document), Body::Settle(left))]);
    for device in [&mut office, &mut phone, &mut laptop] {
        device.sync(&server).await.expect("told");
        assert!(context(device, document).starts_with("Late words. "));
    }
    assert_eq!((aside(&office), office.own(ObjectStore::Parked)), (Vec::new(), Vec::new()), "both are dealt with");
    let kept: Vec<_> = phone.own(ObjectStore::Parked).iter().map(|own| own.op.id).collect();
    assert_eq!(kept, [told[1].entry.op.id], "what staff left stays with its author");
}

#[tokio::test]
async fn what_the_partner_applies_is_no_longer_shown_to_staff_as_put_aside() {
    let (server, _, mut phone, document) = late_words_on_a_phone().await;
    let mut office = Device::new(&server.db_person("eva2", Role::ProjectOfficer, None).await, 4);
    let aside = |device: &Device| device.sees(Scope::internal(document)).parked.unwrap_or_default().len();
    office.sync(&server).await.expect("given whole");
    assert_eq!(aside(&office), 1);
    phone.sync(&server).await.expect("open again");
    let late = phone.own(ObjectStore::Parked)[0].op.id;
    phone.ask(document, ADOPT, None, vec![late]);
    phone.sync(&server).await.expect("applied");
    office.sync(&server).await.expect("told");
    assert_eq!(aside(&office), 0);
}

/// Ben's phone with late words put aside, the request being open again.
async fn late_words_on_a_phone() -> (TestServer, Device, Device, DocumentId) {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Late words. ");
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    phone.sync(&server).await.expect("too late");
    is_sent_back(&server, document).await;
    (server, laptop, phone, document)
}

fn context(device: &Device, document: DocumentId) -> String {
    device.sees(Scope::shared(document)).answers().text(Target::of(request::CONTEXT_AND_PROBLEM)).to_owned()
}

#[tokio::test]
async fn applied_words_leave_the_shelf_of_a_device_that_took_another_name_meanwhile() {
    let (server, _, mut phone, document) = late_words_on_a_phone().await;
    let mut copy = Device { next_name: 77, ..phone.clone() };
    for (device, text) in [(&mut phone, "Phone"), (&mut copy, "Copy")] {
        device.set(document, Target::of(request::TITLE), title(text));
        device.sync(&server).await.expect("sent");
    }
    assert_ne!(copy.identity().map(|row| row.replica), phone.identity().map(|row| row.replica), "a copy is renamed");
    let late = copy.own(ObjectStore::Parked)[0].op.id;
    copy.ask(document, ADOPT, None, vec![late]);
    copy.sync(&server).await.expect("applied");
    phone.sync(&server).await.expect("received");
    for device in [&phone, &copy] {
        assert!(context(device, document).starts_with("Late words. "));
        assert!(device.own(ObjectStore::Parked).is_empty(), "nothing is put aside that is in the request");
    }
}

#[tokio::test]
async fn applied_words_leave_the_shelf_of_a_device_that_is_given_the_request_whole() {
    let (server, mut laptop, mut phone, document) = late_words_on_a_phone().await;
    let late = phone.own(ObjectStore::Parked)[0].op.id;
    laptop.sync(&server).await.expect("open again");
    laptop.ask(document, ADOPT, None, vec![late]);
    laptop.sync(&server).await.expect("applied by a colleague");
    phone.forget_place();
    phone.sync(&server).await.expect("loaded anew");
    assert!(context(&phone, document).starts_with("Late words. "));
    assert!(phone.own(ObjectStore::Parked).is_empty(), "nothing is put aside that is in the request");
}

/// Ben’s late words wait beside the request; before they are taken in after all he has gone elsewhere.
#[tokio::test]
async fn late_words_of_someone_who_left_the_authority_are_not_taken_in_after_all() {
    let (server, mut laptop, mut phone, document) = a_complete_draft_on_two_devices().await;
    phone.type_at(document, request::CONTEXT_AND_PROBLEM, 0, "Late words. ");
    laptop.ask(document, SUBMIT, None, Vec::new());
    laptop.sync(&server).await.expect("submitted");
    phone.sync(&server).await.expect("parked");
    let late = phone.own(ObjectStore::Parked)[0].op.id;
    let remote = server.db_authority("Ministry of Youth", "NE").await;
    let mut write = server.server().store.write().await.expect("writable");
    sqlx::query("UPDATE person SET authority = ? WHERE login = 'ben'")
        .bind(remote.0)
        .execute(&mut *write)
        .await
        .expect("moved");
    write.commit().await.expect("committed");

    let eva = server.db_person("eva2", Role::ProjectOfficer, None).await;
    let mut office = Device::new(&eva, 3);
    office.sync(&server).await.expect("received");
    office.ask(document, ADOPT, None, vec![late]);
    office.sync(&server).await.expect("judged");
    let text = office.sees(Scope::shared(document)).answers().text(Target::of(request::CONTEXT_AND_PROBLEM)).to_owned();
    assert!(!text.starts_with("Late words."), "{text}");
}
