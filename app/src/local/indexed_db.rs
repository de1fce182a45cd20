//! The store in the browser: one IndexedDB database per person, one object store per shelf, bytes
//! for keys and contents.
//!
//! Reads, plan and writes share one transaction, which stays open because nothing but its own
//! requests is waited for. Whether a transaction is strict has to be said before it is known what it
//! will write, so every one that may write is strict.

use std::cell::RefCell;
use std::rc::Rc;

use indexed_db_futures::KeyRange;
use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error, OpenDbError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionFinishKind, TransactionMode, TransactionOptions,
};
use js_sys::Uint8Array;
use shared::ids::PersonId;
use shared::sync::device::DEVICE_KEY;
use shared::sync::rows::{Fetch, Rows, Shelf, Writes};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::{LocalStore, StoreError};

/// Version of the database: raised when shelves are added.
const SCHEMA: u8 = 1;
/// Name of the error browsers give when no room is left.
const QUOTA_EXCEEDED: &str = "QuotaExceededError";

/// Where the connections of one transaction live: the one that was open, and the one opened instead.
type Slots = (Option<Database>, Option<Database>);

/// The store of one person in this browser. Clones share the connection.
#[derive(Clone, Debug)]
pub struct IndexedDb {
    name: Rc<str>,
    open: Rc<RefCell<Option<Database>>>,
}

impl IndexedDb {
    /// Opens the database of `person`, setting it up if it is not there.
    ///
    /// # Errors
    /// The browser has none to give (private windows of some), or another tab holds an older one.
    pub async fn open(person: PersonId) -> Result<Self, StoreError> {
        let store = Self { name: Self::name(person).into(), open: Rc::default() };
        store.connection().await?;
        Ok(store)
    }

    /// Returns the database's name.
    #[must_use]
    pub fn name(person: PersonId) -> String {
        format!("relais-{}", person.0)
    }

    /// Deletes the database with everything in it. The caller has asked the person.
    ///
    /// # Errors
    /// The browser did not.
    pub async fn erase(person: PersonId) -> Result<(), StoreError> {
        Database::delete_by_name(&Self::name(person)).map_err(could_not_open)?.await.map_err(told)
    }

    async fn connection(&self) -> Result<Database, StoreError> {
        if let Some(open) = self.open.borrow().clone() {
            return Ok(open);
        }
        let opened = Database::open(self.name.to_string())
            .with_version(SCHEMA)
            .with_on_upgrade_needed(|_, database| {
                let present: Vec<String> = database.object_store_names().collect();
                let missing = Shelf::ALL.iter().filter(|shelf| !present.iter().any(|name| name == shelf.name()));
                missing.into_iter().try_for_each(|shelf| database.create_object_store(shelf.name()).build().map(|_| ()))
            })
            .await
            .map_err(could_not_open)?;
        self.give_way(&opened);
        *self.open.borrow_mut() = Some(opened.clone());
        Ok(opened)
    }

    /// Closes the connection when a newer version of the program, or an erasure, wants the database.
    fn give_way(&self, database: &Database) {
        let Ok(mut changes) = database.version_changes() else { return };
        let (open, database) = (Rc::downgrade(&self.open), database.clone());
        spawn_local(async move {
            // `None` says that the browser closed it of its own accord.
            let _ = changes.recv().await;
            database.close();
            if let Some(open) = open.upgrade() {
                open.borrow_mut().take();
            }
        });
    }

    fn drop_connection(&self) {
        if let Some(database) = self.open.borrow_mut().take() {
            database.close();
        }
    }

    /// Starts a transaction; a connection that died meanwhile is opened once more.
    async fn begin<'a>(&self, slots: &'a mut Slots, mode: TransactionMode) -> Result<Transaction<'a>, StoreError> {
        let (first, second) = slots;
        if let Ok(transaction) = start(first.insert(self.connection().await?), mode) {
            return Ok(transaction);
        }
        self.drop_connection();
        start(second.insert(self.connection().await?), mode).map_err(|error| match told(error) {
            StoreError::Unknown(_) => StoreError::Gone,
            known => known,
        })
    }

    /// Finds out whether `writes` are there after a commit that gave no answer.
    async fn written(&self, writes: &Writes) -> bool {
        self.drop_connection();
        let reads = writes.rows.keys().map(|(shelf, key)| Fetch::One(*shelf, key.clone())).collect();
        let Ok(rows) = self.read(reads).await else { return false };
        let same = |row: &(Shelf, Vec<u8>)| rows.0.get(row) == writes.rows.get(row).and_then(Option::as_ref);
        let device = (Shelf::Device, DEVICE_KEY.to_vec());
        // Another tab may have moved the device row on since; the others are then proof enough.
        let mut others = writes.rows.keys().filter(|row| **row != device).peekable();
        (writes.rows.contains_key(&device) && same(&device)) || (others.peek().is_some() && others.all(same))
    }
}

impl LocalStore for IndexedDb {
    async fn transact<R>(
        &self,
        reads: Vec<Fetch>,
        plan: impl FnOnce(&Rows) -> (Option<Writes>, R),
    ) -> Result<R, StoreError> {
        let mut slots = Slots::default();
        let transaction = self.begin(&mut slots, TransactionMode::Readwrite).await?;
        let rows = fetch(&transaction, reads).await.map_err(told)?;
        let (writes, result) = plan(&rows);
        let Some(writes) = writes else { return Ok(result) };
        match commit(transaction, &writes).await {
            Ok(()) => Ok(result),
            Err(StoreError::Full) => Err(StoreError::Full),
            Err(_) if self.written(&writes).await => Ok(result),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, reads: Vec<Fetch>) -> Result<Rows, StoreError> {
        let mut slots = Slots::default();
        let transaction = self.begin(&mut slots, TransactionMode::Readonly).await?;
        fetch(&transaction, reads).await.map_err(told)
    }
}

fn start(database: &Database, mode: TransactionMode) -> Result<Transaction<'_>, Error> {
    let names: Vec<&str> = Shelf::ALL.iter().map(|shelf| shelf.name()).collect();
    let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    database.transaction(names).with_mode(mode).with_options(strict).build()
}

async fn fetch(transaction: &Transaction<'_>, reads: Vec<Fetch>) -> Result<Rows, Error> {
    let mut rows = Rows::default();
    for read in reads {
        match read {
            Fetch::One(shelf, key) => {
                let found = transaction
                    .object_store(shelf.name())?
                    .get::<JsValue, JsValue, _>(KeyRange::Only(to_js(&key)))
                    .primitive()?
                    .await?;
                if let Some(value) = found {
                    rows.0.insert((shelf, key), from_js(&value));
                }
            }
            Fetch::All(shelf) => {
                let store = transaction.object_store(shelf.name())?;
                let keys = store.get_all_keys::<JsValue>().primitive()?;
                let values = store.get_all::<JsValue>().primitive()?;
                let keys: Vec<JsValue> = keys.await?.collect::<Result<_, _>>()?;
                let values: Vec<JsValue> = values.await?.collect::<Result<_, _>>()?;
                rows.0.extend(keys.iter().zip(&values).map(|(key, value)| ((shelf, from_js(key)), from_js(value))));
            }
            Fetch::Keys(shelf) => {
                let keys = transaction.object_store(shelf.name())?.get_all_keys::<JsValue>().primitive()?.await?;
                for key in keys {
                    rows.0.entry((shelf, from_js(&key?))).or_default();
                }
            }
            Fetch::Last(shelf) => {
                let store = transaction.object_store(shelf.name())?;
                let cursor = store.open_cursor().with_direction(CursorDirection::Prev).primitive()?.await?;
                if let Some(mut cursor) = cursor
                    && let Some(key) = cursor.primary_key::<JsValue>()?
                    && let Some(value) = cursor.next_record::<JsValue>().await?
                {
                    rows.0.insert((shelf, from_js(&key)), from_js(&value));
                }
            }
        }
    }
    Ok(rows)
}

/// Sends all writes off and waits until the transaction is complete.
async fn commit(transaction: Transaction<'_>, writes: &Writes) -> Result<(), StoreError> {
    let done = transaction.on_done().map_err(told)?;
    let mut puts = Vec::new();
    let mut removals = Vec::new();
    for ((shelf, key), value) in &writes.rows {
        let store = transaction.object_store(shelf.name()).map_err(told)?;
        match value {
            Some(value) => puts.push(store.put(to_js(value)).with_key(to_js(key)).primitive().map_err(told)?),
            None => removals.push(store.delete::<JsValue, _>(KeyRange::Only(to_js(key))).primitive().map_err(told)?),
        }
    }
    if done.await == TransactionFinishKind::Ok {
        return Ok(());
    }
    if let Some(error) = transaction.error() {
        return Err(told(error));
    }
    for put in puts {
        put.await.map_err(told)?;
    }
    Err(StoreError::Unknown("a transaction was not completed".to_owned()))
}

fn to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Keys come back as buffers, contents as the arrays they were.
fn from_js(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

fn told(error: Error) -> StoreError {
    match error {
        Error::DomException(DomException::Other(other)) if other.name() == QUOTA_EXCEEDED => StoreError::Full,
        Error::DomException(DomException::InvalidStateError(_)) => StoreError::Gone,
        other => StoreError::Unknown(other.to_string()),
    }
}

fn could_not_open(error: OpenDbError) -> StoreError {
    match error {
        // The database was set up by a newer version of the program, open in another tab.
        OpenDbError::Base(Error::DomException(DomException::Other(other))) if other.name() == "VersionError" => {
            StoreError::Blocked
        }
        OpenDbError::Base(error) => told(error),
        other => StoreError::Unknown(other.to_string()),
    }
}
