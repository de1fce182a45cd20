//! The items of one list or tree: stable ids, a place each, and removals that name what the remover
//! had seen. An edit the remover had not seen brings the item back, flagged.
//!
//! In a tree a place is a parent and a position below it. Moves apply in the order of the log; one that
//! would put an item below itself is left out and flagged. An item whose parent is gone stands at the
//! top: none is ever lost.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::Mark;
use super::position::between;
use crate::ids::{OpId, ReplicaId};
use crate::op::Entry;

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Item {
    /// Its place: of several moves the greatest `(lamport, replica)` wins, since a lost move is
    /// harmless and a doubled item is not.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub position: Vec<u8>,
    /// Lamport time and replica of the last move that won, left out or not.
    #[n(1)]
    pub moved: (u64, ReplicaId),
    /// Who added it.
    #[n(2)]
    pub added: Mark,
    /// The last edit by each replica, to know what a remover had not seen.
    #[n(3)]
    edits: BTreeMap<ReplicaId, Mark>,
    /// Removals that still stand.
    #[n(4)]
    removals: Vec<Mark>,
    /// Set when somebody's edit brought the item back: the removal and the edit.
    #[n(5)]
    pub revived: Option<(Mark, Mark)>,
    /// The item it stands below, of this list or of the one above.
    #[n(6)]
    pub parent: Option<OpId>,
    /// The last move that was left out, because it would have put the item below itself.
    #[n(7)]
    pub left_out: Option<Mark>,
}

impl Item {
    /// Returns whether the item is in the list.
    #[must_use]
    pub fn present(&self) -> bool {
        self.removals.is_empty()
    }
}

/// The state of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct List {
    #[n(0)]
    items: BTreeMap<OpId, Item>,
}

impl List {
    /// Adds the item `entry` creates.
    pub fn add(&mut self, entry: &Entry, position: Vec<u8>, parent: Option<OpId>) {
        let added = Mark::of(entry);
        let moved = (entry.op.lamport, entry.op.id.replica);
        let item = Item {
            position,
            moved,
            added,
            edits: BTreeMap::new(),
            removals: Vec::new(),
            revived: None,
            parent,
            left_out: None,
        };
        self.items.entry(entry.op.id).or_insert(item);
    }

    /// Moves an item.
    pub fn shift(&mut self, id: OpId, entry: &Entry, position: Vec<u8>, parent: Option<OpId>) {
        self.edit(id, entry);
        let below_itself = parent.is_some_and(|parent| self.path(parent).contains(&id));
        let Some(item) = self.items.get_mut(&id) else { return };
        let moved = (entry.op.lamport, entry.op.id.replica);
        if moved <= item.moved {
            return;
        }
        item.moved = moved;
        item.left_out = below_itself.then(|| Mark::of(entry));
        if !below_itself {
            item.position = position;
            item.parent = parent;
        }
    }

    /// Returns an item and all above it in this list, present or removed, from below.
    fn path(&self, id: OpId) -> Vec<OpId> {
        let mut path = Vec::new();
        let mut next = Some(id);
        // There is always an end, since no item stands below itself.
        while let Some(one) = next.filter(|_| path.len() <= self.items.len()) {
            path.push(one);
            next = self.items.get(&one).and_then(|item| item.parent);
        }
        path
    }

    /// Returns the item another stands below, as it is shown: one of this list that is present, or one
    /// of the list above.
    #[must_use]
    pub fn parent(&self, id: OpId) -> Option<OpId> {
        let parent = self.items.get(&id)?.parent?;
        self.items.get(&parent).is_none_or(Item::present).then_some(parent)
    }

    /// Returns how many items of this list stand above one.
    #[must_use]
    pub fn depth(&self, id: OpId) -> usize {
        self.path(id).iter().filter(|above| **above != id && self.items.contains_key(above)).count()
    }

    /// Notes that `entry` changed something within an item.
    pub fn edit(&mut self, id: OpId, entry: &Entry) {
        let Some(item) = self.items.get_mut(&id) else { return };
        let mark = Mark::of(entry);
        item.edits.insert(entry.op.id.replica, mark);
        if let Some(removal) = item.removals.iter().find(|removal| !removal.seen_by(entry)).copied() {
            item.revived = Some((removal, mark));
            item.removals.clear();
        }
    }

    /// Removes an item, unless somebody changed it in a way the remover had not seen.
    pub fn remove(&mut self, id: OpId, entry: &Entry) {
        let Some(item) = self.items.get_mut(&id) else { return };
        let removal = Mark::of(entry);
        match item.edits.values().find(|edit| !edit.seen_by(entry)).copied() {
            Some(edit) => item.revived = Some((removal, edit)),
            None => {
                item.removals.push(removal);
                item.revived = None;
            }
        }
    }

    /// Clears the flags of an item that was brought back, or whose move was left out.
    pub fn reconcile(&mut self, id: OpId) {
        if let Some(item) = self.items.get_mut(&id) {
            item.revived = None;
            item.left_out = None;
        }
    }

    /// Returns how many levels stand below an item, present or removed.
    #[must_use]
    pub fn height(&self, id: OpId) -> usize {
        let paths = self.items.keys().filter_map(|one| self.path(*one).iter().position(|above| *above == id));
        paths.max().unwrap_or(0)
    }

    /// Returns the items present, in order; in a tree those below an item follow it.
    #[must_use]
    pub fn order(&self) -> Vec<OpId> {
        let present = self.items.iter().filter(|(_, item)| item.present());
        let mut all: Vec<(Option<OpId>, &[u8], ReplicaId, OpId)> = present
            .map(|(id, item)| {
                // What stands below an item of another list stands at the top of this one.
                let parent = self.parent(*id).filter(|parent| self.items.contains_key(parent));
                (parent, item.position.as_slice(), item.moved.1, *id)
            })
            .collect();
        all.sort_unstable();
        let (mut order, mut next) = (Vec::with_capacity(all.len()), Vec::new());
        let mut below = None;
        loop {
            let siblings = &all[all.partition_point(|one| one.0 < below)..all.partition_point(|one| one.0 <= below)];
            next.extend(siblings.iter().rev().map(|one| one.3));
            let Some(id) = next.pop() else { return order };
            order.push(id);
            below = Some(id);
        }
    }

    /// Returns the items present that stand below the same parent, in order.
    #[must_use]
    pub fn siblings(&self, parent: Option<OpId>) -> Vec<OpId> {
        let mut order = self.order();
        order.retain(|id| self.parent(*id) == parent);
        order
    }

    /// Returns the moves that bring an item to a place among the others present below `parent`, counted
    /// from zero. As a rule it is one; items that two people had added in one place unawares are set
    /// apart with it, for there is no room between them.
    #[must_use]
    pub fn moves(&self, id: OpId, parent: Option<OpId>, to: usize) -> Vec<(OpId, Vec<u8>)> {
        let mut others = self.siblings(parent);
        others.retain(|other| *other != id);
        let place = |index: usize| Some(self.item(*others.get(index)?)?.position.as_slice());
        let left = to.checked_sub(1).and_then(place);
        let mut after = to;
        while left.is_some() && place(after) == left {
            after += 1;
        }
        let mut moves: Vec<(OpId, Vec<u8>)> = Vec::new();
        for index in to..=after {
            let item = if index == to { Some(id) } else { others.get(index - 1).copied() };
            let last = moves.last().map(|(_, place)| place.as_slice()).or(left);
            moves.extend(item.map(|item| (item, between(last, place(after)))));
        }
        moves
    }

    /// Returns the greatest Lamport time of a move.
    #[must_use]
    pub fn lamport(&self) -> u64 {
        self.items.values().map(|item| item.moved.0).max().unwrap_or(0)
    }

    /// Returns how many items were ever added.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.len()
    }

    /// Returns one item, present or removed.
    #[must_use]
    pub fn item(&self, id: OpId) -> Option<&Item> {
        self.items.get(&id)
    }
}
