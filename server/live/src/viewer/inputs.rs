//! What a stranger's bytes reach in here, for `crate::fuzz`.

use super::control;
use super::handshake::Handshake;
use super::identity::Identity;
use crate::id::IceCredentials;
use crate::path::Path;
use bytes::BytesMut;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rtc::crypto::default_provider;
#[cfg(test)]
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
#[cfg(test)]
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers};
#[cfg(test)]
use rtc::rtcp::{Packet, packet};
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME, RawAttribute};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, Message, Setter, TransactionId};
use rtc::stun::textattrs::TextAttribute;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

fn identity() -> &'static Arc<Identity> {
    static IDENTITY: OnceLock<Arc<Identity>> = OnceLock::new();
    IDENTITY.get_or_init(|| Arc::new(Identity::new().expect("a certificate can be made")))
}

/// STUN: a check, or an answer to one of ours.
pub(crate) fn read_check(now: Instant, own: &IceCredentials, from: SocketAddr, datagram: &[u8]) {
    let mut rng = StdRng::seed_from_u64(5);
    let every = Duration::from_secs(5);
    let mut path = Path::new(Arc::clone(identity()), now, own.clone(), own.clone(), every, &mut rng);
    let _ = path.receive(now, from, datagram);
}

/// Opened RTCP.
pub(crate) fn read_control(opened: &[u8]) {
    let _ = control::read(Duration::from_secs(1), &mut BytesMut::from(opened));
}

/// DTLS, datagram by datagram, with the server in either role.
pub(crate) fn read_handshake<'a>(begun: Instant, server: bool, datagrams: impl Iterator<Item = &'a [u8]>) {
    let ours = identity();
    let Ok(mut handshake) = Handshake::new(ours, server, ours.fingerprint()) else {
        return;
    };
    let mut now = begun;
    handshake.begin(now);
    for datagram in datagrams {
        let _ = handshake.receive(now, ours, datagram);
        while handshake.poll().is_some() {}
        now += Duration::from_millis(400);
        handshake.timeout(now);
    }
}

/// A check in good order by who knows `password`.
pub(crate) fn good_check(name: &str, password: &str, nominates: bool) -> Vec<u8> {
    let provider = default_provider().expect("there is a provider");
    let integrity = MessageIntegrity::new_short_term_integrity_with_provider(password.into(), provider.crypto());
    let mut parts: Vec<Box<dyn Setter + '_>> = vec![
        Box::new(TransactionId([5; 12])),
        Box::new(BINDING_REQUEST),
        Box::new(TextAttribute::new(ATTR_USERNAME, format!("{name}:other"))),
    ];
    if nominates {
        parts.push(Box::new(RawAttribute {
            typ: ATTR_USE_CANDIDATE,
            ..RawAttribute::default()
        }));
    }
    parts.push(Box::new(integrity));
    parts.push(Box::new(FINGERPRINT));
    let mut message = Message::new();
    message.build(&parts).expect("a check can be written");
    message.raw
}

/// RTCP that a viewer sends.
#[cfg(test)]
pub(crate) fn good_control() -> Vec<u8> {
    let nack = TransportLayerNack {
        sender_ssrc: 1,
        media_ssrc: 9,
        nacks: nack_pairs_from_sequence_numbers(&[3, 4, 9, 400]),
    };
    let pli = PictureLossIndication {
        sender_ssrc: 1,
        media_ssrc: 9,
    };
    let messages: [Box<dyn Packet>; 2] = [Box::new(nack), Box::new(pli)];
    packet::marshal(&messages).expect("it can be written").to_vec()
}

/// The datagrams of a whole handshake that the DTLS server, or the client, receives.
#[cfg(test)]
pub(crate) fn good_handshake(now: Instant, server: bool) -> Vec<Vec<u8>> {
    let ours = identity();
    let side = |server| Handshake::new(ours, server, ours.fingerprint()).expect("settings fit");
    let mut sides = [side(false), side(true)];
    sides[0].begin(now);
    let mut received = [Vec::new(), Vec::new()];
    for turn in 0..12 {
        let (from, to) = (turn % 2, 1 - turn % 2);
        while let Some(datagram) = sides[from].poll() {
            let _ = sides[to].receive(now, ours, &datagram);
            received[to].push(datagram.to_vec());
        }
    }
    let [by_client, by_server] = received;
    if server { by_server } else { by_client }
}
