//! An open database, and how it is set up, shared with other tabs, and closed.
//!
//! Does not know when it is opened again, nor what is written.

use gloo_events::EventListener;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::internals::SystemRepr as _;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions};
use shared::sync::rows::ObjectStore;

use crate::storage::StoreError;

/// Version of the database: raised when object stores are added or renamed.
const SCHEMA: u8 = 4;

/// An open database. Dropped, it is closed: a tab that upgrades or erases waits for every one that is not.
#[derive(Debug)]
pub(super) struct Connection {
    database: Database,
    _gives_way: EventListener,
}

impl Connection {
    /// Opens a database. Blocked, it waits until the other tabs have given way.
    pub(super) async fn open(name: &str) -> Result<Self, StoreError> {
        // A set-up that fails aborts the upgrade: committed, a database with some of its object stores
        // would never be set up again.
        let request = Database::open(name).with_version(SCHEMA).with_on_upgrade_needed(|_, database| set_up(&database));
        let database = request.build()?.await?;
        let gives_way = give_way(&database);
        Ok(Self { database, _gives_way: gives_way })
    }

    /// Deletes a database. Blocked, it waits until the other tabs have given way.
    pub(super) async fn erase(name: &str) -> Result<(), StoreError> {
        Ok(Database::delete_by_name(name)?.await?)
    }

    /// Starts a transaction over everything. Dropped before it is complete, it is given up.
    pub(super) fn begin(&self, mode: TransactionMode) -> Result<Transaction<'_>, StoreError> {
        let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
        let names = ObjectStore::ALL.map(ObjectStore::name);
        let transaction = self.database.transaction(names).with_mode(mode).with_options(strict).build()?;
        // The library listens once, but one failure is told by every request that it takes along. A transaction
        // that fails always comes to its `abort`, and then knows why.
        transaction.as_sys().set_onerror(None);
        Ok(transaction)
    }

    /// Closes it for everybody who shares it; transactions under way still come to their end.
    pub(super) fn close(&self) {
        self.database.as_sys().close();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

fn set_up(database: &Database) -> Result<(), Error> {
    let present: Vec<String> = database.object_store_names().collect();
    for object_store in ObjectStore::ALL {
        if !present.iter().any(|name| name == object_store.name()) {
            database.create_object_store(object_store.name()).build()?;
        }
    }
    Ok(())
}

/// Lets the connection close itself when a newer version of the program, or an erasure, wants the
/// database. As with one that the browser closes, the next transaction finds out.
fn give_way(database: &Database) -> EventListener {
    let closing = database.clone();
    EventListener::new(database.as_sys(), "versionchange", move |_| closing.as_sys().close())
}
