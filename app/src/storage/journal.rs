//! A store in one file, for devices without a browser: a journal of transactions, each with its
//! length and checksum.
//!
//! A transaction cut off by a crash is dropped at the next opening, which also rewrites the journal
//! as one record. Damage before the last record is an error: what follows it is never thrown away.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use minicbor::bytes::ByteVec;
use shared::op::{fingerprint, from_bytes, to_bytes};
use shared::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};

use super::memory::{Table, apply, fetch};
use super::{LocalStore, StoreError};

/// First bytes of every journal; the last one is the format's version.
const MAGIC: &[u8; 8] = b"RELAIS\x00\x01";
/// Bytes before each record: its length (4) and its checksum (8), little-endian.
const HEAD_BYTES: usize = 12;

/// One record: rows by object store name and key; `None` takes the row away.
type Record = Vec<(String, ByteVec, Option<ByteVec>)>;

#[derive(Debug)]
struct Inner {
    table: Table,
    file: File,
    length: u64,
    /// The journal could not be put right after a failed write: nothing more may be written.
    broken: bool,
    /// Held as long as the store is open, so that no second process writes.
    _lock: File,
}

/// The store in a file.
#[derive(Clone, Debug)]
pub struct JournalStore(Arc<Mutex<Inner>>);

impl JournalStore {
    /// Opens the journal at `path`, or starts one.
    ///
    /// # Errors
    /// Another process has it open, it is damaged, or the disk does not answer.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let mut bytes = Vec::new();
        match File::open(path) {
            Ok(mut file) => {
                file.read_to_end(&mut bytes).map_err(failed)?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let table = replay(&bytes)?;
        let (file, length) = rewrite(path, &table)?;
        Ok(Self(Arc::new(Mutex::new(Inner { table, file, length, broken: false, _lock: lock }))))
    }
}

impl LocalStore for JournalStore {
    async fn transact<R>(
        &self,
        reads: Vec<Fetch>,
        plan: impl FnOnce(&Rows) -> (Option<Writes>, R),
    ) -> Result<R, StoreError> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (writes, result) = plan(&fetch(&inner.table, &reads));
        if let Some(writes) = writes {
            inner.append(&writes)?;
            apply(&mut inner.table, writes);
        }
        Ok(result)
    }
}

impl Inner {
    fn append(&mut self, writes: &Writes) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Gone);
        }
        let rows =
            writes.rows.iter().map(|((object_store, key), value)| (*object_store, key.as_slice(), value.as_deref()));
        let record = record(rows)?;
        let written = self.file.write_all(&record).and_then(|()| match writes.durability {
            Durability::Strict => self.file.sync_data(),
            Durability::Relaxed => Ok(()),
        });
        match written {
            Ok(()) => {
                self.length += record.len() as u64;
                Ok(())
            }
            Err(error) => {
                let put_right =
                    self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
                self.broken = put_right.is_err();
                Err(failed(error))
            }
        }
    }
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(beside(path, "lock")).map_err(failed)?;
    file.try_lock().map_err(|_| StoreError::Blocked)?;
    Ok(file)
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(extension);
    path.with_file_name(name)
}

fn record<'a>(rows: impl Iterator<Item = (ObjectStore, &'a [u8], Option<&'a [u8]>)>) -> Result<Vec<u8>, StoreError> {
    let owned = |bytes: &[u8]| ByteVec::from(bytes.to_vec());
    let record: Record =
        rows.map(|(object_store, key, value)| (object_store.name().to_owned(), owned(key), value.map(owned))).collect();
    let body = to_bytes(&record);
    let length = u32::try_from(body.len()).map_err(|_| StoreError::Full)?;
    let mut bytes = Vec::with_capacity(HEAD_BYTES + body.len());
    bytes.extend(length.to_le_bytes());
    bytes.extend(fingerprint(&body).to_le_bytes());
    bytes.extend(body);
    Ok(bytes)
}

/// Reads a journal. What a crash cut off at its end is left out.
fn replay(bytes: &[u8]) -> Result<Table, StoreError> {
    let mut table = Table::new();
    let Some(mut rest) = bytes.strip_prefix(MAGIC) else {
        return if MAGIC.starts_with(bytes) { Ok(table) } else { Err(damaged("it is not a journal of Relais")) };
    };
    while let Some((head, after)) = rest.split_at_checked(HEAD_BYTES) {
        let (length, sum) = head.split_at(4);
        let length = length.try_into().map_or(0, u32::from_le_bytes) as usize;
        let sum = sum.try_into().map_or(0, u64::from_le_bytes);
        let Some((body, after)) = after.split_at_checked(length) else { break };
        if fingerprint(body) != sum {
            if after.is_empty() {
                break;
            }
            return Err(damaged("a record before the last one has another checksum"));
        }
        replay_record(&mut table, body)?;
        rest = after;
    }
    Ok(table)
}

fn replay_record(table: &mut Table, body: &[u8]) -> Result<(), StoreError> {
    let record: Record = from_bytes(body).map_err(|error| damaged(&error.to_string()))?;
    let mut writes = Writes::new(Durability::Strict);
    for (name, key, value) in record {
        let object_store = ObjectStore::ALL.into_iter().find(|object_store| object_store.name() == name);
        let object_store = object_store.ok_or_else(|| damaged(&format!("this version has no object store {name}")))?;
        writes.rows.insert((object_store, key.into()), value.map(Into::into));
    }
    apply(table, writes);
    Ok(())
}

/// Writes the whole table as a new journal and puts it in the old one's place.
fn rewrite(path: &Path, table: &Table) -> Result<(File, u64), StoreError> {
    let fresh = beside(path, "new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&fresh).map_err(failed)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(record(
        table.iter().map(|((object_store, key), value)| (*object_store, key.as_slice(), Some(value.as_slice()))),
    )?);
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&fresh, path).map_err(failed)?;
    // The new name is only safe once the folder is on the disk.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok((file, bytes.len() as u64))
}

fn failed(error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Unknown(error.to_string()),
    }
}

fn damaged(what: &str) -> StoreError {
    StoreError::Unknown(format!("the journal is damaged: {what}"))
}
