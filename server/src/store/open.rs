//! Opens the database: where it is, how its connections are set, which schema it must have.
//!
//! The settings are the ones that never lose an acknowledged write; each is checked by a test.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlitePool};

use super::{Fault, Store, StoreError, WRITER_WAIT_MAX, meta};
use crate::clock::{Entropy, NoEntropy};

/// Oldest SQLite that is safe with several connections on one write-ahead log: 3.7.0 to 3.51.2 can
/// corrupt the file when two of them write or checkpoint at once.
pub const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

/// Name of the database in its folder.
pub const FILE: &str = "relais.sqlite";
/// Connections that only read.
const READERS_MAX: u32 = 4;
/// Longest wait for a lock held by another process, e.g. `relais user add` beside the server.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(5);
/// Pages in the write-ahead log before the writer folds them into the file.
const CHECKPOINT_PAGES: &str = "1000";

/// Every schema change, oldest first.
const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "initial", include_str!("../../migrations/0001_initial.sql"))];

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In the file `relais.sqlite` of this folder, which is made when missing.
    Folder(PathBuf),
    /// In memory, for tests: gone when the store is closed.
    Memory,
}

/// Why the database could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The folder could not be made.
    Folder(PathBuf, std::io::Error),
    /// The SQLite library in this program is older than `SQLITE_VERSION_MIN`.
    OldSqlite(String),
    /// The schema could not be brought up to date, e.g. because a newer server wrote it.
    Schema(MigrateError),
    /// The file could not be opened, read or written.
    Store(StoreError),
    /// The file is damaged, in SQLite's words.
    Damaged(String),
    /// No random number could be drawn.
    NoEntropy(NoEntropy),
}

impl Store {
    /// Opens the database, making it and bringing its schema up to date as needed.
    pub async fn open(storage: &Storage, entropy: &Entropy) -> Result<Self, OpenError> {
        let (writer, reader) = match storage {
            Storage::Folder(folder) => {
                make_folder(folder).map_err(|error| OpenError::Folder(folder.clone(), error))?;
                let options = SqliteConnectOptions::new().filename(folder.join(FILE));
                let writer = writer(options.clone()).await?;
                migrate(&writer).await?;
                (writer, reader(options).await?)
            }
            Storage::Memory => {
                let writer = writer(SqliteConnectOptions::new().in_memory(true)).await?;
                migrate(&writer).await?;
                (writer.clone(), writer)
            }
        };
        let drawn = entropy.number().map_err(OpenError::NoEntropy)?;
        meta::take_over(&writer).await.map_err(OpenError::Store)?;
        let epoch = meta::epoch_or(&writer, drawn).await.map_err(OpenError::Store)?;
        Ok(Self { writer, reader, epoch, fault: std::sync::Arc::new(Fault::default()) })
    }
}

pub(super) async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    let options = common(options)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    let pool = pool(1).connect_with(options).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&pool).await?;
    if parse_version(&version).is_none_or(|found| found < SQLITE_VERSION_MIN) {
        return Err(OpenError::OldSqlite(version));
    }
    Ok(pool)
}

async fn reader(options: SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    let options = common(options).read_only(true).pragma("wal_autocheckpoint", "0");
    Ok(pool(READERS_MAX).connect_with(options).await?)
}

fn common(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .foreign_keys(true)
        .busy_timeout(LOCK_WAIT_MAX)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0")
}

fn pool(connections: u32) -> SqlitePoolOptions {
    // A connection in the same process does not go stale; pinging it would only cost time.
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(WRITER_WAIT_MAX)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

pub(super) async fn migrate(writer: &SqlitePool) -> Result<(), OpenError> {
    let migrations = MIGRATIONS.iter().map(|&(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect()).run(writer).await.map_err(OpenError::Schema)
}

fn parse_version(version: &str) -> Option<(u32, u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    let mut next = || parts.next()?.ok();
    Some((next()?, next()?, next()?))
}

/// Makes a data folder.
#[cfg(unix)]
pub fn make_folder(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    // Personal data: nobody else on the machine reads it.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a data folder.
#[cfg(not(unix))]
pub fn make_folder(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder, error) => write!(f, "the data folder {} cannot be made: {error}", folder.display()),
            Self::OldSqlite(found) => {
                let (major, minor, patch) = SQLITE_VERSION_MIN;
                write!(f, "SQLite {found} can corrupt data; {major}.{minor}.{patch} or later is needed")
            }
            Self::Schema(error) => write!(f, "the database is not one this version can use: {error}"),
            Self::Store(error) => error.fmt(f),
            Self::Damaged(how) => write!(f, "the file is damaged: {how}"),
            Self::NoEntropy(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pragma(pool: &SqlitePool, name: &'static str) -> i64 {
        let sql = AssertSqlSafe(format!("PRAGMA {name}"));
        sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
    }

    #[tokio::test]
    async fn both_kinds_of_connection_are_set_for_safety() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Storage::Folder(folder.path().into()), &Entropy::system()).await.unwrap();
        for pool in [&store.writer, &store.reader] {
            let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
            assert_eq!(journal, "wal");
            assert_eq!(pragma(pool, "foreign_keys").await, 1);
            assert_eq!(pragma(pool, "trusted_schema").await, 0);
            assert_eq!(pragma(pool, "cell_size_check").await, 1);
            assert_eq!(pragma(pool, "mmap_size").await, 0);
            assert_eq!(pragma(pool, "busy_timeout").await, 5000);
        }
        assert_eq!(pragma(&store.writer, "synchronous").await, 2);
        assert_eq!(pragma(&store.writer, "wal_autocheckpoint").await.to_string(), CHECKPOINT_PAGES);
        assert_eq!(pragma(&store.reader, "wal_autocheckpoint").await, 0);
        sqlx::query("DELETE FROM session").execute(&store.reader).await.expect_err("a reader must not write");
        store.close().await;
    }

    #[tokio::test]
    async fn the_epoch_is_drawn_once() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::Folder(folder.path().into());
        let first = Store::open(&storage, &Entropy::from_fn(|bytes| bytes.fill(0xfe))).await.unwrap();
        assert_eq!(first.epoch(), 0xfefe_fefe_fefe_fefe);
        first.close().await;
        let second = Store::open(&storage, &Entropy::from_fn(|bytes| bytes.fill(1))).await.unwrap();
        assert_eq!(second.epoch(), first.epoch());
        second.close().await;
    }

    #[tokio::test]
    async fn a_dropped_write_leaves_no_trace() {
        let store = Store::open(&Storage::Memory, &Entropy::system()).await.unwrap();
        let mut write = store.write().await.unwrap();
        sqlx::query("UPDATE meta SET value = 7 WHERE key = 'head'").execute(&mut *write).await.unwrap();
        drop(write);
        let head: i64 =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = 'head'").fetch_one(store.reader()).await.unwrap();
        assert_eq!(head, 0);
        store.ready().await.unwrap();
    }

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("3.51.3"), Some((3, 51, 3)));
        assert!(parse_version("3.9.9") < Some(SQLITE_VERSION_MIN));
        assert_eq!(parse_version("three"), None);
    }
}
