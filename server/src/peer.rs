//! Who is at the other end of a connection, and for whom a proxy asks.
//!
//! Knows neither connections nor routes.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::config::Config;

/// The header in which proxies say for whom they ask.
pub const FORWARDED_FOR: &str = "x-forwarded-for";

/// The other end of the connection a request came by.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Returns the address of the client: the one named last by a proxy that is trusted, or the peer.
    #[must_use]
    pub fn client(self, config: &Config, headers: &HeaderMap) -> IpAddr {
        let trusted = self.0.is_loopback() || config.trusted_proxies.contains(&self.0);
        let last = headers.get_all(FORWARDED_FOR).iter().next_back().and_then(|line| line.to_str().ok());
        let named = last.and_then(|line| line.rsplit(',').next()).and_then(|address| address.trim().parse().ok());
        named.filter(|_| trusted).unwrap_or(self.0)
    }
}

/// Returns what stands for everybody at an address: with IPv6 a household or a server has as many
/// addresses as it likes, all of one /64.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &str) -> String {
        let mut config = Config::in_memory();
        config.trusted_proxies = trusted.parse().into_iter().collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        Peer(peer.parse().unwrap()).client(&config, &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_what_it_added_itself() {
        assert_eq!(client("192.0.2.1", &[], ""), "192.0.2.1");
        assert_eq!(client("192.0.2.1", &["198.51.100.7"], ""), "192.0.2.1", "a client's own claim");
        assert_eq!(client("127.0.0.1", &["203.0.113.9, 198.51.100.7"], ""), "198.51.100.7");
        assert_eq!(client("::1", &["203.0.113.9", "2001:db8::7"], ""), "2001:db8::7");
        assert_eq!(client("10.0.0.2", &["198.51.100.7"], "10.0.0.2"), "198.51.100.7");
        assert_eq!(client("127.0.0.1", &["198.51.100.7, unknown"], ""), "127.0.0.1");
    }
}
