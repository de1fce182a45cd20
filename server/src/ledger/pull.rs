//! What a device is sent back: everything after its cursor that its person may read.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{DocumentId, PersonId, SERVER, Scope};
use shared::op::{Body, Entry, to_bytes};
use shared::permission::Actor;
use shared::sync::wire::{
    FETCH_MAX, Logged, PROTOCOL, PULL_UNPACKED_BYTES_MAX, Reply, Request, Resume, Snapshot, digest,
};

use super::Ledger;
use crate::store::StoreError;
use crate::store::log::PAGE_ENTRIES;

/// Most documents whose entries are asked for at once.
const DOCUMENTS_ASKED_MAX: usize = 64;
/// Fewest entries asked for at once, however many documents changed.
const ENTRIES_EACH_MIN: usize = 8;
/// Scopes whose state hash is sent along: enough to notice a device that differs, few enough to
/// cost nothing.
const HASHES_MAX: usize = 2;

/// Returns the reply to `request`, but for what became of its push, with about `room` bytes of
/// documents and entries before they are packed.
///
/// # Errors
/// The database cannot be read.
pub async fn pull(
    ledger: &Ledger,
    epoch: u64,
    now_ms: i64,
    actor: &Actor,
    request: &Request,
    room: usize,
) -> Result<Reply, StoreError> {
    let (acked, head) = ledger.look(|committed| (committed.acked(request.replica, actor.person), committed.head));
    let mut reply = Reply {
        protocol: PROTOCOL,
        epoch,
        acked: acked.unwrap_or(0),
        cursor: request.cursor,
        now_ms,
        ..Reply::default()
    };
    if acked.is_none() {
        reply.forked_at = Some(1);
    }
    if request.epoch != epoch && !request.begins() {
        reply.cursor = 0;
        return Ok(reply);
    }
    let mut page = Page { ledger, actor, room: room.min(PULL_UNPACKED_BYTES_MAX), any: false, people: BTreeSet::new() };
    page.fetched(request, &mut reply).await?;
    if request.cursor == 0 {
        page.first_load(request, head, &mut reply).await?;
    } else {
        page.continue_log(request, head, &mut reply).await?;
        page.compare_documents(request, &mut reply);
    }
    if !page.people.is_empty() {
        let people = ledger.names(&page.people).await?;
        reply.people = (!people.is_empty()).then_some(people);
    }
    Ok(reply)
}

struct Page<'a> {
    ledger: &'a Ledger,
    actor: &'a Actor,
    room: usize,
    /// Something is in the reply: without it a device with little room would ask for ever.
    any: bool,
    people: BTreeSet<PersonId>,
}

impl Page<'_> {
    /// Sends the documents asked for, once each, while there is room; the device asks for the others
    /// again as long as there is more.
    async fn fetched(&mut self, request: &Request, reply: &mut Reply) -> Result<(), StoreError> {
        let asked: BTreeSet<DocumentId> = request.fetch.iter().flatten().take(FETCH_MAX).copied().collect();
        for document in asked {
            if self.full() {
                reply.more = true;
                break;
            }
            let snapshots = self.snapshots(document).await?;
            reply.snapshots.get_or_insert_default().extend(snapshots);
        }
        Ok(())
    }

    fn full(&self) -> bool {
        self.room == 0 && self.any
    }

    /// Returns every side of a document the person may read, whole.
    async fn snapshots(&mut self, document: DocumentId) -> Result<Vec<Snapshot>, StoreError> {
        let holder =
            self.ledger.look(|committed| committed.envelopes.get(&document).map(crate::store::log::Envelope::holder));
        let Some(holder) = holder.filter(|holder| holder.visible_from(self.actor).is_some()) else {
            return Ok(Vec::new());
        };
        let sides = self.ledger.sides(document).await?;
        let readable = sides.iter().filter(|(scope, _)| holder.may_read(self.actor, scope.side));
        let mut snapshots = Vec::new();
        for (scope, side) in readable {
            let body = to_bytes(side.as_ref());
            self.room = self.room.saturating_sub(body.len());
            self.any = true;
            self.people.extend(side.people());
            snapshots.push(Snapshot { scope: *scope, body });
        }
        Ok(snapshots)
    }

    /// A device without a cursor gets its documents whole, in the order of their ids, a page at a time.
    async fn first_load(&mut self, request: &Request, head: u64, reply: &mut Reply) -> Result<(), StoreError> {
        let started = request.resume.map_or(head, |resume| resume.head);
        let after = request.resume.map(|resume| resume.after);
        let documents: Vec<DocumentId> = self.ledger.look(|committed| {
            let ids: BTreeSet<DocumentId> =
                committed.readable(self.actor).into_iter().map(|envelope| envelope.id).collect();
            ids.into_iter().filter(|id| after.is_none_or(|after| *id > after)).collect()
        });
        let mut last = after;
        for document in documents {
            if self.full() {
                reply.more = true;
                reply.resume = last.map(|after| Resume { after, head: started });
                return Ok(());
            }
            let snapshots = self.snapshots(document).await?;
            reply.snapshots.get_or_insert_default().extend(snapshots);
            last = Some(document);
        }
        reply.cursor = started;
        reply.more |= started < head;
        Ok(())
    }

    /// Sends what came after the cursor in the order of the log: entries of the documents the device
    /// has, and whole documents at the place where they came into view. Where the room ends, the
    /// cursor ends, so that nothing is sent twice or passed over.
    async fn continue_log(&mut self, request: &Request, head: u64, reply: &mut Reply) -> Result<(), StoreError> {
        let (mut new, changed) = self.changed_since(request.cursor, head);
        let mut logged = Vec::new();
        let mut touched = BTreeMap::new();
        let (mut read, mut full) = (request.cursor, false);
        reply.cursor = head.max(request.cursor);
        'scan: while read < head && !changed.is_empty() {
            let (entries, complete_to) = self.entries(&changed, read, head).await?;
            for entry in entries {
                full = self.send_new(&mut new, entry.seq, reply).await? || self.full();
                if full {
                    reply.cursor = reply.cursor.min(entry.seq - 1);
                    break 'scan;
                }
                if self.may_read(&entry.op.scope) {
                    touched.insert(entry.op.scope, entry.seq);
                    self.add(&mut logged, request, entry);
                }
            }
            read = complete_to;
        }
        full = full || self.send_new(&mut new, u64::MAX, reply).await?;
        reply.more |= full;
        reply.entries = (!logged.is_empty()).then_some(logged);
        if !reply.more {
            self.add_hashes(&touched, reply).await?;
        }
        Ok(())
    }

    /// Sends the documents that came into view before `seq`, whole; returns whether one had no room.
    async fn send_new(
        &mut self,
        new: &mut BTreeMap<u64, DocumentId>,
        seq: u64,
        reply: &mut Reply,
    ) -> Result<bool, StoreError> {
        while let Some(first) = new.first_entry().filter(|first| *first.key() < seq) {
            if self.full() {
                reply.cursor = first.key() - 1;
                return Ok(true);
            }
            let snapshots = self.snapshots(first.remove()).await?;
            reply.snapshots.get_or_insert_default().extend(snapshots);
        }
        Ok(false)
    }

    /// Returns the next entries of `documents` after `seq` up to `head`, in order, and up to where
    /// they are complete. Asks for some documents at a time, so that nobody else's log is read along.
    async fn entries(&self, documents: &[DocumentId], seq: u64, head: u64) -> Result<(Vec<Entry>, u64), StoreError> {
        let mut found = Vec::new();
        let mut complete_to = head;
        let portions = documents.chunks(DOCUMENTS_ASKED_MAX);
        let each = (usize::from(PAGE_ENTRIES) / portions.len()).max(ENTRIES_EACH_MIN);
        for portion in portions {
            let entries = self.ledger.store.entries_of(portion, seq, each).await?;
            if let Some(last) = entries.last().filter(|_| entries.len() == each) {
                complete_to = complete_to.min(last.seq);
            }
            found.extend(entries);
        }
        // Beyond that some may be missing; beyond the head, documents that were not asked for may have changed.
        found.retain(|entry| entry.seq <= complete_to);
        found.sort_unstable_by_key(|entry| entry.seq);
        Ok((found, complete_to))
    }

    /// Returns the documents that came into view since `cursor`, by the place where they did, and the
    /// others that changed.
    fn changed_since(&self, cursor: u64, head: u64) -> (BTreeMap<u64, DocumentId>, Vec<DocumentId>) {
        self.ledger.look(|committed| {
            let later = committed.readable(self.actor).into_iter().filter(|envelope| envelope.head_seq > cursor);
            let mut new = BTreeMap::new();
            let mut changed = Vec::new();
            for envelope in later {
                let visible = envelope.holder().visible_from(self.actor).unwrap_or(u64::MAX);
                // What comes into view with its first operation the log brings from there on.
                if visible == envelope.created_seq || visible <= cursor {
                    changed.push(envelope.id);
                } else if visible <= head {
                    new.insert(visible, envelope.id);
                }
            }
            (new, changed)
        })
    }

    fn may_read(&self, scope: &Scope) -> bool {
        let holder = self
            .ledger
            .look(|committed| committed.envelopes.get(&scope.document).map(crate::store::log::Envelope::holder));
        holder.is_some_and(|holder| holder.may_read(self.actor, scope.side))
    }

    fn add(&mut self, logged: &mut Vec<Logged>, request: &Request, entry: Entry) {
        self.any = true;
        if entry.op.id.replica == request.replica && entry.author == self.actor.person {
            let (next_seq, next_counter, now) = (entry.seq, entry.op.id.counter, entry.received_ms);
            if let Some(Logged::Own { seq, counter, count, received_ms }) = logged.last_mut()
                && *seq + *count == next_seq
                && *counter + *count == next_counter
                && *received_ms == now
            {
                *count += 1;
                return;
            }
            self.room = self.room.saturating_sub(12);
            logged.push(Logged::Own { seq: next_seq, counter: next_counter, count: 1, received_ms: now });
            return;
        }
        self.room = self.room.saturating_sub(to_bytes(&entry).len());
        self.people.insert(entry.author);
        if entry.author == SERVER
            && let Ok(Body::ParkedOp(parked)) = entry.op.body()
        {
            self.people.insert(parked.entry.author);
        }
        if let Ok(Body::Assign(assign)) = entry.op.body() {
            self.people.insert(assign.person);
        }
        logged.push(Logged::Other(entry));
    }

    async fn add_hashes(&self, touched: &BTreeMap<Scope, u64>, reply: &mut Reply) -> Result<(), StoreError> {
        let mut hashes = Vec::new();
        for scope in touched.keys().take(HASHES_MAX) {
            let sides = self.ledger.sides(scope.document).await?;
            if let Some(side) = sides.get(scope).filter(|side| side.seq <= reply.cursor) {
                hashes.push((*scope, side.state_hash()));
            }
        }
        reply.hashes = (!hashes.is_empty()).then_some(hashes);
        Ok(())
    }

    /// When the device holds another set of documents than it should at its cursor, it is told
    /// which ones it may read.
    fn compare_documents(&self, request: &Request, reply: &mut Reply) {
        let (expected, all) = self.ledger.look(|committed| {
            let readable = committed.readable(self.actor);
            let held = readable.iter().filter(|envelope| {
                envelope.holder().visible_from(self.actor).is_some_and(|visible| visible <= request.cursor)
            });
            (digest(held.map(|envelope| envelope.id)), readable.iter().map(|envelope| envelope.id).collect::<Vec<_>>())
        });
        if expected != request.digest {
            reply.documents = Some(all);
        }
    }
}
