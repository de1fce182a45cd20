//! The settings of a server, read once at start. `main` fills them in from the command line and
//! the environment; tests fill them in directly.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::client::ClientFiles;
use crate::clock::{Clock, Entropy};
use crate::store::Storage;

/// Within what time the body of a JSON call has to be there: it is short, on any line.
const JSON_BODY_WITHIN: Duration = Duration::from_secs(30);
/// Most connections of one address: ten people behind one router, and no way to take all places.
const CONNECTIONS_PER_PEER_MAX: usize = 64;

/// The settings of one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the database is.
    pub storage: Storage,
    /// Where the client's files are.
    pub client: ClientFiles,
    /// Sends session cookies over plain HTTP to any host, for trials on a closed network.
    pub insecure_cookies: bool,
    /// Proxies whose `X-Forwarded-For` is believed, besides the machine itself.
    pub trusted_proxies: Vec<IpAddr>,
    /// Within what time the body of a JSON call has to be there.
    pub json_body_within: Duration,
    /// Most connections of one address that is neither this machine nor a trusted proxy.
    pub connections_per_peer: usize,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where random numbers come from.
    pub entropy: Entropy,
}

impl Config {
    /// Keeps data in `folder`, serves the embedded client, uses the machine's clock and randomness.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self::with_storage(Storage::Folder(folder.into()))
    }

    /// Keeps data in memory, for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::with_storage(Storage::Memory)
    }

    fn with_storage(storage: Storage) -> Self {
        Self {
            storage,
            client: ClientFiles::Embedded,
            insecure_cookies: false,
            trusted_proxies: Vec::new(),
            json_body_within: JSON_BODY_WITHIN,
            connections_per_peer: CONNECTIONS_PER_PEER_MAX,
            clock: Clock::system(),
            entropy: Entropy::system(),
        }
    }
}
