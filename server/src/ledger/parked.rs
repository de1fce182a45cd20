//! Parked work: staff are told of it, and it is applied after all, as if the document had been open
//! when it came.

use shared::document::Document;
use shared::ids::{DocumentId, OpId, Scope, Side};
use shared::op::{Body, Entry, Op, ParkedOp, Settle};
use shared::permission::Actor;
use shared::sync::admission::{Reason, Standing, TREE_DEPTH_MAX, admit};
use sqlx::SqliteConnection;

use super::push::Working;
use crate::store::log::{self, Outcome};
use crate::store::{StoreError, people};

/// What came of one attempt; the reason is for whoever asked.
type Applied = Result<(), Reason>;

impl Working<'_> {
    /// Tells staff of a partner's work that may still be applied, on the side that only they read.
    /// Returns whether there was something to tell.
    pub(super) async fn tell_staff(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        op: &Op,
        reason: Reason,
    ) -> Result<bool, StoreError> {
        let document = op.scope.document;
        let holder = self.holder(document);
        let seen = holder.as_ref().is_some_and(|holder| holder.received_seq.is_some());
        // Whoever reads that side need not be told of their own work there.
        let reads_internal = holder.is_some_and(|holder| holder.may_read(actor, Side::Internal));
        // What this server cannot read it cannot show them either.
        if !seen || reads_internal || !reason.adoptable() || reason == Reason::UnknownKind {
            return Ok(false);
        }
        let entry = Entry { seq: 0, author: actor.person, received_ms: self.now_ms, op: op.clone() };
        let aside = Body::ParkedOp(ParkedOp { entry, reason: reason as u8 });
        self.write_own(write, op, Scope::internal(document), &aside).await?;
        Ok(true)
    }

    /// Applies what can be applied of `names`, and the list items they are about along with them.
    /// A reason comes back when nothing could be, so that nobody waits for what will not happen.
    pub(super) async fn adopt(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        document: DocumentId,
        names: &[OpId],
    ) -> Result<Applied, StoreError> {
        let mut outcome = Ok(());
        let mut applied = false;
        for id in names {
            for item in self.missing_items(write, document, *id).await? {
                // If it cannot be applied, what is written in it cannot either, and says so.
                let _ = self.adopt_one(write, actor, document, item).await?;
            }
            match self.adopt_one(write, actor, document, *id).await? {
                Ok(()) => applied = true,
                refused => outcome = outcome.and(refused),
            }
        }
        Ok(if applied { Ok(()) } else { outcome })
    }

    async fn adopt_one(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        document: DocumentId,
        id: OpId,
    ) -> Result<Applied, StoreError> {
        let found = log::entry(write, id).await?;
        let holder = self.holder(document);
        // What one reads one may apply; what is internal was never written by those whose work is parked.
        let may = |scope: Scope| {
            let reads = holder.as_ref().is_some_and(|holder| holder.may_read(actor, scope.side));
            scope.document == document && scope.side != Side::Internal && reads
        };
        let Some((mut entry, outcome)) = found.filter(|(entry, _)| may(entry.op.scope)) else {
            return Ok(Err(Reason::NoSuchItem));
        };
        // Somebody was quicker: what is asked for is done.
        let Outcome::Parked(reason) = outcome else { return Ok(Ok(())) };
        let author = people::actor(write, entry.author).await?;
        if let Err(reason) = self.judge_anew(&entry, author, reason) {
            return Ok(Err(reason));
        }
        self.head += 1;
        entry.seq = self.head;
        log::adopt(write, id, self.head).await?;
        self.fold_in(&entry);
        let internal = Scope::internal(document);
        let told = self.sides.get(&document).and_then(|sides| sides.get(&internal));
        if told.is_some_and(|side| side.has_parked(id)) {
            let settled = Body::Settle(Settle { remark: id, settled: true });
            self.write_own(write, &entry.op, internal, &settled).await?;
        }
        Ok(Ok(()))
    }

    fn judge_anew(&self, entry: &Entry, author: Option<Actor>, parked_for: u8) -> Applied {
        let reason = Reason::from_number(parked_for).unwrap_or(Reason::UnknownKind);
        if !reason.adoptable() {
            return Err(reason);
        }
        let document = entry.op.scope.document;
        let (Some(holder), Some(sides)) = (self.holder(document), self.sides.get(&document)) else {
            return Err(Reason::NotYours);
        };
        let body = entry.op.body().map_err(|_| Reason::Malformed)?;
        let author = author.filter(|author| !holder.may_read(author, Side::Internal)).ok_or(Reason::NotYours)?;
        // As though it had stood open for its author when this came. Whoever left the authority, or is not
        // named any more, does not write in it any more.
        let mut states = holder.form.map_or(&[][..], |form| form.workflow.states).iter();
        let writes_in = states.find(|known| holder.may_write(&author, known.state)).ok_or(Reason::NotYours)?;
        let empty = Document::default();
        let side = |scope: Scope| sides.get(&scope).map_or(&empty, AsRef::as_ref);
        let (shared, side) = (side(Scope::shared(document)), side(entry.op.scope));
        admit(&author, &entry.op, &body, Some(Standing { holder, state: writes_in.state, shared, side }))
    }

    /// Returns the list items that a parked operation needs and that are not there: those it is about, and
    /// those above these, topmost first.
    async fn missing_items(
        &self,
        write: &mut SqliteConnection,
        document: DocumentId,
        id: OpId,
    ) -> Result<Vec<OpId>, StoreError> {
        let shared = self.sides.get(&document).and_then(|sides| sides.get(&Scope::shared(document))).cloned();
        let there = |item: &OpId| shared.as_ref().is_some_and(|shared| shared.has_item(*item));
        let (mut needed, mut looked_at) = (vec![id], 0);
        while let Some(next) = needed.get(looked_at).copied().filter(|_| needed.len() <= TREE_DEPTH_MAX) {
            looked_at += 1;
            let parked = log::entry(write, next).await?.filter(|(_, outcome)| matches!(outcome, Outcome::Parked(_)));
            let body = parked.and_then(|(entry, _)| entry.op.body().ok());
            for item in body.iter().flat_map(Body::items).filter(|item| !there(item)) {
                if !needed.contains(&item) {
                    needed.push(item);
                }
            }
        }
        needed.reverse();
        needed.pop();
        Ok(needed)
    }
}
