//! Backups: the whole database in one file, and one of them put back in its place.
//!
//! A restored database is another incarnation: it gets a new epoch, by which devices notice, and
//! offer again what it does not have.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;

use super::open::{FILE, migrate, writer};
use super::{OpenError, Store, StoreError};
use crate::clock::Entropy;

/// What SQLite keeps beside the database file, by what is added to its name.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Why there is no backup, or why it was not put back. What was there is as it was.
#[derive(Debug)]
pub enum BackupError {
    /// A file could not be read or written.
    File(PathBuf, io::Error),
    /// The folder has a database, and nobody said to replace it.
    Occupied(PathBuf),
    /// The file is damaged, or another kind of file.
    NotSound(PathBuf, String),
    /// The database could not be read.
    Store(StoreError),
}

impl Store {
    /// Writes everything committed so far to `file`, which must not exist; works beside a running server.
    pub async fn back_up(&self, file: &Path) -> Result<(), BackupError> {
        create_private(file).map_err(at(file))?;
        let copied = sqlx::query("VACUUM INTO ?").bind(file.to_string_lossy()).execute(self.reader()).await;
        if let Err(error) = copied {
            let _ = fs::remove_file(file);
            return Err(BackupError::Store(error.into()));
        }
        settle(file).map_err(at(file))
    }
}

/// Puts `backup` in the place of the database of `folder`, under a new epoch. The caller holds the
/// folder. A database that is there is kept aside when `replace`; its new name starts with `kept`.
pub async fn restore(
    backup: &Path,
    folder: &Path,
    replace: bool,
    kept: &str,
    entropy: &Entropy,
) -> Result<(), BackupError> {
    let place = folder.join(FILE);
    if place.exists() && !replace {
        return Err(BackupError::Occupied(folder.to_owned()));
    }
    let copy = folder.join("restoring.sqlite");
    remove(&copy).map_err(at(&copy))?;
    let mut into = create_private(&copy).map_err(at(&copy))?;
    let copied = File::open(backup).and_then(|mut from| io::copy(&mut from, &mut into)).map_err(at(backup));
    let made = match copied.map(|_| ()) {
        Ok(()) => {
            renew(&copy, entropy).await.map_err(|error| BackupError::NotSound(backup.to_owned(), error.to_string()))
        }
        failed => failed,
    };
    let placed = made.and_then(|()| settle(&copy).and_then(|()| swap(&copy, &place, folder, kept)).map_err(at(folder)));
    if placed.is_err() {
        // Half a copy is of no use to anybody.
        let _ = remove(&copy);
    }
    placed
}

/// Checks a copy of a backup, brings its schema up to date and gives it another epoch.
async fn renew(copy: &Path, entropy: &Entropy) -> Result<(), OpenError> {
    let database = writer(SqliteConnectOptions::new().filename(copy)).await?;
    let renewed = async {
        let checked: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&database).await?;
        if checked != "ok" {
            return Err(OpenError::Damaged(checked));
        }
        let old: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'").fetch_one(&database).await?;
        migrate(&database).await?;
        let drawn = entropy.number().map_err(OpenError::NoEntropy)?.cast_signed();
        // Neither the old one nor 0, which stands for none.
        let epoch = if drawn == old || drawn == 0 { old.wrapping_add(1).max(1) } else { drawn };
        sqlx::query("UPDATE meta SET value = ? WHERE key = 'epoch'").bind(epoch).execute(&database).await?;
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&database).await?;
        Ok(())
    };
    let renewed = renewed.await;
    database.close().await;
    renewed
}

/// Moves what is there aside and the copy in its place. Files beside a database belong to it by name.
fn swap(copy: &Path, place: &Path, folder: &Path, kept: &str) -> io::Result<()> {
    for suffix in BESIDE.into_iter().chain([""]) {
        let from = beside(place, suffix);
        if from.exists() {
            fs::rename(from, beside(&folder.join(format!("{kept}{FILE}")), suffix))?;
        }
    }
    fs::rename(copy, place)?;
    File::open(folder)?.sync_all()
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove(file: &Path) -> io::Result<()> {
    for suffix in BESIDE.into_iter().chain([""]) {
        match fs::remove_file(beside(file, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes an empty file that nobody else on the machine reads: it will hold personal data.
fn create_private(file: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Waits until the disk has a file.
fn settle(file: &Path) -> io::Result<()> {
    File::open(file)?.sync_all()
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File(path, error)
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) if error.kind() == io::ErrorKind::AlreadyExists => {
                write!(f, "{} exists already", path.display())
            }
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Occupied(folder) => {
                write!(f, "{} already has a database; --replace keeps it aside", folder.display())
            }
            Self::NotSound(file, why) => write!(f, "{} is not a sound backup: {why}", file.display()),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BackupError {}
