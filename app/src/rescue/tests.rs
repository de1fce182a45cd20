//! Work carried by hand arrives once, whoever comes to the server first.

use shared::forms::request;
use shared::ids::{Scope, Side};
use shared::op::{Body, Insert};
use shared::sync::admission::Reason;
use shared::value::Target;

use super::*;
use crate::storage::memory::MemoryStore;
use crate::sync::tests::{COLLEAGUE, Device, FILE, Line, PERSON, Standin, device};

mod chance;

const TEXT: &str = "Written on the failing laptop. ";

/// A device with unsent work that the server has never seen.
async fn laptop(server: &Standin) -> Device {
    let laptop = device(MemoryStore::new(), 1, server.clone()).await;
    laptop.create().await;
    laptop.title("Border statistics").await;
    laptop.type_at_start(TEXT).await;
    laptop
}

async fn save(device: &Device) -> Vec<u8> {
    export(&device.store, 5_000).await.expect("a file")
}

async fn take(device: &Device, file: &[u8]) -> Imported {
    import(&device.store, file).await.expect("taken in")
}

/// Writes into the note that only its author and staff read.
async fn note(device: &Device, text: &str) {
    let scope = Scope { document: FILE, side: Side::Note(PERSON) };
    let insert = Insert { target: Target::of(request::SENSITIVITIES), after: None, text: text.to_owned() };
    device.repository.write(vec![(scope, Body::Insert(insert))], 500).await.expect("saved");
}

/// Types more at the start, then checks that everything is there once for everybody.
async fn all_once(devices: &mut [&mut Device], texts: &[&str]) {
    for _ in 0..3 {
        for device in devices.iter_mut() {
            device.sync().await;
        }
    }
    for (number, device) in devices.iter().enumerate() {
        assert_eq!(device.unsent().await, 0, "device {number}");
        let text = device.text().await;
        for wanted in texts {
            assert_eq!(text.matches(wanted).count(), 1, "device {number} reads: {text}");
        }
        assert_eq!(device.listed_title().await, "Border statistics");
        assert_eq!(device.repository.files().await.expect("listed").len(), 1);
    }
}

#[tokio::test]
async fn a_file_taken_in_twice_by_its_author_arrives_once() {
    let server = Standin::new(PERSON);
    let laptop = laptop(&server).await;
    let mut phone = device(MemoryStore::new(), 2, server.clone()).await;
    let file = save(&laptop).await;
    assert_eq!(take(&phone, &file).await, Imported { taken: 3, known: 0 });
    assert_eq!(take(&phone, &file).await, Imported { taken: 0, known: 3 });
    assert_eq!(phone.listed_title().await, "Border statistics");
    phone.type_at_start("Added on the phone. ").await;
    all_once(&mut [&mut phone], &[TEXT, "Added on the phone. "]).await;
    assert_eq!(take(&phone, &file).await, Imported { taken: 0, known: 3 });
    all_once(&mut [&mut phone], &[TEXT, "Added on the phone. "]).await;
}

#[tokio::test]
async fn the_laptop_comes_back_after_its_file_was_taken_in() {
    for laptop_first in [false, true] {
        let server = Standin::new(PERSON);
        let mut laptop = laptop(&server).await;
        let mut phone = device(MemoryStore::new(), 2, server.clone()).await;
        let file = save(&laptop).await;
        laptop.type_at_start("Typed after the export. ").await;
        if laptop_first {
            laptop.sync().await;
        }
        take(&phone, &file).await;
        all_once(&mut [&mut phone, &mut laptop], &[TEXT, "Typed after the export. "]).await;
    }
}

#[tokio::test]
async fn the_laptop_has_sent_part_of_it_before_the_file_is_taken_in() {
    let server = Standin::new(PERSON);
    let mut laptop = laptop(&server).await;
    let mut phone = device(MemoryStore::new(), 2, server.clone()).await;
    let file = save(&laptop).await;
    server.set(Line::ReplyLost);
    laptop.driver.round(shared::ids::ReplicaId(77)).await.expect_err("the reply is lost");
    server.set(Line::Up);
    take(&phone, &file).await;
    all_once(&mut [&mut phone, &mut laptop], &[TEXT]).await;
}

#[tokio::test]
async fn a_file_is_only_taken_in_whole_and_by_its_writer() {
    let server = Standin::new(PERSON);
    let laptop = laptop(&server).await;
    let file = save(&laptop).await;
    let colleague = device(MemoryStore::new(), 3, server.of(COLLEAGUE)).await;
    assert_eq!(import(&colleague.store, &file).await, Err(Refused::NotYours.into()));
    assert_eq!(import(&laptop.store, b"%PDF-1.7 something").await, Err(Refused::NotARescueFile.into()));
    for end in 8..file.len() {
        assert_eq!(import(&laptop.store, &file[..end]).await, Err(Refused::Damaged.into()), "cut at {end}");
    }
    let mut changed = file.clone();
    changed[20] ^= 1;
    assert_eq!(import(&laptop.store, &changed).await, Err(Refused::Damaged.into()));
    assert_eq!(take(&laptop, &file).await, Imported { taken: 0, known: 3 });
}

#[tokio::test]
async fn a_profile_put_back_to_an_earlier_day_takes_its_own_file_in() {
    let server = Standin::new(PERSON);
    let mut laptop = device(MemoryStore::new(), 1, server.clone()).await;
    laptop.create().await;
    laptop.title("Border statistics").await;
    let earlier = laptop.store.snapshot();
    laptop.type_at_start(TEXT).await;
    let file = save(&laptop).await;
    laptop.store.restore(earlier);
    assert_eq!(take(&laptop, &file).await, Imported { taken: 1, known: 2 });
    all_once(&mut [&mut laptop], &[TEXT]).await;
}

/// A file of a laptop that is put back to the day before, writes something else and sends it.
async fn file_that_the_server_takes_for_a_copy(laptop: &mut Device, text: &str) -> Vec<u8> {
    let earlier = laptop.store.snapshot();
    laptop.type_at_start(text).await;
    let file = save(laptop).await;
    laptop.store.restore(earlier);
    laptop.type_at_start("Since. ").await;
    laptop.sync().await;
    file
}

#[tokio::test]
async fn two_devices_of_one_person_that_wrote_at_the_same_time_keep_both_texts() {
    let server = Standin::new(PERSON);
    let mut laptop = laptop(&server).await;
    let mut phone = device(MemoryStore::new(), 2, server.clone()).await;
    laptop.sync().await;
    phone.sync().await;
    phone.type_at_start("On the phone. ").await;
    let file = file_that_the_server_takes_for_a_copy(&mut laptop, "Carried. ").await;
    take(&phone, &file).await;
    all_once(&mut [&mut phone, &mut laptop], &[TEXT, "On the phone. ", "Since. ", "Carried. "]).await;
}

#[tokio::test]
async fn two_devices_take_in_a_file_that_the_server_takes_for_a_copy_s() {
    let server = Standin::new(PERSON);
    let mut laptop = device(MemoryStore::new(), 1, server.clone()).await;
    let mut phone = device(MemoryStore::new(), 2, server.clone()).await;
    let mut tablet = device(MemoryStore::new(), 3, server.clone()).await;
    laptop.create().await;
    laptop.title("Border statistics").await;
    laptop.sync().await;
    phone.sync().await;
    let file = file_that_the_server_takes_for_a_copy(&mut laptop, TEXT).await;
    take(&phone, &file).await;
    take(&tablet, &file).await;
    phone.type_at_start("On the phone. ").await;
    all_once(&mut [&mut phone, &mut laptop, &mut tablet], &[TEXT, "On the phone. ", "Since. "]).await;
    take(&laptop, &file).await;
    take(&phone, &file).await;
    all_once(&mut [&mut phone, &mut laptop, &mut tablet], &[TEXT, "On the phone. ", "Since. "]).await;
}

#[tokio::test]
async fn a_profile_put_back_writes_on_and_syncs_before_it_takes_its_own_file_in() {
    let server = Standin::new(PERSON);
    let mut laptop = device(MemoryStore::new(), 1, server.clone()).await;
    laptop.create().await;
    laptop.title("Border statistics").await;
    laptop.sync().await;
    let earlier = laptop.store.snapshot();
    laptop.type_at_start(TEXT).await;
    laptop.title("Border statistics").await;
    let file = save(&laptop).await;
    laptop.store.restore(earlier);
    laptop.type_at_start("Since. ").await;
    laptop.sync().await;
    assert_eq!(take(&laptop, &file).await, Imported { taken: 2, known: 0 });
    all_once(&mut [&mut laptop], &[TEXT, "Since. "]).await;
    assert_eq!(take(&laptop, &file).await, Imported { taken: 0, known: 2 });
    all_once(&mut [&mut laptop], &[TEXT, "Since. "]).await;
}

#[tokio::test]
async fn a_profile_put_back_gets_its_notes_and_what_was_put_aside_back_too() {
    let server = Standin::new(PERSON);
    let mut laptop = laptop(&server).await;
    laptop.sync().await;
    let earlier = laptop.store.snapshot();
    server.park(Some(Reason::Locked));
    laptop.type_at_start("Too late. ").await;
    laptop.sync().await;
    server.park(None);
    note(&laptop, "Between us.").await;
    let file = save(&laptop).await;
    laptop.store.restore(earlier);
    laptop.sync().await;
    laptop.type_at_start("Since. ").await;
    laptop.sync().await;
    assert_eq!(take(&laptop, &file).await, Imported { taken: 2, known: 0 });
    all_once(&mut [&mut laptop], &[TEXT, "Since. "]).await;
    let note = laptop.repository.views(FILE).await.expect("read").note;
    let text = note.prose(Target::of(request::SENSITIVITIES)).map(|prose| prose.text());
    assert_eq!(text.as_deref(), Some("Between us."));
    assert_eq!(laptop.repository.parked().await.expect("read").len(), 1);
}

#[tokio::test]
async fn what_a_profile_put_back_wrote_since_stands_beside_what_the_phone_has_sent_for_it() {
    let server = Standin::new(PERSON);
    let mut laptop = laptop(&server).await;
    let mut phone = device(MemoryStore::new(), 2, server.clone()).await;
    laptop.sync().await;
    let earlier = laptop.store.snapshot();
    laptop.type_at_start("Before. ").await;
    let file = save(&laptop).await;
    take(&phone, &file).await;
    phone.sync().await;
    laptop.store.restore(earlier);
    laptop.type_at_start("Since. ").await;
    assert_eq!(take(&laptop, &file).await, Imported { taken: 1, known: 0 });
    all_once(&mut [&mut laptop, &mut phone], &[TEXT, "Before. ", "Since. "]).await;
}

#[tokio::test]
async fn a_device_that_cannot_know_which_of_two_branches_arrived_asks_the_server_first() {
    let server = Standin::new(PERSON);
    let mut laptop = laptop(&server).await;
    laptop.sync().await;
    let earlier = laptop.store.snapshot();
    laptop.type_at_start("Before. ").await;
    let file = save(&laptop).await;
    laptop.store.restore(earlier);
    laptop.type_at_start("Since. ").await;
    save(&laptop).await;
    assert_eq!(import(&laptop.store, &file).await, Err(Refused::SyncFirst.into()));
    laptop.sync().await;
    take(&laptop, &file).await;
    all_once(&mut [&mut laptop], &[TEXT, "Before. ", "Since. "]).await;
}
