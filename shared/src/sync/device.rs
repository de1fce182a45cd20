//! What a device remembers about itself, and how it writes own operations down.
//!
//! `append` is the only way an operation comes into being. Its name, times and bytes are fixed in
//! the transaction that stores it; a retry sends the same bytes.

use minicbor::{Decode, Encode};

use crate::document::{Document, EDITION};
use crate::ids::{DocumentId, OpId, PersonId, ReplicaId, Scope, Side};
use crate::op::{
    Body, Delete, Entry, INSERT_CHARS_MAX, Insert, Op, PAYLOAD_BYTES_MAX, SPANS_MAX, from_bytes, to_bytes,
};
use crate::sync::admission::followed;
use crate::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};
use crate::sync::wire::Resume;

/// Key of the one row on the device object store.
pub const DEVICE_KEY: &[u8] = b"device";
/// Characters an unsent insertion may grow to while its author types on.
pub const GROWN_CHARS_MAX: usize = 200;
/// Most operations waiting on one device; beyond it the person is told, and nothing is dropped.
pub const OUTBOX_OPS_MAX: usize = 50_000;

/// The device row.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Device {
    /// Whose store this is. A store belongs to one person for ever.
    #[n(0)]
    pub person: PersonId,
    /// Its name as a writer.
    #[n(1)]
    pub replica: ReplicaId,
    /// Counter of the next operation.
    #[n(2)]
    pub next_counter: u64,
    /// Greatest Lamport time seen.
    #[n(3)]
    pub lamport: u64,
    /// Number of the next outbox row.
    #[n(4)]
    pub next_row: u64,
    /// Operations up to this counter may have been sent: their bytes are frozen.
    #[n(5)]
    pub offered: u64,
    /// The server has operations up to this counter.
    #[n(6)]
    pub acked: u64,
    /// The server database the cursor belongs to.
    #[n(7)]
    pub epoch: u64,
    /// Everything up to this `seq` is stored here.
    #[n(8)]
    pub cursor: u64,
    /// Where a first load stands.
    #[n(9)]
    pub resume: Option<Resume>,
    /// Documents to ask for whole.
    #[n(10)]
    pub wanted: Vec<DocumentId>,
    /// When the server was last reached, by its clock.
    #[n(11)]
    pub synced_ms: i64,
    /// Names this device wrote under before it was found to be a copy, oldest first: what it wrote
    /// then is still its to offer again to a restored server.
    #[n(12)]
    pub past: Vec<Past>,
    /// The edition of the program that kept this store (see [`crate::document::EDITION`]); `None` in
    /// stores of the very first.
    #[n(13)]
    pub edition: Option<u16>,
}

/// A name this device wrote under earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Past {
    /// The name.
    #[n(0)]
    pub replica: ReplicaId,
    /// The server has its operations up to this counter.
    #[n(1)]
    pub acked: u64,
}

impl Device {
    /// Returns a new device of `person`; `replica` is drawn at random by the caller and not 0.
    #[must_use]
    pub const fn new(person: PersonId, replica: ReplicaId) -> Self {
        Self {
            person,
            replica,
            next_counter: 1,
            lamport: 0,
            next_row: 1,
            offered: 0,
            acked: 0,
            epoch: 0,
            cursor: 0,
            resume: None,
            wanted: Vec::new(),
            synced_ms: 0,
            past: Vec::new(),
            edition: Some(EDITION),
        }
    }

    /// Returns up to which counter the server has what this device wrote under `replica`; `None` for
    /// a name that is not this device's.
    #[must_use]
    pub fn acked_of(&self, replica: ReplicaId) -> Option<u64> {
        if replica == self.replica {
            return Some(self.acked);
        }
        self.past.iter().find(|past| past.replica == replica).map(|past| past.acked)
    }

    /// Notes up to which counter the server has what this device wrote under `replica`.
    pub fn set_acked(&mut self, replica: ReplicaId, acked: u64) {
        if replica == self.replica {
            self.acked = acked;
        } else if let Some(past) = self.past.iter_mut().find(|past| past.replica == replica) {
            past.acked = acked;
        }
    }

    /// Returns whether the server is not known to have an own operation.
    #[must_use]
    pub fn unsent(&self, id: OpId) -> bool {
        self.acked_of(id.replica).is_none_or(|acked| id.counter > acked)
    }

    /// Counts on from a Lamport time that was read, unless it leaps.
    pub(crate) fn follow(&mut self, lamport: u64) {
        self.lamport = followed(lamport, self.lamport);
    }

    /// Reads the device row.
    #[must_use]
    pub fn read(rows: &Rows) -> Option<Self> {
        from_bytes(rows.get(ObjectStore::Device, DEVICE_KEY)?).ok()
    }

    /// Writes the device row.
    pub fn write(&self, writes: &mut Writes) {
        writes.put(ObjectStore::Device, DEVICE_KEY, to_bytes(self));
    }
}

/// An own operation on a object store.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Own {
    /// The operation.
    #[n(0)]
    pub op: Op,
    /// Number in the outbox: the order in which it was written here.
    #[n(1)]
    pub row: u64,
    /// The reason's number once parked, 0 otherwise.
    #[n(2)]
    pub reason: u8,
    /// Server clock when it was accepted or parked, 0 before.
    #[n(3)]
    pub settled_ms: i64,
    /// Its place in the log, once known from a replay; 0 before.
    #[n(4)]
    pub seq: u64,
}

/// Returns the key of an outbox row.
#[must_use]
pub fn row_key(row: u64) -> [u8; 8] {
    row.to_be_bytes()
}

/// What to read before [`append`].
#[must_use]
pub fn append_reads() -> Vec<Fetch> {
    vec![Fetch::One(ObjectStore::Device, DEVICE_KEY.to_vec()), Fetch::Last(ObjectStore::Outbox)]
}

/// Why nothing was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// The store has no device row: it was wiped, or never set up.
    Wiped,
    /// No server would take it.
    TooLarge,
    /// [`OUTBOX_OPS_MAX`] operations wait already.
    TooMany,
}

/// Writes operations down, in order. An insertion that only goes on typing grows the last unsent
/// one instead, so that a paragraph is one operation and not four hundred.
///
/// # Errors
/// Nothing is written, and its author still sees it.
pub fn append(rows: &Rows, drafts: Vec<(Scope, Body)>, wall_ms: i64) -> Result<(Writes, Vec<Op>), NotWritten> {
    let mut device = Device::read(rows).ok_or(NotWritten::Wiped)?;
    let mut last: Option<Own> = rows.entries(ObjectStore::Outbox).last().and_then(|(_, own)| from_bytes(own).ok());
    let mut writes = Writes::new(Durability::Strict);
    let mut written = Vec::new();
    for (scope, body) in drafts.into_iter().flat_map(cut) {
        let own = match last.as_ref().and_then(|last| grown(&device, last, scope, &body)) {
            Some(grown) => {
                device.lamport = grown.op.lamport + grown.op.body().map_or(1, |body| body.lamport_length()) - 1;
                grown
            }
            None => new_row(&mut device, scope, &body, wall_ms)?,
        };
        writes.put(ObjectStore::Outbox, row_key(own.row), to_bytes(&own));
        written.push(own.op.clone());
        last = Some(own);
    }
    device.write(&mut writes);
    Ok((writes, written))
}

fn new_row(device: &mut Device, scope: Scope, body: &Body, wall_ms: i64) -> Result<Own, NotWritten> {
    let (kind, payload) = body.encode();
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(NotWritten::TooLarge);
    }
    // What was never offered is here for certain, and counted without reading it.
    if device.next_counter > device.offered + OUTBOX_OPS_MAX as u64 {
        return Err(NotWritten::TooMany);
    }
    let lamport = device.lamport + 1;
    let id = OpId { replica: device.replica, counter: device.next_counter };
    let op = Op { id, scope, lamport, observed: device.cursor, wall_ms, kind, payload };
    let own = Own { op, row: device.next_row, reason: 0, settled_ms: 0, seq: 0 };
    device.lamport += body.lamport_length();
    device.next_counter += 1;
    device.next_row += 1;
    Ok(own)
}

/// Returns the last operation with `body`'s text typed on to it, if it may still change and nothing
/// came in between.
fn grown(device: &Device, last: &Own, scope: Scope, body: &Body) -> Option<Own> {
    let Body::Insert(more) = body else { return None };
    let Ok(Body::Insert(insert)) = last.op.body() else { return None };
    let chars = insert.text.chars().count();
    let fresh = last.op.id.replica == device.replica
        && last.op.id.counter + 1 == device.next_counter
        && last.op.id.counter > device.offered
        && last.op.lamport + chars as u64 == device.lamport + 1;
    let continues = last.op.scope == scope
        && insert.target == more.target
        && more.after == Some(last.op.first_char().plus(chars as u64 - 1));
    if !fresh || !continues || chars + more.text.chars().count() > GROWN_CHARS_MAX {
        return None;
    }
    let (_, payload) = Body::Insert(Insert { text: insert.text + &more.text, ..insert }).encode();
    Some(Own { op: Op { payload, ..last.op.clone() }, ..last.clone() })
}

/// Cuts a long paste, or the removal of a much edited text, into operations the server takes. Each
/// insertion is put at the same anchor, the last piece first: later pieces then come to stand after
/// earlier ones without knowing their ids.
fn cut((scope, body): (Scope, Body)) -> Vec<(Scope, Body)> {
    match body {
        Body::Insert(insert) if insert.text.chars().count() > INSERT_CHARS_MAX => {
            let chars: Vec<char> = insert.text.chars().collect();
            let pieces = chars.chunks(INSERT_CHARS_MAX).rev();
            pieces
                .map(|piece| (scope, Body::Insert(Insert { text: piece.iter().collect(), ..insert.clone() })))
                .collect()
        }
        Body::Delete(delete) if delete.spans.len() > SPANS_MAX => {
            let pieces = delete.spans.chunks(SPANS_MAX);
            pieces.map(|spans| (scope, Body::Delete(Delete { spans: spans.to_vec(), ..delete }))).collect()
        }
        body => vec![(scope, body)],
    }
}

/// What to read before [`view`].
#[must_use]
pub fn view_reads(document: DocumentId, person: PersonId) -> Vec<Fetch> {
    let sides = [Side::Shared, Side::Internal, Side::Note(person)];
    let mut reads: Vec<Fetch> = sides
        .into_iter()
        .map(|side| Fetch::One(ObjectStore::Documents, Scope { document, side }.key().to_vec()))
        .collect();
    reads.push(Fetch::All(ObjectStore::Outbox));
    reads
}

/// Returns one scope as its person sees it: accepted state, then own pending operations in order.
#[must_use]
pub fn view(rows: &Rows, scope: Scope, person: PersonId) -> Document {
    let mut document: Document =
        rows.get(ObjectStore::Documents, &scope.key()).and_then(|body| from_bytes(body).ok()).unwrap_or_default();
    for (_, own) in rows.entries(ObjectStore::Outbox) {
        if let Ok(own) = from_bytes::<Own>(own)
            && own.op.scope == scope
        {
            document.apply(&Entry::pending(own.op, person));
        }
    }
    document
}
