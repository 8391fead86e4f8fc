//! DTLS with one viewer, and the keys that come of it (RFC 5764).

use super::identity::Identity;
use super::seal::{Gcm, Seal};
use crate::repeats::Repeats;
use bytes::BytesMut;
use rtc::crypto::RTCCrypto;
use rtc::dtls::config::HandshakeConfig;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::dtls::state::State;
use rtc::shared::TransportProtocol;
use rtc::shared::error::{Error, Result};
use rtc::srtp::config::{Config, LABEL_EXTRACTOR_DTLS_SRTP};
use rtc::srtp::context::Context;
use rtc::srtp::option::srtcp_replay_protection;
use rtc::srtp::protection_profile::ProtectionProfile;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

/// What the endpoint calls the other side. ICE decides where datagrams go, so
/// that a viewer may move without the association noticing.
const OTHER_SIDE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);
const REPLAY_WINDOW: usize = 64;
/// What one session may send of its handshake, repeats included. The stack keeps fragments of messages
/// before anybody is known, walks them for each that comes, and counts empty ones as nothing.
const MOST_RECORDS: usize = 512;
const MOST_BYTES: usize = 64 * 1024;
/// RFC 6347 §4.1.
const RECORD_HEADER: usize = 13;

/// The keys of one viewer.
pub(super) struct Keys {
    pub(super) seal: Seal,
    /// SRTCP out and in.
    pub(super) control_out: Context,
    pub(super) control_in: Context,
}

/// What a datagram of the handshake led to.
pub(super) enum Step {
    /// Nothing yet.
    On,
    /// Both sides have their keys.
    Keyed(Box<Keys>),
    /// The other side said goodbye.
    Closed,
}

pub(super) struct Handshake {
    endpoint: Endpoint,
    /// Not yet begun by us, who begin it.
    begins: Option<Arc<HandshakeConfig>>,
    repeats: Option<Repeats>,
    /// Nothing was heard yet, and our hello was not repeated out of turn.
    unheard: bool,
    /// Taken so far, against the limits.
    records: usize,
    bytes: usize,
}

impl Handshake {
    /// With whom shows the certificate `theirs` is the SHA-256 of. `server`:
    /// the other side begins.
    ///
    /// # Errors
    /// When the settings do not fit each other.
    pub(super) fn new(identity: &Identity, server: bool, theirs: &str) -> Result<Self> {
        let config = identity.config(!server, theirs)?;
        let (waits, begins) = if server {
            (Some(config), None)
        } else {
            (None, Some(config))
        };
        Ok(Self {
            endpoint: Endpoint::new(OTHER_SIDE, TransportProtocol::UDP, waits),
            begins,
            repeats: Some(Repeats::default()),
            unheard: true,
            records: 0,
            bytes: 0,
        })
    }

    /// Whether the other side has not had its share yet.
    fn admits(&mut self, datagram: &[u8]) -> bool {
        self.bytes = self.bytes.saturating_add(datagram.len());
        let mut rest = datagram;
        while let Some((header, tail)) = rest.split_at_checked(RECORD_HEADER) {
            self.records = self.records.saturating_add(1);
            let length = usize::from(u16::from_be_bytes([header[11], header[12]]));
            rest = tail.get(length..).unwrap_or_default();
        }
        self.records <= MOST_RECORDS && self.bytes <= MOST_BYTES
    }

    /// There is a path: says hello, if that is up to us and was not done.
    pub(super) fn begin(&mut self, now: Instant) {
        if let Some(config) = self.begins.take()
            && let Err(error) = self.endpoint.connect(now, OTHER_SIDE, config, None)
        {
            tracing::debug!(%error, "no handshake");
        }
    }

    /// The other side has settled on the path, and may have dropped a hello
    /// that came before: once, it is repeated without waiting for its timer.
    pub(super) fn hurry(&mut self, now: Instant) {
        if std::mem::take(&mut self.unheard)
            && let Some(due) = self.next_timeout()
        {
            self.timeout(due.max(now));
        }
    }

    /// # Errors
    /// For what is no part of this handshake; the handshake goes on.
    pub(super) fn receive(&mut self, now: Instant, identity: &Identity, datagram: &[u8]) -> Result<Step> {
        if self.repeats.as_mut().is_some_and(|known| known.is_repeat(datagram)) || self.begins.is_some() {
            return Ok(Step::On);
        }
        if !self.admits(datagram) {
            return Ok(Step::On);
        }
        let events = self.endpoint.read(now, OTHER_SIDE, None, BytesMut::from(datagram))?;
        let mut step = Step::On;
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => {
                    let state = self.endpoint.get_connection_state(OTHER_SIDE);
                    let state = state.ok_or(Error::HandshakeInProgress)?;
                    step = Step::Keyed(Box::new(keys(state, identity.crypto())?));
                    // What is repeated now wants our last flight again.
                    self.repeats = None;
                }
                EndpointEvent::PeerClosed => step = Step::Closed,
                _ => {}
            }
        }
        Ok(step)
    }

    pub(super) fn timeout(&mut self, now: Instant) {
        // Fails while there is no association yet, and when it has given up.
        if let Err(error) = self.endpoint.handle_timeout(OTHER_SIDE, now) {
            tracing::trace!(%error, "handshake timer");
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Instant> {
        self.endpoint.poll_timeout(&OTHER_SIDE)
    }

    /// Says goodbye.
    pub(super) fn close(&mut self, now: Instant) {
        if let Err(error) = self.endpoint.close(now) {
            tracing::debug!(%error, "close failed");
        }
    }

    /// The next datagram to send.
    pub(super) fn poll(&mut self) -> Option<BytesMut> {
        self.endpoint.poll_transmit().map(|transmit| transmit.message)
    }
}

fn keys(state: &State, crypto: &dyn RTCCrypto) -> Result<Keys> {
    let profile = match state.srtp_protection_profile() {
        SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
        SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
        _ => return Err(Error::ErrNoSuchSrtpProfile),
    };
    let mut config = Config {
        profile,
        ..Config::default()
    };
    let length = config.keying_material_len();
    let material = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], length)?;
    config.set_session_keys_from_keying_material(material.as_ref(), state.is_client())?;
    let keys = &config.keys;
    let (key, salt) = (&keys.local_master_key, &keys.local_master_salt);
    let out = || Context::new(key, salt, profile, None, None, crypto);
    let seal = match profile {
        ProtectionProfile::AeadAes128Gcm => Seal::Gcm(Gcm::new(crypto, key, salt)?),
        _ => Seal::Other(Box::new(out()?)),
    };
    let replay = Some(srtcp_replay_protection(REPLAY_WINDOW));
    let (their_key, their_salt) = (&keys.remote_master_key, &keys.remote_master_salt);
    Ok(Keys {
        seal,
        control_out: out()?,
        control_in: Context::new(their_key, their_salt, profile, None, replay, crypto)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;
    use rtc::crypto::default_provider;
    use rtc::dtls::config::{ConfigBuilder, ExtendedMasterSecretType};

    /// A viewer's side that offers only `profiles`, made of the stack alone.
    fn other_side(identity: &Identity, profiles: Vec<SrtpProtectionProfile>) -> Endpoint {
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(&identity.provider))
            .with_certificates(vec![identity.certificate.clone()])
            .with_srtp_protection_profiles(profiles)
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .build(false, None)
            .unwrap();
        Endpoint::new(OTHER_SIDE, TransportProtocol::UDP, Some(Arc::new(config)))
    }

    /// Runs a handshake; the keys of our side, and what the other side exports.
    fn shake(profiles: Vec<SrtpProtectionProfile>, shown: Option<&str>) -> Option<(Keys, Vec<u8>, Config)> {
        let (now, ours, theirs) = (some_moment(), Identity::new().unwrap(), Identity::new().unwrap());
        let mut viewer = other_side(&theirs, profiles);
        let mut handshake = Handshake::new(&ours, false, shown.unwrap_or(theirs.fingerprint())).unwrap();
        handshake.begin(now);
        let mut keys = None;
        for _ in 0..10 {
            while let Some(datagram) = handshake.poll() {
                let _ = viewer.read(now, OTHER_SIDE, None, datagram);
            }
            while let Some(transmit) = viewer.poll_transmit() {
                if let Ok(Step::Keyed(made)) = handshake.receive(now, &ours, &transmit.message) {
                    keys = Some(*made);
                }
            }
        }
        let state = viewer.get_connection_state(OTHER_SIDE)?;
        let config = Config {
            profile: match state.srtp_protection_profile() {
                SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
                _ => ProtectionProfile::Aes128CmHmacSha1_80,
            },
            ..Config::default()
        };
        let length = config.keying_material_len();
        let exported = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], length);
        Some((keys?, exported.ok()?.as_ref().to_vec(), config))
    }

    #[test]
    fn a_viewer_opens_what_either_cipher_seals() {
        use SrtpProtectionProfile::{Srtp_Aead_Aes_128_Gcm, Srtp_Aes128_Cm_Hmac_Sha1_80};
        let both = [Srtp_Aes128_Cm_Hmac_Sha1_80, Srtp_Aead_Aes_128_Gcm];
        for (profiles, gcm) in [(&both[..1], false), (&both[1..], true), (&both[..], true)] {
            let (mut keys, exported, mut config) = shake(profiles.to_vec(), None).unwrap();
            assert_eq!(matches!(keys.seal, Seal::Gcm(_)), gcm, "{profiles:?}");
            config.set_session_keys_from_keying_material(&exported, false).unwrap();
            let (key, salt) = (&config.keys.remote_master_key, &config.keys.remote_master_salt);
            let provider = default_provider().unwrap();
            let mut open = Context::new(key, salt, config.profile, None, None, provider.crypto()).unwrap();
            let mut bytes = vec![0x80, 96, 0, 7, 0, 0, 0, 1, 0, 0, 0, 5];
            bytes.extend(b"a picture");
            assert!(keys.seal.seal(&mut bytes, 0, 12, 5, 7));
            assert_eq!(&open.decrypt_rtp(&bytes).unwrap()[12..], b"a picture");
        }
    }

    /// A record with a fragment of no length: the first message, said to be 65,535 bytes long.
    fn empty_fragment(number: u32, offset: u32) -> Vec<u8> {
        let mut record = vec![22, 0xfe, 0xfd, 0, 0, 0, 0];
        record.extend(number.to_be_bytes());
        record.extend([0, 12, 2, 0, 0xff, 0xff, 0, 0]);
        record.extend(&offset.to_be_bytes()[1..]);
        record.extend([0, 0, 0]);
        record
    }

    #[test]
    fn a_flood_of_fragments_reaches_the_stack_only_up_to_the_limit() {
        let (now, ours) = (some_moment(), Identity::new().unwrap());
        let mut handshake = Handshake::new(&ours, false, ours.fingerprint()).unwrap();
        handshake.begin(now);
        let mut admitted = 0;
        for datagram in 0..2_000_u32 {
            let first = datagram * 50;
            let bytes: Vec<u8> = (first..first + 50).flat_map(|n| empty_fragment(n, n + 1)).collect();
            let before = handshake.records;
            assert!(!matches!(handshake.receive(now, &ours, &bytes), Ok(Step::Keyed(_))));
            admitted += usize::from(handshake.records <= MOST_RECORDS && handshake.records > before);
        }
        assert_eq!(admitted, MOST_RECORDS / 50);
        let _ = handshake.receive(now, &ours, &empty_fragment(200_000, 0));
    }

    #[test]
    fn another_certificate_than_the_offer_named_gets_no_keys() {
        let gcm = vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm];
        let another = Identity::new().unwrap();
        assert!(shake(gcm, Some(another.fingerprint())).is_none());
    }
}
