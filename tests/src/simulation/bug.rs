//! Faults planted on purpose, one at a time: each is a mistake somebody's sync engine has made.

use shared::document::Document;
use shared::op::{from_bytes, to_bytes};
use shared::sync::device::{DEVICE_KEY, Device as Identity};
use shared::sync::rows::{Durability, ObjectStore, Writes};
use shared::sync::wire::Request;

use super::{World, reply};
use crate::device::Missed;
use crate::server::Answer;

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The server answers before its commit is on the disk, and dies.
    AcknowledgeBeforeCommit,
    /// The cursor is stored before the data it covers, and the device dies in between.
    CursorBeforeData,
    /// A 401 empties the outbox.
    DropOnSignedOut,
    /// A lost reply makes the device write its operations anew, under new names.
    NoDedupe,
    /// Any 200 counts as an acknowledgement.
    TrustAnyAnswer,
    /// An acknowledged operation leaves the outbox before the page that holds it.
    DropOnAcknowledge,
    /// A snapshot is kept as plain answers, without the ids that later operations name.
    SnapshotWithoutIds,
    /// A device that was given a document whole counts on from its own last time.
    OwnTimeOnly,
    /// A device orders what it writes by its clock.
    ClockAsOrder,
    /// Operations that were sent may still grow.
    OfferedNotFrozen,
    /// A forked device goes on under its old name.
    IgnoreFork,
    /// A restored database keeps its epoch.
    RestoreWithoutEpoch,
    /// Everybody is served as staff.
    SkipScopeCheck,
    /// Parked operations are dropped.
    DropParked,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::AcknowledgeBeforeCommit,
        Self::CursorBeforeData,
        Self::DropOnSignedOut,
        Self::NoDedupe,
        Self::TrustAnyAnswer,
        Self::DropOnAcknowledge,
        Self::SnapshotWithoutIds,
        Self::OwnTimeOnly,
        Self::ClockAsOrder,
        Self::OfferedNotFrozen,
        Self::IgnoreFork,
        Self::RestoreWithoutEpoch,
        Self::SkipScopeCheck,
        Self::DropParked,
    ];
}

impl World {
    fn plants(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    pub(super) fn cookie_of(&self, index: usize) -> String {
        let who = if self.plants(Bug::SkipScopeCheck) { self.staff[0] } else { index };
        self.devices[who].person.cookie.clone()
    }

    pub(super) fn before_writing(&mut self, index: usize) {
        if self.plants(Bug::ClockAsOrder) {
            let clock_ms = self.devices[index].clock_ms;
            self.change_identity(index, |row| row.lamport = u64::try_from(clock_ms).unwrap_or(0));
        }
    }

    pub(super) async fn before_request(&mut self, index: usize, body: &[u8]) {
        if self.plants(Bug::AcknowledgeBeforeCommit) && self.dice.percent(5) && body.len() > 100 {
            self.server.db_back_up().await;
        }
        if self.plants(Bug::OfferedNotFrozen) {
            self.change_identity(index, |row| row.offered = 0);
        }
    }

    pub(super) async fn after_reply(&mut self, _index: usize) {
        if self.plants(Bug::AcknowledgeBeforeCommit) && self.dice.percent(5) {
            self.server.db_restore(false).await;
        }
    }

    fn change_identity(&mut self, index: usize, how: impl FnOnce(&mut Identity)) {
        let Some(mut row) = self.devices[index].identity() else { return };
        how(&mut row);
        self.devices[index].disk.insert((ObjectStore::Device, DEVICE_KEY.to_vec()), to_bytes(&row));
    }

    pub(super) fn lose_reply(&mut self, index: usize, request: &Request) -> Result<(), Missed> {
        if self.plants(Bug::NoDedupe) && request.ops.is_some() {
            let bodies: Vec<_> = self.devices[index]
                .own(ObjectStore::Outbox)
                .into_iter()
                .filter_map(|own| Some((own.op.scope, own.op.body().ok()?)))
                .collect();
            self.devices[index].write(bodies);
        }
        Err(Missed::Offline)
    }

    pub(super) fn mistake_answer(&mut self, index: usize, request: &Request, answer: &Answer) -> Result<(), Missed> {
        if answer.status.as_u16() == 401 && self.plants(Bug::DropOnSignedOut) {
            self.devices[index].disk.retain(|(object_store, _), _| *object_store != ObjectStore::Outbox);
            self.change_identity(index, |row| row.acked = row.next_counter - 1);
        }
        if answer.status.as_u16() == 200 && self.plants(Bug::TrustAnyAnswer) && reply(answer).is_none() {
            let sent = request.ops.as_ref().map_or(0, |push| push.first_counter + push.ops.len() as u64 - 1);
            self.change_identity(index, |row| row.acked = row.acked.max(sent));
        }
        Ok(())
    }

    pub(super) fn crash_before(&mut self, index: usize, writes: Writes) -> Result<(), Missed> {
        if self.plants(Bug::CursorBeforeData) {
            let only: Vec<_> =
                writes.rows.into_iter().filter(|((object_store, _), _)| *object_store == ObjectStore::Device).collect();
            let mut part = Writes::new(writes.durability);
            part.rows.extend(only);
            self.devices[index].commit(part);
        }
        Err(Missed::Overtaken)
    }

    pub(super) fn spoil(&mut self, index: usize, request: &Request, answer: &Answer, mut writes: Writes) -> Writes {
        match self.bug {
            Some(Bug::DropOnAcknowledge) => {
                let acked = reply(answer).map_or(0, |reply| reply.acked);
                for own in self.devices[index].own(ObjectStore::Outbox) {
                    if own.op.id.replica == request.replica && own.op.id.counter <= acked {
                        writes.remove(ObjectStore::Outbox, shared::sync::device::row_key(own.row));
                    }
                }
                writes.rows.retain(|(object_store, _), _| *object_store != ObjectStore::Kept);
            }
            Some(Bug::SnapshotWithoutIds) => {
                let snapshots = reply(answer).and_then(|reply| reply.snapshots).unwrap_or_default();
                for snapshot in snapshots {
                    if let Ok(document) = from_bytes::<Document>(&snapshot.body) {
                        let mut plain = Document::default();
                        (plain.seq, plain.opened, plain.state) = (document.seq, document.opened, document.state);
                        writes.put(ObjectStore::Documents, snapshot.scope.key(), to_bytes(&plain));
                    }
                }
            }
            Some(Bug::OwnTimeOnly) if reply(answer).is_some_and(|reply| reply.snapshots.is_some()) => {
                let lamport = self.devices[index].identity().map_or(0, |row| row.lamport);
                self.devices[index].commit(writes);
                self.change_identity(index, |row| row.lamport = lamport);
                return Writes::new(Durability::Strict);
            }
            Some(Bug::IgnoreFork) if reply(answer).is_some_and(|reply| reply.forked_at.is_some()) => {
                return Writes::new(writes.durability);
            }
            Some(Bug::DropParked) => writes.rows.retain(|(object_store, _), _| *object_store != ObjectStore::Parked),
            _ => {}
        }
        writes
    }
}
