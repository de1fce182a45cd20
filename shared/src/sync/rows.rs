//! The device's store as the plans see it: object stores of opaque rows, read first, then written in one
//! atomic transaction.
//!
//! Only routing keys are visible beside the contents, so that encryption can be laid under them.
//! Does not know IndexedDB, files or memory: those are the store's implementations.

use std::collections::BTreeMap;

/// One kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectStore {
    /// The device itself: one row.
    Device,
    /// Own operations the server is not known to have applied, by local number.
    Outbox,
    /// Own operations the server has, kept to offer again to a restored server.
    Kept,
    /// Own operations that were not applied, with why.
    Parked,
    /// Accepted state by scope.
    Documents,
    /// What a list of files shows of each document, by scope: written whenever the document is.
    Summaries,
    /// Names of people by id.
    People,
    /// Remarks, answers and reasons that are being written and not said yet, by the place on the page.
    Drafts,
}

impl ObjectStore {
    /// All object stores.
    pub const ALL: [Self; 8] = [
        Self::Device,
        Self::Outbox,
        Self::Kept,
        Self::Parked,
        Self::Documents,
        Self::Summaries,
        Self::People,
        Self::Drafts,
    ];

    /// Returns its name in a store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Outbox => "outbox",
            Self::Kept => "kept",
            Self::Parked => "parked",
            Self::Documents => "documents",
            Self::Summaries => "summaries",
            Self::People => "people",
            Self::Drafts => "drafts",
        }
    }
}

/// What a plan needs to see before it can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// One row.
    One(ObjectStore, Vec<u8>),
    /// Every row of a object store.
    All(ObjectStore),
    /// Only the keys of a object store; the contents come back empty.
    Keys(ObjectStore),
    /// The row with the greatest key.
    Last(ObjectStore),
}

/// The rows that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(pub BTreeMap<(ObjectStore, Vec<u8>), Vec<u8>>);

impl Rows {
    /// Returns one row.
    #[must_use]
    pub fn get(&self, object_store: ObjectStore, key: &[u8]) -> Option<&[u8]> {
        self.0.get(&(object_store, key.to_vec())).map(Vec::as_slice)
    }

    /// Returns the rows of a object store in key order.
    pub fn entries(&self, object_store: ObjectStore) -> impl Iterator<Item = (&[u8], &[u8])> {
        let rows = self.0.range((object_store, Vec::new())..);
        let rows = rows.take_while(move |((other, _), _)| *other == object_store);
        rows.map(|((_, key), value)| (key.as_slice(), value.as_slice()))
    }
}

/// How sure a write has to be before it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// On the disk: a person's own work.
    Strict,
    /// May be lost with the power: what the server has anyway.
    Relaxed,
}

/// Rows to put and to take away, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writes {
    /// How sure.
    pub durability: Durability,
    /// New contents; `None` takes the row away.
    pub rows: BTreeMap<(ObjectStore, Vec<u8>), Option<Vec<u8>>>,
}

impl Writes {
    /// Returns an empty set of writes.
    #[must_use]
    pub const fn new(durability: Durability) -> Self {
        Self { durability, rows: BTreeMap::new() }
    }

    /// Puts a row.
    pub fn put(&mut self, object_store: ObjectStore, key: impl Into<Vec<u8>>, value: Vec<u8>) {
        self.rows.insert((object_store, key.into()), Some(value));
    }

    /// Takes a row away.
    pub fn remove(&mut self, object_store: ObjectStore, key: impl Into<Vec<u8>>) {
        self.rows.insert((object_store, key.into()), None);
    }
}
