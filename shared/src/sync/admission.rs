//! Whether the server may apply an operation. What it may not is parked with a reason, never lost.
//!
//! One pure function, called inside the server's write transaction. Commands are judged by
//! `sync::command`.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use crate::document::Document;
use crate::form::roles::Talk;
use crate::form::workflow::State;
use crate::form::{Field, FieldKind, FilledBy, HeldIn};
use crate::ids::{OpId, SERVER_REPLICA, Side};
use crate::lists;
use crate::merge::list::List;
use crate::merge::position::POSITION_BYTES_MAX;
use crate::op::{Body, Command, INSERT_CHARS_MAX, OVER_MAX, Op, PAYLOAD_BYTES_MAX, REMARK_CHARS_MAX, SPANS_MAX};
use crate::permission::{Actor, Holder, may_open};
use crate::value::{FieldId, Target, Value};

/// Longest short answer kept, in characters; far above any form's limit, which is for the checks.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// Greatest Lamport time taken; room for a million operations a second for 30,000 years.
pub const LAMPORT_MAX: u64 = 1 << 60;

/// Furthest a Lamport time may lie above all that were seen before: far more than is ever written
/// without a link, far less than would leave readers no room to count on in.
pub const LAMPORT_LEAP_MAX: u64 = 1 << 32;
/// How many times the items its form allows a list takes, removed ones too; more than allowed are
/// kept and flagged.
pub const LIST_ITEMS_FACTOR: usize = 10;
/// Deepest an item of a tree is put; moves that meet may bring it deeper.
pub const TREE_DEPTH_MAX: usize = 16;
/// Most people named on one document.
pub const NAMED_MAX: usize = 100;
/// Most remarks or parked operations one command names.
pub const COMMAND_NAMES_MAX: usize = 1_000;

/// Why an operation was not applied. The numbers are stored and sent; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum Reason {
    /// Its bytes make no sense.
    #[n(1)]
    Malformed = 1,
    /// A kind the server does not know yet.
    #[n(2)]
    UnknownKind = 2,
    /// No such document, or not this person's: the two are not told apart.
    #[n(3)]
    NotYours = 3,
    /// This role may not do it.
    #[n(4)]
    NotPermitted = 4,
    /// The document is not open for editing.
    #[n(5)]
    Locked = 5,
    /// The form has no such field.
    #[n(6)]
    NoSuchField = 6,
    /// The field holds another type of answer.
    #[n(7)]
    WrongType = 7,
    /// The code is not in the field's list.
    #[n(8)]
    NotInList = 8,
    /// Too long or too large.
    #[n(9)]
    TooLarge = 9,
    /// It names an item or remark that is not there.
    #[n(10)]
    NoSuchItem = 10,
    /// The document was in another state than its author saw.
    #[n(11)]
    StateChanged = 11,
    /// The content was not what its author had read.
    #[n(12)]
    ContentChanged = 12,
    /// Something needed is missing.
    #[n(13)]
    Incomplete = 13,
    /// The document exists already.
    #[n(14)]
    Exists = 14,
    /// No form of that number.
    #[n(15)]
    NoSuchForm = 15,
    /// A reason in words is needed.
    #[n(16)]
    ReasonMissing = 16,
}

impl Reason {
    /// All reasons, for messages and tests.
    pub const ALL: [Self; 16] = [
        Self::Malformed,
        Self::UnknownKind,
        Self::NotYours,
        Self::NotPermitted,
        Self::Locked,
        Self::NoSuchField,
        Self::WrongType,
        Self::NotInList,
        Self::TooLarge,
        Self::NoSuchItem,
        Self::StateChanged,
        Self::ContentChanged,
        Self::Incomplete,
        Self::Exists,
        Self::NoSuchForm,
        Self::ReasonMissing,
    ];

    /// Reads the stored number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| *reason as u8 == number)
    }

    /// Returns its name in message keys, `reason.<key>`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownKind => "unknown_kind",
            Self::NotYours => "not_yours",
            Self::NotPermitted => "not_permitted",
            Self::Locked => "locked",
            Self::NoSuchField => "no_such_field",
            Self::WrongType => "wrong_type",
            Self::NotInList => "not_in_list",
            Self::TooLarge => "too_large",
            Self::NoSuchItem => "no_such_item",
            Self::StateChanged => "state_changed",
            Self::ContentChanged => "content_changed",
            Self::Incomplete => "incomplete",
            Self::Exists => "exists",
            Self::NoSuchForm => "no_such_form",
            Self::ReasonMissing => "reason_missing",
        }
    }

    /// Returns whether the same operation can be applied later by *adopt*.
    #[must_use]
    pub const fn adoptable(self) -> bool {
        matches!(self, Self::Locked | Self::NoSuchItem | Self::UnknownKind)
    }
}

/// The document an operation is for, as the server has it.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// Who owns it and who sees it.
    pub holder: Holder,
    /// Where it stands; for what came too late, where it would have to stand.
    pub state: State,
    /// Its shared side.
    pub shared: &'a Document,
    /// The side the operation is for; the same as `shared` for the shared side.
    pub side: &'a Document,
}

/// Judges everything but commands and creations of documents that do not exist yet.
///
/// # Errors
/// The reason for which the operation has to be parked.
pub fn admit(actor: &Actor, op: &Op, body: &Body, standing: Option<Standing<'_>>) -> Result<(), Reason> {
    envelope(op)?;
    if let Body::Create(create) = body {
        return match standing {
            Some(standing) if standing.holder.may_read(actor, Side::Shared) => Err(Reason::Exists),
            Some(_) => Err(Reason::NotYours),
            None => may_create(actor, op, create),
        };
    }
    let standing =
        standing.filter(|standing| standing.holder.may_read(actor, op.scope.side)).ok_or(Reason::NotYours)?;
    match body {
        Body::Set(set) => {
            let field = editable(actor, op, &standing, set.target)?;
            limit(set.over.len() <= OVER_MAX)?;
            typed(field, &set.value)
        }
        Body::Choose(choose) => {
            let field = editable(actor, op, &standing, choose.target)?;
            limit(choose.over.len() <= OVER_MAX)?;
            let FieldKind::Choices { list, .. } = field.kind else { return Err(Reason::WrongType) };
            // What an older list had can still be unticked.
            let ticked =
                || standing.side.choices(choose.target).is_some_and(|known| !known.heads(&choose.code).is_empty());
            let known = lists::holds(list, &choose.code) || (!choose.chosen && ticked());
            if known { Ok(()) } else { Err(Reason::NotInList) }
        }
        Body::Insert(insert) => {
            prose(editable(actor, op, &standing, insert.target)?)?;
            limit(insert.text.chars().count() <= INSERT_CHARS_MAX)
        }
        Body::Delete(delete) => {
            prose(editable(actor, op, &standing, delete.target)?)?;
            limit(delete.spans.len() <= SPANS_MAX && delete.spans.iter().all(|span| span.chars <= LAMPORT_MAX))
        }
        Body::AddItem(add) => {
            let field = editable(actor, op, &standing, Target::of(add.field))?;
            limit(add.position.len() <= POSITION_BYTES_MAX)?;
            let FieldKind::List { max, .. } = field.kind else { return Err(Reason::WrongType) };
            below(&standing, field, add.parent, None)?;
            let items = standing.side.list(field.id).map_or(0, List::count);
            limit(items < LIST_ITEMS_FACTOR * usize::from(max))
        }
        Body::MoveItem(shift) => {
            limit(shift.position.len() <= POSITION_BYTES_MAX)?;
            item_editable(actor, op, &standing, shift.item)?;
            let (list, _) = standing.side.list_with(shift.item).ok_or(Reason::NoSuchItem)?;
            let field = standing.shared.form().and_then(|form| form.field(list)).ok_or(Reason::NoSuchField)?;
            below(&standing, field, shift.parent, Some(shift.item))
        }
        Body::RemoveItem(remove) => item_editable(actor, op, &standing, remove.item),
        Body::Reconcile(reconcile) => editable(actor, op, &standing, reconcile.target).map(|_| ()),
        Body::Remark(_) | Body::Reply(_) | Body::Settle(_) | Body::Withdraw(_) | Body::Read(_) => {
            remark(actor, op, body, &standing)
        }
        Body::Assign(assign) | Body::Unassign(assign) => {
            let form = standing.shared.form().ok_or(Reason::NoSuchForm)?;
            let known = form.roles.part(assign.part).is_some();
            let permitted = op.scope.side == Side::Shared && standing.holder.may_assign(actor);
            // Somebody may always be taken off; how many are on is bounded.
            let adds = matches!(body, Body::Assign(_));
            limit(!adds || standing.holder.named.len() < NAMED_MAX)?;
            if permitted && known { Ok(()) } else { Err(Reason::NotPermitted) }
        }
        Body::Create(_) | Body::Command(_) => Err(Reason::Malformed),
        Body::Transition(_) | Body::Version(_) | Body::ParkedOp(_) => Err(Reason::NotPermitted),
        Body::Unknown => Err(Reason::UnknownKind),
    }
}

/// Judges of a command what needs no document; whether it is carried out is for `sync::command`.
///
/// # Errors
/// The reason for which the command has to be parked.
pub fn admit_command(op: &Op, command: &Command) -> Result<(), Reason> {
    envelope(op)?;
    limit(command.names.len() <= COMMAND_NAMES_MAX)?;
    let distinct: BTreeSet<OpId> = command.names.iter().copied().collect();
    if distinct.len() == command.names.len() { Ok(()) } else { Err(Reason::Malformed) }
}

/// Returns whether `lamport` lies too far above `seen` for anybody to follow.
#[must_use]
pub const fn leaps(lamport: u64, seen: u64) -> bool {
    lamport.saturating_sub(seen) > LAMPORT_LEAP_MAX
}

/// Returns the greatest time seen once `lamport` was, unless that leaps.
#[must_use]
pub fn followed(lamport: u64, seen: u64) -> u64 {
    if leaps(lamport, seen) { seen } else { seen.max(lamport) }
}

fn envelope(op: &Op) -> Result<(), Reason> {
    if op.id.replica == SERVER_REPLICA || op.lamport == 0 || op.lamport > LAMPORT_MAX {
        return Err(Reason::Malformed);
    }
    limit(op.payload.len() <= PAYLOAD_BYTES_MAX)
}

const fn limit(within: bool) -> Result<(), Reason> {
    if within { Ok(()) } else { Err(Reason::TooLarge) }
}

fn may_create(actor: &Actor, op: &Op, create: &crate::op::Create) -> Result<(), Reason> {
    if op.scope.side != Side::Shared {
        return Err(Reason::Malformed);
    }
    let form = crate::forms::form(create.form).ok_or(Reason::NoSuchForm)?;
    if create.form_version == 0 || create.form_version > form.version {
        return Err(Reason::NoSuchForm);
    }
    if may_open(actor, form, create.authority) { Ok(()) } else { Err(Reason::NotPermitted) }
}

/// Finds the field and checks that this person may change it here and now.
fn editable(actor: &Actor, op: &Op, standing: &Standing<'_>, target: Target) -> Result<&'static Field, Reason> {
    let form = standing.shared.form().ok_or(Reason::NoSuchForm)?;
    let field = form.field(target.field).ok_or(Reason::NoSuchField)?;
    // Where a field stands is its form's to say: in the document, in an item, or in a cell.
    let (items, cells) = match form.container_of(field.id).map(|container| container.kind) {
        None => (None, None),
        Some(FieldKind::Table { rows, columns, .. }) => (Some(rows), Some(columns)),
        Some(_) => (form.container_of(field.id).map(|list| list.id), None),
    };
    if items.is_some() != target.item.is_some() || cells.is_some() != target.column.is_some() {
        return Err(Reason::NoSuchField);
    }
    let side_fits = match (field.held_in, op.scope.side) {
        (HeldIn::Shared, Side::Shared) => true,
        (HeldIn::Note, Side::Note(person)) => person == actor.person,
        _ => false,
    };
    if !side_fits {
        return Err(Reason::NoSuchField);
    }
    if field.filled_by == FilledBy::Staff && !actor.role.is_staff() {
        return Err(Reason::NotPermitted);
    }
    open_for(actor, standing)?;
    for (item, list) in target.items().zip(items.into_iter().chain(cells)) {
        there(standing, item, list)?;
    }
    Ok(field)
}

fn item_editable(actor: &Actor, op: &Op, standing: &Standing<'_>, item: OpId) -> Result<(), Reason> {
    if op.scope.side != Side::Shared {
        return Err(Reason::NoSuchItem);
    }
    open_for(actor, standing)?;
    if standing.side.has_item(item) { Ok(()) } else { Err(Reason::NoSuchItem) }
}

/// Looks whether an item of this list, with all that stands below it, may stand below `parent`.
fn below(standing: &Standing<'_>, field: &Field, parent: Option<OpId>, item: Option<OpId>) -> Result<(), Reason> {
    let FieldKind::List { parent: above, .. } = field.kind else { return Err(Reason::WrongType) };
    let Some(parent) = parent else { return Ok(()) };
    let above = above.ok_or(Reason::NoSuchItem)?;
    there(standing, parent, above)?;
    let list = standing.side.list(above).ok_or(Reason::NoSuchItem)?;
    let height = item.map_or(0, |item| list.height(item));
    limit(list.depth(parent) + 1 + height < TREE_DEPTH_MAX)
}

/// Looked at last: what came too late may be about an item that came too late itself.
fn there(standing: &Standing<'_>, item: OpId, list: FieldId) -> Result<(), Reason> {
    let known = standing.side.list(list).is_some_and(|list| list.item(item).is_some());
    if known { Ok(()) } else { Err(Reason::NoSuchItem) }
}

fn open_for(actor: &Actor, standing: &Standing<'_>) -> Result<(), Reason> {
    if standing.holder.may_write(actor, standing.state) {
        return Ok(());
    }
    // It opens again for whoever writes at other times; for a reader it never does.
    Err(if standing.holder.is_writer(actor) { Reason::Locked } else { Reason::NotPermitted })
}

fn prose(field: &Field) -> Result<(), Reason> {
    if matches!(field.kind, FieldKind::Prose { .. }) { Ok(()) } else { Err(Reason::WrongType) }
}

fn typed(field: &Field, value: &Value) -> Result<(), Reason> {
    if !field.takes(value) {
        return Err(Reason::WrongType);
    }
    match (value, field.kind) {
        (Value::Code(code), FieldKind::Choice { list }) if !lists::holds(list, code) => Err(Reason::NotInList),
        (Value::Text(text) | Value::Unreadable(text), _) => limit(text.chars().count() <= TEXT_CHARS_MAX),
        (Value::Date(date), _) if !date.exists() => Err(Reason::WrongType),
        _ => Ok(()),
    }
}

fn remark(actor: &Actor, op: &Op, body: &Body, standing: &Standing<'_>) -> Result<(), Reason> {
    let talk = standing.holder.talk(actor);
    if talk == Talk::Listens {
        return Err(Reason::NotPermitted);
    }
    let remarks = talk == Talk::Remarks;
    let internal = op.scope.side == Side::Internal;
    let words = |text: &str| limit(text.chars().count() <= REMARK_CHARS_MAX);
    let thread = |id: &OpId| standing.side.threads.get(id).ok_or(Reason::NoSuchItem);
    match body {
        // Remarks are written on the own side; a move publishes them. The others answer.
        Body::Remark(remark) => {
            words(&remark.text)?;
            let plain = remark.published_from.is_none() && remark.written_by.is_none();
            if plain && remarks && internal { Ok(()) } else { Err(Reason::NotPermitted) }
        }
        Body::Reply(reply) => thread(&reply.remark).and_then(|_| words(&reply.text)),
        // A partner's parked work may be left as it is; it stays with its author.
        Body::Settle(settle) if remarks && standing.side.has_parked(settle.remark) => Ok(()),
        Body::Settle(settle) => thread(&settle.remark).and(if remarks { Ok(()) } else { Err(Reason::NotPermitted) }),
        Body::Withdraw(withdraw) => {
            let own = thread(&withdraw.remark)?.mark.author == actor.person;
            if own && internal { Ok(()) } else { Err(Reason::NotPermitted) }
        }
        Body::Read(_) if remarks && internal => Ok(()),
        _ => Err(Reason::NotPermitted),
    }
}

#[cfg(test)]
mod tests;
