//! The store in the browser: one IndexedDB database per person, one object store of it for each of
//! `ObjectStore`, bytes for keys and contents.
//!
//! Reads, plan and writes share one transaction, which stays open because nothing but its own
//! requests is waited for. Whether a transaction is strict has to be said before it is known what it
//! will write, so every one is. Does not know what the rows mean.

use core::cell::RefCell;
use core::pin::Pin;
use std::rc::Rc;

use indexed_db_futures::internals::SystemRepr as _;
use indexed_db_futures::transaction::TransactionMode;
use shared::ids::PersonId;
use shared::sync::device::DEVICE_KEY;
use shared::sync::rows::{Fetch, ObjectStore, Rows, Writes};

use super::{LocalStore, StoreError};

mod connection;
mod error;
mod page;
mod rows;
use connection::Connection;
use page::Page;

/// What is to be written once the rows are there.
type Plan<'a> = dyn FnMut(Rows) -> Option<Writes> + 'a;

/// The store of one person in this browser. Clones share the connection.
#[derive(Clone, Debug)]
pub struct IndexedDb {
    name: Rc<str>,
    open: Rc<RefCell<Option<Rc<Connection>>>>,
    page: Page,
}

impl IndexedDb {
    /// Opens the database of `person`, setting it up if it is not there.
    ///
    /// # Errors
    /// The browser has none to give (private windows of some), or a newer version has been at it.
    pub async fn open(person: PersonId) -> Result<Self, StoreError> {
        let store = Self { name: Self::name(person).into(), open: Rc::default(), page: Page::new() };
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
        Connection::erase(&Self::name(person)).await
    }

    async fn connection(&self) -> Result<Rc<Connection>, StoreError> {
        if let Some(open) = self.open.borrow().clone() {
            return Ok(open);
        }
        let opened = Rc::new(Connection::open(&self.name).await?);
        *self.open.borrow_mut() = Some(Rc::clone(&opened));
        Ok(opened)
    }

    fn drop_connection(&self) {
        if let Some(connection) = self.open.borrow_mut().take() {
            connection.close();
        }
    }

    /// Reads, plans and writes. Neither generic nor of a size of its own, for there are many plans
    /// and each would carry all of this along.
    ///
    /// A transaction that was given up because the page was left is begun again when it is shown again;
    /// one that cannot begin because the connection died or gave way meanwhile, or that fails to read,
    /// once more on a new connection: nothing is planned yet.
    fn carry_out<'a>(
        &'a self,
        mode: TransactionMode,
        reads: Vec<Fetch>,
        plan: &'a mut Plan<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>> {
        Box::pin(async move {
            let (mut reopened, mut failed) = (false, false);
            loop {
                self.page.is_shown().await;
                let connection = self.connection().await?;
                let transaction = match connection.begin(mode) {
                    Ok(transaction) => transaction,
                    Err(StoreError::Unknown(_)) if reopened => return Err(StoreError::Gone),
                    Err(error) if reopened => return Err(error),
                    Err(_) => {
                        reopened = true;
                        self.drop_connection();
                        continue;
                    }
                };
                reopened = false;
                let watch = self.page.watch(transaction.as_sys());
                match rows::fetch(&transaction, &reads).await {
                    Ok(rows) => {
                        let Some(writes) = plan(rows) else { return Ok(()) };
                        let committed = rows::commit(transaction, &writes).await;
                        drop(watch);
                        return self.outcome(committed, &writes).await;
                    }
                    Err(_) if watch.gave_up() => {}
                    Err(error) if failed => return Err(error),
                    Err(_) => {
                        failed = true;
                        self.drop_connection();
                    }
                }
            }
        })
    }

    /// Looks at a commit that gave no clear answer.
    async fn outcome(&self, committed: Result<(), StoreError>, writes: &Writes) -> Result<(), StoreError> {
        match committed {
            Ok(()) => Ok(()),
            Err(StoreError::Full) => Err(StoreError::Full),
            Err(_) if self.written(writes).await => Ok(()),
            Err(error) => Err(error),
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
        self.carry_out(TransactionMode::Readwrite, reads, &mut run).await?;
        result.ok_or(StoreError::Gone)
    }

    async fn read(&self, reads: Vec<Fetch>) -> Result<Rows, StoreError> {
        let mut found = Rows::default();
        let mut run = |rows| {
            found = rows;
            None
        };
        self.carry_out(TransactionMode::Readonly, reads, &mut run).await?;
        Ok(found)
    }
}
