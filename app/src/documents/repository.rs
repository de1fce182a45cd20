//! What the pages work at: one person's files on this device, read and written without a network.
//!
//! Everything here is a short read or one append; sync runs beside it (see `sync`). Knows nothing of
//! how things look or are worded.

use std::collections::BTreeMap;
use std::fmt;

use shared::document::{Document, EDITION, ListRow, Summary};
use shared::form::Form;
use shared::form::workflow::{Action, Phase};
use shared::ids::{DocumentId, PersonId, ReplicaId, Scope, Side};
use shared::op::{Body, Entry, Op, from_bytes};
use shared::sync::device::{DEVICE_KEY, Device, Own, append, append_reads, row_key, view, view_reads};
use shared::sync::edition::{take_over, take_over_reads};
use shared::sync::outbox::{self, Waiting};
use shared::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};
use shared::sync::wire::Person;

use super::RepositoryError;
use crate::storage::LocalStore;

/// The sides of one document as its person sees them; those the person may not read are empty.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// What authority and staff both read.
    pub shared: Document,
    /// What only staff read.
    pub internal: Document,
    /// The person's own confidential note.
    pub note: Document,
}

/// What is only on this device, and when it last heard from the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceStatus {
    /// Operations the server is not known to have.
    pub unsent: usize,
    /// Operations that were not applied.
    pub parked: usize,
    /// When the server was last reached, by its clock, Unix milliseconds; zero while it never was.
    pub synced_ms: i64,
}

/// One line of a list of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Which.
    pub document: DocumentId,
    /// What stands for it.
    pub summary: Summary,
    /// A command still on this device.
    pub queued: Option<Action>,
    /// Operations only on this device.
    pub unsent: usize,
    /// Operations that were not applied; for staff, those of the partner too.
    pub parked: usize,
}

/// One person's documents on one device.
#[derive(Clone)]
pub struct DocumentRepository<S> {
    store: S,
    person: PersonId,
    erased: bool,
}

impl FileRow {
    /// Returns its form, when it is known here.
    #[must_use]
    pub fn form(&self) -> Option<&'static Form> {
        self.summary.form.and_then(shared::forms::form)
    }

    /// Returns whose turn it is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.form().map_or(Phase::Handled, |form| form.workflow.phase(self.summary.state))
    }
}

impl<S: fmt::Debug> fmt::Debug for DocumentRepository<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentRepository")
            .field("store", &self.store)
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

impl<S: LocalStore> DocumentRepository<S> {
    /// Opens the documents of `person`, setting up a new store under the random name `fresh`. `expected`
    /// says that this device has had a store of this person before: if it is new all the same, site
    /// data was erased (see [`Self::erased`]).
    ///
    /// # Errors
    /// The store cannot be used, or is another person's.
    pub async fn open(store: S, person: PersonId, fresh: ReplicaId, expected: bool) -> Result<Self, RepositoryError> {
        let found = store
            .transact(device_reads(), |rows| match Device::read(rows) {
                Some(device) => (None, Some((device.person, device.edition))),
                None => {
                    let mut writes = Writes::new(Durability::Strict);
                    Device::new(person, fresh).write(&mut writes);
                    (Some(writes), None)
                }
            })
            .await?;
        if found.is_some_and(|(owner, _)| owner != person) {
            return Err(RepositoryError::NotYours);
        }
        if found.is_some_and(|(_, edition)| edition != Some(EDITION)) {
            // Without room for it they open all the same, and the next start tries again.
            let _ = store.transact(take_over_reads(), |rows| (take_over(rows), ())).await;
        }
        Ok(Self { store, person, erased: expected && found.is_none() })
    }

    /// Returns whether a store that had been here was gone when they were opened.
    #[must_use]
    pub const fn erased(&self) -> bool {
        self.erased
    }

    /// Returns whose documents these are.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Returns the store beneath, for the sync driver and the rescue file.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// Returns one document's sides as this person sees them, and the names of the people this device has heard of,
    /// all as they stand at one moment.
    ///
    /// # Errors
    /// The store cannot be read or was erased.
    pub async fn document(&self, document: DocumentId) -> Result<(Views, BTreeMap<PersonId, Person>), RepositoryError> {
        let mut reads = view_reads(document, self.person);
        reads.append(&mut device_reads());
        reads.push(Fetch::All(ObjectStore::People));
        let rows = self.store.read(reads).await?;
        Ok((self.views_in(&rows, document)?, people(&rows)))
    }

    /// Returns one document's sides as this person sees them.
    ///
    /// # Errors
    /// The store cannot be read or was erased.
    pub async fn views(&self, document: DocumentId) -> Result<Views, RepositoryError> {
        let mut reads = view_reads(document, self.person);
        reads.append(&mut device_reads());
        self.views_in(&self.store.read(reads).await?, document)
    }

    fn views_in(&self, rows: &Rows, document: DocumentId) -> Result<Views, RepositoryError> {
        if Device::read(rows).is_none() {
            return Err(RepositoryError::Erased);
        }
        let side = |side| view(rows, Scope { document, side }, self.person);
        Ok(Views { shared: side(Side::Shared), internal: side(Side::Internal), note: side(Side::Note(self.person)) })
    }

    /// Returns what is only on this device.
    ///
    /// # Errors
    /// The store cannot be read or was erased.
    pub async fn status(&self) -> Result<DeviceStatus, RepositoryError> {
        let mut reads = device_reads();
        reads.extend([Fetch::All(ObjectStore::Outbox), Fetch::Keys(ObjectStore::Parked)]);
        let rows = self.store.read(reads).await?;
        let device = Device::read(&rows).ok_or(RepositoryError::Erased)?;
        let parked = rows.entries(ObjectStore::Parked).count();
        Ok(DeviceStatus { unsent: outbox::waiting(&rows).unsent.len(), parked, synced_ms: device.synced_ms })
    }

    /// Writes operations down, in order; when it returns they are saved on this device. An
    /// insertion that only goes on typing may come back as the grown one before it.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn write(&self, drafts: Vec<(Scope, Body)>, wall_ms: i64) -> Result<Vec<Op>, RepositoryError> {
        let plan = |rows: &Rows| match append(rows, drafts, wall_ms) {
            Ok((writes, ops)) => (Some(writes), Ok(ops)),
            Err(why) => (None, Err(why)),
        };
        Ok(self.store.transact(append_reads(), plan).await??)
    }

    /// Lists every document on this device, the last touched first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn files(&self) -> Result<Vec<FileRow>, RepositoryError> {
        let mut reads = device_reads();
        reads.extend([
            Fetch::All(ObjectStore::Summaries),
            Fetch::All(ObjectStore::Outbox),
            Fetch::All(ObjectStore::Parked),
        ]);
        let rows = self.store.read(reads).await?;
        Ok(list_files(&rows, self.person))
    }

    /// Returns what the server is not known to have.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn waiting(&self) -> Result<Waiting, RepositoryError> {
        let mut reads = device_reads();
        reads.push(Fetch::All(ObjectStore::Outbox));
        Ok(outbox::waiting(&self.store.read(reads).await?))
    }

    /// Returns whether signing out or erasing would leave work unsent.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn has_unsent(&self) -> Result<bool, RepositoryError> {
        Ok(!self.waiting().await?.unsent.is_empty())
    }

    /// Returns the operations that were not applied, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn parked(&self) -> Result<Vec<Own>, RepositoryError> {
        Ok(own_rows(&self.store.read(vec![Fetch::All(ObjectStore::Parked)]).await?, ObjectStore::Parked))
    }

    /// Takes one operation off the parked object store because its author said so.
    ///
    /// # Errors
    /// It is still there.
    pub async fn forget_parked(&self, row: u64) -> Result<(), RepositoryError> {
        let mut writes = Writes::new(Durability::Strict);
        writes.remove(ObjectStore::Parked, row_key(row));
        Ok(self.store.transact(Vec::new(), |_| (Some(writes), ())).await?)
    }

    /// Returns the confidential notes that `writers` wrote on a document, as far as this person reads them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn notes(
        &self,
        document: DocumentId,
        writers: impl IntoIterator<Item = PersonId>,
    ) -> Result<Vec<(PersonId, Document)>, RepositoryError> {
        let key = |person| Scope { document, side: Side::Note(person) }.key().to_vec();
        let writers: Vec<PersonId> = writers.into_iter().collect();
        let reads = writers.iter().map(|person| Fetch::One(ObjectStore::Documents, key(*person))).collect();
        let rows = self.store.read(reads).await?;
        let notes = writers.into_iter().filter_map(|person| {
            let note = from_bytes(rows.get(ObjectStore::Documents, &key(person))?).ok()?;
            Some((person, note))
        });
        Ok(notes.collect())
    }

    /// Returns the words somebody has begun at `place` and not added yet.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn draft(&self, place: &str) -> Result<String, RepositoryError> {
        let rows = self.store.read(vec![Fetch::One(ObjectStore::Drafts, place.into())]).await?;
        Ok(rows
            .get(ObjectStore::Drafts, place.as_bytes())
            .map(String::from_utf8_lossy)
            .unwrap_or_default()
            .into_owned())
    }

    /// Keeps words that are begun; none are kept of nothing.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn keep_draft(&self, place: &str, words: &str) -> Result<(), RepositoryError> {
        let mut writes = Writes::new(Durability::Strict);
        let words = (!words.is_empty()).then(|| words.as_bytes().to_vec());
        writes.rows.insert((ObjectStore::Drafts, place.into()), words);
        Ok(self.store.transact(Vec::new(), |_| (Some(writes), ())).await?)
    }

    /// Returns what the device remembers about itself.
    ///
    /// # Errors
    /// The store cannot be read or was erased.
    pub async fn device(&self) -> Result<Device, RepositoryError> {
        Device::read(&self.store.read(device_reads()).await?).ok_or(RepositoryError::Erased)
    }
}

fn device_reads() -> Vec<Fetch> {
    vec![Fetch::One(ObjectStore::Device, DEVICE_KEY.to_vec())]
}

fn people(rows: &Rows) -> BTreeMap<PersonId, Person> {
    let people = rows.entries(ObjectStore::People).filter_map(|(_, person)| from_bytes::<Person>(person).ok());
    people.map(|person| (person.id, person)).collect()
}

fn own_rows(rows: &Rows, object_store: ObjectStore) -> Vec<Own> {
    rows.entries(object_store).filter_map(|(_, own)| from_bytes(own).ok()).collect()
}

/// Makes a line of each shared side; what is pending is folded on the fields its summary is made of.
fn list_files(rows: &Rows, person: PersonId) -> Vec<FileRow> {
    let mut lines: BTreeMap<DocumentId, FileRow> = BTreeMap::new();
    let mut changed: BTreeMap<DocumentId, Document> = BTreeMap::new();
    let mut parked = count(own_rows(rows, ObjectStore::Parked).iter().map(|own| &own.op));
    for own in own_rows(rows, ObjectStore::Outbox) {
        if own.op.scope.side == Side::Shared {
            let kept = |document: DocumentId| {
                let row = rows.get(ObjectStore::Summaries, &Scope::shared(document).key())?;
                from_bytes::<ListRow>(row).ok().map(|row| row.fields())
            };
            let document = own.op.scope.document;
            let fields = changed.entry(document).or_insert_with(|| kept(document).unwrap_or_default());
            fields.apply(&Entry::pending(own.op, person));
        }
    }
    for (key, row) in rows.entries(ObjectStore::Summaries) {
        let (Some(Scope { document, side }), Ok(row)) = (Scope::from_key(key), from_bytes::<ListRow>(row)) else {
            continue;
        };
        match side {
            Side::Internal => *parked.entry(document).or_default() += row.parked,
            Side::Shared if !changed.contains_key(&document) => {
                lines.insert(document, line(document, row.summary, None));
            }
            Side::Shared | Side::Note(_) => {}
        }
    }
    for (document, fields) in changed {
        let queued = fields.queued.as_ref().map(|(_, command)| command.action);
        lines.insert(document, line(document, fields.summary(), queued));
    }
    for (document, count) in parked.into_iter().filter(|(_, count)| *count > 0) {
        lines.entry(document).or_insert_with(|| line(document, Summary::default(), None)).parked = count;
    }
    for (document, count) in count(outbox::waiting(rows).unsent.iter()) {
        lines.entry(document).and_modify(|line| line.unsent = count);
    }
    let mut lines: Vec<FileRow> = lines.into_values().collect();
    lines.sort_by_key(|line| (core::cmp::Reverse(line.summary.touched_ms), line.document));
    lines
}

fn count<'a>(ops: impl Iterator<Item = &'a Op>) -> BTreeMap<DocumentId, usize> {
    ops.fold(BTreeMap::new(), |mut counts, op| {
        *counts.entry(op.scope.document).or_default() += 1;
        counts
    })
}

fn line(document: DocumentId, summary: Summary, queued: Option<Action>) -> FileRow {
    FileRow { document, summary, queued, unsent: 0, parked: 0 }
}

#[cfg(test)]
mod tests;
