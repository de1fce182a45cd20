//! Taking a reply in: acknowledgements, log entries, snapshots and the cursor in one transaction.
//!
//! The cursor never passes what is not stored; a pending operation leaves the outbox only in the
//! transaction that stores it as accepted or as parked. A fork or a restored server never costs
//! work: what the server does not have is named anew or offered again.

mod adopted;
mod rename;
mod snapshots;

use core::mem;
use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, EDITION};
use crate::ids::{DocumentId, OpId, ReplicaId, Scope};
use crate::op::{Entry, Op, from_bytes, to_bytes};
use crate::sync::admission::Reason;
use crate::sync::device::{DEVICE_KEY, Device, Own, row_key};
use crate::sync::outbox::held;
use crate::sync::rows::{Durability, Fetch, ObjectStore, Rows, Writes};
use crate::sync::wire::{Logged, PROTOCOL, Reply, Request};

/// How long accepted operations stay on the device, in milliseconds of the server's clock: 30 days.
pub const KEPT_MS: i64 = 30 * 24 * 3600 * 1000;

/// What came of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Another round should follow at once.
    pub more: bool,
    /// Documents whose view changed.
    pub touched: BTreeSet<DocumentId>,
    /// Operations newly parked.
    pub parked: usize,
    /// This store is a copy of another one and has taken a new name.
    pub forked: bool,
    /// The server came back from a backup; what it lost is being offered again.
    pub restored: bool,
    /// A scope differed from the server's; it is being fetched whole.
    pub differed: bool,
}

/// Why a reply changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is not our server's answer to this request.
    NotOurs,
    /// The store changed in between (another tab synced); the next round goes on from there.
    Overtaken,
    /// The store has no device row.
    Wiped,
}

/// What to read before [`settle`].
#[must_use]
pub fn settle_reads(request: &Request, reply: &Reply) -> Vec<Fetch> {
    let mut reads = vec![
        Fetch::One(ObjectStore::Device, DEVICE_KEY.to_vec()),
        Fetch::All(ObjectStore::Outbox),
        Fetch::Keys(ObjectStore::Documents),
    ];
    // Only a restored server or a prune needs what is kept; both are rare, and the object store is small.
    reads.push(Fetch::All(ObjectStore::Kept));
    reads.push(Fetch::All(ObjectStore::Parked));
    let (pushed, written) = pushed(request);
    let mut scopes: BTreeSet<Scope> = written.iter().copied().collect();
    scopes.extend(reply.hashes.iter().flatten().map(|(scope, _)| *scope));
    let mut all = reply.cursor == 0 && reply.snapshots.is_none();
    for logged in reply.entries.iter().flatten() {
        match logged {
            Logged::Other(entry) => {
                scopes.insert(entry.op.scope);
            }
            // Of what was pushed earlier, only the names are known here: all is read, but not at each word.
            Logged::Own { counter, count, .. } => {
                all |=
                    *counter < pushed.start || counter.saturating_add(*count) > pushed.end || reply.forked_at.is_some();
            }
        }
    }
    reads.extend(scopes.into_iter().map(|scope| Fetch::One(ObjectStore::Documents, scope.key().to_vec())));
    if all {
        reads.push(Fetch::All(ObjectStore::Documents));
    }
    reads
}

/// Returns the counters of what `request` pushes, and the scopes it writes to.
fn pushed(request: &Request) -> (Range<u64>, &[Scope]) {
    request.ops.as_ref().map_or((0..0, &[]), |push| {
        (push.first_counter..push.first_counter + push.ops.len() as u64, push.scopes.as_slice())
    })
}

/// Plans what `reply` to `request` changes. `fresh` is a random replica name, used only if this
/// store turns out to be a copy.
///
/// # Errors
/// The reply cannot be used; nothing changes and nothing is lost.
pub fn settle(rows: &Rows, request: &Request, reply: &Reply, fresh: ReplicaId) -> Result<(Writes, Settled), Unusable> {
    if reply.protocol != PROTOCOL || reply.epoch == 0 {
        return Err(Unusable::NotOurs);
    }
    let device = Device::read(rows).ok_or(Unusable::Wiped)?;
    if device.acked_of(request.replica).is_none() || device.cursor != request.cursor || device.epoch != request.epoch {
        return Err(Unusable::Overtaken);
    }
    let mut settling = Settling {
        rows,
        request,
        reply,
        own: own_rows(rows),
        device,
        writes: Writes::new(Durability::Strict),
        loaded: BTreeMap::new(),
        settled: Settled { more: reply.more, ..Settled::default() },
        unresolved: false,
    };
    if request.begins() && !has_settled_work(rows) {
        // The first database this device meets is taken for its own, with what it sends at once.
        settling.device.epoch = reply.epoch;
    } else if request.epoch != reply.epoch {
        settling.change_epoch(request.epoch != 0);
        settling.finish();
        return Ok((settling.writes, settling.settled));
    }
    settling.take_snapshots();
    settling.take_entries();
    settling.take_parked();
    settling.take_people();
    settling.take_documents();
    settling.compare_hashes();
    settling.note_replayed();
    settling.advance(fresh);
    settling.release_passed();
    settling.finish();
    Ok((settling.writes, settling.settled))
}

/// Returns whether this device holds work another database has taken or put aside, as from a rescue
/// file: it is offered to the one it meets before anything else.
fn has_settled_work(rows: &Rows) -> bool {
    [ObjectStore::Kept, ObjectStore::Parked].into_iter().any(|object_store| rows.entries(object_store).next().is_some())
}

fn own_rows(rows: &Rows) -> BTreeMap<OpId, Box<Own>> {
    rows.entries(ObjectStore::Outbox)
        .filter_map(|(_, own)| from_bytes::<Own>(own).ok())
        .map(|own| (own.op.id, Box::new(own)))
        .collect()
}

struct Settling<'a> {
    rows: &'a Rows,
    request: &'a Request,
    reply: &'a Reply,
    /// Boxed, since the acknowledged ones leave a full outbox one by one.
    own: BTreeMap<OpId, Box<Own>>,
    device: Device,
    writes: Writes,
    loaded: BTreeMap<Scope, Document>,
    settled: Settled,
    /// An own entry came whose bytes this device does not have.
    unresolved: bool,
}

impl Settling<'_> {
    /// Another database: pull everything anew, and offer again what it does not have. What is shown
    /// meanwhile stays as it was.
    fn change_epoch(&mut self, restored: bool) {
        self.device.epoch = self.reply.epoch;
        self.device.cursor = 0;
        self.device.resume = None;
        // Nothing is taken for received on the server's word alone: a copy of this device may have
        // used the same names. What is offered again is compared byte for byte.
        self.device.acked = 0;
        self.device.past.iter_mut().for_each(|past| past.acked = 0);
        self.settled.restored = restored;
        self.settled.more = true;
        // What is shown stays until the new database's own state arrives; place 0 marks it as stale,
        // since places of the old log mean nothing in the new one.
        for (key, body) in self.rows.entries(ObjectStore::Documents) {
            if let Ok(mut document) = from_bytes::<Document>(body) {
                document.seq = 0;
                self.writes.put(ObjectStore::Documents, key, to_bytes(&document));
            }
        }
        // Parked operations too: the restored server may not have them any more.
        for object_store in [ObjectStore::Kept, ObjectStore::Parked] {
            for (key, own) in self.rows.entries(object_store) {
                let Ok(own) = from_bytes::<Own>(own) else { continue };
                let again = Own { reason: 0, settled_ms: 0, seq: 0, ..own };
                self.writes.put(ObjectStore::Outbox, row_key(again.row), to_bytes(&again));
                self.writes.remove(object_store, key);
            }
        }
    }

    fn take_entries(&mut self) {
        for logged in self.reply.entries.iter().flatten() {
            match logged {
                Logged::Other(entry) => {
                    let folded = self.fold(entry);
                    if folded && self.own.get(&entry.op.id).is_some_and(|own| own.op == entry.op) {
                        self.keep(entry.op.id);
                    }
                    self.release_applied(entry);
                }
                Logged::Own { seq, counter, count, received_ms } => {
                    for offset in 0..*count {
                        self.take_own(seq + offset, counter + offset, *received_ms);
                    }
                }
            }
        }
    }

    fn take_own(&mut self, seq: u64, counter: u64, received_ms: i64) {
        let id = OpId { replica: self.request.replica, counter };
        let pending = self.own.get(&id).filter(|_| self.verified(id)).map(|own| own.op.clone());
        let known = pending.or_else(|| self.kept(id));
        match known {
            Some(op) => {
                let folded = self.fold(&Entry { seq, author: self.device.person, received_ms, op });
                // What waits under the same name may still be another one.
                if folded && self.verified(id) {
                    self.keep(id);
                }
            }
            None => match self.parked_row(id) {
                // It was parked and has been adopted.
                Some(own) => {
                    self.fold(&Entry { seq, author: self.device.person, received_ms, op: own.op.clone() });
                    self.unpark(own);
                }
                // The bytes are not on this device: a copy of it wrote them, or the object store was pruned.
                None => self.unresolved = true,
            },
        }
    }

    fn kept(&self, id: OpId) -> Option<Op> {
        let kept = self.rows.entries(ObjectStore::Kept).filter_map(|(_, own)| from_bytes::<Own>(own).ok());
        kept.map(|own| own.op).find(|op| op.id == id)
    }

    fn want(&mut self, document: DocumentId) {
        if !self.device.wanted.contains(&document) {
            self.device.wanted.push(document);
        }
        self.settled.more = true;
    }

    /// Returns whether it could be folded in.
    fn fold(&mut self, entry: &Entry) -> bool {
        if !self.loaded.contains_key(&entry.op.scope) {
            let stored = self.rows.get(ObjectStore::Documents, &entry.op.scope.key()).map(from_bytes::<Document>);
            // What is there and was not read, or cannot be, is loaded anew and never begun anew.
            let Ok(stored) = stored.transpose() else {
                self.want(entry.op.scope.document);
                return false;
            };
            // Another build kept it beside this one.
            if stored.as_ref().is_some_and(Document::is_behind) {
                self.want(entry.op.scope.document);
            }
            self.loaded.insert(entry.op.scope, stored.filter(|document| document.seq != 0).unwrap_or_default());
        }
        self.loaded.entry(entry.op.scope).or_default().apply(entry);
        self.settled.touched.insert(entry.op.scope.document);
        let length = entry.op.body().map_or(1, |body| body.lamport_length());
        self.device.follow(entry.op.lamport.saturating_add(length - 1));
        true
    }

    /// Returns whether the server has this very operation: it compared the bytes when they were
    /// pushed, now or earlier. A copy of this device may have used the same name for another one.
    fn verified(&self, id: OpId) -> bool {
        let compared = id.replica == self.request.replica
            && pushed(self.request).0.contains(&id.counter)
            && id.counter <= self.reply.acked
            && self.reply.forked_at.is_none_or(|at| id.counter < at);
        compared || !self.device.unsent(id)
    }

    /// Moves an own operation from the outbox to what is kept.
    fn keep(&mut self, id: OpId) {
        let Some(own) = self.own.remove(&id) else { return };
        self.writes.remove(ObjectStore::Outbox, row_key(own.row));
        self.writes.put(ObjectStore::Kept, row_key(own.row), to_bytes(&Own { settled_ms: self.reply.now_ms, ..*own }));
    }

    fn take_parked(&mut self) {
        let parked: Vec<_> = self.parked().collect();
        for (id, reason) in parked {
            let Some(own) = self.own.remove(&id) else { continue };
            self.settled.touched.insert(own.op.scope.document);
            self.settled.parked += 1;
            self.writes.remove(ObjectStore::Outbox, row_key(own.row));
            let own = Own { reason: reason as u8, settled_ms: self.reply.now_ms, ..*own };
            self.writes.put(ObjectStore::Parked, row_key(own.row), to_bytes(&own));
        }
    }

    fn parked(&self) -> impl Iterator<Item = (OpId, Reason)> {
        let replica = self.request.replica;
        self.reply.parked.iter().flatten().map(move |parked| (OpId { replica, counter: parked.counter }, parked.reason))
    }

    /// Operations offered again that were in the log already: their place is noted, since the log
    /// may have brought them before they were recognised.
    fn note_replayed(&mut self) {
        for (counter, seq) in self.reply.replayed.iter().flatten() {
            let id = OpId { replica: self.request.replica, counter: *counter };
            if let Some(own) = self.own.get_mut(&id) {
                own.seq = *seq;
                self.writes.put(ObjectStore::Outbox, row_key(own.row), to_bytes(own.as_ref()));
            }
        }
    }

    /// What stands at or below the cursor is stored as accepted and leaves the outbox.
    fn release_passed(&mut self) {
        let passed: Vec<OpId> = self
            .own
            .values()
            .filter(|own| own.seq != 0 && own.seq <= self.device.cursor)
            .map(|own| own.op.id)
            .collect();
        passed.into_iter().for_each(|id| self.keep(id));
    }

    fn take_people(&mut self) {
        for person in self.reply.people.iter().flatten() {
            self.writes.put(ObjectStore::People, person.id.0.to_be_bytes(), to_bytes(person));
        }
    }

    /// The server's list of readable documents: the others are wiped (what was pending for them has
    /// been parked by then), missing ones are asked for.
    fn take_documents(&mut self) {
        let Some(readable) = &self.reply.documents else { return };
        let readable: BTreeSet<DocumentId> = readable.iter().copied().collect();
        let gone: Vec<Scope> =
            self.rows.entries(ObjectStore::Documents).filter_map(|(key, _)| Scope::from_key(key)).collect();
        for scope in gone.into_iter().filter(|scope| !readable.contains(&scope.document)) {
            self.loaded.remove(&scope);
            self.writes.remove(ObjectStore::Documents, scope.key());
            self.writes.remove(ObjectStore::Summaries, scope.key());
            self.settled.touched.insert(scope.document);
        }
        let held: BTreeSet<DocumentId> =
            held(self.rows).chain(self.loaded.keys().map(|scope| scope.document)).collect();
        self.device.wanted.retain(|wanted| readable.contains(wanted));
        readable.into_iter().filter(|document| !held.contains(document)).for_each(|missing| self.want(missing));
    }

    fn compare_hashes(&mut self) {
        for (scope, hash) in self.reply.hashes.iter().flatten() {
            // Of what is beyond this edition the server may have made more than it: it would be loaded for ever.
            let differs = |document: &Document| !document.is_beyond(EDITION) && document.state_hash() != *hash;
            if self.loaded.get(scope).is_some_and(differs) {
                self.want(scope.document);
                self.settled.differed = true;
            }
        }
    }

    fn advance(&mut self, fresh: ReplicaId) {
        self.device.cursor = self.device.cursor.max(self.reply.cursor);
        self.device.resume = self.reply.resume;
        self.device.synced_ms = self.reply.now_ms;
        let (name, acked) = (self.request.replica, self.reply.acked);
        let current = name == self.device.replica;
        let pushed = pushed(self.request).0.end.saturating_sub(1);
        let compared = acked.min(pushed).max(self.device.acked_of(name).unwrap_or(0));
        let first = self.own.keys().filter(|id| id.replica == name && id.counter > compared).map(|id| id.counter).min();
        if let Some(at) = self.reply.forked_at {
            self.rename(name, at, compared.min(at - 1), fresh);
        } else if current && acked >= self.device.next_counter && first.is_none() {
            // The server has more from this name than this device wrote: a copy went on before it. What is
            // not compared yet is sent first: another copy that holds it has to come to the same new name.
            self.rename(name, self.device.next_counter, compared, fresh);
        } else if first.is_some_and(|first| first > acked + 1) {
            // A gap that what is kept here cannot fill.
            self.rename(name, acked + 1, acked, fresh);
        } else {
            // Where nothing is left to compare, what was offered a second time stands in nobody's way.
            self.device.set_acked(name, if first.is_none() { acked.max(compared) } else { compared });
        }
    }

    fn finish(&mut self) {
        if self.unresolved {
            // As a rule it is not known which document the missing operation belongs to: everything is loaded anew.
            self.device.cursor = 0;
            self.device.resume = None;
            self.settled.more = true;
        }
        self.settled.more |= !self.device.wanted.is_empty();
        // A tab of an earlier edition may go on beside a newer one: that one takes the store over again.
        if !self.loaded.is_empty() {
            self.device.edition = self.device.edition.min(Some(EDITION));
        }
        for (scope, document) in mem::take(&mut self.loaded) {
            self.writes.put(ObjectStore::Documents, scope.key(), to_bytes(&document));
            self.writes.put(ObjectStore::Summaries, scope.key(), to_bytes(&document.into_list_row()));
        }
        for (key, kept) in self.rows.entries(ObjectStore::Kept) {
            let old = from_bytes::<Own>(kept).is_ok_and(|own| own.settled_ms + KEPT_MS < self.reply.now_ms);
            if old {
                self.writes.remove(ObjectStore::Kept, key);
            }
        }
        self.device.write(&mut self.writes);
    }
}
