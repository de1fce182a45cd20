//! A device that turns out to be a copy goes on under another name, and nothing it wrote is lost.

use super::Settling;
use crate::ids::{CharId, OpId, ReplicaId};
use crate::op::{Body, Op, fingerprint, to_bytes};
use crate::sorted::{self, Map};
use crate::sync::device::{Own, Past, row_key};
use crate::sync::rows::Shelf;

impl Settling<'_> {
    /// Gives what was written under `old` from counter `at` on another name: a new one when `old`
    /// is the device's present name, its present name when `old` is an earlier one. Up to `acked` the
    /// server is known to have what stays under `old`.
    pub(super) fn rename(&mut self, old: ReplicaId, at: u64, acked: u64, fresh: ReplicaId) {
        let mut again: Vec<Own> = Vec::new();
        for own in self.own.values().filter(|own| own.op.id.replica == old && own.op.id.counter >= at) {
            sorted::insert(&mut again, Own::clone(own), |own| own.row);
        }
        if old == self.device.replica {
            self.device.past.push(Past { replica: old, acked });
            self.device.replica = again.first().map_or(fresh, |first| renamed_replica(old, &first.op));
            self.device.next_counter = 1;
            (self.device.acked, self.device.offered) = (0, 0);
        } else {
            self.device.set_acked(old, acked);
        }
        let replica = self.device.replica;
        let counters = self.device.next_counter..;
        let names: Map<OpId, OpId> =
            again.iter().zip(counters).map(|(own, counter)| (own.op.id, OpId { replica, counter })).collect();
        self.device.next_counter += names.len() as u64;
        let lamports: Vec<(u64, u64)> = again
            .iter()
            .map(|own| (own.op.lamport, own.op.lamport + own.op.body().map_or(1, |body| body.lamport_length())))
            .collect();
        let renamed = |id: OpId| names.get(&id).copied().unwrap_or(id);
        let renamed_char = |id: CharId| {
            let own = id.replica == old && lamports.iter().any(|(from, to)| (*from..*to).contains(&id.lamport));
            if own { CharId { replica, ..id } } else { id }
        };
        for mut own in again {
            self.own.remove(&own.op.id);
            self.writes.remove(Shelf::Outbox, row_key(own.row));
            own.op.id = renamed(own.op.id);
            own.row = self.device.next_row;
            own.op.payload = renamed_payload(&own.op, &renamed, &renamed_char);
            self.device.next_row += 1;
            self.writes.put(Shelf::Outbox, row_key(own.row), to_bytes(&own));
        }
        self.settled.forked = true;
        self.settled.more = true;
    }
}

fn renamed_payload(op: &Op, renamed: &impl Fn(OpId) -> OpId, renamed_char: &impl Fn(CharId) -> CharId) -> Vec<u8> {
    match op.body() {
        Ok(mut body) if body != Body::Unknown => {
            body.rename(renamed, renamed_char);
            body.encode().1
        }
        _ => op.payload.clone(),
    }
}

/// Derives the name a copy goes on under from what it is about to name anew, so that two copies that
/// still hold the same unsent work give it the same names, and the server takes it once.
fn renamed_replica(old: ReplicaId, first: &Op) -> ReplicaId {
    let mut bytes = old.0.to_be_bytes().to_vec();
    bytes.extend(to_bytes(first));
    ReplicaId(fingerprint(&bytes) | 1)
}
