//! Work that goes on under another name: a copy's, or a file's whose writer has written on after.
//!
//! A new name is derived from what it names, and operations are counted from 1 under it: every device
//! that holds the same work names it alike, and the server takes it once.

use std::collections::BTreeMap;

use crate::ids::{CharId, OpId, ReplicaId};
use crate::op::{Body, Op, fingerprint, to_bytes};
use crate::sync::device::{Device, Own, Past};

/// New names for some operations, and for the characters they type.
#[derive(Debug, Default)]
pub(super) struct Renaming {
    names: BTreeMap<OpId, OpId>,
    /// First character, how many Lamport times, and the new writer.
    chars: Vec<(CharId, u64, ReplicaId)>,
}

impl Renaming {
    /// Names `op` anew.
    pub(super) fn add(&mut self, op: &Op, name: OpId) {
        self.names.insert(op.id, name);
        self.chars.push((op.first_char(), op.body().map_or(1, |body| body.lamport_length()), name.replica));
    }

    /// Returns `op` with every renamed operation and character in it under its new name.
    pub(super) fn apply(&self, op: &Op) -> Op {
        let name = |id: OpId| self.names.get(&id).copied().unwrap_or(id);
        let char_name = |id: CharId| {
            let within = |first: &CharId, times: u64| {
                first.replica == id.replica && (first.lamport..first.lamport + times).contains(&id.lamport)
            };
            let new = self.chars.iter().find(|(first, times, _)| within(first, *times));
            new.map_or(id, |(.., replica)| CharId { replica: *replica, ..id })
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

/// Returns the name under which what `old` wrote goes on from `first`.
pub(super) fn going_on(old: ReplicaId, first: &Op) -> ReplicaId {
    let mut bytes = old.0.to_be_bytes().to_vec();
    bytes.extend(to_bytes(first));
    ReplicaId(fingerprint(&bytes) | 1)
}

/// Returns operations under `name`, counted from 1, and what that renames.
pub(super) fn under(name: ReplicaId, own: Vec<Own>) -> (Vec<Own>, Renaming) {
    let mut renaming = Renaming::default();
    own.iter().zip(1..).for_each(|(own, counter)| renaming.add(&own.op, OpId { replica: name, counter }));
    let own = own.into_iter().map(|own| Own { op: renaming.apply(&own.op), ..own }).collect();
    (own, renaming)
}

/// Lets `device` write as `name` from now on; up to `acked` the server has what it wrote before.
pub(super) fn write_as(device: &mut Device, name: ReplicaId, acked: u64) {
    device.past.push(Past { replica: device.replica, acked });
    device.replica = name;
    device.next_counter = 1;
    (device.acked, device.offered) = (0, 0);
}

/// Operations on a device, by their names.
pub(super) type ByName = BTreeMap<OpId, Own>;

/// Makes room for what was written under one of the device's names, by counter, and returns it as it
/// is to be kept: without what is here byte for byte, `waiting` or `settled`. Where only the server can
/// say whether it has an operation or another one of that name, it is offered to it, even if a name has
/// been acknowledged beyond. What is known to be another one, or would stand in the place of one that
/// waits, goes on under another name.
pub(super) fn place(
    device: &mut Device,
    mut own: Vec<Own>,
    waiting: &ByName,
    settled: &ByName,
) -> (Vec<Own>, Vec<Renaming>) {
    let is = |here: &ByName, own: &Own| here.get(&own.op.id).is_some_and(|here| here.op == own.op);
    let (mut placed, mut renamings) = (Vec::new(), Vec::new());
    loop {
        own.retain(|own| !is(waiting, own) && !is(settled, own));
        let Some(first) = own.first() else { return (placed, renamings) };
        let other = own.iter().position(|own| waiting.contains_key(&own.op.id)).unwrap_or(own.len());
        let rest = own.split_off(if settled.contains_key(&first.op.id) { 0 } else { other });
        own.iter_mut().filter(|own| settled.contains_key(&own.op.id)).for_each(|own| own.reason = 0);
        make_room(device, &own);
        placed.append(&mut own);
        let Some(first) = rest.first() else { return (placed, renamings) };
        let (again, renaming) = under(going_on(first.op.id.replica, &first.op), rest);
        own = again.into_iter().map(|own| Own { reason: 0, settled_ms: 0, ..own }).collect();
        renamings.push(renaming);
    }
}

fn make_room(device: &mut Device, own: &[Own]) {
    let mut unsent = own.iter().filter(|own| own.reason == 0).map(|own| own.op.id);
    let Some(first) = unsent.next() else { return };
    let (last, before) = (unsent.next_back().unwrap_or(first).counter, first.counter - 1);
    if first.replica == device.replica {
        device.next_counter = device.next_counter.max(last + 1);
        device.offered = device.offered.max(last);
    }
    match device.acked_of(first.replica) {
        Some(acked) => device.set_acked(first.replica, acked.min(before)),
        None => device.past.push(Past { replica: first.replica, acked: before }),
    }
}
