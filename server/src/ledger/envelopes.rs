//! The envelopes of documents: what lists, the inbox and permissions look at without folding anything.

use shared::document::Document;
use shared::forms::request;
use shared::ids::{AuthorityId, DocumentId, Scope};
use shared::merge::choices::Choices;
use shared::op::Op;
use shared::permission::Actor;
use shared::value::{Target, Value};
use shared::workflow::Action;
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
            state: 0,
            visible_seq: actor.role.is_staff().then_some(seq),
            reference: None,
            title: String::new(),
            country: String::new(),
            themes: String::new(),
            submitted_ms: None,
            updated_ms: self.now_ms,
            version: 0,
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

/// Brings the columns that lists and the inbox look at up to date.
fn describe(envelope: &mut Envelope, shared: &Document) {
    let title = shared.register(Target::of(request::TITLE)).and_then(|register| register.first());
    if let Some(Value::Text(title)) = title.map(|first| &first.value) {
        envelope.title.clone_from(title);
    }
    let codes = |field| shared.choices(Target::of(field)).map(Choices::codes).unwrap_or_default();
    envelope.country = codes(request::PARTNER_COUNTRIES).into_iter().next().unwrap_or_default();
    envelope.themes = codes(request::THEMES).into_iter().map(|theme| theme + " ").collect();
    envelope.state = shared.state as u8;
    envelope.reference = shared.reference().map(ToOwned::to_owned);
    envelope.version = shared.version();
    let submitted = shared.history.iter().rev().find(|step| step.transition.action == Action::Submit);
    if let Some(step) = submitted {
        envelope.submitted_ms = Some(step.transition.at_ms);
        envelope.visible_seq.get_or_insert(
            shared
                .history
                .iter()
                .find(|step| step.transition.action == Action::Submit)
                .map_or(step.mark.seq, |first| first.mark.seq),
        );
    }
}
