//! Takes connections and serves them: how many, how patiently, and how it ends.
//!
//! One loop over `hyper` rather than `axum::serve`, which sets no limit on reading headers and none
//! on the number of connections.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::peer::{Peer, network_of};
use crate::{Server, router};

/// Most connections open at a time; further ones wait in the system's queue. Each costs a file
/// descriptor and up to `HEADER_BYTES_MAX` of memory, so the process needs a limit of at least
/// 2,048 open files.
pub const CONNECTIONS_MAX: usize = 1024;
/// Longest time from the end of one request to the end of the next one's headers. Counts no body:
/// a slow upload is never cut by it.
const HEADER_SECONDS_MAX: u64 = 75;
/// Most bytes of headers.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// How long requests under way may take to finish once the server was told to stop.
const FINISH_SECONDS_MAX: u64 = 30;
/// Pause after the system refused a connection, e.g. for want of file descriptors.
const REFUSED_PAUSE: Duration = Duration::from_millis(200);

/// How many connections each peer has open. This machine and trusted proxies bring many people.
#[derive(Clone, Debug)]
struct PeerPlaces {
    most: usize,
    proxies: Arc<[IpAddr]>,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl PeerPlaces {
    fn new(most: usize, proxies: &[IpAddr]) -> Self {
        Self { most, proxies: proxies.into(), taken: Arc::default() }
    }

    /// Takes a place; `None` when the peer has as many as it may.
    fn take(&self, peer: IpAddr) -> Option<PeerPlace> {
        let peer = peer.to_canonical();
        let counted = (!peer.is_loopback() && !self.proxies.contains(&peer)).then(|| network_of(peer));
        if let Some(peer) = counted {
            let mut taken = locked(&self.taken);
            let places = taken.entry(peer).or_default();
            if *places >= self.most {
                return None;
            }
            *places += 1;
        }
        Some(PeerPlace { counted, taken: Arc::clone(&self.taken) })
    }
}

/// One connection of a peer, given back when dropped.
#[derive(Debug)]
struct PeerPlace {
    counted: Option<IpAddr>,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for PeerPlace {
    fn drop(&mut self) {
        let Some(peer) = self.counted else { return };
        let mut taken = locked(&self.taken);
        if let Some(places) = taken.get_mut(&peer) {
            *places -= 1;
            if *places == 0 {
                taken.remove(&peer);
            }
        }
    }
}

/// A panic while the lock was held cannot have left a number half changed.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How serving came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As asked.
    Stopped,
    /// The disk lost a write: start anew, so that the database recovers.
    Broken,
}

/// Serves until `stop` is ready or the disk breaks, then finishes what is under way.
pub async fn serve(server: Server, listener: TcpListener, stop: impl Future<Output = ()>) -> Ended {
    let store = server.store.clone();
    let acceptor = Acceptor::new(server);
    let ended = {
        let mut stop = pin!(stop);
        let mut broken = pin!(store.broken());
        loop {
            tokio::select! {
                () = &mut stop => break Ended::Stopped,
                () = &mut broken => break Ended::Broken,
                (stream, peer, permit) = acceptor.accept(&listener) => acceptor.open(stream, peer, permit),
            }
        }
    };
    drop(listener);
    let finished = tokio::time::timeout(Duration::from_secs(FINISH_SECONDS_MAX), acceptor.connections.shutdown()).await;
    if finished.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    ended
}

struct Acceptor {
    router: axum::Router,
    http: http1::Builder,
    places: Arc<Semaphore>,
    peers: PeerPlaces,
    connections: GracefulShutdown,
}

impl Acceptor {
    fn new(server: Server) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(HEADER_SECONDS_MAX))
            .max_buf_size(HEADER_BYTES_MAX);
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let peers = PeerPlaces::new(server.config.connections_per_peer, &server.config.trusted_proxies);
        Self { router: router(server), http, places, peers, connections: GracefulShutdown::new() }
    }

    async fn accept(&self, listener: &TcpListener) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
        // The semaphore is never closed, so there always is a permit.
        let permit = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return (stream, peer, permit),
                Err(error) => pause_after(&error).await,
            }
        }
    }

    fn open(&self, stream: TcpStream, peer: SocketAddr, permit: Option<OwnedSemaphorePermit>) {
        let Some(place) = self.peers.take(peer.ip()) else {
            tracing::debug!("a connection more than one address may have was not taken");
            return;
        };
        // Answers are written whole: waiting to fill packets would only add a round trip.
        let _ = stream.set_nodelay(true);
        let router = self.router.clone().layer(Extension(Peer(peer.ip().to_canonical())));
        let connection = self.http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        let connection = self.connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop((permit, place));
        });
    }
}

async fn pause_after(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(REFUSED_PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_peer_takes_no_more_than_its_places_and_gives_them_back() {
        let places = PeerPlaces::new(2, &[trusted()]);
        let peer: IpAddr = "192.0.2.1".parse().unwrap();
        let (first, second) = (places.take(peer), places.take(peer));
        assert!(first.is_some() && second.is_some());
        assert!(places.take(peer).is_none(), "full");
        assert!(places.take("192.0.2.2".parse().unwrap()).is_some(), "others are not concerned");
        drop(first);
        let again = places.take(peer);
        assert!(again.is_some());
        drop((second, again));
        assert!(locked(&places.taken).is_empty(), "nothing is remembered of who is gone");
    }

    #[test]
    fn this_machine_and_trusted_proxies_bring_many_people() {
        let places = PeerPlaces::new(2, &[trusted()]);
        for peer in ["127.0.0.1", "::1", "10.0.0.2"] {
            let taken: Vec<_> = (0..200).map(|_| places.take(peer.parse().unwrap())).collect();
            assert!(taken.iter().all(Option::is_some), "{peer}");
        }
    }

    #[test]
    fn one_household_of_ipv6_addresses_shares_its_places() {
        let places = PeerPlaces::new(2, &[]);
        let taken: Vec<_> = ["2001:db8::1", "2001:db8::2"].map(|peer| places.take(peer.parse().unwrap())).into();
        assert!(taken.iter().all(Option::is_some));
        assert!(places.take("2001:db8::3".parse().unwrap()).is_none());
        assert!(places.take("2001:db8:0:1::1".parse().unwrap()).is_some());
    }

    fn trusted() -> IpAddr {
        IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2))
    }
}
