//! The one writer: pushes wait in a queue, are committed in groups, and are answered after the disk
//! has them.

use std::sync::Arc;

use shared::op::Op;
use shared::permission::Actor;
use tokio::sync::{mpsc, oneshot};

use super::Ledger;
use super::push::{Judged, Working};
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
    /// The disk could not take it; nothing of it was kept, and it may be sent again.
    pub async fn push(&self, actor: Actor, ops: Vec<Op>) -> Result<Judged, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Job { actor, ops, answer }).map_err(|_| StoreError::Busy)?;
        answered.await.map_err(|_| StoreError::Busy)?
    }
}

async fn run(ledger: Ledger, store: Store, clock: Clock, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP_PUSHES_MAX);
    while jobs.recv_many(&mut group, GROUP_PUSHES_MAX).await > 0 {
        let (asked, answers): (Vec<_>, Vec<_>) = group.drain(..).map(|job| ((job.actor, job.ops), job.answer)).unzip();
        match commit(&ledger, &store, &clock, asked).await {
            Ok(outcomes) => {
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // A device that hung up meanwhile asks again and finds the same outcome.
                    let _ = answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                tracing::error!(%error, pushes = answers.len(), "a group of pushes was not written");
                for answer in answers {
                    let _ = answer.send(Err(StoreError::Busy));
                }
            }
        }
    }
}

/// Judges and writes a group in one transaction; publishes it once it is on the disk.
async fn commit(
    ledger: &Ledger,
    store: &Store,
    clock: &Clock,
    group: Vec<(Actor, Vec<Op>)>,
) -> Result<Vec<Judged>, StoreError> {
    let mut write = store.write().await?;
    let mut working = Working::new(ledger, clock.now_ms());
    let mut outcomes = Vec::with_capacity(group.len());
    for (actor, ops) in group {
        outcomes.push(working.push(&mut write, &actor, ops).await?);
    }
    meta::set_lamport(&mut write, working.lamport).await?;
    meta::set_head(&mut write, working.head).await?;
    write.commit().await?;
    let Working { head, lamport, sides, envelopes, acked, .. } = working;
    ledger.change(|committed| {
        committed.head = head;
        committed.lamport = lamport;
        for (document, sides) in sides {
            if envelopes.contains_key(&document) {
                committed.make_room();
                committed.folded.insert(document, Arc::new(sides));
            }
        }
        envelopes.into_values().for_each(|envelope| committed.put_envelope(envelope));
        committed.replicas.extend(acked);
    });
    Ok(outcomes)
}
