//! An authority of our own, for one house: phones that have taken it in trust this machine's
//! certificate without a warning. It is kept, so that they need not do so again after a restart; the
//! certificate itself is made anew whenever the machine's addresses change, and every month.
//!
//! The authority can sign for private addresses and `.local` names only (RFC 5280 §4.2.1.10): should
//! its key be stolen, nobody's bank is imitated with it.

use super::{Shelf, TlsError, kept};
use crate::timers::gone;
use market::Market;
use nix::ifaddrs::getifaddrs;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};
use time::OffsetDateTime;
use tokio::sync::watch;

/// How often the machine's addresses are looked at.
const LOOK: Duration = Duration::from_secs(60);
const MONTH: time::Duration = time::Duration::days(30);
/// Phones take no certificate that is valid for more than 398 days.
const VALID: time::Duration = time::Duration::days(90);
const AUTHORITY_VALID: time::Duration = time::Duration::days(3650);

/// The house's authority.
#[derive(Debug)]
pub(super) struct Lan {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Lan {
    /// The authority kept in `folder`; one is made when there is none.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn open(folder: &Path, now: OffsetDateTime) -> Result<Self, TlsError> {
        kept::folder(folder)?;
        let (key_file, pem_file) = (folder.join("authority.key"), folder.join("authority.pem"));
        if let (Some(key), Some(pem)) = (kept::read(&key_file)?, kept::read(&pem_file)?) {
            let issuer = Issuer::from_ca_cert_pem(&pem, KeyPair::from_pem(&key)?)?;
            return Ok(Self { issuer, pem });
        }
        let key = KeyPair::generate()?;
        let params = authority(now)?;
        let pem = params.self_signed(&key)?.pem();
        kept::write(&key_file, key.serialize_pem().as_bytes())?;
        kept::write(&pem_file, pem.as_bytes())?;
        let issuer = Issuer::new(params, key);
        Ok(Self { issuer, pem })
    }

    /// The authority's certificate, for phones to take in.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate chain and key for `names`, both PEM.
    fn issue(&self, names: &BTreeSet<String>, now: OffsetDateTime) -> Result<(String, String), TlsError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>())?;
        params.distinguished_name = named("田头 Tiantou");
        params.not_before = now - time::Duration::days(1);
        params.not_after = now + VALID;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&key, &self.issuer)?;
        Ok((format!("{}{}", leaf.pem(), self.pem), key.serialize_pem()))
    }

    /// Puts a certificate for this machine on the shelf, and renews it until the server goes.
    ///
    /// # Errors
    /// When none can be made.
    pub(crate) fn keep(
        self: Arc<Self>,
        shelf: Arc<Shelf>,
        listening: IpAddr,
        market: Market,
        mut closing: watch::Receiver<bool>,
    ) -> Result<impl Future<Output = ()> + Send, TlsError> {
        let (mut known, mut made) = (names(listening), now(&market));
        let (chain, key) = self.issue(&known, made)?;
        shelf.put(chain.as_bytes(), key.as_bytes())?;
        Ok(async move {
            loop {
                tokio::select! {
                    () = gone(&mut closing) => return,
                    () = tokio::time::sleep(LOOK) => {}
                }
                let (found, now) = (names(listening), now(&market));
                if found == known && now < made + MONTH {
                    continue;
                }
                let issued = self.issue(&found, now);
                match issued.and_then(|(chain, key)| shelf.put(chain.as_bytes(), key.as_bytes())) {
                    Ok(()) => (known, made) = (found, now),
                    Err(error) => tracing::error!(%error, "no certificate for the new addresses"),
                }
            }
        })
    }
}

pub(super) fn now(market: &Market) -> OffsetDateTime {
    let seconds = market.now().0 / 1000;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

fn authority(now: OffsetDateTime) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = named("田头 Tiantou (LAN)");
    params.not_before = now - time::Duration::days(1);
    params.not_after = now + AUTHORITY_VALID;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let private = PRIVATE
        .iter()
        .map(|(network, bits)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*network, *bits)));
    let names = ["localhost", "local"].map(|name| GeneralSubtree::DnsName(name.into()));
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: private.chain(names).collect(),
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

const fn v4(a: u8, b: u8) -> IpAddr {
    IpAddr::V4(std::net::Ipv4Addr::new(a, b, 0, 0))
}

const fn v6(first: u16, last: u16) -> IpAddr {
    IpAddr::V6(std::net::Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, last))
}

/// Addresses that mean a machine nearby: RFC 1918, RFC 3927, RFC 6598, RFC 4193, loopback.
const PRIVATE: [(IpAddr, u8); 8] = [
    (v4(10, 0), 8),
    (v4(172, 16), 12),
    (v4(192, 168), 16),
    (v4(169, 254), 16),
    (v4(100, 64), 10),
    (v4(127, 0), 8),
    (v6(0xfc00, 0), 7),
    (v6(0, 1), 128),
];

fn is_near(address: IpAddr) -> bool {
    let within = |network: IpAddr, bits: u8| match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => (a.to_bits() ^ n.to_bits()).leading_zeros() >= u32::from(bits),
        (IpAddr::V6(a), IpAddr::V6(n)) => (a.to_bits() ^ n.to_bits()).leading_zeros() >= u32::from(bits),
        _ => false,
    };
    PRIVATE.iter().any(|(network, bits)| within(*network, *bits))
}

/// This machine's addresses in the house, without loopback.
fn own_addresses() -> BTreeSet<IpAddr> {
    let found = getifaddrs().into_iter().flatten();
    let addresses = found.filter_map(|interface| {
        let address = interface.address?;
        let v4 = address.as_sockaddr_in().map(|at| IpAddr::V4(at.ip()));
        v4.or_else(|| address.as_sockaddr_in6().map(|at| IpAddr::V6(at.ip())))
    });
    addresses.filter(|ip| is_near(*ip) && !ip.is_loopback()).collect()
}

/// Where phones in the house reach a server that listens at `listening`, best first.
pub(crate) fn addresses(listening: IpAddr) -> Vec<IpAddr> {
    if !listening.is_unspecified() {
        return vec![listening];
    }
    let (v4, v6): (Vec<_>, Vec<_>) = own_addresses().into_iter().partition(IpAddr::is_ipv4);
    let mut all = [v4, v6].concat();
    if all.is_empty() {
        all.push(std::net::Ipv4Addr::LOCALHOST.into());
    }
    all
}

/// What the certificate is for.
fn names(listening: IpAddr) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = addresses(listening).iter().map(IpAddr::to_string).collect();
    names.extend(["localhost", "127.0.0.1", "::1"].map(String::from));
    let host = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    let short = host.iter().filter_map(|name| name.split('.').next());
    let plain = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    names.extend(short.filter(plain).map(|name| format!("{name}.local")));
    names
}

/// The address to type into a phone.
pub(crate) fn origin(http: SocketAddr) -> String {
    let address = addresses(http.ip()).first().copied().unwrap_or(http.ip());
    format!("https://{}", SocketAddr::new(address, http.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far_addresses_are_told_apart() {
        for near in ["10.1.2.3", "172.31.0.1", "192.168.1.5", "127.0.0.2", "::1", "fd00::7"] {
            assert!(is_near(near.parse().expect("an address")), "{near}");
        }
        for far in ["8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1", "128.0.0.1"] {
            assert!(!is_near(far.parse().expect("an address")), "{far}");
        }
    }
}
