//! What must be true of every single operation at the end of a world: what was written down is in the
//! log once, or put aside where its author sees it; and what the log says is in the documents.

use std::collections::{BTreeMap, BTreeSet};

use shared::document::Document;
use shared::form::workflow::Action;
use shared::ids::{DocumentId, OpId, SERVER_REPLICA, Scope};
use shared::op::{Body, Entry, Op, from_bytes};
use shared::sync::device::Own;
use shared::sync::rows::ObjectStore;
use shared::value::{FieldId, Target};

use super::World;

/// What stays of an operation when a copied device has to name it anew. No two are alike in it: no two
/// devices have the same clock, and none writes twice at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trace {
    scope: Scope,
    kind: u16,
    lamport: u64,
    wall_ms: i64,
}

impl Trace {
    pub(super) const fn of(op: &Op) -> Self {
        Self { scope: op.scope, kind: op.kind, lamport: op.lamport, wall_ms: op.wall_ms }
    }
}

/// Most actions a form has.
const ACTIONS_MAX: usize = 32;

/// What happened in worlds, counted: checks of what never happens prove nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Moves carried out, by the number of their action.
    actions: [u64; ACTIONS_MAX],
    /// Remarks, each side's counted.
    pub remarks: u64,
    /// Operations that stay parked.
    pub put_aside: u64,
    /// People named on a document, and taken off one.
    pub assigned: [u64; 2],
    /// Answers in cells of a table.
    pub cells: u64,
    /// Items put below another.
    pub below: u64,
}

impl Seen {
    fn of(log: &[Entry]) -> Self {
        let mut seen = Self::default();
        for body in log.iter().filter_map(|entry| entry.op.body().ok()) {
            match body {
                Body::Transition(transition) => {
                    if let Some(count) = seen.actions.get_mut(usize::from(transition.action.0)) {
                        *count += 1;
                    }
                }
                Body::Remark(_) => seen.remarks += 1,
                Body::Assign(_) => seen.assigned[0] += 1,
                Body::Unassign(_) => seen.assigned[1] += 1,
                Body::Set(set) if set.target.in_table() => seen.cells += 1,
                Body::MoveItem(shift) if shift.parent.is_some() => seen.below += 1,
                _ => {}
            }
        }
        seen
    }

    /// Returns how often a move was carried out.
    #[must_use]
    pub fn moves(&self, action: Action) -> u64 {
        self.actions.get(usize::from(action.0)).copied().unwrap_or(0)
    }

    /// Adds what another world has seen.
    pub fn add(&mut self, other: Self) {
        self.actions.iter_mut().zip(other.actions).for_each(|(count, more)| *count += more);
        self.remarks += other.remarks;
        self.put_aside += other.put_aside;
        self.assigned.iter_mut().zip(other.assigned).for_each(|(count, more)| *count += more);
        self.cells += other.cells;
        self.below += other.below;
    }
}

impl World {
    /// Notes what stands in the outbox of a device: what is not there right after it was written never was.
    pub(super) fn note_written(&mut self, index: usize) {
        // The newest comes last; what is known already was noted when it was written.
        let outbox =
            self.devices[index].disk.iter().rev().filter(|((object_store, _), _)| *object_store == ObjectStore::Outbox);
        for own in outbox.filter_map(|(_, own)| from_bytes::<Own>(own).ok()) {
            if !self.written.insert(Trace::of(&own.op)) {
                break;
            }
        }
    }

    /// I1, I5, I9 for every kind of operation; tells what the world has seen.
    pub(super) async fn check_losses(&self) -> Result<Seen, String> {
        let log = self.log().await?;
        let mut seen = Seen::of(&log);
        seen.put_aside = self.check_written(&log).await?;
        let documents: BTreeSet<DocumentId> = log.iter().map(|entry| entry.op.scope.document).collect();
        for document in documents {
            let sides = self.server.server().ledger.sides(document).await.map_err(|error| error.to_string())?;
            for (scope, side) in sides.iter() {
                let entries: Vec<&Entry> = log.iter().filter(|entry| entry.op.scope == *scope).collect();
                said(&entries, side).map_err(|wrong| format!("{wrong} in {scope:?}"))?;
            }
        }
        Ok(seen)
    }

    async fn log(&self) -> Result<Vec<Entry>, String> {
        let mut log: Vec<Entry> = Vec::new();
        loop {
            let after = log.last().map_or(0, |entry| entry.seq);
            let page = self.server.server().store.entries_after(after).await.map_err(|error| error.to_string())?;
            if page.is_empty() {
                return Ok(log);
            }
            log.extend(page);
        }
    }

    /// I1: accepted once, or parked with the server and shown on a device, and never both.
    async fn check_written(&self, log: &[Entry]) -> Result<u64, String> {
        let mut accepted: BTreeMap<Trace, usize> = BTreeMap::new();
        for entry in log.iter().filter(|entry| entry.op.id.replica != SERVER_REPLICA) {
            *accepted.entry(Trace::of(&entry.op)).or_default() += 1;
        }
        if let Some(invented) = accepted.keys().find(|trace| !self.written.contains(trace)) {
            return Err(format!("nobody wrote {invented:?}, and it is in the log"));
        }
        let mut parked = BTreeSet::new();
        let documents: BTreeSet<DocumentId> = self.written.iter().map(|trace| trace.scope.document).collect();
        for document in documents {
            let held = self.server.server().store.parked(document).await.map_err(|error| error.to_string())?;
            parked.extend(held.iter().map(|(entry, _)| Trace::of(&entry.op)));
        }
        let shown: BTreeSet<Trace> = self
            .devices
            .iter()
            .flat_map(|device| device.own(ObjectStore::Parked))
            .map(|own| Trace::of(&own.op))
            .collect();
        for trace in &self.written {
            match (accepted.get(trace).copied().unwrap_or(0), parked.contains(trace)) {
                (1, false) => {}
                // Two copies may each have gone on typing where both had stood.
                (1.., _) if self.copied_traces.contains(trace) => {}
                (0, true) if shown.contains(trace) || self.wiped => {}
                (0, true) => return Err(format!("{trace:?} is parked, but no device shows it")),
                (0, false) => return Err(format!("{trace:?} is lost")),
                (1, true) => return Err(format!("{trace:?} is accepted and parked")),
                (more, _) => return Err(format!("{trace:?} was accepted {more} times")),
            }
        }
        Ok(parked.len() as u64)
    }
}

/// Holds one side of a document to what the log says, each kind by the plainest rule there is.
fn said(entries: &[&Entry], side: &Document) -> Result<(), String> {
    let mut answers: BTreeMap<Target, BTreeSet<OpId>> = BTreeMap::new();
    let mut ticks: BTreeMap<(Target, String), BTreeMap<OpId, bool>> = BTreeMap::new();
    let mut replaced: BTreeSet<OpId> = BTreeSet::new();
    let (mut items, mut removed): (BTreeMap<OpId, FieldId>, BTreeSet<OpId>) = (BTreeMap::new(), BTreeSet::new());
    for entry in entries {
        let id = entry.op.id;
        match entry.op.body().map_err(|error| format!("{id:?} is not readable: {error}"))? {
            Body::Set(set) => {
                answers.entry(set.target).or_default().insert(id);
                replaced.extend(set.over);
            }
            Body::Choose(choose) => {
                ticks.entry((choose.target, choose.code)).or_default().insert(id, choose.chosen);
                replaced.extend(choose.over);
            }
            Body::AddItem(add) => drop(items.insert(id, add.field)),
            Body::RemoveItem(remove) => drop(removed.insert(remove.item)),
            Body::Remark(remark) => {
                let there = side.threads.get(&id).is_some_and(|thread| thread.text == remark.text);
                let alike = side.threads.values().filter(|thread| thread.text == remark.text).count();
                if !there || alike != 1 {
                    return Err(format!("the remark {id:?}, “{}”, is there {alike} times", remark.text));
                }
            }
            Body::Transition(transition) => {
                let steps = side.history.iter().filter(|step| step.transition.command == transition.command).count();
                if steps != 1 {
                    return Err(format!("{:?} was carried out {steps} times", transition.command));
                }
            }
            _ => {}
        }
    }
    for (target, written) in answers {
        let stand: BTreeSet<OpId> = written.difference(&replaced).copied().collect();
        let shown = side.register(target).map(|register| register.heads()).unwrap_or_default();
        if shown.iter().copied().collect::<BTreeSet<_>>() != stand || shown.len() != stand.len() {
            return Err(format!("nobody replaced {stand:?} at {target:?}, and {shown:?} is shown"));
        }
    }
    for ((target, code), marks) in ticks {
        let ticked = marks.iter().any(|(id, chosen)| *chosen && !replaced.contains(id));
        if side.choices(target).is_some_and(|choices| choices.holds(&code)) != ticked {
            return Err(format!("{code} at {target:?} should be {ticked}"));
        }
    }
    for (item, field) in items {
        let times = side.list(field).map_or(0, |list| list.order().iter().filter(|other| **other == item).count());
        if times > 1 || (times == 0 && !removed.contains(&item)) {
            return Err(format!("the item {item:?} is in its list {times} times"));
        }
    }
    Ok(())
}
