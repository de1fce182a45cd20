//! A store that another edition of the program kept: what this one needs beside its documents, and
//! which of them it has to load whole to show all of.
//!
//! Knows nothing of when the program is replaced.

use crate::document::{Document, EDITION};
use crate::ids::Scope;
use crate::op::{from_bytes, to_bytes};
use crate::sync::device::{DEVICE_KEY, Device};
use crate::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};

/// What to read before [`take_over`].
#[must_use]
pub fn take_over_reads() -> Vec<Fetch> {
    vec![Fetch::One(ObjectStore::Device, DEVICE_KEY.to_vec()), Fetch::All(ObjectStore::Documents)]
}

/// Makes the summary of every document, and asks for those whole that the other edition could not show all
/// of, or that cannot be read.
#[must_use]
pub fn take_over(rows: &Rows) -> Option<Writes> {
    let mut device = Device::read(rows)?;
    let mut writes = Writes::new(Durability::Relaxed);
    for (key, body) in rows.entries(ObjectStore::Documents) {
        let Some(scope) = Scope::from_key(key) else { continue };
        let document = from_bytes::<Document>(body).ok();
        let known = document.as_ref().zip(device.edition);
        if known.is_none_or(|(document, edition)| document.is_beyond(edition))
            && !device.wanted.contains(&scope.document)
        {
            device.wanted.push(scope.document);
        }
        if let Some(document) = document {
            writes.put(ObjectStore::Summaries, key, to_bytes(&document.into_list_row()));
        }
    }
    device.edition = Some(EDITION);
    device.write(&mut writes);
    Some(writes)
}
