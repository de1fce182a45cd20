//! A device for tests: the real plans of `shared::sync` over rows in memory, one person, and verbs a
//! story is told with. Storage and network are the test's, so that both can fail at every step.

use std::collections::BTreeMap;

use shared::document::Document;
use shared::form::Form;
use shared::form::workflow::{Action, State};
use shared::forms;
use shared::ids::{AuthorityId, DocumentId, OpId, PersonId, ReplicaId, Scope};
use shared::op::{AddItem, Body, Choose, Create, Delete, Insert, MoveItem, Op, RemoveItem, Set, from_bytes, to_bytes};
use shared::sync::device::{Device as Identity, Own, append, append_reads, row_key, view};
use shared::sync::outbox::{offer, offer_reads, waiting};
use shared::sync::rows::{Fetch, ObjectStore, Rows, Writes};
use shared::sync::settle::{Settled, Unusable, settle, settle_reads};
use shared::sync::wire::{MEDIA_TYPE, PULL_BYTES_START, PUSH_BYTES_START, Reply, Request};
use shared::value::{FieldId, Target, Value};

use crate::server::{Answer, Person, TestServer};

/// A kind of operation from years ahead.
const KIND_OF_LATER: u16 = 999;

/// Rows on the disk of a device.
pub type Disk = BTreeMap<(ObjectStore, Vec<u8>), Vec<u8>>;

/// One device of one person.
#[derive(Clone, Debug)]
pub struct Device {
    /// Whose.
    pub person: Person,
    /// What is on its disk.
    pub disk: Disk,
    /// Its clock, Unix milliseconds; may be years off.
    pub clock_ms: i64,
    /// Source of replica names.
    pub next_name: u64,
    /// Most bytes it asks for in one reply.
    pub pull_bytes: u32,
    /// Most bytes of operations it pushes at once.
    pub push_bytes: usize,
}

/// Why a round did not complete. The outbox is never touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// No server.
    Offline,
    /// Signed out.
    SignedOut,
    /// Something that is not our server answered.
    Impostor,
    /// The reply came too late for this store.
    Overtaken,
    /// The site's data were wiped.
    Wiped,
}

impl Device {
    /// Sets a device up for a person, empty.
    pub fn new(person: &Person, name: u64) -> Self {
        let mut device = Self {
            person: person.clone(),
            disk: Disk::new(),
            clock_ms: crate::server::START_MS,
            next_name: name,
            pull_bytes: PULL_BYTES_START,
            push_bytes: PUSH_BYTES_START,
        };
        device.set_up();
        device
    }

    /// Writes a fresh device row, as after the browser wiped the site's data.
    pub fn set_up(&mut self) {
        self.disk.clear();
        let identity = Identity::new(self.who(), self.fresh());
        let mut writes = Writes::new(shared::sync::rows::Durability::Strict);
        identity.write(&mut writes);
        self.commit(writes);
    }

    /// Draws a replica name no other device has.
    pub fn fresh(&mut self) -> ReplicaId {
        self.next_name = self.next_name.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ReplicaId(self.next_name | 1)
    }

    fn who(&self) -> PersonId {
        self.person.actor.person
    }

    /// Reads rows as a store would.
    #[must_use]
    pub fn read(&self, fetches: &[Fetch]) -> Rows {
        let mut rows = Rows::default();
        for fetch in fetches {
            let found: Vec<_> = match fetch {
                Fetch::One(object_store, key) => {
                    self.disk.get_key_value(&(*object_store, key.clone())).into_iter().collect()
                }
                Fetch::All(object_store) | Fetch::Keys(object_store) => self.entries(*object_store).collect(),
                Fetch::Last(object_store) => self.entries(*object_store).last().into_iter().collect(),
            };
            for (key, value) in found {
                let value = if matches!(fetch, Fetch::Keys(_)) && !rows.0.contains_key(key) {
                    Vec::new()
                } else {
                    value.clone()
                };
                rows.0.insert(key.clone(), value);
            }
        }
        rows
    }

    fn entries(&self, object_store: ObjectStore) -> impl Iterator<Item = (&(ObjectStore, Vec<u8>), &Vec<u8>)> {
        self.disk.range((object_store, Vec::new())..).take_while(move |((other, _), _)| *other == object_store)
    }

    /// Writes rows in one transaction.
    pub fn commit(&mut self, writes: Writes) {
        for (key, value) in writes.rows {
            match value {
                Some(value) => self.disk.insert(key, value),
                None => self.disk.remove(&key),
            };
        }
    }

    /// Writes operations down; returns them as they are stored.
    pub fn write(&mut self, drafts: Vec<(Scope, Body)>) -> Vec<Op> {
        let rows = self.read(&append_reads());
        let Ok((writes, ops)) = append(&rows, drafts, self.clock_ms) else { return Vec::new() };
        self.commit(writes);
        ops
    }

    /// Writes what only a newer client knows.
    pub fn write_newer(&mut self, document: DocumentId) {
        let ops = self.write(vec![(Scope::shared(document), Body::Unknown)]);
        for mut own in self.own(ObjectStore::Outbox).into_iter().filter(|own| ops.iter().any(|op| op.id == own.op.id)) {
            (own.op.kind, own.op.payload) = (KIND_OF_LATER, vec![0x81, 0x07]);
            self.disk.insert((ObjectStore::Outbox, row_key(own.row).to_vec()), to_bytes(&own));
        }
    }

    /// Returns one scope as the person sees it.
    #[must_use]
    pub fn sees(&self, scope: Scope) -> Document {
        view(
            &self.read(&[Fetch::One(ObjectStore::Documents, scope.key().to_vec()), Fetch::All(ObjectStore::Outbox)]),
            scope,
            self.who(),
        )
    }

    /// Returns the documents on this device, pending ones too.
    #[must_use]
    pub fn documents(&self) -> Vec<DocumentId> {
        let stored = self.entries(ObjectStore::Documents).filter_map(|((_, key), _)| Scope::from_key(key));
        let pending = self.own(ObjectStore::Outbox).into_iter().map(|own| own.op.scope);
        let all: std::collections::BTreeSet<_> = stored.chain(pending).map(|scope| scope.document).collect();
        all.into_iter().collect()
    }

    /// Returns own operations on a object store.
    #[must_use]
    pub fn own(&self, object_store: ObjectStore) -> Vec<Own> {
        self.entries(object_store).filter_map(|(_, own)| from_bytes(own).ok()).collect()
    }

    /// Returns how many operations the server is not known to have.
    #[must_use]
    pub fn unsent(&self) -> usize {
        waiting(&self.read(&offer_reads())).unsent.len()
    }

    /// Returns the device row.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        Identity::read(&self.read(&[Fetch::All(ObjectStore::Device)]))
    }

    /// Loads everything anew from now on, as after an entry it could not make sense of.
    pub fn forget_place(&mut self) {
        let Some(mut identity) = self.identity() else { return };
        identity.cursor = 0;
        let mut writes = Writes::new(shared::sync::rows::Durability::Strict);
        identity.write(&mut writes);
        self.commit(writes);
    }

    /// Opens a new request of the person's authority, or of `authority` for staff.
    pub fn create(&mut self, id: [u8; 16], authority: AuthorityId) -> DocumentId {
        self.open(&forms::request::FORM, id, authority)
    }

    /// Opens a new document of `form`.
    pub fn open(&mut self, form: &Form, id: [u8; 16], authority: AuthorityId) -> DocumentId {
        let document = DocumentId(id);
        let create = Create { form: form.id, form_version: form.version, authority };
        self.write(vec![(Scope::shared(document), Body::Create(create))]);
        document
    }

    /// Answers a short field over whatever this device sees there.
    pub fn set(&mut self, document: DocumentId, target: Target, value: Value) -> Option<OpId> {
        let scope = Scope::shared(document);
        let over = self.sees(scope).register(target).map(shared::merge::register::Register::heads).unwrap_or_default();
        self.write(vec![(scope, Body::Set(Set { target, value, over }))]).last().map(|op| op.id)
    }

    /// Ticks or unticks a code.
    pub fn choose(&mut self, document: DocumentId, field: FieldId, code: &str, chosen: bool) {
        let (scope, target) = (Scope::shared(document), Target::of(field));
        let over = self.sees(scope).choices(target).map(|choices| choices.heads(code)).unwrap_or_default();
        self.write(vec![(scope, Body::Choose(Choose { target, code: code.to_owned(), chosen, over }))]);
    }

    /// Types prose at a place counted in visible characters.
    pub fn type_at(&mut self, document: DocumentId, field: FieldId, index: usize, text: &str) {
        let (scope, target) = (Scope::shared(document), Target::of(field));
        let view = self.sees(scope);
        let after = index.checked_sub(1).and_then(|before| view.prose(target)?.char_at(before));
        self.write(vec![(scope, Body::Insert(Insert { target, after, text: text.to_owned() }))]);
    }

    /// Takes prose away.
    pub fn delete_at(&mut self, document: DocumentId, field: FieldId, index: usize, chars: usize) {
        let (scope, target) = (Scope::shared(document), Target::of(field));
        let spans = self.sees(scope).prose(target).map(|prose| prose.spans(index, chars)).unwrap_or_default();
        if !spans.is_empty() {
            self.write(vec![(scope, Body::Delete(Delete { target, spans }))]);
        }
    }

    /// Adds a list item at the end; returns it.
    pub fn add_item(&mut self, document: DocumentId, field: FieldId) -> Option<OpId> {
        let scope = Scope::shared(document);
        let view = self.sees(scope);
        let last = view.list(field).and_then(|list| list.order().last().and_then(|last| list.item(*last)).cloned());
        let position = shared::merge::position::between(last.as_ref().map(|item| item.position.as_slice()), None);
        self.write(vec![(scope, Body::AddItem(AddItem { field, position, parent: None }))]).last().map(|op| op.id)
    }

    /// Moves an item to the front of its list.
    pub fn move_first(&mut self, document: DocumentId, field: FieldId, item: OpId) {
        let scope = Scope::shared(document);
        let view = self.sees(scope);
        let first = view.list(field).and_then(|list| list.order().first().and_then(|first| list.item(*first)).cloned());
        let position = shared::merge::position::between(None, first.as_ref().map(|item| item.position.as_slice()));
        self.write(vec![(scope, Body::MoveItem(MoveItem { item, position, parent: None }))]);
    }

    /// Removes an item.
    pub fn remove_item(&mut self, document: DocumentId, item: OpId) {
        self.write(vec![(Scope::shared(document), Body::RemoveItem(RemoveItem { item }))]);
    }

    /// Asks for a move of the life cycle, on what this device sees.
    pub fn ask(&mut self, document: DocumentId, action: Action, reason: Option<&str>, names: Vec<OpId>) {
        let scope = Scope::shared(document);
        let view = self.sees(scope);
        let command = view.ask(action, reason.map(ToOwned::to_owned), names);
        self.write(vec![(scope, Body::Command(command))]);
    }

    /// Returns where a document stands, as last known here.
    #[must_use]
    pub fn state(&self, document: DocumentId) -> State {
        self.sees(Scope::shared(document)).state
    }

    /// Plans the next request and notes that its operations are offered.
    pub fn offer(&mut self) -> Option<Request> {
        let rows = self.read(&offer_reads());
        let (writes, request) = offer(&rows, self.push_bytes, self.pull_bytes)?;
        self.commit(writes);
        Some(request)
    }

    /// Plans what an answer changes, without writing it.
    ///
    /// # Errors
    /// The answer cannot be used.
    pub fn plan(&mut self, request: &Request, answer: &Answer) -> Result<(Writes, Settled), Missed> {
        let reply = read_reply(answer)?;
        let rows = self.read(&settle_reads(request, &reply));
        let fresh = self.fresh();
        settle(&rows, request, &reply, fresh).map_err(|unusable| match unusable {
            Unusable::NotOurs => Missed::Impostor,
            Unusable::Overtaken => Missed::Overtaken,
            Unusable::Wiped => Missed::Wiped,
        })
    }

    /// Pushes and pulls until there is nothing more to do, or something fails.
    ///
    /// # Errors
    /// The round that failed; what was settled before stays settled.
    pub async fn sync(&mut self, server: &TestServer) -> Result<usize, Missed> {
        for round in 1..=ROUNDS_MAX {
            let request = self.offer().ok_or(Missed::Wiped)?;
            let answer = server.post_sync(&self.person.cookie, to_bytes(&request)).await.ok_or(Missed::Offline)?;
            let (writes, settled) = self.plan(&request, &answer)?;
            self.commit(writes);
            if !settled.more && self.unsent() == 0 {
                return Ok(round);
            }
        }
        Ok(ROUNDS_MAX)
    }
}

/// Most rounds of one sync; far above what any story needs.
pub const ROUNDS_MAX: usize = 64;

/// Reads an answer as the client does: the status, the media type and the body must all be ours.
///
/// # Errors
/// Signed out, or somebody else answered.
pub fn read_reply(answer: &Answer) -> Result<Reply, Missed> {
    match answer.status.as_u16() {
        200 if answer.media_type == MEDIA_TYPE => Reply::from_body(&answer.body).map_err(|_| Missed::Impostor),
        401 => Err(Missed::SignedOut),
        503 => Err(Missed::Offline),
        _ => Err(Missed::Impostor),
    }
}
