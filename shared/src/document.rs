//! One side of one document: the fold of its operations, the same code in browser and server.
//!
//! `Document = fold(entries)`, accepted ones in the server's order, the device's own pending ones
//! after them. Does not judge operations: what reaches `apply` was admitted (`sync::admission`) or
//! is the person's own. Reads no clock.

mod content;
mod people;
mod summary;
mod trace;

pub use summary::{ENTRIES_MAX, LINE_CHARS_MAX, ListRow, Summary};

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::form::roles::Part;
use crate::form::workflow::State;
use crate::form::{Form, FormId};
use crate::ids::{AuthorityId, OpId, PersonId};
use crate::merge::Mark;
use crate::merge::choices::Choices;
use crate::merge::list::List;
use crate::merge::prose::Prose;
use crate::merge::register::{Register, Sibling};
use crate::op::{Body, Command, Entry, ParkedOp, Transition, Version};
use crate::value::{FieldId, Target};

/// What this build can show of a document, as a number: raised with each new kind of operation or part
/// of a document. Whoever folds such a one notes the number in [`Document::needs`].
pub const EDITION: u16 = 1;

/// One remark and what was said to it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Thread {
    /// Who remarked and when.
    #[n(0)]
    pub mark: Mark,
    /// On which field; `None` for the whole.
    #[n(1)]
    pub target: Option<Target>,
    /// The words.
    #[n(2)]
    pub text: String,
    /// Stays with staff.
    #[n(3)]
    pub internal: bool,
    /// The unsent remark this publishes.
    #[n(4)]
    pub published_from: Option<OpId>,
    /// Answers, oldest first.
    #[n(5)]
    pub replies: Vec<(Mark, String)>,
    /// Who settled it.
    #[n(6)]
    pub settled: Option<Mark>,
    /// Taken back before it was sent.
    #[n(7)]
    pub withdrawn: bool,
}

/// One step of the document's life, with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Step {
    /// The server's mark.
    #[n(0)]
    pub mark: Mark,
    /// What happened.
    #[n(1)]
    pub transition: Transition,
}

/// The merged state of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Document {
    /// Highest `seq` folded in.
    #[n(0)]
    pub seq: u64,
    /// Which form, its version and the owning authority; `None` until the creation is seen, and on
    /// sides that have none.
    #[n(1)]
    pub opened: Option<(FormId, u16, AuthorityId)>,
    /// Who created it.
    #[n(2)]
    pub created: Option<Mark>,
    #[n(3)]
    registers: BTreeMap<Target, Register>,
    #[n(4)]
    choices: BTreeMap<Target, Choices>,
    #[n(5)]
    proses: BTreeMap<Target, Prose>,
    #[n(6)]
    lists: BTreeMap<FieldId, List>,
    /// Remarks by the operation that made them.
    #[n(7)]
    pub threads: BTreeMap<OpId, Thread>,
    /// Where it stands.
    #[n(8)]
    pub state: State,
    /// How it came there.
    #[n(9)]
    pub history: Vec<Step>,
    /// What was received, each time (internal side).
    #[n(10)]
    pub versions: Vec<Version>,
    /// The version each person of staff has read (internal side).
    #[n(11)]
    pub read: BTreeMap<PersonId, u32>,
    /// What this build cannot read: kept, and shown as "needs the new version".
    #[n(12)]
    pub unknown: Vec<Entry>,
    /// When anything last changed, Unix milliseconds, as shown.
    #[n(13)]
    pub touched_ms: i64,
    /// Work that was parked and not yet dealt with (internal side).
    #[n(14)]
    pub parked: Option<Vec<ParkedOp>>,
    /// The edition it takes to show all of it, where the first does not.
    #[n(15)]
    pub needs: Option<u16>,
    /// Who is named on it to which part, and since when.
    #[n(16)]
    pub named: Option<Vec<(PersonId, Part, Mark)>>,
    /// A command still on this device. Never part of a snapshot.
    #[cbor(skip)]
    pub queued: Option<(Mark, Command)>,
}

impl Document {
    /// Applies one operation. An accepted one that is already folded in changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        if entry.seq != 0 {
            if entry.seq <= self.seq {
                return;
            }
            self.seq = entry.seq;
        }
        self.touched_ms = self.touched_ms.max(entry.shown_ms());
        let Ok(body) = entry.op.body() else {
            self.unknown.push(entry.clone());
            return;
        };
        self.note_item_edit(&body, entry);
        self.apply_body(body, entry);
    }

    fn apply_body(&mut self, body: Body, entry: &Entry) {
        let mark = Mark::of(entry);
        match body {
            Body::Create(create) => {
                self.opened.get_or_insert((create.form, create.form_version, create.authority));
                self.created.get_or_insert(mark);
                if let Some(part) = self.form().and_then(|form| form.roles.opener) {
                    self.name(mark.author, part, mark);
                }
            }
            Body::Set(set) => {
                let sibling = Sibling { mark, lamport: entry.op.lamport, value: set.value };
                self.registers.entry(set.target).or_default().set(sibling, &set.over);
            }
            Body::Choose(choose) => {
                let choices = self.choices.entry(choose.target).or_default();
                choices.choose(&choose.code, choose.chosen, mark, entry.op.lamport, &choose.over);
            }
            Body::Insert(insert) => {
                self.proses.entry(insert.target).or_default().insert(entry, insert.after, &insert.text)
            }
            Body::Delete(delete) => self.proses.entry(delete.target).or_default().delete(entry, &delete.spans),
            Body::AddItem(add) => {
                self.note_edit(add.parent, entry);
                self.lists.entry(add.field).or_default().add(entry, add.position, add.parent);
            }
            Body::MoveItem(shift) => {
                self.note_edit(shift.parent, entry);
                if let Some(list) = self.list_with_mut(shift.item) {
                    list.shift(shift.item, entry, shift.position, shift.parent);
                }
            }
            Body::RemoveItem(remove) => {
                if let Some(list) = self.list_with_mut(remove.item) {
                    list.remove(remove.item, entry);
                }
            }
            Body::Reconcile(reconcile) => self.reconcile(reconcile.target),
            Body::Version(version) => self.versions.push(version),
            Body::ParkedOp(parked) => self.parked.get_or_insert_default().push(parked),
            Body::Read(read) => {
                let known = self.read.entry(entry.author).or_default();
                *known = (*known).max(read.version);
            }
            Body::Assign(assign) => {
                self.name(assign.person, assign.part, mark);
            }
            Body::Unassign(assign) => {
                self.named
                    .iter_mut()
                    .for_each(|named| named.retain(|known| (known.0, known.1) != (assign.person, assign.part)));
                self.named.take_if(|named| named.is_empty());
            }
            Body::Command(command) if entry.seq == 0 => self.queued = Some((mark, command)),
            Body::Command(_) => {}
            Body::Transition(transition) => {
                self.state = transition.to;
                self.history.push(Step { mark, transition });
            }
            Body::Unknown => self.unknown.push(entry.clone()),
            Body::Remark(_) | Body::Reply(_) | Body::Settle(_) | Body::Withdraw(_) => self.apply_remark(body, mark),
        }
    }

    fn apply_remark(&mut self, body: Body, mark: Mark) {
        match body {
            Body::Remark(remark) => {
                let author = remark.written_by.unwrap_or(mark.author);
                let thread = Thread {
                    mark: Mark { author, ..mark },
                    target: remark.target,
                    text: remark.text,
                    internal: remark.internal,
                    published_from: remark.published_from,
                    replies: Vec::new(),
                    settled: None,
                    withdrawn: false,
                };
                self.threads.entry(mark.op).or_insert(thread);
            }
            Body::Reply(reply) => {
                if let Some(thread) = self.threads.get_mut(&reply.remark)
                    && !thread.replies.iter().any(|(said, _)| said.op == mark.op)
                {
                    thread.replies.push((mark, reply.text));
                }
            }
            Body::Settle(settle) => {
                if let Some(thread) = self.threads.get_mut(&settle.remark) {
                    thread.settled = settle.settled.then_some(mark);
                }
                self.parked.iter_mut().for_each(|parked| parked.retain(|parked| !parked.of(settle.remark)));
                self.parked.take_if(|parked| parked.is_empty());
            }
            Body::Withdraw(withdraw) => {
                if let Some(thread) = self.threads.get_mut(&withdraw.remark) {
                    thread.withdrawn = true;
                }
            }
            _ => {}
        }
    }

    /// An edit within a list item is told to the item, so that a removal that had not seen it gives way.
    fn note_item_edit(&mut self, body: &Body, entry: &Entry) {
        let target = match body {
            Body::Set(set) => set.target,
            Body::Choose(choose) => choose.target,
            Body::Insert(insert) => insert.target,
            Body::Delete(delete) => delete.target,
            _ => return,
        };
        target.items().for_each(|item| self.note_edit(Some(item), entry));
    }

    /// What is written in an item, or put below it, is told to it.
    fn note_edit(&mut self, item: Option<OpId>, entry: &Entry) {
        if let Some(item) = item
            && let Some(list) = self.list_with_mut(item)
        {
            list.edit(item, entry);
        }
    }

    fn reconcile(&mut self, target: Target) {
        if let Some(prose) = self.proses.get_mut(&target) {
            prose.reconcile();
        }
        for item in target.items() {
            if let Some(list) = self.list_with_mut(item) {
                list.reconcile(item);
            }
        }
    }

    fn list_with_mut(&mut self, item: OpId) -> Option<&mut List> {
        self.lists.values_mut().find(|list| list.item(item).is_some())
    }

    /// Returns whether a build of this edition keeps, or lacks, something that it cannot show.
    #[must_use]
    pub fn is_beyond(&self, edition: u16) -> bool {
        !self.unknown.is_empty() || self.needs.is_some_and(|needs| needs > edition)
    }

    /// Returns whether an earlier edition kept something that this one reads.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.unknown.iter().any(|entry| matches!(entry.op.body(), Ok(body) if body != Body::Unknown))
    }

    /// Returns the form the document is filled in with, when this build has it.
    #[must_use]
    pub fn form(&self) -> Option<&'static Form> {
        self.opened.and_then(|(form, ..)| crate::forms::form(form))
    }

    /// Returns the authority that owns the document.
    #[must_use]
    pub fn authority(&self) -> Option<AuthorityId> {
        self.opened.map(|(.., authority)| authority)
    }

    /// Returns the state of a short field.
    #[must_use]
    pub fn register(&self, target: Target) -> Option<&Register> {
        self.registers.get(&target)
    }

    /// Returns the state of a multiple choice.
    #[must_use]
    pub fn choices(&self, target: Target) -> Option<&Choices> {
        self.choices.get(&target)
    }

    /// Returns the state of a prose field.
    #[must_use]
    pub fn prose(&self, target: Target) -> Option<&Prose> {
        self.proses.get(&target)
    }

    /// Returns the state of a list.
    #[must_use]
    pub fn list(&self, field: FieldId) -> Option<&List> {
        self.lists.get(&field)
    }

    /// Returns the list that an item of this name was added to.
    #[must_use]
    pub fn list_with(&self, item: OpId) -> Option<(FieldId, &List)> {
        self.lists.iter().find(|(_, list)| list.item(item).is_some()).map(|(field, list)| (*field, list))
    }

    /// Returns whether an item of this name was ever added.
    #[must_use]
    pub fn has_item(&self, item: OpId) -> bool {
        self.lists.values().any(|list| list.item(item).is_some())
    }

    /// Returns whether this work was parked and not yet dealt with.
    #[must_use]
    pub fn has_parked(&self, op: OpId) -> bool {
        self.parked.iter().flatten().any(|parked| parked.of(op))
    }

    /// Returns how many versions were received.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.history.iter().filter_map(|step| step.transition.version).max().unwrap_or(0)
    }

    /// Returns the reference `YYYY-NN`, once allotted.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.history.iter().rev().find_map(|step| step.transition.reference.as_deref())
    }

    /// Returns the last receipt number given.
    #[must_use]
    pub fn receipt(&self) -> Option<&str> {
        self.history.iter().rev().find_map(|step| step.transition.receipt.as_deref())
    }

    /// Returns the step with which it was first received.
    #[must_use]
    pub fn first_received(&self) -> Option<&Step> {
        self.history.iter().find(|step| step.transition.version.is_some())
    }

    /// Returns whether it was ever received.
    #[must_use]
    pub fn is_received(&self) -> bool {
        self.version() > 0
    }
}

#[cfg(test)]
mod tests;
