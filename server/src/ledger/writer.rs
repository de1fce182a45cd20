//! The one writer: pushes wait in a queue, are committed in groups, and are answered after the disk
//! has them.

use std::sync::Arc;

use shared::op::Op;
use shared::permission::Actor;
use tokio::sync::{mpsc, oneshot};

use super::Ledger;
use super::push::{Fate, Judged, Working};
use crate::clock::Clock;
use crate::store::{Store, StoreError, meta};

/// Most pushes in one transaction.
const GROUP_PUSHES_MAX: usize = 64;
/// Most pushes waiting; beyond it a device is asked to come back.
const QUEUE_PUSHES_MAX: usize = 1_024;

/// What came of a push that is on the disk.
pub type Pushed = Judged;

struct Job {
    actor: Actor,
    ops: Vec<Op>,
    answer: oneshot::Sender<Result<Judged, StoreError>>,
}

/// Hands pushes to the writer.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the writer of `ledger`. It ends when every `Writer` is gone.
    #[must_use]
    pub fn start(ledger: Ledger, store: Store, clock: Clock) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_PUSHES_MAX);
        let running = tokio::spawn(run(ledger, store, clock, jobs));
        tokio::spawn(async move {
            if let Err(error) = running.await {
                tracing::error!(%error, "the writer ended: nothing is taken any more; start the server anew");
            }
        });
        Self { queue }
    }

    /// Returns whether pushes can still be written down.
    #[must_use]
    pub fn runs(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Writes a push down and returns once it is durable.
    ///
    /// # Errors
    /// The disk could not take it; what was not kept may be sent again.
    pub async fn push(&self, actor: Actor, ops: Vec<Op>) -> Result<Judged, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Job { actor, ops, answer }).map_err(|_| StoreError::Busy)?;
        answered.await.map_err(|_| StoreError::Busy)?
    }
}

type Asked = (Actor, Vec<Op>);

async fn run(ledger: Ledger, store: Store, clock: Clock, mut jobs: mpsc::Receiver<Job>) {
    let scribe = Scribe { ledger, store, clock };
    let mut group = Vec::with_capacity(GROUP_PUSHES_MAX);
    while jobs.recv_many(&mut group, GROUP_PUSHES_MAX).await > 0 {
        let (asked, answers): (Vec<_>, Vec<_>) = group.drain(..).map(|job| ((job.actor, job.ops), job.answer)).unzip();
        for (answer, outcome) in answers.into_iter().zip(scribe.group(asked).await) {
            // A device that hung up meanwhile asks again and finds the same outcome.
            let _ = answer.send(outcome);
        }
    }
}

/// Writes pushes down: together where it can, apart where something in one of them cannot be written.
struct Scribe {
    ledger: Ledger,
    store: Store,
    clock: Clock,
}

impl Scribe {
    async fn group(&self, asked: Vec<Asked>) -> Vec<Result<Judged, StoreError>> {
        let pushes = asked.len();
        match self.commit(&asked, Fate::Judged).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) if error.passes() => {
                tracing::error!(%error, pushes, "a group of pushes was not written");
                asked.iter().map(|_| Err(StoreError::Busy)).collect()
            }
            Err(error) => {
                tracing::error!(%error, pushes, "something in a group of pushes cannot be written");
                let mut outcomes = Vec::with_capacity(pushes);
                for push in asked {
                    outcomes.push(self.one_by_one(push).await);
                }
                outcomes
            }
        }
    }

    /// Writes a push operation by operation, so that the one that cannot be written is the only one
    /// put aside: its device would otherwise send it for ever.
    async fn one_by_one(&self, (actor, ops): Asked) -> Result<Judged, StoreError> {
        let mut judged = Judged::default();
        for op in ops {
            let alone = [(actor, vec![op])];
            let outcome = match self.commit(&alone, Fate::Judged).await {
                Err(error) if !error.passes() => {
                    tracing::error!(%error, op = ?alone[0].1[0].id, "an operation cannot be written and is put aside");
                    self.commit(&alone, Fate::PutAside).await
                }
                outcome => outcome,
            };
            outcome?.into_iter().for_each(|one| judged.add(one));
            if judged.forked_at.is_some() {
                break;
            }
        }
        Ok(judged)
    }

    /// Judges and writes a group in one transaction; publishes it once it is on the disk.
    async fn commit(&self, group: &[Asked], fate: Fate) -> Result<Vec<Judged>, StoreError> {
        let mut write = self.store.write().await?;
        let mut working = Working::new(&self.ledger, self.clock.now_ms(), fate);
        let mut outcomes = Vec::with_capacity(group.len());
        for (actor, ops) in group {
            outcomes.push(working.push(&mut write, actor, ops).await?);
        }
        meta::set_lamport(&mut write, working.lamport).await?;
        meta::set_head(&mut write, working.head).await?;
        write.commit().await?;
        let Working { head, lamport, mut sides, envelopes, acked, .. } = working;
        self.ledger.change(|committed| {
            committed.head = head;
            committed.lamport = lamport;
            let documents: Vec<_> = envelopes.keys().copied().collect();
            envelopes.into_values().for_each(|envelope| committed.put_envelope(envelope));
            for document in documents {
                if let Some(sides) = sides.remove(&document) {
                    committed.keep_folded(document, Arc::new(sides));
                }
            }
            committed.replicas.extend(acked);
        });
        Ok(outcomes)
    }
}
