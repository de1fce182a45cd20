//! The envelopes of documents: what lists, the inbox and permissions look at without folding anything.

use shared::document::{Document, Summary};
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::op::Op;
use shared::permission::Actor;
use sqlx::SqliteConnection;

use super::push::Working;
use crate::store::StoreError;
use crate::store::log::{self, Envelope};
use crate::store::size::Size;

/// Entries after which a scope is written down folded.
const SNAPSHOT_EVERY: u64 = 200;

impl Working<'_> {
    /// Opens the envelope of a document that was just created.
    pub(super) fn open_envelope(&mut self, actor: &Actor, op: &Op, authority: AuthorityId, form: u16, seq: u64) {
        let envelope = Envelope {
            id: op.scope.document,
            form,
            authority,
            created_by: actor.person,
            received_seq: actor.role.is_staff().then_some(seq),
            summary: Summary::default(),
            named: Vec::new(),
            updated_ms: self.now_ms,
            head_seq: seq,
            created_seq: seq,
            size: Size::of(op),
        };
        self.envelopes.insert(op.scope.document, envelope);
    }

    /// Brings a document's envelope up to date, and folds what has grown long.
    pub(super) async fn write_envelope(
        &mut self,
        write: &mut SqliteConnection,
        document: DocumentId,
    ) -> Result<(), StoreError> {
        let (Some(envelope), Some(sides)) = (self.envelopes.get_mut(&document), self.sides.get(&document)) else {
            return Ok(());
        };
        let old_head = envelope.head_seq;
        envelope.head_seq = sides.values().map(|side| side.seq).max().unwrap_or(envelope.head_seq);
        envelope.updated_ms = self.now_ms;
        if let Some(shared) = sides.get(&Scope::shared(document)) {
            describe(envelope, shared);
        }
        log::put_envelope(write, envelope).await?;
        for (scope, side) in sides {
            if side.seq > old_head && side.seq / SNAPSHOT_EVERY != old_head / SNAPSHOT_EVERY {
                log::put_snapshot(write, *scope, side.seq, shared::op::to_bytes(side.as_ref())).await?;
            }
        }
        Ok(())
    }
}

/// Brings what lists, the inbox and permission look at up to date.
fn describe(envelope: &mut Envelope, shared: &Document) {
    envelope.summary = shared.summary();
    envelope.named = shared.named_people();
    if let Some(first) = shared.first_received() {
        envelope.received_seq.get_or_insert(first.mark.seq);
    }
}
