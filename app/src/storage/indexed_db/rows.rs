//! Rows read and written in one transaction: bytes for keys and contents.
//!
//! Waits for nothing but requests of that transaction, which therefore stays open. Does not know when it
//! is begun, nor what happens when it fails.

use indexed_db_futures::cursor::{Cursor, CursorDirection};
use indexed_db_futures::error::Error;
use indexed_db_futures::future::{BasicRequest, CursorRequest, GetAllPrimitiveRequest};
use indexed_db_futures::internals::SystemRepr as _;
use indexed_db_futures::object_store::ObjectStore as Handle;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use indexed_db_futures::typed_array::{Uint8Array, Uint8ArraySlice};
use shared::sync::rows::{Fetch, ObjectStore, Rows, Writes};
use wasm_bindgen::JsValue;

use crate::storage::StoreError;

/// One read that was asked for.
enum Asked<'a> {
    One(ObjectStore, &'a [u8], BasicRequest<Option<Uint8Array>>),
    All(ObjectStore, GetAllPrimitiveRequest<JsValue>, GetAllPrimitiveRequest<Uint8Array>),
    Keys(ObjectStore, GetAllPrimitiveRequest<JsValue>),
    Last(ObjectStore, CursorRequest<'a, Cursor<'a, Handle<'a>>, Handle<'a>>),
}

/// Asks for everything, and waits for the last request: they are answered in the order of asking.
pub(super) async fn fetch(transaction: &Transaction<'_>, reads: &[Fetch]) -> Result<Rows, StoreError> {
    let handles = reads.iter().map(|read| transaction.object_store(object_store(read).name()));
    let handles = handles.collect::<Result<Vec<_>, _>>()?;
    let asked = reads.iter().zip(&handles).map(|(read, handle)| ask(read, handle));
    let mut asked = asked.collect::<Result<Vec<_>, _>>()?;
    let mut rows = Rows::default();
    let ended = match asked.pop() {
        Some(last) => last.receive(&mut rows).await,
        None => Ok(()),
    };
    // The first that failed says why; those after it, only that they were given up.
    for answered in asked {
        answered.receive(&mut rows).await?;
    }
    ended?;
    Ok(rows)
}

/// Sends all writes off and waits until the transaction is complete.
pub(super) async fn commit(transaction: Transaction<'_>, writes: &Writes) -> Result<(), StoreError> {
    send(&transaction, writes)?;
    let ended = transaction.as_sys().clone();
    // From here on it needs this page no more, and goes through though the page is left.
    let Err(error) = transaction.commit().await else { return Ok(()) };
    Err(match ended.error() {
        Some(reason) => reason.into(),
        None => StoreError::Unknown(format!("a transaction was not completed: {error}")),
    })
}

fn object_store(read: &Fetch) -> ObjectStore {
    match read {
        Fetch::One(object_store, _)
        | Fetch::All(object_store)
        | Fetch::Keys(object_store)
        | Fetch::Last(object_store) => *object_store,
    }
}

fn ask<'a>(read: &'a Fetch, handle: &'a Handle<'a>) -> Result<Asked<'a>, Error> {
    Ok(match read {
        Fetch::One(object_store, key) => {
            Asked::One(*object_store, key, handle.get(Uint8ArraySlice::new(key)).primitive()?)
        }
        Fetch::All(object_store) => {
            Asked::All(*object_store, handle.get_all_keys().primitive()?, handle.get_all().primitive()?)
        }
        Fetch::Keys(object_store) => Asked::Keys(*object_store, handle.get_all_keys().primitive()?),
        Fetch::Last(object_store) => {
            Asked::Last(*object_store, handle.open_cursor().with_direction(CursorDirection::Prev).primitive()?)
        }
    })
}

impl Asked<'_> {
    async fn receive(self, rows: &mut Rows) -> Result<(), Error> {
        match self {
            Self::One(object_store, key, value) => {
                if let Some(value) = value.await? {
                    rows.0.insert((object_store, key.to_vec()), value.into());
                }
            }
            Self::All(object_store, keys, contents) => {
                let contents = contents.await;
                for (key, value) in keys.await?.zip(contents?) {
                    rows.0.insert((object_store, key_bytes(&key?)), value?.into());
                }
            }
            Self::Keys(object_store, keys) => {
                for key in keys.await? {
                    rows.0.entry((object_store, key_bytes(&key?))).or_default();
                }
            }
            Self::Last(object_store, cursor) => {
                if let Some(cursor) = cursor.await? {
                    // Where it stands: the library's own reading asks older browsers for what they do not have.
                    let (key, value) = (cursor.as_sys().primary_key()?, cursor.as_sys().value()?);
                    rows.0.insert((object_store, key_bytes(&key)), js_sys::Uint8Array::new(&value).to_vec());
                }
            }
        }
        Ok(())
    }
}

fn send(transaction: &Transaction<'_>, writes: &Writes) -> Result<(), Error> {
    for ((object_store, key), value) in &writes.rows {
        let handle = transaction.object_store(object_store.name())?;
        let key = Uint8ArraySlice::new(key);
        // Nobody waits for these: the transaction tells how they end.
        match value {
            Some(value) => {
                drop(handle.put(Uint8ArraySlice::new(value)).with_key(key).without_key_type().primitive()?);
            }
            None => drop(handle.delete(key).primitive()?),
        }
    }
    Ok(())
}

/// Keys come back as buffers, not as the arrays they were.
fn key_bytes(key: &JsValue) -> Vec<u8> {
    js_sys::Uint8Array::new(key).to_vec()
}
