//! What is sent next: the request plan.
//!
//! Does not know how a reply is taken in (see `settle`) nor how bytes travel.

use crate::ids::ReplicaId;
use crate::op::{Op, from_bytes, to_bytes};
use crate::sync::admission::Reason;
use crate::sync::device::{DEVICE_KEY, Device, Own, row_key};
use crate::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};
use crate::sync::wire::{
    FETCH_MAX, OP_BYTES_MAX, PROTOCOL, PUSH_OPS_MAX, PUSH_UNPACKED_BYTES_MAX, Push, Request, digest,
};

/// What to read before [`offer`].
#[must_use]
pub fn offer_reads() -> Vec<Fetch> {
    vec![
        Fetch::One(ObjectStore::Device, DEVICE_KEY.to_vec()),
        Fetch::All(ObjectStore::Outbox),
        Fetch::Keys(ObjectStore::Documents),
    ]
}

/// Returns the next request, and the note that its operations have been offered. The note is
/// written before anything is sent: from then on their bytes never change. `push_bytes` counts
/// operations before they are compressed, since nothing here knows how far they pack; `pull_bytes`
/// counts what is to cross the line.
#[must_use]
pub fn offer(rows: &Rows, push_bytes: usize, pull_bytes: u32) -> Option<(Writes, Request)> {
    let mut device = Device::read(rows)?;
    let mut writes = Writes::new(Durability::Strict);
    let (replica, ops) = next_batch(rows, &device, push_bytes, &mut writes);
    if let Some(last) = ops.last().filter(|_| replica == device.replica) {
        device.offered = device.offered.max(last.id.counter);
    }
    if !ops.is_empty() {
        device.write(&mut writes);
    }
    let fetch: Vec<_> = device.wanted.iter().copied().take(FETCH_MAX).collect();
    let request = Request {
        protocol: PROTOCOL,
        replica,
        epoch: device.epoch,
        cursor: device.cursor,
        digest: digest(held(rows)),
        bytes_max: pull_bytes,
        ops: Push::pack(&ops),
        fetch: (!fetch.is_empty()).then_some(fetch),
        resume: device.resume,
        person: device.person,
    };
    Some((writes, request))
}

/// Returns the documents whose shared side is stored.
pub(crate) fn held(rows: &Rows) -> impl Iterator<Item = crate::ids::DocumentId> {
    let scopes = rows.entries(ObjectStore::Documents).filter_map(|(key, _)| crate::ids::Scope::from_key(key));
    scopes.filter(|scope| scope.side == crate::ids::Side::Shared).map(|scope| scope.document)
}

/// Takes the oldest operations the server has not acknowledged, of one name, without gaps, up to
/// `bytes`; at least one, whatever its size. What was written under earlier names goes first. What no
/// request can carry is put aside: the others would wait behind it for ever.
fn next_batch(rows: &Rows, device: &Device, bytes: usize, writes: &mut Writes) -> (ReplicaId, Vec<Op>) {
    let own = rows.entries(ObjectStore::Outbox).filter_map(|(_, own)| from_bytes::<Own>(own).ok());
    let mut unsent: Vec<Op> = Vec::new();
    for own in own.filter(|own| device.unsent(own.op.id)) {
        if own.op.payload.len() > OP_BYTES_MAX {
            put_aside(own, device, writes);
        } else {
            unsent.push(own.op);
        }
    }
    unsent.sort_by_key(|op| op.id.counter);
    let names = device.past.iter().map(|past| past.replica).chain([device.replica]);
    let replica =
        names.into_iter().find(|name| unsent.iter().any(|op| op.id.replica == *name)).unwrap_or(device.replica);
    unsent.retain(|op| op.id.replica == replica);
    let mut batch: Vec<Op> = Vec::new();
    let mut room = bytes.min(PUSH_UNPACKED_BYTES_MAX);
    for op in unsent {
        let size = Push::bytes_of(&op, &batch);
        let gap = batch.last().is_some_and(|last| last.id.counter + 1 != op.id.counter);
        if gap || batch.len() == PUSH_OPS_MAX || (!batch.is_empty() && size > room) {
            break;
        }
        room = room.saturating_sub(size);
        batch.push(op);
    }
    (replica, batch)
}

fn put_aside(own: Own, device: &Device, writes: &mut Writes) {
    writes.remove(ObjectStore::Outbox, row_key(own.row));
    let own = Own { reason: Reason::TooLarge as u8, settled_ms: device.synced_ms, ..own };
    writes.put(ObjectStore::Parked, row_key(own.row), to_bytes(&own));
}

/// What waits on a device, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Operations not yet received by the server.
    pub unsent: Vec<Op>,
    /// Operations received but not yet come back in the log.
    pub received: usize,
}

/// Returns what of the outbox the server is not known to have.
#[must_use]
pub fn waiting(rows: &Rows) -> Waiting {
    let Some(device) = Device::read(rows) else { return Waiting::default() };
    let mut waiting = Waiting::default();
    for (_, own) in rows.entries(ObjectStore::Outbox) {
        let Ok(Own { op, .. }) = from_bytes::<Own>(own) else { continue };
        if device.unsent(op.id) {
            waiting.unsent.push(op);
        } else {
            waiting.received += 1;
        }
    }
    waiting
}
