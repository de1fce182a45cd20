//! The Relais server as a library: open it, get its router, serve it.
//!
//! Reading order: `config` → `router` → `routes` → `account` → `store`; then what stands around
//! them: `error`, `headers`, `observe`, `listen`. Merge and workflow rules are in `shared`.

pub mod account;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod demo;
pub mod error;
mod headers;
mod json;
pub mod ledger;
pub mod listen;
pub mod metrics;
mod observe;
mod packing;
pub mod passwords;
pub mod peer;
mod router;
mod routes;
pub mod sessions;
pub mod store;
pub mod throttle;

use std::ops::Deref;
use std::sync::Arc;

use crate::client::{Client, ClientError};
use crate::config::Config;
use crate::ledger::{Ledger, Writer};
use crate::metrics::Metrics;
use crate::observe::RequestIds;
use crate::packing::Packer;
use crate::passwords::Passwords;
use crate::routes::health::Readiness;
use crate::store::{OpenError, Store};
use crate::throttle::SignInThrottle;

pub use crate::router::router;

/// One running server; clones share everything.
#[derive(Clone, Debug)]
pub struct Server(Arc<Parts>);

/// What handlers reach through `Server`.
#[derive(Debug)]
pub struct Parts {
    /// The settings it was opened with, clock and randomness among them.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// What is committed, folded in memory.
    pub ledger: Ledger,
    /// Takes pushes to the disk.
    pub writer: Writer,
    /// Makes and checks password hashes.
    pub passwords: Passwords,
    /// Slows down guessing.
    pub throttle: SignInThrottle,
    /// The files of the client.
    pub client: Client,
    /// What is counted.
    pub metrics: Metrics,
    request_ids: RequestIds,
    packer: Packer,
    readiness: Readiness,
}

impl Deref for Server {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Opens the database and loads the client.
pub async fn open(config: Config) -> Result<Server, StartError> {
    let store = Store::open(&config.storage, &config.entropy).await.map_err(StartError::Store)?;
    let client = Client::load(&config.client).map_err(StartError::Client)?;
    let request_ids =
        RequestIds::starting_at(config.entropy.number().map_err(OpenError::NoEntropy).map_err(StartError::Store)?);
    let ledger = Ledger::open(store.clone()).await.map_err(|error| StartError::Store(OpenError::Store(error)))?;
    let writer = Writer::start(ledger.clone(), store.clone(), config.clock.clone());
    Ok(Server(Arc::new(Parts {
        store,
        ledger,
        writer,
        client,
        config,
        passwords: Passwords::default(),
        throttle: SignInThrottle::default(),
        metrics: Metrics::default(),
        request_ids,
        packer: Packer::default(),
        readiness: Readiness::default(),
    })))
}

/// Why the server cannot start.
#[derive(Debug)]
pub enum StartError {
    /// The database cannot be used.
    Store(OpenError),
    /// The client's files cannot be read.
    Client(ClientError),
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}
