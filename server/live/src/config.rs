//! What the owner of the live door may set.

use crate::clock::Clock;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Settings of the live door.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the one UDP socket binds; port 0 lets the system choose.
    pub udp: SocketAddr,
    /// The addresses told to browsers as ICE host candidates, best first.
    /// Empty: the bound address, or for a wildcard loopback and the machine's
    /// own address. Behind NAT name the public address here.
    pub public_addresses: Vec<IpAddr>,
    /// Rooms that may be published into at once.
    pub max_publishers: usize,
    /// Viewers in one room.
    pub max_viewers: usize,
    /// Viewers in all rooms together.
    pub max_viewers_total: usize,
    /// The wall clock that tickets expire by; the machine's unless set.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            udp: SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0),
            public_addresses: Vec::new(),
            max_publishers: 50,
            max_viewers: 500,
            max_viewers_total: 2_000,
            clock: Clock::default(),
        }
    }
}

impl Config {
    /// The host candidates for a socket bound at `bound`.
    pub(crate) fn candidates(&self, bound: SocketAddr) -> Vec<SocketAddr> {
        let mut addresses = self.public_addresses.clone();
        if addresses.is_empty() && !bound.ip().is_unspecified() {
            addresses.push(bound.ip());
        }
        if addresses.is_empty() {
            addresses.extend(own_address());
            addresses.push(Ipv4Addr::LOCALHOST.into());
        }
        addresses.dedup();
        addresses
            .into_iter()
            .map(|ip| SocketAddr::new(ip, bound.port()))
            .collect()
    }
}

/// The address this machine would speak from. Connecting a UDP socket sends
/// nothing: it only asks the routing table (192.0.2.1 is reserved for
/// documentation, RFC 5737).
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_public_address_is_the_only_candidate() {
        let config = Config {
            public_addresses: vec!["203.0.113.7".parse().unwrap()],
            ..Config::default()
        };
        assert_eq!(
            config.candidates("0.0.0.0:4000".parse().unwrap()),
            ["203.0.113.7:4000".parse::<SocketAddr>().unwrap()]
        );
    }

    #[test]
    fn a_wildcard_always_offers_loopback() {
        let found = Config::default().candidates("0.0.0.0:4000".parse().unwrap());
        assert!(found.contains(&"127.0.0.1:4000".parse().unwrap()));
        assert!(found.iter().all(|c| !c.ip().is_unspecified()));
    }

    #[test]
    fn a_bound_address_speaks_for_itself() {
        let bound = "127.0.0.1:4000".parse().unwrap();
        assert_eq!(Config::default().candidates(bound), [bound]);
    }
}
