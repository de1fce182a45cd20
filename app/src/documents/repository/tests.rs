//! What a person finds on the repository.

use shared::forms::request;
use shared::forms::request::workflow::DRAFT;
use shared::ids::{AuthorityId, CharId, OpId, SERVER};
use shared::op::{Create, Delete, PAYLOAD_BYTES_MAX, ParkedOp, Set, Span, to_bytes};
use shared::sync::admission::Reason;
use shared::sync::device::OUTBOX_OPS_MAX;
use shared::value::{Target, Value};

use super::*;
use crate::storage::StoreError;
use crate::storage::memory::{Fault, MemoryStore};

const PERSON: PersonId = PersonId(7);
const FILE: DocumentId = DocumentId([5; 16]);

async fn repository(store: MemoryStore) -> DocumentRepository<MemoryStore> {
    DocumentRepository::open(store, PERSON, ReplicaId(42), false).await.expect("a new repository opens")
}

fn create() -> (Scope, Body) {
    let create = Create { form: request::FORM.id, form_version: 1, authority: AuthorityId(1) };
    (Scope::shared(FILE), Body::Create(create))
}

fn title(text: &str, over: Vec<OpId>) -> (Scope, Body) {
    let set = Set { target: Target::of(request::TITLE), value: Value::Text(text.to_owned()), over };
    (Scope::shared(FILE), Body::Set(set))
}

#[tokio::test]
async fn a_file_written_offline_is_listed_with_its_title_and_what_is_unsent() {
    let repository = repository(MemoryStore::new()).await;
    repository.write(vec![create(), title("Border statistics", Vec::new())], 1_000).await.expect("saved");
    let files = repository.files().await.expect("listed");
    assert_eq!(files.len(), 1);
    assert_eq!(
        (files[0].summary.title.as_str(), files[0].unsent, files[0].summary.state),
        ("Border statistics", 2, DRAFT)
    );
    assert_eq!(files[0].summary.touched_ms, 1_000);
    assert!(repository.has_unsent().await.expect("read"));
    assert_eq!(repository.views(FILE).await.expect("read").shared.form().map(|form| form.id), Some(request::FORM.id));
}

#[tokio::test]
async fn a_second_tab_goes_on_where_the_first_one_stopped() {
    let store = MemoryStore::new();
    let first = repository(store.clone()).await;
    let second = repository(store).await;
    first.write(vec![create()], 1).await.expect("saved");
    let ops = second.write(vec![title("Two tabs", Vec::new())], 2).await.expect("saved");
    assert_eq!(ops[0].id, OpId { replica: ReplicaId(42), counter: 2 });
}

#[tokio::test]
async fn an_erased_store_is_noticed_when_opened_and_while_open() {
    let store = MemoryStore::new();
    assert!(!repository(store.clone()).await.erased());
    let known = DocumentRepository::open(store.clone(), PERSON, ReplicaId(1), true).await.expect("opens");
    assert!(!known.erased());
    store.wipe();
    assert_eq!(known.write(vec![create()], 1).await, Err(RepositoryError::Erased));
    assert!(DocumentRepository::open(store, PERSON, ReplicaId(1), true).await.expect("opens").erased());
}

#[tokio::test]
async fn a_store_belongs_to_one_person() {
    let store = MemoryStore::new();
    repository(store.clone()).await;
    let other = DocumentRepository::open(store, PersonId(8), ReplicaId(1), false).await;
    assert!(matches!(other, Err(RepositoryError::NotYours)));
}

#[tokio::test]
async fn a_full_device_says_so_and_keeps_what_it_had() {
    let store = MemoryStore::new();
    let repository = repository(store.clone()).await;
    repository.write(vec![create()], 1).await.expect("saved");
    store.set_faults(Some(Box::new(|_| Fault::Full)));
    assert_eq!(
        repository.write(vec![title("No room", Vec::new())], 2).await,
        Err(RepositoryError::Store(StoreError::Full))
    );
    store.set_faults(None);
    assert_eq!(repository.files().await.expect("listed")[0].summary.title, "");
    assert_eq!(repository.write(vec![title("Room", Vec::new())], 3).await.expect("saved")[0].id.counter, 2);
}

#[tokio::test]
async fn staff_find_in_the_list_what_a_partner_sent_too_late() {
    let store = MemoryStore::new();
    let repository = repository(store.clone()).await;
    let late = repository.write(vec![create(), title("Too late", Vec::new())], 1).await.expect("saved").remove(1);
    let entry = Entry { seq: 0, author: PersonId(8), received_ms: 2, op: late };
    let told = ParkedOp { entry: entry.clone(), reason: Reason::Locked as u8 };
    let (kind, payload) = Body::ParkedOp(told).encode();
    let op = Op { scope: Scope::internal(FILE), kind, payload, ..entry.op };
    let mut internal = Document::default();
    internal.apply(&Entry { seq: 1, author: SERVER, received_ms: 2, op });
    let mut writes = Writes::new(Durability::Relaxed);
    writes.put(ObjectStore::Summaries, Scope::internal(FILE).key(), to_bytes(&internal.into_list_row()));
    store.transact(Vec::new(), |_| (Some(writes), ())).await.expect("stored");
    assert_eq!(repository.files().await.expect("listed")[0].parked, 1);
}

/// Lays documents into the store of a version of another edition, which kept no summaries.
async fn keeps_as(edition: Option<u16>, store: &MemoryStore, documents: &[(DocumentId, Vec<u8>)]) {
    let old = Device { edition, ..repository(store.clone()).await.device().await.expect("read") };
    let mut writes = Writes::new(Durability::Relaxed);
    old.write(&mut writes);
    for (id, document) in documents {
        writes.put(ObjectStore::Documents, Scope::shared(*id).key(), document.clone());
    }
    store.transact(Vec::new(), |_| (Some(writes), ())).await.expect("stored");
}

fn received(drafts: Vec<(u16, Vec<u8>)>) -> Document {
    let mut document = Document::default();
    for (counter, (kind, payload)) in (1..).zip(drafts) {
        let id = OpId { replica: ReplicaId(9), counter };
        let op = Op { id, scope: Scope::shared(FILE), lamport: counter, observed: 0, wall_ms: 1, kind, payload };
        document.apply(&Entry { seq: counter, author: PERSON, received_ms: 2, op });
    }
    document
}

#[tokio::test]
async fn what_an_earlier_version_kept_is_listed_as_before() {
    let store = MemoryStore::new();
    keeps_as(None, &store, &[(FILE, to_bytes(&received(vec![create().1.encode()])))]).await;
    let files = repository(store).await.files().await.expect("listed");
    assert!(files.iter().any(|row| row.document == FILE && row.summary.form == Some(request::FORM.id)), "{files:?}");
}

/// Once the program has been brought up to date it asks for them, and shows all of them without waiting for
/// somebody to change them.
#[tokio::test]
async fn documents_that_an_earlier_version_could_not_show_are_loaded_whole_and_no_others() {
    let store = MemoryStore::new();
    let plain = received(vec![create().1.encode()]);
    let operation_to_come = received(vec![create().1.encode(), (999, vec![0x81, 0x07])]);
    let mut loaded_from_a_newer_server = plain.clone();
    loaded_from_a_newer_server.needs = Some(EDITION);
    let [kept, loaded, damaged, known] = [5, 6, 7, 8].map(|number| DocumentId([number; 16]));
    let documents = [
        (kept, to_bytes(&operation_to_come)),
        (loaded, to_bytes(&loaded_from_a_newer_server)),
        (damaged, vec![0xff]),
        (known, to_bytes(&plain)),
    ];
    keeps_as(Some(EDITION - 1), &store, &documents).await;
    let device = repository(store.clone()).await.device().await.expect("read");
    assert_eq!((device.wanted, device.edition), (vec![kept, loaded, damaged], Some(EDITION)));
    let again = repository(store).await.device().await.expect("read");
    assert_eq!(again.wanted, [kept, loaded, damaged], "asked for once");
}

#[tokio::test]
async fn what_no_server_takes_is_refused_while_its_writer_still_sees_it() {
    let repository = repository(MemoryStore::new()).await;
    repository.write(vec![create()], 1).await.expect("saved");
    let longest = |bytes| vec![title(&"x".repeat(bytes), Vec::new())];
    assert_eq!(repository.write(longest(PAYLOAD_BYTES_MAX), 2).await.err(), Some(RepositoryError::TooLarge));
    assert_eq!(repository.waiting().await.expect("read").unsent.len(), 1, "nothing is kept that would be stuck");
    repository.write(longest(PAYLOAD_BYTES_MAX - 100), 3).await.expect("saved");
}

#[tokio::test]
async fn a_device_that_waits_too_long_says_so_before_it_is_full() {
    let store = MemoryStore::new();
    let repository = repository(store.clone()).await;
    let row = Device { next_counter: OUTBOX_OPS_MAX as u64, ..repository.device().await.expect("read") };
    let mut writes = Writes::new(Durability::Strict);
    row.write(&mut writes);
    store.transact(Vec::new(), |_| (Some(writes), ())).await.expect("stored");
    repository.write(vec![create()], 1).await.expect("the last one there is room for");
    assert_eq!(repository.write(vec![title("One more", Vec::new())], 2).await.err(), Some(RepositoryError::TooMany));
    assert_eq!(repository.waiting().await.expect("read").unsent.len(), 1);
}

#[tokio::test]
async fn the_removal_of_a_much_edited_text_is_written_in_pieces() {
    let repository = repository(MemoryStore::new()).await;
    let first = |at: u64| CharId { lamport: u64::MAX - at, replica: ReplicaId(u64::MAX - at) };
    let spans: Vec<Span> = (0..5_000).map(|at| Span { first: first(at), chars: u64::MAX }).collect();
    let removal = Body::Delete(Delete { target: Target::of(request::CONTEXT_AND_PROBLEM), spans: spans.clone() });
    let written = repository.write(vec![create(), (Scope::shared(FILE), removal)], 1).await.expect("saved");
    let pieces = written.iter().filter_map(|op| match op.body() {
        Ok(Body::Delete(delete)) => Some(delete.spans),
        _ => None,
    });
    assert_eq!(pieces.flatten().collect::<Vec<_>>(), spans);
}

/// Else what is on screen would give way to “not on this device”, and its words with it.
#[tokio::test]
async fn a_document_of_an_erased_store_is_not_one_that_was_never_here() {
    let store = MemoryStore::new();
    let repository = repository(store.clone()).await;
    assert_eq!(repository.views(FILE).await.expect("read").shared, Document::default(), "never here");
    store.wipe();
    assert_eq!(repository.views(FILE).await.err(), Some(RepositoryError::Erased));
}
