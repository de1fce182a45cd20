//! Documents that come whole: what they hold of the device's own work leaves the outbox.

use std::collections::BTreeSet;

use super::Settling;
use crate::document::Document;
use crate::ids::{OpId, Scope};
use crate::op::from_bytes;
use crate::sync::rows::ObjectStore;
use crate::sync::wire::Snapshot;

impl Settling<'_> {
    /// Puts each in the place of what is here.
    pub(super) fn take_snapshots(&mut self) {
        // What did not come although the reply was not cut short is not this person's.
        let asked = self.request.fetch.as_deref().unwrap_or_default();
        self.device.wanted.retain(|wanted| self.reply.more || !asked.contains(wanted));
        for snapshot in self.reply.snapshots.iter().flatten() {
            let Ok(document) = from_bytes::<Document>(&snapshot.body) else {
                self.put_by(snapshot);
                continue;
            };
            self.settled.touched.insert(snapshot.scope.document);
            self.device.wanted.retain(|wanted| *wanted != snapshot.scope.document);
            self.device.follow(document.lamport());
            self.release_folded(&snapshot.scope);
            self.release_shown(&snapshot.scope, &document);
            self.loaded.insert(snapshot.scope, document);
        }
    }

    /// What this build cannot read is kept for one that can, where nothing else is: without it the document
    /// would count as missing, and be asked for again and again.
    fn put_by(&mut self, snapshot: &Snapshot) {
        let key = snapshot.scope.key();
        if !self.rows.0.contains_key(&(ObjectStore::Documents, key.to_vec())) {
            self.writes.put(ObjectStore::Documents, key, snapshot.body.clone());
        }
    }

    /// A snapshot already holds own operations the server had applied by then. Those it
    /// acknowledged leave the outbox; their place in the log is below the snapshot's.
    fn release_folded(&mut self, scope: &Scope) {
        let parked: BTreeSet<OpId> = self.parked().map(|(id, _)| id).collect();
        let had = |id: OpId| self.verified(id) && !parked.contains(&id);
        let in_scope = self.own.values().filter(|own| own.op.scope == *scope).map(|own| own.op.id);
        let folded: Vec<OpId> = in_scope.filter(|id| had(*id)).collect();
        folded.into_iter().for_each(|id| self.keep(id));
    }
}
