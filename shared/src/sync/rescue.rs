//! Work that has to travel by hand: what a rescue file holds, and what taking it in changes.
//!
//! Nothing may be applied twice, whichever of the two devices comes to the server first:
//!
//! - **The same person** takes over the other device's name as a writer. The operations are sent as
//!   they are, byte for byte, under their own names; the server, which takes each name once, sorts
//!   out what it has. Exact in every order, however often and wherever the file is taken in.
//! - **A colleague** of the same authority may not write under somebody else's name. The operations
//!   are written anew, in the colleague's name as author, under a writer's name derived from the old
//!   one: whoever looks for it can tell that they were brought, and the server gives it to the first
//!   colleague only. Before, the device must have met the server: what its documents show of the old
//!   name is left out, since the server takes a name's operations in order and without gaps. Notes
//!   to staff and decisions stay behind: they are nobody else's.
//! - **The device that lent its work** asks the server for the derived name before it sends anything
//!   (see `lent_question`). If a colleague has it, it first fetches, then lays its copies of what has
//!   arrived aside and sends only the rest.
//!
//! Where this is not exact it errs towards twice, never towards nothing: a colleague and the lending
//! device that reach the server at the same moment, or a colleague who has sent only half by then,
//! can leave a passage standing twice for a person to delete.

use minicbor::{Decode, Encode};

use crate::document::{Document, Seen};
use crate::ids::{AuthorityId, CharId, OpId, PersonId, ReplicaId, Side};
use crate::op::{Body, Op, fingerprint, from_bytes, to_bytes};
use crate::sorted::{self, Map};
use crate::sync::device::{DEVICE_KEY, Device, Own, Past, row_key};
use crate::sync::rows::{Durability, Fetch, Rows, Shelf, Writes};

/// First bytes of every rescue file; the last one is the format's version.
const MAGIC: &[u8; 8] = b"RELAIS+\x01";
/// Bytes of the checksum at the end.
const SUM_BYTES: usize = 8;
/// Key of the row that says what was lent to a colleague.
const LENT_KEY: &[u8] = b"lent";

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
    if audience == Audience::Colleague {
        writes.put(Shelf::Imported, LENT_KEY, device.offered.to_be_bytes().to_vec());
    }
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
    let shelves = [Shelf::Outbox, Shelf::Kept, Shelf::Parked];
    let here = shelves.into_iter().flat_map(|shelf| own_rows(rows, shelf)).map(|own| (own.op.id, own.op)).collect();
    let mut importing =
        Importing { rows, device, here, writes: Writes::new(Durability::Strict), imported: Imported::default() };
    let mut by_name: Map<ReplicaId, Vec<Own>> = Map::new();
    for own in &rescue.own {
        sorted::insert(by_name.entry(own.op.id.replica).or_default(), own.clone(), |own| own.op.id.counter);
    }
    for (replica, own) in by_name {
        if same {
            importing.take_over(replica, own);
        } else {
            importing.bring(replica, own.into_iter().map(|own| own.op).collect());
        }
    }
    importing.device.write(&mut importing.writes);
    Ok((importing.writes, importing.imported))
}

struct Importing<'a> {
    rows: &'a Rows,
    device: Device,
    here: Map<OpId, Op>,
    writes: Writes,
    imported: Imported,
}

impl Importing<'_> {
    /// The person's own work from another device: kept under its name, which becomes one of this
    /// device's earlier names.
    fn take_over(&mut self, replica: ReplicaId, own: Vec<Own>) {
        let clash = own.iter().any(|own| self.here.get(&own.op.id).is_some_and(|here| *here != own.op));
        if clash || replica == self.device.replica {
            return self.take_back(replica, own);
        }
        let first = own.iter().filter(|own| own.reason == 0).map(|own| own.op.id.counter).min();
        if let (None, Some(first)) = (self.device.acked_of(replica), first) {
            self.device.past.push(Past { replica, acked: first - 1 });
        }
        for own in own {
            let gone_through = own.reason == 0 && !self.device.unsent(own.op.id);
            if gone_through || self.here.contains_key(&own.op.id) {
                self.imported.known += 1;
            } else {
                self.put(own);
            }
        }
    }

    /// This device's own name: it is here already, or the profile was put back to an earlier day
    /// since. What is missing is taken; what was written differently meanwhile gets a derived name.
    fn take_back(&mut self, replica: ReplicaId, own: Vec<Own>) {
        let (known, missing): (Vec<Own>, Vec<Own>) =
            own.into_iter().partition(|own| self.here.get(&own.op.id) == Some(&own.op));
        self.imported.known += known.len();
        let next = missing.first().is_some_and(|own| own.op.id.counter == self.device.next_counter);
        if next && replica == self.device.replica && missing.iter().all(|own| own.reason == 0) {
            for own in missing {
                self.device.next_counter = own.op.id.counter + 1;
                self.device.offered = own.op.id.counter;
                self.put(own);
            }
        } else {
            self.bring(replica, missing.into_iter().filter(|own| own.reason == 0).map(|own| own.op).collect());
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
    fn bring(&mut self, replica: ReplicaId, ops: Vec<Op>) {
        let all = ops.len();
        let mut ops: Vec<Op> = ops.into_iter().filter(may_be_brought).collect();
        self.imported.left += all - ops.len();
        let seen = seen_of(self.rows, replica);
        let before = ops.len();
        ops.retain(|op| op.id.counter > seen.counter && op.lamport > seen.lamport);
        self.imported.known += before - ops.len();
        let Some(first) = ops.first().map(|op| op.id.counter) else { return };
        let name = derived(replica, first);
        let brought = seen_of(self.rows, name).counter;
        let ours = self.device.acked_of(name);
        if ours.is_none() && brought > 0 {
            // Another colleague, or another device of this one, has begun: it brings the rest too.
            self.imported.known += ops.len();
            return;
        }
        if ours.is_none() {
            self.device.past.push(Past { replica: name, acked: 0 });
        }
        let renaming = Renaming::new(&ops, replica, name);
        for op in ops.iter().map(|op| renaming.apply(op)) {
            if self.device.unsent(op.id) && !self.here.contains_key(&op.id) {
                self.put(Own { op, row: 0, reason: 0, settled_ms: 0, seq: 0 });
            } else {
                self.imported.known += 1;
            }
        }
    }
}

/// Decisions are their author's, and bound to what that author saw; notes are confidential.
fn may_be_brought(op: &Op) -> bool {
    op.scope.side == Side::Shared && !matches!(op.body(), Ok(Body::Command(_)))
}

/// Returns the name under which a colleague brings what `replica` wrote from counter `first` on.
#[must_use]
pub fn derived(replica: ReplicaId, first: u64) -> ReplicaId {
    let mut bytes = b"brought by a colleague".to_vec();
    bytes.extend(replica.0.to_be_bytes());
    bytes.extend(first.to_be_bytes());
    ReplicaId(fingerprint(&bytes).max(1))
}

/// New names for some operations of one writer, and for the characters they type.
struct Renaming {
    old: ReplicaId,
    new: ReplicaId,
    names: Map<OpId, OpId>,
    times: Vec<(u64, u64)>,
}

impl Renaming {
    /// Names `ops` of `old` anew under `new`, counting from 1.
    fn new(ops: &[Op], old: ReplicaId, new: ReplicaId) -> Self {
        let names = ops.iter().zip(1..).map(|(op, counter)| (op.id, OpId { replica: new, counter })).collect();
        let end = |op: &Op| op.lamport + op.body().map_or(1, |body| body.lamport_length());
        Self { old, new, names, times: ops.iter().map(|op| (op.lamport, end(op))).collect() }
    }

    /// Returns `op` with every renamed operation and character in it under its new name.
    fn apply(&self, op: &Op) -> Op {
        let name = |id: OpId| self.names.get(&id).copied().unwrap_or(id);
        let char_name = |id: CharId| {
            let ours = id.replica == self.old && self.times.iter().any(|(from, to)| (*from..*to).contains(&id.lamport));
            if ours { CharId { replica: self.new, ..id } } else { id }
        };
        let payload = match op.body() {
            Ok(mut body) if body != Body::Unknown => {
                body.rename(&name, &char_name);
                body.encode().1
            }
            _ => op.payload.clone(),
        };
        Op { id: name(op.id), payload, ..op.clone() }
    }
}

/// What to read before [`lent_question`].
#[must_use]
pub fn lent_reads() -> Vec<Fetch> {
    vec![device_read(), Fetch::One(Shelf::Imported, LENT_KEY.to_vec())]
}

/// What to read before [`lent_answer`].
#[must_use]
pub fn lent_answer_reads() -> Vec<Fetch> {
    [lent_reads(), vec![Fetch::All(Shelf::Outbox), Fetch::All(Shelf::Documents)]].concat()
}

/// Returns the name to ask the server for before anything is sent, if work was lent to a colleague
/// and is not all sent. That it is another person's name, the server says by `forked_at`.
#[must_use]
pub fn lent_question(rows: &Rows) -> Option<ReplicaId> {
    let device = Device::read(rows)?;
    (lent_up_to(rows)? > device.acked).then(|| derived(device.replica, device.acked + 1))
}

/// Plans what is changed when a colleague turns out to have the name, once everything new has been
/// fetched: copies of what arrived are laid aside on the imported shelf, and what was written after
/// them is made to name the ones that arrived.
#[must_use]
pub fn lent_answer(rows: &Rows) -> Option<Writes> {
    let device = Device::read(rows)?;
    let last = lent_up_to(rows)?;
    let name = derived(device.replica, device.acked + 1);
    let arrived = usize::try_from(seen_of(rows, name).counter).unwrap_or(usize::MAX);
    let mut unsent: Vec<Own> = Vec::new();
    for own in own_rows(rows, Shelf::Outbox) {
        if own.op.id.replica == device.replica && device.unsent(own.op.id) {
            sorted::insert(&mut unsent, own, |own| own.op.id.counter);
        }
    }
    let lent = unsent.iter().filter(|own| own.op.id.counter <= last && may_be_brought(&own.op));
    let brought: Vec<Op> = lent.take(arrived).map(|own| own.op.clone()).collect();
    let renaming = Renaming::new(&brought, device.replica, name);
    let mut writes = Writes::new(Durability::Strict);
    writes.remove(Shelf::Imported, LENT_KEY);
    for own in unsent {
        if renaming.names.contains_key(&own.op.id) {
            writes.remove(Shelf::Outbox, row_key(own.row));
            writes.put(Shelf::Imported, row_key(own.row), to_bytes(&own));
        } else {
            writes.put(Shelf::Outbox, row_key(own.row), to_bytes(&Own { op: renaming.apply(&own.op), ..own }));
        }
    }
    Some(writes)
}

fn lent_up_to(rows: &Rows) -> Option<u64> {
    rows.get(Shelf::Imported, LENT_KEY)?.try_into().ok().map(u64::from_be_bytes)
}

/// Returns what the documents stored here show of one writer.
fn seen_of(rows: &Rows, replica: ReplicaId) -> Seen {
    let documents = rows.shelf(Shelf::Documents).filter_map(|(_, body)| from_bytes::<Document>(body).ok());
    documents.fold(Seen::default(), |seen, document| seen.and(document.seen_of(replica)))
}

fn device_read() -> Fetch {
    Fetch::One(Shelf::Device, DEVICE_KEY.to_vec())
}

fn own_rows(rows: &Rows, shelf: Shelf) -> Vec<Own> {
    rows.shelf(shelf).filter_map(|(_, own)| from_bytes(own).ok()).collect()
}
