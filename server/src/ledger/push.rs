//! Judging one push inside the write transaction: every operation gets exactly one outcome, and a
//! repeat finds the first one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::document::Document;
use shared::form::assessment::{Facts, Other};
use shared::form::workflow::Deed;
use shared::ids::{DocumentId, OpId, PersonId, SERVER, SERVER_REPLICA, Scope};
use shared::op::{Body, Command, Entry, Op};
use shared::permission::{Actor, Holder};
use shared::sync::admission::{Reason, Standing, admit, admit_command, followed, leaps};
use shared::sync::command::{Circumstances, execute};
use shared::sync::wire::Parked;
use shared::value::Date;
use sqlx::SqliteConnection;

use super::{Ledger, Sides};
use crate::store::log::{self, Envelope, Outcome};
use crate::store::{StoreError, people};

/// What came of one push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The operations that were parked, now or when they first came.
    pub parked: Vec<Parked>,
    /// The first operation that is another one than was taken under its name.
    pub forked_at: Option<u64>,
    /// The operations that were in the log already, as counter and place.
    pub replayed: Vec<(u64, u64)>,
    /// How many were newly taken.
    pub taken: u64,
}

impl Judged {
    /// Adds what came of the operations after these.
    pub(super) fn add(&mut self, later: Self) {
        self.parked.extend(later.parked);
        self.forked_at = self.forked_at.or(later.forked_at);
        self.replayed.extend(later.replayed);
        self.taken += later.taken;
    }
}

/// What happens to operations that are new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Each is judged.
    Judged,
    /// Each is parked unjudged: what it leads to could not be written.
    PutAside,
}

/// The state one transaction is working on: copies of what is committed, changed as it goes.
#[derive(Debug)]
pub struct Working<'a> {
    ledger: &'a Ledger,
    pub(super) now_ms: i64,
    fate: Fate,
    pub(super) head: u64,
    pub(super) lamport: u64,
    pub(super) sides: BTreeMap<DocumentId, Sides>,
    pub(super) envelopes: BTreeMap<DocumentId, Envelope>,
    pub(super) acked: BTreeMap<shared::ids::ReplicaId, (PersonId, u64)>,
}

impl<'a> Working<'a> {
    pub(super) fn new(ledger: &'a Ledger, now_ms: i64, fate: Fate) -> Self {
        Self {
            ledger,
            now_ms,
            fate,
            head: ledger.look(|committed| committed.head),
            lamport: ledger.look(|committed| committed.lamport),
            sides: BTreeMap::new(),
            envelopes: BTreeMap::new(),
            acked: BTreeMap::new(),
        }
    }

    fn acked(&self, replica: shared::ids::ReplicaId, person: PersonId) -> Option<u64> {
        match self.acked.get(&replica) {
            Some((owner, acked)) => (*owner == person).then_some(*acked),
            None => self.ledger.look(|committed| committed.acked(replica, person)),
        }
    }

    /// Judges the operations of one push in order; stops at a gap or a fork.
    pub(super) async fn push(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        ops: &[Op],
    ) -> Result<Judged, StoreError> {
        let mut judged = Judged::default();
        let Some(first) = ops.first() else { return Ok(judged) };
        let replica = first.id.replica;
        let Some(mut acked) = self.acked(replica, actor.person).filter(|_| replica != SERVER_REPLICA) else {
            // Another person's name as a writer: this store was copied.
            judged.forked_at = Some(first.id.counter);
            return Ok(judged);
        };
        let before = acked;
        let mut touched = BTreeSet::new();
        for op in ops {
            if op.id.counter <= acked {
                match log::taken(write, op.id).await? {
                    Some(taken) if taken.hash == op.fingerprint() => {
                        let outcome = self.repeat(write, actor, op, taken.outcome, &mut touched).await?;
                        note_parked(&mut judged, op.id, outcome);
                        if let Outcome::Accepted(seq) = outcome {
                            judged.replayed.push((op.id.counter, seq));
                        }
                    }
                    _ => {
                        judged.forked_at = Some(op.id.counter);
                        break;
                    }
                }
                continue;
            }
            if op.id.counter != acked + 1 {
                break;
            }
            let outcome = self.take(write, actor, op, &mut touched).await?;
            acked = op.id.counter;
            judged.taken += 1;
            note_parked(&mut judged, op.id, outcome);
        }
        if acked > before {
            log::set_acked(write, replica, actor.person, acked).await?;
            self.acked.insert(replica, (actor.person, acked));
        }
        for document in touched {
            self.write_envelope(write, document).await?;
        }
        Ok(judged)
    }

    /// A repeat finds the first outcome, unless that was a kind which the server has learnt since.
    async fn repeat(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        op: &Op,
        first: Outcome,
        touched: &mut BTreeSet<DocumentId>,
    ) -> Result<Outcome, StoreError> {
        let unknown_then = first == Outcome::Parked(Reason::UnknownKind as u8);
        if !unknown_then || matches!(op.body(), Ok(Body::Unknown)) {
            return Ok(first);
        }
        log::forget_parked(write, op.id).await?;
        self.take(write, actor, op, touched).await
    }

    async fn take(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        op: &Op,
        touched: &mut BTreeSet<DocumentId>,
    ) -> Result<Outcome, StoreError> {
        let document = op.scope.document;
        if self.fate == Fate::PutAside {
            return self.park(write, actor.person, op, Reason::Malformed).await;
        }
        self.load(write, document).await?;
        let verdict = match op.body() {
            Err(_) => Err(Reason::Malformed),
            Ok(_) if leaps(op.lamport, self.lamport) => Err(Reason::Malformed),
            Ok(body) if self.no_room_for(op, &body) => Err(Reason::TooLarge),
            Ok(Body::Command(command)) => return self.command(write, actor, op, &command, touched).await,
            Ok(body) => self.judge(actor, op, &body).map(|()| body),
        };
        let verdict = match verdict {
            // Staff name an authority freely; one that is not there owns nothing.
            Ok(Body::Create(create)) if !people::authority_exists(write, create.authority).await? => {
                Err(Reason::NotPermitted)
            }
            Ok(Body::Assign(assign)) => {
                let named = people::actor(write, assign.person).await?;
                let holder = self.holder(document);
                let may = holder.zip(named).is_some_and(|(holder, named)| holder.may_hold(&named, assign.part));
                if may { Ok(Body::Assign(assign)) } else { Err(Reason::NotPermitted) }
            }
            verdict => verdict,
        };
        match verdict {
            Ok(body) => {
                let seq = self.accept(write, actor.person, op).await?;
                if let Body::Create(create) = body {
                    self.open_envelope(actor, op, create.authority, create.form.0, seq);
                }
                touched.insert(document);
                Ok(Outcome::Accepted(seq))
            }
            Err(reason) => {
                let outcome = self.park(write, actor.person, op, reason).await?;
                if self.tell_staff(write, actor, op, reason).await? {
                    touched.insert(document);
                }
                Ok(outcome)
            }
        }
    }

    fn judge(&self, actor: &Actor, op: &Op, body: &Body) -> Result<(), Reason> {
        let empty = Document::default();
        let sides = self.sides.get(&op.scope.document);
        let side = |scope: Scope| sides.and_then(|sides| sides.get(&scope)).map(AsRef::as_ref);
        let standing = self.holder(op.scope.document).and_then(|holder| {
            let shared = side(Scope::shared(op.scope.document))?;
            Some(Standing { holder, state: shared.state, shared, side: side(op.scope).unwrap_or(&empty) })
        });
        admit(actor, op, body, standing)
    }

    /// Returns what permission needs to know of a document, as it stands in this transaction: who was
    /// named by one operation is by the next.
    pub(super) fn holder(&self, document: DocumentId) -> Option<Holder> {
        let mut holder = self.envelopes.get(&document)?.holder();
        let shared = self.sides.get(&document).and_then(|sides| sides.get(&Scope::shared(document)));
        if let Some(shared) = shared {
            holder.named = shared.named_people();
            holder.received_seq = holder.received_seq.or_else(|| shared.first_received().map(|step| step.mark.seq));
        }
        Some(holder)
    }

    fn no_room_for(&self, op: &Op, body: &Body) -> bool {
        let size = self.envelopes.get(&op.scope.document).map(|envelope| envelope.size);
        size.is_some_and(|size| !size.has_room_for(op, matches!(body, Body::Command(_))))
    }

    async fn command(
        &mut self,
        write: &mut SqliteConnection,
        actor: &Actor,
        op: &Op,
        command: &Command,
        touched: &mut BTreeSet<DocumentId>,
    ) -> Result<Outcome, StoreError> {
        if let Err(reason) = admit_command(op, command) {
            return self.park(write, actor.person, op, reason).await;
        }
        let document = op.scope.document;
        // Whether there is nothing or nothing for them is not told apart.
        let Some(holder) = self.holder(document).filter(|holder| holder.may_read(actor, op.scope.side)) else {
            return self.park(write, actor.person, op, Reason::NotYours).await;
        };
        let sides = self.sides.get(&document).cloned().unwrap_or_default();
        let Some(shared) = sides.get(&Scope::shared(document)) else {
            return self.park(write, actor.person, op, Reason::NotYours).await;
        };
        let today = Date::from_unix_ms(self.now_ms);
        let number = log::next_reference(write, today.year).await?;
        let internal = sides.get(&Scope::internal(document)).cloned().unwrap_or_default();
        // The rules are asked only about a version; nobody else pays for looking at the other documents.
        let keeps = holder.form.is_some_and(|form| form.workflow.action_does(command.action, Deed::Version));
        let others = keeps.then(|| self.others(document));
        let facts = Facts { others, ..Facts::on(today) };
        let with = Circumstances {
            now_ms: self.now_ms,
            seq: self.head + 1,
            next_reference: number,
            facts,
            internal: &internal,
        };
        match execute(actor, op, command, shared, &holder, &with) {
            Err(reason) => self.park(write, actor.person, op, reason).await,
            Ok(effects) => {
                touched.insert(document);
                if let Err(reason) = self.adopt(write, actor, document, &effects.adopt).await? {
                    return self.park(write, actor.person, op, reason).await;
                }
                let seq = self.accept(write, actor.person, op).await?;
                for (scope, body) in effects.writes {
                    self.write_own(write, op, scope, &body).await?;
                }
                if effects.used_reference {
                    log::use_reference(write, today.year, number).await?;
                }
                Ok(Outcome::Accepted(seq))
            }
        }
    }

    /// Returns the other documents of the same authority, for the rules of this one's form.
    fn others(&self, document: DocumentId) -> Vec<Other> {
        let Some(authority) = self.envelopes.get(&document).map(|envelope| envelope.authority) else {
            return Vec::new();
        };
        self.ledger.look(|committed| {
            let same = committed.of_authority(authority).filter(|other| other.id != document);
            same.filter_map(|other| other.summary.as_other()).collect()
        })
    }

    /// Writes an operation of the server's own.
    pub(super) async fn write_own(
        &mut self,
        write: &mut SqliteConnection,
        cause: &Op,
        scope: Scope,
        body: &Body,
    ) -> Result<(), StoreError> {
        let counter = self.acked(SERVER_REPLICA, SERVER).unwrap_or(0) + 1;
        let (kind, payload) = body.encode();
        let op = Op {
            id: OpId { replica: SERVER_REPLICA, counter },
            scope,
            lamport: cause.lamport.saturating_add(1),
            observed: self.head,
            wall_ms: self.now_ms,
            kind,
            payload,
        };
        log::set_acked(write, SERVER_REPLICA, SERVER, counter).await?;
        self.acked.insert(SERVER_REPLICA, (SERVER, counter));
        self.accept(write, SERVER, &op).await.map(|_| ())
    }

    async fn accept(&mut self, write: &mut SqliteConnection, author: PersonId, op: &Op) -> Result<u64, StoreError> {
        self.head += 1;
        let seq = self.head;
        log::add(write, op, author, self.now_ms, Outcome::Accepted(seq)).await?;
        self.fold_in(&Entry { seq, author, received_ms: self.now_ms, op: op.clone() });
        Ok(seq)
    }

    async fn park(
        &mut self,
        write: &mut SqliteConnection,
        author: PersonId,
        op: &Op,
        reason: Reason,
    ) -> Result<Outcome, StoreError> {
        let outcome = Outcome::Parked(reason as u8);
        log::add(write, op, author, self.now_ms, outcome).await?;
        Ok(outcome)
    }

    pub(super) fn fold_in(&mut self, entry: &Entry) {
        if let Some(envelope) = self.envelopes.get_mut(&entry.op.scope.document) {
            envelope.size.grow(&entry.op);
        }
        self.lamport = followed(entry.op.lamport, self.lamport);
        let sides = self.sides.entry(entry.op.scope.document).or_default();
        let side = sides.entry(entry.op.scope).or_default();
        Arc::make_mut(side).apply(entry);
    }

    /// Takes a copy of what is committed of a document, once per transaction.
    async fn load(&mut self, write: &mut SqliteConnection, document: DocumentId) -> Result<(), StoreError> {
        if self.sides.contains_key(&document) {
            return Ok(());
        }
        let (envelope, folded) =
            self.ledger.look(|committed| (committed.envelopes.get(&document).cloned(), committed.folded.get(document)));
        let sides = match (folded, &envelope) {
            (Some(folded), _) => Sides::clone(&folded),
            (None, Some(_)) => super::fold(log::scopes(write, document).await?),
            (None, None) => Sides::new(),
        };
        self.sides.insert(document, sides);
        self.envelopes.extend(envelope.map(|envelope| (document, envelope)));
        Ok(())
    }
}

fn note_parked(judged: &mut Judged, id: OpId, outcome: Outcome) {
    if let Outcome::Parked(reason) = outcome
        && let Some(reason) = Reason::from_number(reason)
    {
        judged.parked.push(Parked { counter: id.counter, reason });
    }
}
