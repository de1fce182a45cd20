//! Work that has to travel by hand: what a rescue file holds, and what taking it in changes.
//!
//! A file is its writer's own, for another device of theirs: nobody writes in somebody else's name. That
//! device takes the writer's name over as one of its own. The operations are sent as they are, byte for
//! byte, under their own names; the server, which takes each name once, sorts out what it has. What it
//! has otherwise, since a profile was put back to an earlier day, goes on under a name that every device
//! derives alike. Exact in every order, however often and wherever the file is taken in, but for files of
//! two copies of one device that wait side by side: they can leave a passage standing twice.

use minicbor::{Decode, Encode};

use crate::ids::{OpId, PersonId};
use crate::op::{fingerprint, from_bytes, to_bytes};
use crate::sync::device::{DEVICE_KEY, Device, Own, row_key};
use crate::sync::renaming::{ByName, going_on, place, under, write_as};
use crate::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};

/// First bytes of every rescue file; the last one is the format's version.
const MAGIC: &[u8; 8] = b"RELAIS+\x01";
/// Bytes of the checksum at the end.
const SUM_BYTES: usize = 8;

/// What a rescue file holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rescue {
    /// Whose work it is.
    #[n(0)]
    pub person: PersonId,
    /// When it was written, by the device's clock.
    #[n(2)]
    pub written_ms: i64,
    /// The operations: waiting ones and, with a reason, parked ones.
    #[n(3)]
    pub own: Vec<Own>,
}

/// Why a rescue file cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no rescue file.
    NotARescueFile,
    /// A newer version wrote it.
    TooNew,
    /// It was cut or changed on its way.
    Damaged,
    /// It is another person's work.
    NotYours,
    /// This device has to sync once before it can tell what is new in it.
    SyncFirst,
    /// The store was erased.
    Erased,
}

/// What came of taking a file in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Operations taken, to be sent from here.
    pub taken: usize,
    /// Operations that this device or the server has already.
    pub known: usize,
}

/// Writes a rescue file's bytes.
#[must_use]
pub fn seal(rescue: &Rescue) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(to_bytes(rescue));
    bytes.extend(fingerprint(&bytes).to_le_bytes());
    bytes
}

/// Reads a rescue file's bytes.
///
/// # Errors
/// They are not a whole rescue file of this version.
pub fn unseal(bytes: &[u8]) -> Result<Rescue, Refused> {
    let (magic, version) = MAGIC.split_at(MAGIC.len() - 1);
    let rest = bytes.strip_prefix(magic).ok_or(Refused::NotARescueFile)?;
    if rest.first().is_none_or(|found| *found > version[0]) {
        return Err(if rest.is_empty() { Refused::Damaged } else { Refused::TooNew });
    }
    let (sealed, sum) = bytes.split_at_checked(bytes.len().saturating_sub(SUM_BYTES)).ok_or(Refused::Damaged)?;
    let whole = sealed.len() > MAGIC.len() && fingerprint(sealed).to_le_bytes() == *sum;
    if !whole {
        return Err(Refused::Damaged);
    }
    from_bytes(&sealed[MAGIC.len()..]).map_err(|_| Refused::Damaged)
}

/// What to read before [`export`].
#[must_use]
pub fn export_reads() -> Vec<Fetch> {
    vec![device_read(), Fetch::All(ObjectStore::Outbox), Fetch::All(ObjectStore::Parked)]
}

/// Gathers the unsent work. From then on its bytes never change, since another device may send them.
/// `None` when the store was erased.
#[must_use]
pub fn export(rows: &Rows, now_ms: i64) -> Option<(Writes, Rescue)> {
    let mut device = Device::read(rows)?;
    let waiting = own_rows(rows, ObjectStore::Outbox).into_iter().filter(|own| device.unsent(own.op.id));
    let own: Vec<Own> = waiting.chain(own_rows(rows, ObjectStore::Parked)).collect();
    let mine = own.iter().filter(|own| own.op.id.replica == device.replica && own.reason == 0);
    device.offered = mine.map(|own| own.op.id.counter).fold(device.offered, u64::max);
    let mut writes = Writes::new(Durability::Strict);
    device.write(&mut writes);
    Some((writes, Rescue { person: device.person, written_ms: now_ms, own }))
}

/// What to read before [`import`].
#[must_use]
pub fn import_reads() -> Vec<Fetch> {
    let object_stores = [ObjectStore::Outbox, ObjectStore::Kept, ObjectStore::Parked];
    object_stores.into_iter().map(Fetch::All).chain([device_read()]).collect()
}

/// Plans what taking `rescue` in changes.
///
/// # Errors
/// It is not this person's to take, or the device is not ready.
pub fn import(rows: &Rows, rescue: &Rescue) -> Result<(Writes, Imported), Refused> {
    let device = Device::read(rows).ok_or(Refused::Erased)?;
    if device.person != rescue.person {
        return Err(Refused::NotYours);
    }
    let mut importing = Importing {
        device,
        waiting: by_id(own_rows(rows, ObjectStore::Outbox)),
        settled: by_id([own_rows(rows, ObjectStore::Kept), own_rows(rows, ObjectStore::Parked)].concat()),
        writes: Writes::new(Durability::Strict),
        imported: Imported::default(),
    };
    for own in by_name(&rescue.own) {
        importing.take_over(own)?;
    }
    importing.device.write(&mut importing.writes);
    Ok((importing.writes, importing.imported))
}

/// Returns operations by name, in the order in which the names were used: later ones build on
/// earlier ones, and are sent after them.
fn by_name(own: &[Own]) -> Vec<Vec<Own>> {
    let mut names: Vec<Vec<Own>> = Vec::new();
    for own in own {
        match names.iter_mut().find(|named| named[0].op.id.replica == own.op.id.replica) {
            Some(named) => named.push(own.clone()),
            None => names.push(vec![own.clone()]),
        }
    }
    names.iter_mut().for_each(|named| named.sort_by_key(|own| own.op.id.counter));
    names
}

struct Importing {
    device: Device,
    waiting: ByName,
    settled: ByName,
    writes: Writes,
    imported: Imported,
}

impl Importing {
    /// The person's own work: kept under its name, which becomes one of this device's. If the profile
    /// was put back to an earlier day since the export, that name has been used for something else.
    fn take_over(&mut self, own: Vec<Own>) -> Result<(), Refused> {
        if let Some(at) = self.contested(&own) {
            // Which of the two the server has, only it can say, unless the one here never left.
            let never_left = at.replica == self.device.replica && at.counter > self.device.offered;
            if !never_left || own.iter().all(|own| own.op.id != at) {
                return Err(Refused::SyncFirst);
            }
            self.step_aside(at);
        }
        let all = own.len();
        let (placed, _) = place(&mut self.device, own, &self.waiting, &self.settled);
        self.imported.known += all - placed.len();
        placed.into_iter().for_each(|own| self.put(own));
        Ok(())
    }

    /// Returns the first operation that waits here to be sent and cannot be what the file's writer has
    /// in its place; before the file begins, that is any of the device's own.
    fn contested(&self, own: &[Own]) -> Option<OpId> {
        let first = &own.iter().find(|own| own.reason == 0)?.op;
        let same = |here: &ByName| here.get(&first.id).is_some_and(|here| here.op == *first);
        let behind = first.id.replica == self.device.replica && !same(&self.waiting) && !same(&self.settled);
        let unlike = |here: &Own| match own.binary_search_by(|own| own.op.id.cmp(&here.op.id)) {
            Ok(at) => here.op != own[at].op,
            Err(_) => behind && here.op.id < first.id,
        };
        let waiting = self.waiting.values().filter(|own| own.op.id.replica == first.id.replica);
        waiting.filter(|own| self.device.unsent(own.op.id)).find(|here| unlike(here)).map(|own| own.op.id)
    }

    /// Gives what was written here from `at` on, and the device, another name.
    fn step_aside(&mut self, at: OpId) {
        let again = |id: &OpId| id.replica == at.replica && id.counter >= at.counter;
        let own: Vec<Own> = self.waiting.iter().filter(|(id, _)| again(id)).map(|(_, own)| own.clone()).collect();
        self.waiting.retain(|id, _| !again(id));
        let Some(first) = own.first().map(|own| own.op.clone()) else { return };
        let mut name = going_on(at.replica, &first);
        while self.device.acked_of(name).is_some() {
            name = going_on(name, &first);
        }
        let acked = self.device.acked;
        write_as(&mut self.device, name, acked);
        self.device.next_counter += own.len() as u64;
        for own in under(name, own).0 {
            self.writes.put(ObjectStore::Outbox, row_key(own.row), to_bytes(&own));
        }
    }

    fn put(&mut self, own: Own) {
        let object_store = if own.reason == 0 { ObjectStore::Outbox } else { ObjectStore::Parked };
        let length = own.op.body().map_or(1, |body| body.lamport_length());
        self.device.lamport = self.device.lamport.max(own.op.lamport.saturating_add(length - 1));
        let own = Own { row: self.device.next_row, seq: 0, ..own };
        self.device.next_row += 1;
        self.writes.put(object_store, row_key(own.row), to_bytes(&own));
        self.imported.taken += 1;
    }
}

fn device_read() -> Fetch {
    Fetch::One(ObjectStore::Device, DEVICE_KEY.to_vec())
}

fn by_id(own: Vec<Own>) -> ByName {
    own.into_iter().map(|own| (own.op.id, own)).collect()
}

fn own_rows(rows: &Rows, object_store: ObjectStore) -> Vec<Own> {
    rows.entries(object_store).filter_map(|(_, own)| from_bytes(own).ok()).collect()
}
