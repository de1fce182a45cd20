//! The store in the browser: one IndexedDB database per person, one object store per object store, bytes
//! for keys and contents.
//!
//! Reads, plan and writes share one transaction, which stays open because nothing but its own
//! requests is waited for. Whether a transaction is strict has to be said before it is known what it
//! will write, so every one that may write is strict.

use core::pin::Pin;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect, Uint8Array};
use shared::ids::PersonId;
use shared::sync::device::DEVICE_KEY;
use shared::sync::rows::{Fetch, ObjectStore, Rows, Writes};
use wasm_bindgen::{JsCast, JsValue};

use super::{LocalStore, StoreError};
use crate::by_name::{call, get};

pub(crate) mod page;
mod request;
use request::{answered, first, is, outcome};

/// Version of the database: raised when object stores are added.
const SCHEMA: u8 = 3;

/// What is to be written once the rows are there.
type Plan<'a> = dyn FnMut(Rows) -> Option<Writes> + 'a;

/// The store of one person in this browser. Clones share the connection.
#[derive(Clone, Debug)]
pub struct IndexedDb {
    name: Rc<str>,
    open: Rc<RefCell<Option<JsValue>>>,
}

impl IndexedDb {
    /// Opens the database of `person`, setting it up if it is not there.
    ///
    /// # Errors
    /// The browser has none to give (private windows of some), or a newer version has been at it.
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
        let request = factory().and_then(|factory| call(&factory, "deleteDatabase", &[Self::name(person).into()]));
        // Blocked, it waits until the other tabs have given way.
        answered(&request.map_err(told)?).await.map_err(told)?;
        Ok(())
    }

    async fn connection(&self) -> Result<JsValue, StoreError> {
        if let Some(open) = self.open.borrow().clone() {
            return Ok(open);
        }
        let opened = open(&self.name).await.map_err(told)?;
        *self.open.borrow_mut() = Some(opened.clone());
        Ok(opened)
    }

    fn drop_connection(&self) {
        if let Some(database) = self.open.borrow_mut().take() {
            let _ = call(&database, "close", &[]);
        }
    }

    /// Starts a transaction; a connection that died or gave way meanwhile is opened once more.
    async fn begin(&self, mode: &str) -> Result<Transaction, StoreError> {
        page::is_shown().await;
        if let Ok(transaction) = start(&self.connection().await?, mode) {
            return Ok(transaction);
        }
        self.drop_connection();
        start(&self.connection().await?, mode).map_err(|error| match told(error) {
            StoreError::Unknown(_) => StoreError::Gone,
            known => known,
        })
    }

    /// Reads, plans and writes. Neither generic nor of a size of its own, for there are many plans
    /// and each would carry all of this along.
    fn carry_out<'a>(
        &'a self,
        mode: &'static str,
        reads: Vec<Fetch>,
        plan: &'a mut Plan<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>> {
        Box::pin(async move {
            let (transaction, rows) = self.look(mode, &reads).await?;
            let Some(writes) = plan(rows) else { return Ok(()) };
            match commit(transaction, &writes).await {
                Ok(()) => Ok(()),
                Err(StoreError::Full) => Err(StoreError::Full),
                Err(_) if self.written(&writes).await => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    /// Starts a transaction and reads. One that was given up because the page was left is begun again
    /// when it is shown again; one that failed, once more on a new connection: nothing is planned yet.
    async fn look(&self, mode: &str, reads: &[Fetch]) -> Result<(Transaction, Rows), StoreError> {
        let mut failed = false;
        loop {
            let transaction = self.begin(mode).await?;
            match fetch(&transaction, reads).await {
                Ok(rows) => return Ok((transaction, rows)),
                Err(_) if page::gave_up(&transaction.0) => {}
                Err(error) if failed => return Err(told(error)),
                Err(_) => {
                    failed = true;
                    self.drop_connection();
                }
            }
        }
    }

    /// Finds out whether `writes` are there after a commit that gave no answer.
    async fn written(&self, writes: &Writes) -> bool {
        self.drop_connection();
        let reads = writes.rows.keys().map(|(object_store, key)| Fetch::One(*object_store, key.clone())).collect();
        let Ok(rows) = self.read(reads).await else { return false };
        let same = |row: &(ObjectStore, Vec<u8>)| rows.0.get(row) == writes.rows.get(row).and_then(Option::as_ref);
        let device = (ObjectStore::Device, DEVICE_KEY.to_vec());
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
        let (mut plan, mut result) = (Some(plan), None);
        let mut run = |rows: Rows| {
            let (writes, planned) = plan.take()?(&rows);
            result = Some(planned);
            writes
        };
        self.carry_out("readwrite", reads, &mut run).await?;
        result.ok_or(StoreError::Gone)
    }

    async fn read(&self, reads: Vec<Fetch>) -> Result<Rows, StoreError> {
        let mut found = Rows::default();
        let mut run = |rows| {
            found = rows;
            None
        };
        self.carry_out("readonly", reads, &mut run).await?;
        Ok(found)
    }
}

fn factory() -> Result<JsValue, JsValue> {
    get(&js_sys::global(), "indexedDB")
}

/// Opens a database. Blocked, it waits until the other tabs have given way.
async fn open(name: &str) -> Result<JsValue, JsValue> {
    let request = call(&factory()?, "open", &[name.into(), SCHEMA.into()])?;
    let event = first(&request, &["onupgradeneeded", "onsuccess", "onerror"]).await?;
    let database = if is(&event, "upgradeneeded") {
        if let Err(error) = set_up(&get(&request, "result")?) {
            // Committed, a database with some of its object stores would never be set up again.
            drop(Transaction(get(&request, "transaction")?));
            return Err(error);
        }
        answered(&request).await?
    } else {
        outcome(&request, &event)?
    };
    give_way(&database)?;
    Ok(database)
}

fn set_up(database: &JsValue) -> Result<(), JsValue> {
    let present = get(database, "objectStoreNames")?;
    for object_store in ObjectStore::ALL {
        let name = [object_store.name().into()];
        if !call(&present, "contains", &name)?.is_truthy() {
            call(database, "createObjectStore", &name)?;
        }
    }
    Ok(())
}

/// Lets the connection close itself when a newer version of the program, or an erasure, wants the
/// database. As with one that the browser closes, the next transaction finds out.
fn give_way(database: &JsValue) -> Result<(), JsValue> {
    let close = call(&get(database, "close")?, "bind", std::slice::from_ref(database))?;
    Reflect::set(database, &"onversionchange".into(), &close)?;
    Ok(())
}

/// A transaction. Dropped before it is complete, it is given up.
struct Transaction(JsValue);

impl Transaction {
    fn ask(&self, object_store: ObjectStore, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
        call(&call(&self.0, "objectStore", &[object_store.name().into()])?, method, arguments)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        page::ended(&self.0);
        // Refused when it is complete.
        let _ = call(&self.0, "abort", &[]);
    }
}

fn start(database: &JsValue, mode: &str) -> Result<Transaction, JsValue> {
    let names: Array = ObjectStore::ALL.iter().map(|object_store| JsValue::from(object_store.name())).collect();
    let strict = Object::new();
    Reflect::set(&strict, &"durability".into(), &"strict".into())?;
    let transaction = call(database, "transaction", &[names.into(), mode.into(), strict.into()])?;
    page::began(&transaction);
    Ok(Transaction(transaction))
}

/// Asks for everything, and waits for the last request: they are answered in the order of asking.
async fn fetch(transaction: &Transaction, reads: &[Fetch]) -> Result<Rows, JsValue> {
    let mut requests = Vec::new();
    for read in reads {
        requests.push(match read {
            Fetch::One(object_store, key) => transaction.ask(*object_store, "get", &[to_js(key)])?,
            Fetch::All(object_store) | Fetch::Keys(object_store) => {
                transaction.ask(*object_store, "getAllKeys", &[])?
            }
            Fetch::Last(object_store) => {
                transaction.ask(*object_store, "openCursor", &[JsValue::NULL, "prev".into()])?
            }
        });
        if let Fetch::All(object_store) = read {
            requests.push(transaction.ask(*object_store, "getAll", &[])?);
        }
    }
    if let Some(last) = requests.last()
        && let Err(error) = answered(last).await
    {
        // The first that failed says why; those after it, only that they were given up.
        let errors = requests.iter().filter_map(|request| get(request, "error").ok());
        return Err(errors.into_iter().find(JsValue::is_object).unwrap_or(error));
    }
    let mut results = requests.iter().map(|request| get(request, "result"));
    let mut result = || results.next().unwrap_or(Ok(JsValue::UNDEFINED));
    let mut rows = Rows::default();
    for read in reads {
        let found = result()?;
        match read {
            Fetch::One(object_store, key) => {
                if !found.is_undefined() {
                    rows.0.insert((*object_store, key.clone()), from_js(&found));
                }
            }
            Fetch::All(object_store) => {
                let keys = found.unchecked_into::<Array>();
                let contents = result()?.unchecked_into::<Array>();
                for (key, value) in keys.iter().zip(contents.iter()) {
                    rows.0.insert((*object_store, from_js(&key)), from_js(&value));
                }
            }
            Fetch::Keys(object_store) => {
                for key in found.unchecked_into::<Array>().iter() {
                    rows.0.entry((*object_store, from_js(&key))).or_default();
                }
            }
            Fetch::Last(object_store) => {
                if found.is_object() {
                    rows.0
                        .insert((*object_store, from_js(&get(&found, "primaryKey")?)), from_js(&get(&found, "value")?));
                }
            }
        }
    }
    Ok(rows)
}

/// Sends all writes off and waits until the transaction is complete.
async fn commit(transaction: Transaction, writes: &Writes) -> Result<(), StoreError> {
    let done = first(&transaction.0, &["oncomplete", "onabort", "onerror"]);
    send(&transaction, writes).map_err(told)?;
    // From here on it needs this page no more, and goes through though the page is left.
    let _ = call(&transaction.0, "commit", &[]);
    let event = done.await.map_err(told)?;
    if is(&event, "complete") {
        return Ok(());
    }
    // While a request's error is being told, only the request knows it.
    let errors = [get(&transaction.0, "error"), get(&event, "target").and_then(|request| get(&request, "error"))];
    match errors.into_iter().flatten().find(JsValue::is_object) {
        Some(error) => Err(told(error)),
        None => Err(StoreError::Unknown("a transaction was not completed".to_owned())),
    }
}

fn send(transaction: &Transaction, writes: &Writes) -> Result<(), JsValue> {
    for ((object_store, key), value) in &writes.rows {
        match value {
            Some(value) => transaction.ask(*object_store, "put", &[to_js(value), to_js(key)])?,
            None => transaction.ask(*object_store, "delete", &[to_js(key)])?,
        };
    }
    Ok(())
}

fn to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Keys come back as buffers, contents as the arrays they were.
fn from_js(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

fn told(error: JsValue) -> StoreError {
    let words = |found: Result<JsValue, JsValue>| found.ok().and_then(|found| found.as_string()).unwrap_or_default();
    match words(get(&error, "name")).as_str() {
        // No room is left.
        "QuotaExceededError" => StoreError::Full,
        // Closed under us, or meanwhile set up by a newer version of the program in another tab.
        "InvalidStateError" | "VersionError" => StoreError::Gone,
        _ => StoreError::Unknown(words(call(&error, "toString", &[]))),
    }
}
