//! The items of one list: stable ids, a place each, and removals that name what the remover had
//! seen. An edit the remover had not seen brings the item back, flagged.

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
    /// Its place and the move that gave it: the greatest `(lamport, replica)` wins, since a lost
    /// move is harmless and a doubled item is not.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub position: Vec<u8>,
    /// Lamport time and replica of that move.
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
    pub fn add(&mut self, entry: &Entry, position: Vec<u8>) {
        let added = Mark::of(entry);
        let moved = (entry.op.lamport, entry.op.id.replica);
        let item = Item { position, moved, added, edits: BTreeMap::new(), removals: Vec::new(), revived: None };
        self.items.entry(entry.op.id).or_insert(item);
    }

    /// Moves an item.
    pub fn shift(&mut self, id: OpId, entry: &Entry, position: Vec<u8>) {
        self.edit(id, entry);
        let Some(item) = self.items.get_mut(&id) else { return };
        let moved = (entry.op.lamport, entry.op.id.replica);
        if moved > item.moved {
            item.moved = moved;
            item.position = position;
        }
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

    /// Clears the flag of a revived item.
    pub fn reconcile(&mut self, id: OpId) {
        if let Some(item) = self.items.get_mut(&id) {
            item.revived = None;
        }
    }

    /// Returns the items present, in order.
    #[must_use]
    pub fn order(&self) -> Vec<OpId> {
        let mut order: Vec<(&OpId, &Item)> = self.items.iter().filter(|(_, item)| item.present()).collect();
        order.sort_by_key(|&(id, item)| (item.position.as_slice(), item.moved.1, *id));
        order.into_iter().map(|(id, _)| *id).collect()
    }

    /// Returns the moves that bring an item to a place among the others present, counted from zero. As a
    /// rule it is one; items that two people had added in one place unawares are set apart with it, for
    /// there is no room between them.
    #[must_use]
    pub fn moves(&self, id: OpId, to: usize) -> Vec<(OpId, Vec<u8>)> {
        let mut others = self.order();
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
