//! One small typed change, and its bytes.
//!
//! The envelope is frozen for ever. A payload is immutable once released: a changed meaning is a
//! new kind. Unknown kinds stay bytes, so that an old device or server keeps what it cannot read.
//! Does not know what an operation does to a document (see `document`) nor who may write it (see
//! `sync::admission`).

mod names;

use minicbor::{Decode, Encode};

use crate::form::FormId;
use crate::form::roles::Part;
use crate::form::workflow::{Action, State};
use crate::ids::{AuthorityId, CharId, OpId, PersonId, ReplicaId, Scope};
use crate::value::{FieldId, Target, Value};

/// Largest encoded payload a device writes and the server stores, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// Longest piece of prose in one insertion, in characters; longer pastes are cut into several.
pub const INSERT_CHARS_MAX: usize = 4_000;
/// Longest text of a remark, an answer or a reason, in characters.
pub const REMARK_CHARS_MAX: usize = 4_000;
/// Most answers one operation replaces.
pub const OVER_MAX: usize = 256;
/// Most pieces of prose one deletion names; larger ones are cut into several.
pub const SPANS_MAX: usize = 500;

/// An operation as written down once by its device: the same bytes for ever after.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Op {
    /// Its name.
    #[n(0)]
    pub id: OpId,
    /// Where it belongs.
    #[n(1)]
    pub scope: Scope,
    /// Lamport time: greater than every time its writer had seen.
    #[n(2)]
    pub lamport: u64,
    /// Highest `seq` its writer had applied: what it had seen of others.
    #[n(3)]
    pub observed: u64,
    /// The device's clock, Unix milliseconds. Shown to people; decides nothing.
    #[n(4)]
    pub wall_ms: i64,
    /// Which payload follows.
    #[n(5)]
    pub kind: u16,
    /// The payload, encoded.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub payload: Vec<u8>,
}

/// What an operation says. `kind` numbers are the wire's; they are never reused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Opens a document.
    Create(Create),
    /// Answers a short field, replacing the answers its author saw.
    Set(Set),
    /// Types prose.
    Insert(Insert),
    /// Takes prose away.
    Delete(Delete),
    /// Ticks or unticks one code of a multiple choice.
    Choose(Choose),
    /// Adds a list item; the item's id is the operation's.
    AddItem(AddItem),
    /// Moves a list item.
    MoveItem(MoveItem),
    /// Removes a list item, as its remover had seen it.
    RemoveItem(RemoveItem),
    /// Says that what two people wrote in one place reads well, or that a revived item is settled.
    Reconcile(Reconcile),
    /// Remarks on a field or on the whole; on the internal side a remark is not yet sent.
    Remark(Remark),
    /// Answers a remark.
    Reply(Reply),
    /// Marks a remark settled, or open again; or work put aside as dealt with.
    Settle(Settle),
    /// Takes back a remark not yet sent.
    Withdraw(Withdraw),
    /// Notes that staff have read a version.
    Read(Read),
    /// Names a person on the document, to a part in it.
    Assign(Assign),
    /// Takes a person off a part.
    Unassign(Assign),
    /// Asks the server to act.
    Command(Command),
    /// The server's answer to a command that was carried out.
    Transition(Transition),
    /// The server's copy of what was received, for staff.
    Version(Version),
    /// The server's copy of a partner's work that was parked, for staff.
    ParkedOp(ParkedOp),
    /// A kind this build does not know; the bytes are kept.
    Unknown,
}

/// See [`Body::Create`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Create {
    /// Which form.
    #[n(0)]
    pub form: FormId,
    /// The form's version the document is pinned to.
    #[n(1)]
    pub form_version: u16,
    /// The authority whose people may write it.
    #[n(2)]
    pub authority: AuthorityId,
}

/// See [`Body::Set`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Set {
    /// Where.
    #[n(0)]
    pub target: Target,
    /// The answer.
    #[n(1)]
    pub value: Value,
    /// The answers it replaces.
    #[n(2)]
    pub over: Vec<OpId>,
}

/// See [`Body::Insert`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Insert {
    /// Where.
    #[n(0)]
    pub target: Target,
    /// After which character; `None` at the very start.
    #[n(1)]
    pub after: Option<CharId>,
    /// What.
    #[n(2)]
    pub text: String,
}

/// Consecutive characters of one insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Span {
    /// The first.
    #[n(0)]
    pub first: CharId,
    /// How many, at least one.
    #[n(1)]
    pub chars: u64,
}

/// See [`Body::Delete`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Delete {
    /// Where.
    #[n(0)]
    pub target: Target,
    /// Which characters.
    #[n(1)]
    pub spans: Vec<Span>,
}

/// See [`Body::Choose`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Choose {
    /// Where.
    #[n(0)]
    pub target: Target,
    /// Which code.
    #[n(1)]
    pub code: String,
    /// Ticked or not.
    #[n(2)]
    pub chosen: bool,
    /// The earlier marks on this code its author saw.
    #[n(3)]
    pub over: Vec<OpId>,
}

/// See [`Body::AddItem`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AddItem {
    /// The list.
    #[n(0)]
    pub field: FieldId,
    /// Its place among the others.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub position: Vec<u8>,
    /// The item it stands below.
    #[n(2)]
    pub parent: Option<OpId>,
}

/// See [`Body::MoveItem`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MoveItem {
    /// Which.
    #[n(0)]
    pub item: OpId,
    /// Its new place.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub position: Vec<u8>,
    /// The item it stands below from now on.
    #[n(2)]
    pub parent: Option<OpId>,
}

/// See [`Body::RemoveItem`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RemoveItem {
    /// Which.
    #[n(0)]
    pub item: OpId,
}

/// See [`Body::Reconcile`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reconcile {
    /// The prose field, or any field of the revived item.
    #[n(0)]
    pub target: Target,
}

/// See [`Body::Remark`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Remark {
    /// The field; `None` for the whole document.
    #[n(0)]
    pub target: Option<Target>,
    /// The words.
    #[n(1)]
    pub text: String,
    /// Stays with staff for good.
    #[n(2)]
    pub internal: bool,
    /// The remark not yet sent that this one publishes.
    #[n(3)]
    pub published_from: Option<OpId>,
    /// Whose words, when the server publishes them.
    #[n(4)]
    pub written_by: Option<PersonId>,
}

/// See [`Body::Reply`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reply {
    /// To which remark.
    #[n(0)]
    pub remark: OpId,
    /// The words.
    #[n(1)]
    pub text: String,
}

/// See [`Body::Settle`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Settle {
    /// Which remark, or which operation put aside.
    #[n(0)]
    pub remark: OpId,
    /// Settled, or open again.
    #[n(1)]
    pub settled: bool,
}

/// See [`Body::Withdraw`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Withdraw {
    /// Which remark.
    #[n(0)]
    pub remark: OpId,
}

/// See [`Body::Read`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Read {
    /// The version that was read.
    #[n(0)]
    pub version: u32,
}

/// See [`Body::Assign`] and [`Body::Unassign`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Assign {
    /// Who.
    #[n(0)]
    pub person: PersonId,
    /// To which part.
    #[n(1)]
    pub part: Part,
}

/// See [`Body::Command`]. Executed once, against what its author saw.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Command {
    /// What is asked.
    #[n(0)]
    pub action: Action,
    /// The state its author saw.
    #[n(1)]
    pub expect: State,
    /// Hash of the shared content its author saw, where the move asks for it.
    #[n(2)]
    pub content_hash: Option<u64>,
    /// Why, in words for the other side.
    #[n(3)]
    pub reason: Option<String>,
    /// The remarks to send along, or the parked operations to adopt.
    #[n(4)]
    pub names: Vec<OpId>,
    /// Number of the newest version its author saw, where the move asks for it.
    #[n(5)]
    pub version: Option<u32>,
}

/// See [`Body::Transition`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Transition {
    /// The command carried out.
    #[n(0)]
    pub command: OpId,
    /// Who asked.
    #[n(1)]
    pub by: PersonId,
    /// What was asked.
    #[n(2)]
    pub action: Action,
    /// Before.
    #[n(3)]
    pub from: State,
    /// After.
    #[n(4)]
    pub to: State,
    /// Why, in the asker's words.
    #[n(5)]
    pub reason: Option<String>,
    /// Receipt number, when something was received.
    #[n(6)]
    pub receipt: Option<String>,
    /// Reference `YYYY-NN`, once allotted.
    #[n(7)]
    pub reference: Option<String>,
    /// Number of the version received.
    #[n(8)]
    pub version: Option<u32>,
    /// The server's clock, Unix milliseconds.
    #[n(9)]
    pub at_ms: i64,
}

/// See [`Body::Version`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    /// Counted from 1 per document.
    #[n(0)]
    pub number: u32,
    /// `Answers` as received, encoded.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub answers: Vec<u8>,
    /// `form::assessment::Assessment` on that day, encoded; empty when the form has no such rules.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub assessment: Vec<u8>,
}

/// See [`Body::ParkedOp`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ParkedOp {
    /// The operation, its author and when it came.
    #[n(0)]
    pub entry: Entry,
    /// The number of the reason for which it was parked.
    #[n(1)]
    pub reason: u8,
}

impl ParkedOp {
    /// Returns whether this is about an operation.
    #[must_use]
    pub fn of(&self, op: OpId) -> bool {
        self.entry.op.id == op
    }
}

/// Numbers of the kinds. Never reused.
mod kind {
    pub const CREATE: u16 = 1;
    pub const SET: u16 = 2;
    pub const INSERT: u16 = 3;
    pub const DELETE: u16 = 4;
    pub const CHOOSE: u16 = 5;
    pub const ADD_ITEM: u16 = 6;
    pub const MOVE_ITEM: u16 = 7;
    pub const REMOVE_ITEM: u16 = 8;
    pub const RECONCILE: u16 = 9;
    pub const REMARK: u16 = 10;
    pub const REPLY: u16 = 11;
    pub const SETTLE: u16 = 12;
    pub const WITHDRAW: u16 = 13;
    pub const READ: u16 = 14;
    pub const ASSIGN: u16 = 15;
    pub const UNASSIGN: u16 = 16;
    pub const COMMAND: u16 = 20;
    pub const TRANSITION: u16 = 40;
    pub const VERSION: u16 = 41;
    pub const PARKED_OP: u16 = 42;
}

impl Body {
    /// Returns the kind's number and the payload's bytes. An unknown body has none to give.
    #[must_use]
    pub fn encode(&self) -> (u16, Vec<u8>) {
        match self {
            Self::Create(body) => (kind::CREATE, to_bytes(body)),
            Self::Set(body) => (kind::SET, to_bytes(body)),
            Self::Insert(body) => (kind::INSERT, to_bytes(body)),
            Self::Delete(body) => (kind::DELETE, to_bytes(body)),
            Self::Choose(body) => (kind::CHOOSE, to_bytes(body)),
            Self::AddItem(body) => (kind::ADD_ITEM, to_bytes(body)),
            Self::MoveItem(body) => (kind::MOVE_ITEM, to_bytes(body)),
            Self::RemoveItem(body) => (kind::REMOVE_ITEM, to_bytes(body)),
            Self::Reconcile(body) => (kind::RECONCILE, to_bytes(body)),
            Self::Remark(body) => (kind::REMARK, to_bytes(body)),
            Self::Reply(body) => (kind::REPLY, to_bytes(body)),
            Self::Settle(body) => (kind::SETTLE, to_bytes(body)),
            Self::Withdraw(body) => (kind::WITHDRAW, to_bytes(body)),
            Self::Read(body) => (kind::READ, to_bytes(body)),
            Self::Assign(body) => (kind::ASSIGN, to_bytes(body)),
            Self::Unassign(body) => (kind::UNASSIGN, to_bytes(body)),
            Self::Command(body) => (kind::COMMAND, to_bytes(body)),
            Self::Transition(body) => (kind::TRANSITION, to_bytes(body)),
            Self::Version(body) => (kind::VERSION, to_bytes(body)),
            Self::ParkedOp(body) => (kind::PARKED_OP, to_bytes(body)),
            Self::Unknown => (0, Vec::new()),
        }
    }

    /// Returns how many Lamport times the operation takes: one for each character it types.
    #[must_use]
    pub fn lamport_length(&self) -> u64 {
        match self {
            Self::Insert(insert) => insert.text.chars().count().max(1) as u64,
            _ => 1,
        }
    }
}

impl Op {
    /// Reads the payload.
    ///
    /// # Errors
    /// The payload of a known kind does not decode, or bytes follow it.
    pub fn body(&self) -> Result<Body, minicbor::decode::Error> {
        let bytes = &self.payload;
        Ok(match self.kind {
            kind::CREATE => Body::Create(from_bytes(bytes)?),
            kind::SET => Body::Set(from_bytes(bytes)?),
            kind::INSERT => Body::Insert(from_bytes(bytes)?),
            kind::DELETE => Body::Delete(from_bytes(bytes)?),
            kind::CHOOSE => Body::Choose(from_bytes(bytes)?),
            kind::ADD_ITEM => Body::AddItem(from_bytes(bytes)?),
            kind::MOVE_ITEM => Body::MoveItem(from_bytes(bytes)?),
            kind::REMOVE_ITEM => Body::RemoveItem(from_bytes(bytes)?),
            kind::RECONCILE => Body::Reconcile(from_bytes(bytes)?),
            kind::REMARK => Body::Remark(from_bytes(bytes)?),
            kind::REPLY => Body::Reply(from_bytes(bytes)?),
            kind::SETTLE => Body::Settle(from_bytes(bytes)?),
            kind::WITHDRAW => Body::Withdraw(from_bytes(bytes)?),
            kind::READ => Body::Read(from_bytes(bytes)?),
            kind::ASSIGN => Body::Assign(from_bytes(bytes)?),
            kind::UNASSIGN => Body::Unassign(from_bytes(bytes)?),
            kind::COMMAND => Body::Command(from_bytes(bytes)?),
            kind::TRANSITION => Body::Transition(from_bytes(bytes)?),
            kind::VERSION => Body::Version(from_bytes(bytes)?),
            kind::PARKED_OP => Body::ParkedOp(from_bytes(bytes)?),
            _ => Body::Unknown,
        })
    }

    /// Returns the first character id an insertion's text takes.
    #[must_use]
    pub const fn first_char(&self) -> CharId {
        CharId { lamport: self.lamport, replica: self.id.replica }
    }

    /// Returns the fingerprint by which the server tells a retry from another operation of the same name.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        fingerprint(&to_bytes(self))
    }

    /// Returns the replica that wrote it.
    #[must_use]
    pub const fn replica(&self) -> ReplicaId {
        self.id.replica
    }
}

/// An operation as the server has it in its log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entry {
    /// Its place in the log; 0 while it is only on the device that wrote it.
    #[n(0)]
    pub seq: u64,
    /// Who wrote it, as the server saw them signed in.
    #[n(1)]
    pub author: PersonId,
    /// When the server took it, Unix milliseconds.
    #[n(2)]
    pub received_ms: i64,
    /// The operation.
    #[n(3)]
    pub op: Op,
}

impl Entry {
    /// Returns an operation still on this device as an entry: seen by nobody else, after all others.
    #[must_use]
    pub const fn pending(op: Op, author: PersonId) -> Self {
        Self { seq: 0, author, received_ms: 0, op }
    }

    /// Returns the time to show: the writer's clock, but never later than the server's.
    #[must_use]
    pub const fn shown_ms(&self) -> i64 {
        if self.received_ms > 0 && (self.op.wall_ms > self.received_ms || self.op.wall_ms <= 0) {
            self.received_ms
        } else {
            self.op.wall_ms
        }
    }
}

/// Encodes a value. Writing to memory cannot fail, so neither can this.
#[must_use]
pub fn to_bytes<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("memory takes whatever is written, and no type here refuses to be")
}

/// Decodes the whole of `bytes`.
///
/// # Errors
/// The bytes are not a `T`, or more bytes follow it.
pub fn from_bytes<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, minicbor::decode::Error> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = T::decode(&mut decoder, &mut ())?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(minicbor::decode::Error::message("bytes follow the value"))
    }
}

/// 64-bit FNV-1a. Tells apart what a device wrote by accident, not what an attacker forges: the
/// server only compares an author's operation with that same author's.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
