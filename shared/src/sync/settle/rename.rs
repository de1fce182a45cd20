//! A device that turns out to be a copy goes on under another name, and nothing it wrote is lost.

use super::Settling;
use crate::ids::{OpId, ReplicaId};
use crate::op::{from_bytes, to_bytes};
use crate::sync::device::{Own, row_key};
use crate::sync::renaming::{ByName, going_on, place, under, write_as};
use crate::sync::rows::ObjectStore;

impl Settling<'_> {
    /// Gives what was written under `old` from counter `at` on another name, and the device too if
    /// `old` is its present one: the same on every device that holds it, or `fresh` where there is
    /// nothing to name. Up to `acked` the server is known to have what stays under `old`.
    pub(super) fn rename(&mut self, old: ReplicaId, at: u64, acked: u64, fresh: ReplicaId) {
        let again = self.take_out(old, at);
        let name = again.first().map(|first| going_on(old, &first.op));
        if old == self.device.replica {
            // Another device may have brought the same work here under that name.
            let new = name.filter(|name| self.device.acked_of(*name).is_none());
            write_as(&mut self.device, new.unwrap_or(fresh), acked);
        } else {
            self.device.set_acked(old, acked);
        }
        if let Some(name) = name {
            self.put_back(name, again);
        }
        self.settled.forked = true;
        self.settled.more = true;
    }

    /// Takes what was written under `old` from counter `at` on out of the outbox. Behind a fork, what
    /// follows a gap is not of the same copy and keeps its name.
    fn take_out(&mut self, old: ReplicaId, at: u64) -> Vec<Own> {
        let taken = OpId { replica: old, counter: at }..=OpId { replica: old, counter: u64::MAX };
        let mut again: Vec<Own> = self.own.range(taken).map(|(_, own)| Own::clone(own)).collect();
        if self.reply.forked_at.is_some() {
            let first = again.first().map_or(0, |own| own.op.id.counter);
            let run = again.iter().zip(first..).take_while(|(own, counter)| own.op.id.counter == *counter);
            again.truncate(run.count());
        }
        for own in &again {
            self.own.remove(&own.op.id);
            self.writes.remove(ObjectStore::Outbox, row_key(own.row));
        }
        again
    }

    fn put_back(&mut self, name: ReplicaId, again: Vec<Own>) {
        let settled = [ObjectStore::Kept, ObjectStore::Parked]
            .into_iter()
            .flat_map(|object_store| self.rows.entries(object_store));
        let settled = settled.filter_map(|(_, own)| from_bytes::<Own>(own).ok());
        let settled: ByName = settled.map(|own| (own.op.id, own)).collect();
        let waiting: ByName = self.own.iter().map(|(id, own)| (*id, Own::clone(own))).collect();
        let (again, renaming) = under(name, again);
        let (placed, mut renamings) = place(&mut self.device, again, &waiting, &settled);
        renamings.insert(0, renaming);
        // What was written here meanwhile, and never left, may name it.
        let (present, offered) = (self.device.replica, self.device.offered);
        let since = |id: OpId| id.replica == present && id.counter > offered;
        for own in self.own.values_mut().filter(|own| since(own.op.id)) {
            own.op = renamings.iter().fold(own.op.clone(), |op, renaming| renaming.apply(&op));
            self.writes.put(ObjectStore::Outbox, row_key(own.row), to_bytes(own.as_ref()));
        }
        for own in placed {
            let own = Own { row: self.device.next_row, ..own };
            self.device.next_row += 1;
            self.writes.put(ObjectStore::Outbox, row_key(own.row), to_bytes(&own));
        }
    }
}
