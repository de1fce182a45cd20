//! Work that was put aside and has been applied after all leaves the object store, however the news comes.

use super::Settling;
use crate::document::Document;
use crate::ids::{OpId, Scope};
use crate::op::{Entry, from_bytes, to_bytes};
use crate::sync::device::{Own, row_key};
use crate::sync::rows::{ObjectStore, Rows};

impl Settling<'_> {
    /// Returns an operation put aside.
    pub(super) fn parked_row(&self, id: OpId) -> Option<Own> {
        parked(self.rows).find(|own| own.op.id == id)
    }

    /// Moves an operation from the parked object store to what is kept.
    pub(super) fn unpark(&mut self, own: Own) {
        self.writes.remove(ObjectStore::Parked, row_key(own.row));
        let kept = Own { reason: 0, settled_ms: self.reply.now_ms, ..own };
        self.writes.put(ObjectStore::Kept, row_key(kept.row), to_bytes(&kept));
    }

    /// An entry of the log that this device wrote under an earlier name.
    pub(super) fn release_applied(&mut self, entry: &Entry) {
        if entry.author == self.device.person
            && let Some(own) = self.parked_row(entry.op.id).filter(|own| own.op == entry.op)
        {
            self.unpark(own);
        }
    }

    /// A document that came whole. The server compared what it parked: what is shown under that name
    /// is that operation.
    pub(super) fn release_shown(&mut self, scope: &Scope, document: &Document) {
        let rows = self.rows;
        let shown = parked(rows).filter(|own| own.op.scope == *scope && document.shows(own.op.id));
        shown.for_each(|own| self.unpark(own));
    }
}

fn parked(rows: &Rows) -> impl Iterator<Item = Own> + use<'_> {
    rows.entries(ObjectStore::Parked).filter_map(|(_, own)| from_bytes(own).ok())
}
