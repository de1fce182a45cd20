//! The database: the only code that speaks SQL. Transactions begin and end here.
//!
//! One connection writes (and checkpoints), a few read. A write is acknowledged only after `commit`
//! returned, which is after the disk said so. Does not know HTTP, nor any rule of documents.

pub mod backup;
pub mod log;
pub mod meta;
mod open;
pub mod people;
pub mod sessions;
pub mod size;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::Notify;

pub use self::open::{FILE, OpenError, SQLITE_VERSION_MIN, Storage, make_folder};

/// Longest wait for the writing connection before a caller is asked to come back.
const WRITER_WAIT_MAX: Duration = Duration::from_secs(10);
/// Longest wait for an answer to "can you write?".
const READY_WAIT_MAX: Duration = Duration::from_secs(2);

/// The database of one server.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    epoch: u64,
    fault: Arc<Fault>,
}

/// Remembers that the disk lost a write. After a failed fsync the system may drop the pages it
/// could not write and report success the next time, so nothing more is written.
#[derive(Debug, Default)]
struct Fault {
    happened: AtomicBool,
    told: Notify,
}

impl Store {
    /// Returns which incarnation of the database this is; changes when a backup is restored.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Begins a transaction that may write. Everyone else who wants to write waits, so nothing
    /// else is awaited while it is held, least of all another connection of the store.
    pub async fn write(&self) -> Result<Write, StoreError> {
        if self.fault.happened.load(Ordering::Acquire) {
            return Err(StoreError::Broken);
        }
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Write { transaction, fault: Arc::clone(&self.fault) })
    }

    /// Returns the connections that only read. Never ask while holding a `Write`: a database in
    /// memory has a single connection for both.
    #[must_use]
    pub fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// Checks that a transaction can begin.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let write = tokio::time::timeout(READY_WAIT_MAX, self.write()).await.map_err(|_| StoreError::Busy)??;
        write.transaction.rollback().await?;
        Ok(())
    }

    /// Returns once the disk has lost a write and the process should end and start anew.
    pub async fn broken(&self) {
        let told = self.fault.told.notified();
        if !self.fault.happened.load(Ordering::Acquire) {
            told.await;
        }
    }

    /// Finishes the reads, folds the write-ahead log into the database file and closes it.
    pub async fn close(&self) {
        self.reader.close().await;
        if !self.writer.is_closed()
            && let Err(error) = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await
        {
            tracing::warn!(%error, "the last checkpoint failed; the next start repeats it");
        }
        self.writer.close().await;
    }
}

/// A transaction that may write; dropped without `commit`, it leaves no trace.
pub struct Write {
    transaction: Transaction<'static, Sqlite>,
    fault: Arc<Fault>,
}

impl Write {
    /// Makes everything written durable. Only after it returned may anyone be told.
    pub async fn commit(self) -> Result<(), StoreError> {
        let outcome = self.transaction.commit().await.map_err(StoreError::from);
        if matches!(outcome, Err(StoreError::Broken)) {
            self.fault.happened.store(true, Ordering::Release);
            self.fault.told.notify_waiters();
        }
        outcome
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Write")
    }
}

/// Why the database did not do as asked.
#[derive(Debug)]
pub enum StoreError {
    /// Too much to do, or no room on the disk: the same call can succeed later.
    Busy,
    /// The disk lost a write; the server must be started anew.
    Broken,
    /// Such a row exists already.
    Taken,
    /// Anything else: a fault of this program or of the file.
    Internal(sqlx::Error),
}

impl StoreError {
    /// Returns whether the same write may succeed later without anybody changing it.
    #[must_use]
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Busy | Self::Broken)
    }
}

/// SQLite's primary result codes that pass by themselves or once there is room.
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;
const SQLITE_IOERR: i32 = 10;
const SQLITE_FULL: i32 = 13;
/// SQLite's extended result codes for a failed fsync, of a file and of its folder.
const SQLITE_IOERR_FSYNC: i32 = 1034;
const SQLITE_IOERR_DIR_FSYNC: i32 = 1290;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // Closed: the server is stopping, and the next one will answer.
        if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) {
            return Self::Busy;
        }
        let Some(database) = error.as_database_error() else {
            return Self::Internal(error);
        };
        if database.is_unique_violation() {
            return Self::Taken;
        }
        let code = database.code().and_then(|code| code.parse().ok()).unwrap_or(0);
        match code {
            SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC => Self::Broken,
            // The low byte is the primary code.
            _ if matches!(code & 0xff, SQLITE_BUSY | SQLITE_LOCKED | SQLITE_IOERR | SQLITE_FULL) => Self::Busy,
            _ => Self::Internal(error),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the database cannot be written now"),
            Self::Broken => f.write_str("the disk lost a write; start the server anew"),
            Self::Taken => f.write_str("this exists already"),
            Self::Internal(error) => write!(f, "the database failed: {error}"),
        }
    }
}

impl std::error::Error for StoreError {}
