//! A store that another edition of the program kept: what this one needs beside its documents, and
//! which of them it has to load whole to show all of.
//!
//! Knows nothing of when the program is replaced.

use crate::document::{Document, EDITION};
use crate::ids::Scope;
use crate::op::{from_bytes, to_bytes};
use crate::sync::device::{DEVICE_KEY, Device};
use crate::sync::rows::{Durability, Fetch, Rows, Shelf, Writes};

/// What to read before [`take_over`].
#[must_use]
pub fn take_over_reads() -> Vec<Fetch> {
    vec![Fetch::One(Shelf::Device, DEVICE_KEY.to_vec()), Fetch::All(Shelf::Documents)]
}

/// Makes the glimpse of every document, and asks for those whole that the other edition could not show all
/// of. Nothing while one cannot be read, since another program of this edition may.
#[must_use]
pub fn take_over(rows: &Rows) -> Option<Writes> {
    let mut device = Device::read(rows)?;
    let mut writes = Writes::new(Durability::Relaxed);
    for (key, body) in rows.shelf(Shelf::Documents) {
        let document = from_bytes::<Document>(body).ok()?;
        let id = Scope::from_key(key)?.document;
        if document.is_beyond(device.edition.unwrap_or(0)) && !device.wanted.contains(&id) {
            device.wanted.push(id);
        }
        writes.put(Shelf::Glimpses, key, to_bytes(&document.into_glimpse()));
    }
    device.edition = Some(EDITION);
    device.write(&mut writes);
    Some(writes)
}
