//! The sync driver: carries the plans of `shared::sync` between the store and the network.
//!
//! Decides only when and how much is sent. What is sent and what a reply changes is planned in
//! `shared::sync`, so this loop runs the same in a browser, on a headless device and in the
//! simulator. Reads no clock and draws no random number.

mod answer;
mod backoff;
#[cfg(target_arch = "wasm32")]
pub mod browser;
mod pace;
pub mod scheduler;
#[cfg(test)]
pub(crate) mod tests;

use core::fmt;
use std::rc::Rc;

use shared::ids::ReplicaId;
use shared::op::to_bytes;
use shared::sync::outbox::{offer, offer_reads};
use shared::sync::rows::Rows;
use shared::sync::settle::{Settled, Unusable, settle, settle_reads};
use shared::sync::wire::{PROTOCOL, Reply, Request};

pub use self::answer::{Answer, TransportError, read_answer};
pub use self::backoff::Backoff;
pub use self::pace::Pace;
use crate::storage::{LocalStore, StoreError};

/// Most exchanges in one round; then whoever drives gets a turn, and starts another round.
pub const ROUNDS_MAX: usize = 32;

/// A way to the server.
#[expect(
    async_fn_in_trait,
    reason = "browser futures are never sent between threads; the simulator runs on one thread"
)]
pub trait Transport {
    /// Sends one request to `POST /sync`, packed above [`REQUEST_PACKED_ABOVE_BYTES`] where that is
    /// smaller, and returns the body of the answer, unpacked, which claims to be the server's.
    ///
    /// [`REQUEST_PACKED_ABOVE_BYTES`]: shared::sync::wire::REQUEST_PACKED_ABOVE_BYTES
    ///
    /// # Errors
    /// There is no such answer; whether the server took the request is then unknown.
    async fn exchange(&self, body: Vec<u8>) -> Result<Exchanged, TransportError>;
}

/// What one exchange brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// The body of the answer.
    pub answer: Vec<u8>,
    /// How many bytes the body of the request was as it crossed the line.
    pub sent_bytes: usize,
}

/// Why a round did not end well. Nothing written on the device is touched by any of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncError {
    /// The server was not reached, or did not answer as hoped.
    Transport(TransportError),
    /// The device's own store did not do its part.
    Store(StoreError),
    /// The store has no device row: it was erased.
    Erased,
}

impl From<TransportError> for SyncError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl From<StoreError> for SyncError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Erased => f.write_str("What this device had kept was erased."),
        }
    }
}

impl core::error::Error for SyncError {}

/// What people are told of sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing to do: what could be sent was.
    Idle,
    /// An exchange is under way.
    Syncing,
    /// The server cannot be reached.
    Offline,
    /// Something answers in the server's name: a sign-in page of a network, a broken proxy.
    Impostor,
    /// Sync waits until the person signs in again.
    SignedOut,
    /// The server asked to wait.
    Busy,
    /// This version of the program is too old for the server.
    TooOld,
    /// The server would not read what it was sent; for the people who keep the portal.
    Refused(u16),
    /// The device's own store fails.
    StoreFault(StoreError),
    /// The store was erased while in use.
    Erased,
}

impl SyncError {
    /// Returns what people are told of it.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Transport(TransportError::Offline) => Status::Offline,
            Self::Transport(TransportError::Impostor) => Status::Impostor,
            Self::Transport(TransportError::SignedOut) => Status::SignedOut,
            Self::Transport(TransportError::Busy { .. }) => Status::Busy,
            Self::Transport(TransportError::TooOld) => Status::TooOld,
            Self::Transport(TransportError::Refused(code)) => Status::Refused(*code),
            Self::Store(error) => Status::StoreFault(error.clone()),
            Self::Erased => Status::Erased,
        }
    }

    /// Returns how long the server asked to wait, in milliseconds.
    #[must_use]
    pub const fn retry_after_ms(&self) -> u64 {
        match self {
            Self::Transport(TransportError::Busy { retry_after_s: Some(seconds) }) => seconds.saturating_mul(1000),
            _ => 0,
        }
    }
}

/// Is called with what an exchange came to.
pub type OnChange = Rc<dyn Fn(&Settled)>;

/// Syncs one store over one transport.
pub struct Driver<S, T> {
    store: S,
    transport: T,
    pace: Pace,
    on_change: Option<OnChange>,
}

impl<S, T> fmt::Debug for Driver<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("pace", &self.pace).finish_non_exhaustive()
    }
}

impl<S: LocalStore, T: Transport> Driver<S, T> {
    /// Returns a driver that starts with small exchanges.
    #[must_use]
    pub fn new(store: S, transport: T) -> Self {
        Self { store, transport, pace: Pace::default(), on_change: None }
    }

    /// Lets `on_change` learn of every exchange that changed documents, however the round ends.
    pub fn on_change(&mut self, on_change: OnChange) {
        self.on_change = Some(on_change);
    }

    /// Exchanges with the server until nothing is left to send or fetch, or [`ROUNDS_MAX`] is
    /// reached. `fresh` is a new random replica name, used only if this store turns out to be a
    /// copy; every round needs another one.
    ///
    /// # Errors
    /// The round broke off. What earlier exchanges of it settled is stored; calling again goes on.
    pub async fn round(&mut self, fresh: ReplicaId) -> Result<Settled, SyncError> {
        let mut total = Settled { more: true, ..Settled::default() };
        for _ in 0..ROUNDS_MAX {
            let request = self.offer().await?;
            if !total.more && request.ops.is_none() {
                break;
            }
            let (settled, taken) = self.exchange(&request, fresh).await?;
            add(&mut total, settled);
            // The fresh name is used up by a fork; a push that was not taken is for another time.
            if total.forked || !(total.more || taken) {
                break;
            }
        }
        Ok(total)
    }

    /// Makes one exchange and returns what came of it, and whether all that was pushed was taken.
    async fn exchange(&mut self, request: &Request, fresh: ReplicaId) -> Result<(Settled, bool), SyncError> {
        let reply = match self.ask(request).await {
            Ok(reply) => reply,
            Err(error) => {
                self.pace.failed();
                return Err(error.into());
            }
        };
        let settled = self.settle(request, &reply, fresh).await?;
        // At once: should the rest of the round fail, nobody goes on writing over what they do not see.
        if let Some(on_change) = &self.on_change
            && !settled.touched.is_empty()
        {
            on_change(&settled);
        }
        let taken =
            request.ops.as_ref().is_some_and(|push| reply.acked + 1 >= push.first_counter + push.ops.len() as u64);
        Ok((settled, taken))
    }

    /// Plans the next request and notes that its operations are about to be sent.
    async fn offer(&self) -> Result<Request, SyncError> {
        let (push_bytes, pull_bytes) = (self.pace.push_bytes(), self.pace.pull_bytes());
        let plan = |rows: &Rows| match offer(rows, push_bytes, pull_bytes) {
            Some((writes, request)) => ((!writes.rows.is_empty()).then_some(writes), Some(request)),
            None => (None, None),
        };
        self.store.transact(offer_reads(), plan).await?.ok_or(SyncError::Erased)
    }

    async fn ask(&mut self, request: &Request) -> Result<Reply, TransportError> {
        let body = to_bytes(request);
        let bytes = body.len();
        let Exchanged { answer, sent_bytes } = self.transport.exchange(body).await?;
        let reply = Reply::from_body(&answer).map_err(|_| TransportError::Impostor)?;
        if reply.protocol != PROTOCOL {
            return Err(TransportError::Impostor);
        }
        self.pace.succeeded(bytes, sent_bytes, reply.more);
        Ok(reply)
    }

    async fn settle(&self, request: &Request, reply: &Reply, fresh: ReplicaId) -> Result<Settled, SyncError> {
        let plan = |rows: &Rows| match settle(rows, request, reply, fresh) {
            Ok((writes, settled)) => (Some(writes), Ok(settled)),
            Err(unusable) => (None, Err(unusable)),
        };
        match self.store.transact(settle_reads(request, reply), plan).await? {
            Ok(settled) => Ok(settled),
            Err(Unusable::Overtaken) => Ok(Settled { more: true, ..Settled::default() }),
            Err(Unusable::NotOurs) => Err(TransportError::Impostor.into()),
            Err(Unusable::Wiped) => Err(SyncError::Erased),
        }
    }
}

/// Adds what one exchange came to; only the last one knows whether there is more.
fn add(total: &mut Settled, one: Settled) {
    total.more = one.more;
    total.touched.extend(one.touched);
    total.parked += one.parked;
    total.forked |= one.forked;
    total.restored |= one.restored;
    total.differed |= one.differed;
}
