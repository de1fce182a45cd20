//! A store in memory, with faults to order: what the simulator and the tests run devices on.
//!
//! Clones share their rows, as tabs of one browser do.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};

use super::{LocalStore, StoreError};

/// Rows as all native stores hold them, and as a profile is copied.
pub type Table = BTreeMap<(ObjectStore, Vec<u8>), Vec<u8>>;

/// Returns the rows that `reads` ask of `table`.
#[must_use]
pub fn fetch(table: &Table, reads: &[Fetch]) -> Rows {
    let mut rows = Rows::default();
    for read in reads {
        match read {
            Fetch::One(object_store, key) => {
                rows.0.extend(table.get_key_value(&(*object_store, key.clone())).map(owned))
            }
            Fetch::All(object_store) => rows.0.extend(on_shelf(table, *object_store).map(owned)),
            // Whoever asked for the contents as well keeps them.
            Fetch::Keys(object_store) => on_shelf(table, *object_store).for_each(|(key, _)| {
                rows.0.entry(key.clone()).or_default();
            }),
            Fetch::Last(object_store) => rows.0.extend(on_shelf(table, *object_store).next_back().map(owned)),
        }
    }
    rows
}

fn owned((key, value): (&(ObjectStore, Vec<u8>), &Vec<u8>)) -> ((ObjectStore, Vec<u8>), Vec<u8>) {
    (key.clone(), value.clone())
}

fn on_shelf(
    table: &Table,
    object_store: ObjectStore,
) -> impl DoubleEndedIterator<Item = (&(ObjectStore, Vec<u8>), &Vec<u8>)> {
    let end = ObjectStore::ALL.into_iter().find(|other| *other > object_store);
    let rows = match end {
        Some(end) => table.range((object_store, Vec::new())..(end, Vec::new())),
        None => table.range((object_store, Vec::new())..),
    };
    rows.into_iter()
}

/// Changes `table` as `writes` say.
pub fn apply(table: &mut Table, writes: Writes) {
    for (key, value) in writes.rows {
        match value {
            Some(value) => table.insert(key, value),
            None => table.remove(&key),
        };
    }
}

/// What befalls one transaction that writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The device goes off before anything is written.
    CrashBefore,
    /// The device goes off after everything is written, before anybody is told.
    CrashAfter,
    /// There is no room.
    Full,
    /// The device goes off before anything is written, and relaxed writes since the last strict one
    /// are lost with the power.
    LoseRelaxed,
}

/// Decides what befalls each transaction that writes; it is told its number, from 1.
pub type FaultPlan = Box<dyn FnMut(u64) -> Fault + Send>;

#[derive(Default)]
struct Inner {
    table: Table,
    strict: Table,
    transactions: u64,
    faults: Option<FaultPlan>,
}

/// The store in memory.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Inner>>);

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MemoryStore").field(&self.inner().table.len()).finish()
    }
}

impl MemoryStore {
    /// Returns an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `faults` decide from now on; `None` ends all faults.
    pub fn set_faults(&self, faults: Option<FaultPlan>) {
        self.inner().faults = faults;
    }

    /// Returns a copy of everything: a browser profile being copied or backed up.
    #[must_use]
    pub fn snapshot(&self) -> Table {
        self.inner().table.clone()
    }

    /// Puts a copy in the place of everything: a profile restored, or started a second time.
    pub fn restore(&self, snapshot: Table) {
        let mut inner = self.inner();
        inner.strict.clone_from(&snapshot);
        inner.table = snapshot;
    }

    /// Erases everything, as a browser does when site data is cleared.
    pub fn wipe(&self) {
        self.restore(Table::new());
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LocalStore for MemoryStore {
    async fn transact<R>(
        &self,
        reads: Vec<Fetch>,
        plan: impl FnOnce(&Rows) -> (Option<Writes>, R),
    ) -> Result<R, StoreError> {
        let mut inner = self.inner();
        let (writes, result) = plan(&fetch(&inner.table, &reads));
        match writes {
            Some(writes) => inner.write(writes).map(|()| result),
            None => Ok(result),
        }
    }

    async fn read(&self, reads: Vec<Fetch>) -> Result<Rows, StoreError> {
        Ok(fetch(&self.inner().table, &reads))
    }
}

impl Inner {
    fn write(&mut self, writes: Writes) -> Result<(), StoreError> {
        self.transactions += 1;
        let number = self.transactions;
        let fault = self.faults.as_mut().map_or(Fault::None, |faults| faults(number));
        match fault {
            Fault::CrashBefore => return Err(StoreError::Gone),
            Fault::Full => return Err(StoreError::Full),
            Fault::LoseRelaxed => {
                self.table.clone_from(&self.strict);
                return Err(StoreError::Gone);
            }
            Fault::None | Fault::CrashAfter => {}
        }
        // A strict write takes earlier relaxed ones to the disk with it: browsers flush one log.
        let strict = writes.durability == Durability::Strict;
        apply(&mut self.table, writes);
        if strict && self.faults.is_some() {
            self.strict.clone_from(&self.table);
        }
        if fault == Fault::CrashAfter { Err(StoreError::Gone) } else { Ok(()) }
    }
}
