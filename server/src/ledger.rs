//! The committed state in memory: who holds which document, and the documents folded so far.
//!
//! Readers see only what is on the disk: the writer works on copies and publishes them after the
//! commit. Knows no HTTP and no SQL; rules of merge and permission are in `shared`.

mod cache;
mod envelopes;
mod parked;
mod pull;
mod push;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use shared::document::Document;
use shared::form::FormId;
use shared::forms;
use shared::ids::{AuthorityId, DocumentId, PersonId, ReplicaId, SERVER, Scope};
use shared::permission::{Actor, Holder};
use shared::sync::admission::followed;
use shared::sync::wire::Person;
use tokio::sync::Mutex;

use crate::store::log::{self, Envelope};
use crate::store::{Store, StoreError};

use self::cache::FoldedDocuments;
pub use self::pull::pull;
pub use self::writer::{Pushed, Writer};

/// All sides of one document, folded.
pub type Sides = BTreeMap<Scope, Arc<Document>>;

/// What is committed.
#[derive(Debug, Default)]
pub struct Committed {
    /// Last place given out.
    pub head: u64,
    /// Greatest Lamport time accepted.
    pub lamport: u64,
    /// Envelopes by document.
    pub envelopes: BTreeMap<DocumentId, Envelope>,
    by_authority: BTreeMap<AuthorityId, BTreeSet<DocumentId>>,
    by_named: BTreeMap<PersonId, BTreeSet<DocumentId>>,
    folded: FoldedDocuments,
    replicas: BTreeMap<ReplicaId, (PersonId, u64)>,
}

/// The log's state of one server; clones share it.
#[derive(Clone, Debug)]
pub struct Ledger {
    store: Store,
    committed: Arc<RwLock<Committed>>,
    people: Arc<Mutex<BTreeMap<PersonId, Person>>>,
}

impl Ledger {
    /// Reads envelopes and replicas; documents are folded when first needed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open(store: Store) -> Result<Self, StoreError> {
        let (head, lamport) = (store.head().await?, greatest_lamport(&store).await?);
        let mut committed = Committed { head, lamport, ..Committed::default() };
        for envelope in store.envelopes().await? {
            // Without its form nobody reads a document, and devices would let go of it: rather not start.
            if forms::form(FormId(envelope.form)).is_none() {
                let why = format!("this version does not know the form {} of {}", envelope.form, envelope.id);
                return Err(StoreError::Internal(sqlx::Error::Decode(why.into())));
            }
            committed.put_envelope(envelope);
        }
        for (replica, person, acked) in store.replicas().await? {
            committed.replicas.insert(replica, (person, acked));
        }
        Ok(Self { store, committed: Arc::new(RwLock::new(committed)), people: Arc::default() })
    }

    /// Looks at what is committed.
    pub fn look<R>(&self, at: impl FnOnce(&Committed) -> R) -> R {
        let committed = self.committed.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        at(&committed)
    }

    fn change<R>(&self, how: impl FnOnce(&mut Committed) -> R) -> R {
        let mut committed = self.committed.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        how(&mut committed)
    }

    /// Returns a document's sides as committed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn sides(&self, document: DocumentId) -> Result<Arc<Sides>, StoreError> {
        if let Some(sides) = self.look(|committed| committed.folded.get(document)) {
            return Ok(sides);
        }
        let mut read = self.store.reader().acquire().await?;
        let sides = Arc::new(fold(log::scopes(&mut read, document).await?));
        drop(read);
        Ok(self.change(|committed| {
            // A commit that came in between has published something newer: that one stays, and what
            // was read is not kept for the writer to build upon.
            let newest = sides.values().map(|side| side.seq).max();
            let current = committed.envelopes.get(&document).map(|envelope| envelope.head_seq);
            if newest == current {
                committed.keep_folded(document, Arc::clone(&sides));
                return sides;
            }
            committed.folded.get(document).unwrap_or(sides)
        }))
    }

    /// Returns the names of people, for those who read what they wrote.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn names(&self, ids: &BTreeSet<PersonId>) -> Result<Vec<Person>, StoreError> {
        let mut people = self.people.lock().await;
        // The server writes what it carried out, but is nobody.
        if ids.iter().any(|id| *id != SERVER && !people.contains_key(id)) {
            for person in self.store.people().await? {
                people.insert(person.id, Person { id: person.id, name: person.name, role: person.role });
            }
        }
        Ok(ids.iter().filter_map(|id| people.get(id).cloned()).collect())
    }
}

/// Returns the greatest Lamport time of the log. A database from before it was noted is read through
/// once; what leaps in it moves nobody.
async fn greatest_lamport(store: &Store) -> Result<u64, StoreError> {
    if let Some(lamport) = store.lamport().await? {
        return Ok(lamport);
    }
    let (mut lamport, mut seq) = (0, 0);
    loop {
        let entries = store.entries_after(seq).await?;
        let Some(last) = entries.last() else { return Ok(lamport) };
        seq = last.seq;
        for entry in entries {
            lamport = followed(entry.op.lamport, lamport);
        }
    }
}

/// Folds scopes from their snapshots and the entries after them.
fn fold(scopes: Vec<(Scope, log::Tail)>) -> Sides {
    let folded = scopes.into_iter().map(|(scope, (mut document, entries))| {
        entries.iter().for_each(|entry| document.apply(entry));
        (scope, Arc::new(document))
    });
    folded.collect()
}

impl Committed {
    fn put_envelope(&mut self, envelope: Envelope) {
        self.by_authority.entry(envelope.authority).or_default().insert(envelope.id);
        // Whoever was taken off stays here: `visible_from` is asked before anything is shown.
        for named in &envelope.named {
            self.by_named.entry(named.person).or_default().insert(envelope.id);
        }
        self.envelopes.insert(envelope.id, envelope);
    }

    /// Keeps a document folded, as far as there is room; its envelope is up to date.
    fn keep_folded(&self, document: DocumentId, sides: Arc<Sides>) {
        let bytes = self.envelopes.get(&document).map_or(0, |envelope| envelope.size.bytes);
        self.folded.put(document, sides, bytes);
    }

    /// Returns how far a replica's operations are taken, provided it is this person's.
    #[must_use]
    pub fn acked(&self, replica: ReplicaId, person: PersonId) -> Option<u64> {
        match self.replicas.get(&replica) {
            Some((owner, acked)) => (*owner == person).then_some(*acked),
            None => Some(0),
        }
    }

    /// Returns the envelopes of an authority's documents.
    pub fn of_authority(&self, authority: AuthorityId) -> impl Iterator<Item = &Envelope> {
        self.by_authority.get(&authority).into_iter().flatten().filter_map(|id| self.envelopes.get(id))
    }

    /// Returns the envelopes `actor` may know of.
    pub fn readable(&self, actor: &Actor) -> Vec<&Envelope> {
        fn of<'a>(actor: &Actor, envelopes: impl Iterator<Item = &'a Envelope>) -> Vec<&'a Envelope> {
            envelopes.filter(|envelope| envelope.holder().visible_from(actor).is_some()).collect()
        }
        // A form may grant something to all of a role that belongs to no authority.
        if !actor.role.of_partner() {
            return of(actor, self.envelopes.values());
        }
        let own = actor.authority.and_then(|authority| self.by_authority.get(&authority)).into_iter().flatten();
        let named = self.by_named.get(&actor.person).into_iter().flatten();
        let candidates: BTreeSet<DocumentId> = own.chain(named).copied().collect();
        of(actor, candidates.iter().filter_map(|id| self.envelopes.get(id)))
    }
}

impl Envelope {
    /// Returns what permission needs to know.
    #[must_use]
    pub fn holder(&self) -> Holder {
        Holder {
            form: forms::form(FormId(self.form)),
            authority: self.authority,
            opened_seq: self.created_seq,
            received_seq: self.received_seq,
            named: self.named.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::role::Role;

    use super::*;
    use crate::clock::Entropy;
    use crate::store::Storage;
    use crate::store::people::{self, NewPerson};

    #[tokio::test]
    async fn the_servers_own_number_is_looked_up_for_nobody() {
        let store = Store::open(&Storage::Memory, &Entropy::system()).await.unwrap();
        let mut write = store.write().await.unwrap();
        let new = NewPerson {
            login: "eva",
            name: "Eva",
            role: Role::ProjectOfficer,
            authority: None,
            language: "en",
            password_hash: "none",
        };
        let eva = people::add(&mut write, new, 0).await.unwrap();
        write.commit().await.unwrap();
        let ledger = Ledger::open(store).await.unwrap();
        assert_eq!(ledger.names(&[SERVER].into()).await.unwrap(), []);
        assert!(ledger.people.lock().await.is_empty(), "no table was read");
        assert_eq!(ledger.names(&[SERVER, eva].into()).await.unwrap().len(), 1);
    }
}
