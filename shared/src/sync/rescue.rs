//! Work that has to travel by hand: what a rescue file holds, and what taking it in changes.
//!
//! Nothing may be applied twice, whichever of the two devices comes to the server first:
//!
//! - **The same person** takes over the other device's name as a writer. The operations are sent as
//!   they are, byte for byte, under their own names; the server, which takes each name once, sorts
//!   out what it has. What it has otherwise, since a profile was put back to an earlier day, goes on
//!   under a name that every device derives alike. Exact in every order, however often and wherever
//!   the file is taken in.
//! - **A colleague** of the same authority may not write under somebody else's name. The operations
//!   are written anew, in the colleague's name as author, under a writer's name derived from the first
//!   of them: whoever looks for it can tell that they were brought, and the server gives it to the
//!   first colleague only. Before, the device must have met the server: what its documents show of the
//!   old name is left out, since the server takes a name's operations in order and without gaps. Notes
//!   to staff and decisions stay behind: they are nobody else's.
//! - **The device that lent its work**, and whichever took it over, asks the server for the derived
//!   name before it sends anything (see `loan`). If a colleague has it, it first fetches, then lays its
//!   copies of what has arrived aside and sends only the rest.
//!
//! Where this is not exact it errs towards twice, never towards nothing: a colleague who took the file in
//! before, and sends after, the lending device or another colleague has sent, or who has sent only half
//! by then, and files of two copies of one device that wait side by side can leave a passage standing
//! twice for a person to delete.

mod loan;

use minicbor::{Decode, Encode};

pub(super) use self::loan::LENT_KEY;
use self::loan::{Lent, arrived, derived, lendable, lent};
pub use self::loan::{lent_answer, lent_answer_reads, lent_question, lent_reads};
use crate::ids::{AuthorityId, OpId, PersonId, Side};
use crate::op::{Body, fingerprint, from_bytes, to_bytes};
use crate::sorted;
use crate::sync::device::{DEVICE_KEY, Device, Own, Past, row_key};
use crate::sync::renaming::{ByName, going_on, place, under, write_as};
use crate::sync::rows::{Durability, Fetch, Rows, Shelf, Writes};

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
    /// Whose authority that person writes for; `None` for staff.
    #[n(1)]
    pub authority: Option<AuthorityId>,
    /// When it was written, by the device's clock.
    #[n(2)]
    pub written_ms: i64,
    /// The operations: waiting ones and, with a reason, parked ones.
    #[n(3)]
    pub own: Vec<Own>,
}

/// For whom a rescue file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The person, on another device: everything.
    Oneself,
    /// A colleague: what the authority shares, and nothing parked.
    Colleague,
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
    /// It is the work of another authority.
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
    /// Operations that are not a colleague's to send.
    pub left: usize,
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
    vec![device_read(), Fetch::All(Shelf::Outbox), Fetch::All(Shelf::Parked)]
}

/// Gathers the unsent work. From then on its bytes never change, since another device may send them.
/// `None` when the store was erased.
#[must_use]
pub fn export(
    rows: &Rows,
    audience: Audience,
    authority: Option<AuthorityId>,
    now_ms: i64,
) -> Option<(Writes, Rescue)> {
    let mut device = Device::read(rows)?;
    let waiting = own_rows(rows, Shelf::Outbox).into_iter().filter(|own| device.unsent(own.op.id));
    let own: Vec<Own> = match audience {
        Audience::Oneself => waiting.chain(own_rows(rows, Shelf::Parked)).collect(),
        Audience::Colleague => waiting.filter(|own| own.op.scope.side == Side::Shared).collect(),
    };
    let mine = own.iter().filter(|own| own.op.id.replica == device.replica && own.reason == 0);
    device.offered = mine.map(|own| own.op.id.counter).fold(device.offered, u64::max);
    let mut writes = Writes::new(Durability::Strict);
    device.write(&mut writes);
    // Whoever the file is for, it may end up with a colleague.
    writes.put(Shelf::Imported, LENT_KEY, to_bytes(&lendable(&own).collect::<Lent>()));
    Some((writes, Rescue { person: device.person, authority, written_ms: now_ms, own }))
}

/// What to read before [`import`].
#[must_use]
pub fn import_reads() -> Vec<Fetch> {
    let shelves = [Shelf::Outbox, Shelf::Kept, Shelf::Parked, Shelf::Imported, Shelf::Documents];
    shelves.into_iter().map(Fetch::All).chain([device_read()]).collect()
}

/// Plans what taking `rescue` in changes on a device of a person who writes for `authority`.
///
/// # Errors
/// It is not this person's to take, or the device is not ready.
pub fn import(rows: &Rows, rescue: &Rescue, authority: Option<AuthorityId>) -> Result<(Writes, Imported), Refused> {
    let device = Device::read(rows).ok_or(Refused::Erased)?;
    let same = device.person == rescue.person;
    let colleague = authority.is_some() && authority == rescue.authority;
    if !same && !colleague {
        return Err(Refused::NotYours);
    }
    if !same && device.epoch == 0 {
        return Err(Refused::SyncFirst);
    }
    let mut importing = Importing {
        rows,
        device,
        waiting: by_id(own_rows(rows, Shelf::Outbox)),
        settled: by_id([own_rows(rows, Shelf::Kept), own_rows(rows, Shelf::Parked)].concat()),
        lent: lent(rows),
        writes: Writes::new(Durability::Strict),
        imported: Imported::default(),
    };
    for own in by_name(&rescue.own) {
        if same {
            importing.take_over(own)?;
        } else {
            importing.bring(own);
        }
    }
    importing.device.write(&mut importing.writes);
    importing.writes.put(Shelf::Imported, LENT_KEY, to_bytes(&importing.lent));
    Ok((importing.writes, importing.imported))
}

/// Returns operations by name, in the order in which the names were used: later ones build on
/// earlier ones, and are sent after them.
fn by_name(own: &[Own]) -> Vec<Vec<Own>> {
    let mut names: Vec<Vec<Own>> = Vec::new();
    for own in own {
        match names.iter_mut().find(|named| named[0].op.id.replica == own.op.id.replica) {
            Some(named) => sorted::insert(named, own.clone(), |own| own.op.id.counter),
            None => names.push(vec![own.clone()]),
        }
    }
    names
}

struct Importing<'a> {
    rows: &'a Rows,
    device: Device,
    waiting: ByName,
    settled: ByName,
    lent: Lent,
    writes: Writes,
    imported: Imported,
}

impl Importing<'_> {
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
        // A colleague may have taken in what another device of this person has lent.
        self.lent.extend(lendable(&placed));
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

    fn has(&self, id: OpId) -> bool {
        self.waiting.contains_key(&id) || self.settled.contains_key(&id)
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
            self.writes.put(Shelf::Outbox, row_key(own.row), to_bytes(&own));
        }
    }

    fn put(&mut self, own: Own) {
        let shelf = if own.reason == 0 { Shelf::Outbox } else { Shelf::Parked };
        let length = own.op.body().map_or(1, |body| body.lamport_length());
        self.device.lamport = self.device.lamport.max(own.op.lamport.saturating_add(length - 1));
        let own = Own { row: self.device.next_row, seq: 0, ..own };
        self.device.next_row += 1;
        self.writes.put(shelf, row_key(own.row), to_bytes(&own));
        self.imported.taken += 1;
    }

    /// A colleague's work, written anew under a derived name.
    fn bring(&mut self, own: Vec<Own>) {
        let all = own.len();
        let mut own: Vec<Own> = own.into_iter().filter(may_be_brought).collect();
        self.imported.left += all - own.len();
        let known = arrived(self.rows, &own);
        self.imported.known += own.drain(..known).count();
        let Some(first) = own.first().map(|own| &own.op) else { return };
        let name = derived(first.id, first.fingerprint());
        let own = under(name, own).0;
        if self.device.acked_of(name).is_none() {
            // Another colleague may have begun, with a file written earlier: the rest is sent from here.
            let acked = arrived(self.rows, &own) as u64;
            self.device.past.push(Past { replica: name, acked });
        }
        for own in own {
            if self.device.unsent(own.op.id) && !self.has(own.op.id) {
                self.put(own);
            } else {
                self.imported.known += 1;
            }
        }
    }
}

/// Decisions are their author's, and bound to what that author saw; notes are confidential; what was
/// parked is the author's to settle.
fn may_be_brought(own: &Own) -> bool {
    own.reason == 0 && own.op.scope.side == Side::Shared && !matches!(own.op.body(), Ok(Body::Command(_)))
}

fn device_read() -> Fetch {
    Fetch::One(Shelf::Device, DEVICE_KEY.to_vec())
}

fn by_id(own: Vec<Own>) -> ByName {
    own.into_iter().map(|own| (own.op.id, own)).collect()
}

fn own_rows(rows: &Rows, shelf: Shelf) -> Vec<Own> {
    rows.shelf(shelf).filter_map(|(_, own)| from_bytes(own).ok()).collect()
}
