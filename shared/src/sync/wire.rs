//! What goes over the wire in one `POST /sync`, in CBOR: arrays in the order of the numbers.
//!
//! Serialisable means frozen: fields are added with a default and a note naming the old peer,
//! never renumbered. Limits are here, beside what they limit.

use minicbor::data::Type;
use minicbor::decode::Error;
use minicbor::{Decode, Decoder, Encode};

use crate::ids::{DocumentId, OpId, PersonId, ReplicaId, Scope};
use crate::op::{Entry, Op, from_bytes, to_bytes};
use crate::role::Role;
use crate::sync::admission::Reason;
use crate::sync::columns;

mod limits;

pub use self::limits::*;

/// Where a first load stands: the last document received and the log's head when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Resume {
    /// Documents up to this one have been received.
    #[n(0)]
    pub after: DocumentId,
    /// The cursor to take when the load is complete.
    #[n(1)]
    pub head: u64,
}

/// A device's push and pull.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Request {
    /// Always [`PROTOCOL`].
    #[n(0)]
    pub protocol: u16,
    /// Who writes.
    #[n(1)]
    pub replica: ReplicaId,
    /// The server database the cursor belongs to; 0 for a new device.
    #[n(2)]
    pub epoch: u64,
    /// Everything up to this `seq` is stored on the device.
    #[n(3)]
    pub cursor: u64,
    /// Fingerprint of the set of documents held.
    #[n(4)]
    pub digest: u64,
    /// Most bytes wanted back, as they cross the line.
    #[n(5)]
    pub bytes_max: u32,
    /// Operations, in counter order without gaps.
    #[n(6)]
    pub ops: Option<Push>,
    /// Documents wanted whole.
    #[n(7)]
    pub fetch: Option<Vec<DocumentId>>,
    /// Where a first load stands.
    #[n(8)]
    pub resume: Option<Resume>,
    /// Whose store this is. Another person may have signed in to the same browser meanwhile: their
    /// session must not carry this store's work.
    #[n(9)]
    pub person: PersonId,
}

impl Request {
    /// Returns whether it is of a device that has met no database yet: it is given everything from the
    /// start, and takes the reply's epoch.
    #[must_use]
    pub const fn begins(&self) -> bool {
        self.epoch == 0 && self.cursor == 0 && self.resume.is_none()
    }
}

/// The one part of a request that every version of the protocol has.
#[derive(Decode)]
struct Spoken {
    #[n(0)]
    protocol: u16,
}

/// Returns the protocol a request speaks; `None` when it is no request.
#[must_use]
pub fn protocol(request: &[u8]) -> Option<u16> {
    from_bytes::<Spoken>(request).ok().map(|spoken| spoken.protocol)
}

/// What a packed operation takes beside its payload, as a rule, in bytes.
const PACKED_BYTES: usize = 16;
/// What a scope takes in a push, as a rule, in bytes.
const SCOPE_BYTES: usize = 20;

/// Operations packed: what consecutive ones share is said once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Push {
    /// Counter of the first; the others follow without gaps.
    #[n(0)]
    pub first_counter: u64,
    /// Lamport time the others are counted from.
    #[n(1)]
    pub lamport: u64,
    /// Clock the others are counted from.
    #[n(2)]
    pub wall_ms: i64,
    /// The scopes written to.
    #[n(3)]
    pub scopes: Vec<Scope>,
    /// The operations.
    #[n(4)]
    pub ops: Vec<Packed>,
}

/// One packed operation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Packed {
    /// Index into the scopes.
    #[n(0)]
    pub scope: u32,
    /// Lamport time since the operation before.
    #[n(1)]
    pub lamport: i64,
    /// What its writer had seen.
    #[n(2)]
    pub observed: u64,
    /// Milliseconds since the operation before.
    #[n(3)]
    pub wall_ms: i64,
    /// Kind.
    #[n(4)]
    pub kind: u16,
    /// Payload.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub payload: Vec<u8>,
}

impl Push {
    /// Packs operations of one replica; `None` when there are none.
    #[must_use]
    pub fn pack<'a>(ops: impl IntoIterator<Item = &'a Op>) -> Option<Self> {
        let mut push: Option<Self> = None;
        let (mut lamport, mut wall_ms) = (0, 0);
        for op in ops {
            let push = push.get_or_insert_with(|| {
                (lamport, wall_ms) = (op.lamport, op.wall_ms);
                Self { first_counter: op.id.counter, lamport, wall_ms, scopes: Vec::new(), ops: Vec::new() }
            });
            let scope = push.scopes.iter().position(|scope| *scope == op.scope).unwrap_or_else(|| {
                push.scopes.push(op.scope);
                push.scopes.len() - 1
            });
            push.ops.push(Packed {
                scope: u32::try_from(scope).unwrap_or(u32::MAX),
                lamport: op.lamport.wrapping_sub(lamport).cast_signed(),
                observed: op.observed,
                wall_ms: op.wall_ms.wrapping_sub(wall_ms),
                kind: op.kind,
                payload: op.payload.clone(),
            });
            (lamport, wall_ms) = (op.lamport, op.wall_ms);
        }
        push
    }

    /// Returns about how many bytes `op` adds to a push that holds `before`, uncompressed.
    #[must_use]
    pub fn bytes_of(op: &Op, before: &[Op]) -> usize {
        let told = before.iter().rev().any(|other| other.scope == op.scope);
        op.payload.len() + PACKED_BYTES + if told { 0 } else { SCOPE_BYTES }
    }

    /// Unpacks what `pack` packed; `None` when an index or counter is out of range.
    #[must_use]
    pub fn unpack(self, replica: ReplicaId) -> Option<Vec<Op>> {
        let (mut lamport, mut wall_ms) = (self.lamport, self.wall_ms);
        let mut ops = Vec::with_capacity(self.ops.len());
        for (index, packed) in self.ops.into_iter().enumerate() {
            lamport = lamport.wrapping_add_signed(packed.lamport);
            wall_ms = wall_ms.wrapping_add(packed.wall_ms);
            ops.push(Op {
                id: OpId { replica, counter: self.first_counter.checked_add(index as u64)? },
                scope: *self.scopes.get(usize::try_from(packed.scope).ok()?)?,
                lamport,
                observed: packed.observed,
                wall_ms,
                kind: packed.kind,
                payload: packed.payload,
            });
        }
        Some(ops)
    }
}

/// What the server answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Reply {
    /// Always [`PROTOCOL`]: a body without it is not the server's.
    #[n(0)]
    pub protocol: u16,
    /// The server database; another one than the request's means: start again, offer again.
    #[n(1)]
    pub epoch: u64,
    /// The server has this replica's operations up to this counter, durably.
    #[n(2)]
    pub acked: u64,
    /// The device may take this as its cursor once the rest of this reply is stored.
    #[n(3)]
    pub cursor: u64,
    /// There is more to pull.
    #[n(4)]
    pub more: bool,
    /// The server's clock, Unix milliseconds.
    #[n(5)]
    pub now_ms: i64,
    /// Operations that were parked, with why.
    #[n(6)]
    pub parked: Option<Vec<Parked>>,
    /// The pushed operation of this counter is another one than the server has: the device is a copy.
    #[n(7)]
    pub forked_at: Option<u64>,
    /// The log's next entries, in order.
    #[n(8)]
    pub entries: Option<Vec<Logged>>,
    /// Scopes whole, as of their own `seq`.
    #[n(9)]
    pub snapshots: Option<Vec<Snapshot>>,
    /// All documents this person may read, when the digests differ.
    #[n(10)]
    pub documents: Option<Vec<DocumentId>>,
    /// Names for the authors in this reply.
    #[n(11)]
    pub people: Option<Vec<Person>>,
    /// Where a first load stands.
    #[n(12)]
    pub resume: Option<Resume>,
    /// State hashes of scopes as of `cursor`, to notice a device that differs.
    #[n(13)]
    pub hashes: Option<Vec<(Scope, u64)>>,
    /// Operations of this push that were in the log already, as counter and `seq`.
    #[n(14)]
    pub replayed: Option<Vec<(u64, u64)>>,
}

impl Reply {
    /// Returns the body of the answer: the reply itself, which begins with a number, or the same by columns,
    /// which begin with bytes.
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        let plain = to_bytes(self);
        if plain.len() < COLUMNS_FROM_BYTES { plain } else { columns::pack(&plain).unwrap_or(plain) }
    }

    /// Reads the body of an answer.
    ///
    /// # Errors
    /// It is not a reply.
    pub fn from_body(body: &[u8]) -> Result<Self, Error> {
        let unpacked = columns::unpack(body);
        from_bytes(unpacked.as_deref().unwrap_or(body))
    }
}

/// A parked operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Parked {
    /// Which of the replica's operations.
    #[n(0)]
    pub counter: u64,
    /// Why.
    #[n(1)]
    pub reason: Reason,
}

/// One or more entries of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Logged {
    /// The device's own operations, which it has: a run of consecutive counters and `seq`s.
    #[n(0)]
    Own {
        /// `seq` of the first.
        #[n(0)]
        seq: u64,
        /// Counter of the first.
        #[n(1)]
        counter: u64,
        /// How many.
        #[n(2)]
        count: u64,
        /// When the server took them.
        #[n(3)]
        received_ms: i64,
    },
    /// Somebody else's.
    #[n(1)]
    Other(#[n(0)] Entry),
}

/// One scope, whole.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Snapshot {
    /// Which.
    #[n(0)]
    pub scope: Scope,
    /// The `Document`, encoded; it carries its own `seq`.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// A name to show beside what somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Person {
    /// Who.
    #[n(0)]
    pub id: PersonId,
    /// Full name.
    #[n(1)]
    pub name: String,
    /// Role.
    #[n(2)]
    pub role: Role,
}

/// Returns the fingerprint of a set of documents: the exclusive or of each one's, so that neither
/// side has to sort.
#[must_use]
pub fn digest(documents: impl IntoIterator<Item = DocumentId>) -> u64 {
    documents.into_iter().fold(0, |digest, document| digest ^ crate::op::fingerprint(&document.0))
}

/// Returns whether `bytes` nest no deeper than [`DEPTH_MAX`] and every length they claim fits in
/// them: checked before anything is decoded or allocated.
#[must_use]
pub fn well_nested(bytes: &[u8]) -> bool {
    let mut decoder = Decoder::new(bytes);
    let mut open: Vec<u64> = Vec::new();
    loop {
        while open.last() == Some(&0) {
            open.pop();
        }
        if decoder.position() == bytes.len() {
            return open.is_empty();
        }
        if let Some(left) = open.last_mut() {
            *left -= 1;
        } else if decoder.position() > 0 {
            return false;
        }
        let Ok(children) = children(&mut decoder) else { return false };
        if children > bytes.len() as u64 || open.len() >= DEPTH_MAX {
            return false;
        }
        open.push(children);
    }
}

/// Steps over one item but not over those it holds, and returns how many these are.
fn children(decoder: &mut Decoder<'_>) -> Result<u64, Error> {
    let open = || Error::message("an open length");
    match decoder.datatype()? {
        Type::Array => decoder.array()?.ok_or_else(open),
        Type::Map => {
            let pairs = decoder.map()?.ok_or_else(open)?;
            pairs.checked_mul(2).ok_or_else(|| Error::message("a map of too many pairs"))
        }
        // Nothing here writes them, and what has no length cannot be checked against the bytes.
        kind @ (Type::ArrayIndef
        | Type::MapIndef
        | Type::BytesIndef
        | Type::StringIndef
        | Type::Break
        | Type::Tag
        | Type::Unknown(_)) => Err(Error::type_mismatch(kind)),
        _ => decoder.skip().map(|()| 0),
    }
}
