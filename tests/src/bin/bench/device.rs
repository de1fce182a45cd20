//! Ten thousand requests on one device: the list, the search in it, and one of them opened. The store
//! is the one in memory; what IndexedDB adds is the browser's own.

use std::time::Instant;

use app::documents::DocumentRepository;
use app::storage::LocalStore as _;
use app::storage::memory::MemoryStore;
use shared::document::Document;
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, ReplicaId, Scope};
use shared::op::to_bytes;
use shared::role::Role;
use shared::sync::rows::{Durability, ObjectStore, Writes};
use tests::device::Device;
use tests::server::Person;

use super::matter::{self, Prose};
use super::{Row, percentile};

const DOCUMENTS: u32 = 10_000;
const TRIES: usize = 9;

pub fn measure() -> Vec<Row> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(run())
}

async fn run() -> Vec<Row> {
    let actor = shared::permission::Actor {
        person: shared::ids::PersonId(1),
        role: Role::FocalPoint,
        authority: Some(AuthorityId(1)),
    };
    let person = Person { actor, login: String::new(), cookie: String::new(), signed_in_ms: 0 };
    let mut device = Device::new(&person, 1);
    let written = matter::request(&mut device, &mut Prose::new(), 1, AuthorityId(1));
    let folded: Document = device.sees(Scope::shared(written));
    let store = MemoryStore::default();
    let repository =
        DocumentRepository::open(store.clone(), actor.person, ReplicaId(7), false).await.expect("a repository");
    let body = to_bytes(&folded);
    let mut writes = Writes::new(Durability::Relaxed);
    let documents: Vec<DocumentId> = (0..DOCUMENTS).map(name).collect();
    for document in &documents {
        let key = Scope::shared(*document).key().to_vec();
        writes.put(ObjectStore::Documents, key.clone(), body.clone());
        writes.put(ObjectStore::Summaries, key, to_bytes(&folded.clone().into_list_row()));
    }
    store.transact(Vec::new(), |_| (Some(writes), ())).await.expect("room");
    let (mut list, mut search, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..TRIES {
        let started = Instant::now();
        let files = repository.files().await.expect("readable");
        list.push(ms(started));
        let wanted = files.iter().filter(|row| row.summary.title.to_lowercase().contains("zz")).count();
        search.push(ms(started) - list[turn]);
        assert_eq!((files.len(), wanted), (DOCUMENTS as usize, 0));
        let started = Instant::now();
        let views = repository.views(documents[turn * 1_000]).await.expect("readable");
        assert!(!views.shared.answers().is_empty_at(shared::value::Target::of(request::TITLE)));
        open.push(ms(started));
    }
    vec![
        Row::at_most("10,000 documents: list, median", 100.0, percentile(&mut list, 0.5), "ms"),
        Row::at_most("10,000 documents: search, median", 100.0, percentile(&mut search, 0.5), "ms"),
        Row::at_most("10,000 documents: open one, median", 100.0, percentile(&mut open, 0.5), "ms"),
    ]
}

fn name(number: u32) -> DocumentId {
    let mut id = [9; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    DocumentId(id)
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
