//! The messages of ICE, sealed and read: checks that come in and their answers,
//! checks of our own, and both as the other side would write them.

use crate::id::IceCredentials;
use rtc::crypto::RTCCrypto;
use rtc::ice::attributes::control::{AttrControlled, AttrControlling};
use rtc::ice::attributes::priority::PriorityAttr;
use rtc::ice::attributes::use_candidate::UseCandidateAttr;
use rtc::shared::error::{Error, Result};
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter, TransactionId};
use rtc::stun::textattrs::TextAttribute;
use rtc::stun::xoraddr::XorMappedAddress;
use std::net::SocketAddr;

/// The priority of a peer-reflexive candidate (RFC 8445 §5.1.2.1), which a
/// check must name; a lite agent's checks find none.
const PRIORITY: u32 = (110 << 24) | (65_535 << 8) | 255;

/// A check that was good.
pub(super) struct Checked {
    /// The answer to send back.
    pub(super) answer: Vec<u8>,
    /// The controlling side wants this path (USE-CANDIDATE).
    pub(super) nominates: bool,
}

/// Which side of ICE a check is written for.
pub(super) enum Part {
    /// We are asked, never ask for a path.
    Controlled,
    /// The side that chooses, choosing.
    Nominating,
}

fn read(datagram: &[u8], password: &str, crypto: &dyn RTCCrypto) -> Result<Message> {
    let mut message = Message::new();
    message.unmarshal_binary(datagram)?;
    // Integrity before fingerprint: only the first tells who knows the password.
    MessageIntegrity::check(&mut message, password.as_bytes(), crypto)?;
    FINGERPRINT.check(&message)?;
    Ok(message)
}

fn write(
    parts: [Box<dyn Setter + '_>; 2],
    more: Vec<Box<dyn Setter + '_>>,
    password: &str,
    crypto: &dyn RTCCrypto,
) -> Result<Vec<u8>> {
    let mut all: Vec<Box<dyn Setter + '_>> = parts.into();
    all.extend(more);
    let seal = MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), crypto);
    all.push(Box::new(seal));
    all.push(Box::new(FINGERPRINT));
    let mut message = Message::new();
    message.build(&all)?;
    Ok(message.raw)
}

/// Reads a check from `from`.
///
/// # Errors
/// For whatever is no binding request for `own` sealed with its password.
pub(super) fn check(
    own: &IceCredentials,
    crypto: &dyn RTCCrypto,
    from: SocketAddr,
    datagram: &[u8],
) -> Result<Checked> {
    let request = read(datagram, &own.password, crypto)?;
    let username = request.get(ATTR_USERNAME)?;
    let named = username.split(|byte| *byte == b':').next() == Some(own.ufrag.as_bytes());
    if request.typ != BINDING_REQUEST || !named {
        return Err(Error::ErrUnhandledStunpacket);
    }
    Ok(Checked {
        answer: answer(own, crypto, request.transaction_id, from)?,
        nominates: request.contains(ATTR_USE_CANDIDATE),
    })
}

/// What `own` answers a check that came from `from`.
///
/// # Errors
/// When it cannot be sealed.
pub(super) fn answer(
    own: &IceCredentials,
    crypto: &dyn RTCCrypto,
    id: TransactionId,
    from: SocketAddr,
) -> Result<Vec<u8>> {
    let address = XorMappedAddress {
        ip: from.ip(),
        port: from.port(),
    };
    write(
        [Box::new(id), Box::new(BINDING_SUCCESS)],
        vec![Box::new(address)],
        &own.password,
        crypto,
    )
}

/// A check from `own` to `theirs`.
///
/// # Errors
/// When it cannot be sealed.
pub(super) fn ask(
    own: &IceCredentials,
    theirs: &IceCredentials,
    crypto: &dyn RTCCrypto,
    id: TransactionId,
    part: Part,
) -> Result<Vec<u8>> {
    let name = format!("{}:{}", theirs.ufrag, own.ufrag);
    let mut more: Vec<Box<dyn Setter>> = vec![
        Box::new(TextAttribute::new(ATTR_USERNAME, name)),
        Box::new(PriorityAttr(PRIORITY)),
    ];
    match part {
        // Two sides that take the same part compare these; ours gives way.
        Part::Controlled => more.push(Box::new(AttrControlled(0))),
        Part::Nominating => {
            more.push(Box::new(AttrControlling(u64::MAX)));
            more.push(Box::new(UseCandidateAttr::new()));
        }
    }
    write(
        [Box::new(id), Box::new(BINDING_REQUEST)],
        more,
        &theirs.password,
        crypto,
    )
}

/// Which check of ours is answered by who knows `theirs`.
///
/// # Errors
/// For whatever is no such answer.
pub(super) fn answered(theirs: &IceCredentials, crypto: &dyn RTCCrypto, datagram: &[u8]) -> Result<TransactionId> {
    let response = read(datagram, &theirs.password, crypto)?;
    match response.typ == BINDING_SUCCESS {
        true => Ok(response.transaction_id),
        false => Err(Error::ErrUnhandledStunpacket),
    }
}

/// The check in a datagram that is known to come from a friend.
pub(super) fn asked(datagram: &[u8]) -> Option<TransactionId> {
    let mut message = Message::new();
    message.unmarshal_binary(datagram).ok()?;
    (message.typ == BINDING_REQUEST).then_some(message.transaction_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc::crypto::default_provider;

    const FROM: &str = "192.0.2.7:4321";

    fn own() -> IceCredentials {
        IceCredentials {
            ufrag: "ours".into(),
            password: "a long enough password".into(),
        }
    }

    fn request(ufrag: &str, password: &str) -> Vec<u8> {
        let provider = default_provider().unwrap();
        let theirs = IceCredentials {
            ufrag: "theirs".into(),
            password: "unused here".into(),
        };
        let asked = IceCredentials {
            ufrag: ufrag.into(),
            password: password.into(),
        };
        ask(
            &theirs,
            &asked,
            provider.crypto(),
            TransactionId([3; 12]),
            Part::Controlled,
        )
        .unwrap()
    }

    fn checked(datagram: &[u8]) -> Result<Checked> {
        let provider = default_provider().unwrap();
        check(&own(), provider.crypto(), FROM.parse().unwrap(), datagram)
    }

    #[test]
    fn who_knows_the_password_is_answered_with_its_address() {
        let good = checked(&request("ours", "a long enough password")).unwrap();
        assert!(!good.nominates);
        let mut answer = Message::new();
        answer.unmarshal_binary(&good.answer).unwrap();
        assert_eq!(
            (answer.typ, answer.transaction_id),
            (BINDING_SUCCESS, TransactionId([3; 12]))
        );
        let mut mapped = XorMappedAddress::default();
        mapped
            .get_from_as(&answer, rtc::stun::attributes::ATTR_XORMAPPED_ADDRESS)
            .unwrap();
        assert_eq!(mapped.to_string(), FROM);
    }

    #[test]
    fn nobody_else_is() {
        assert!(checked(&request("ours", "another password")).is_err());
        assert!(checked(&request("other", "a long enough password")).is_err());
        let good = request("ours", "a long enough password");
        for at in 0..good.len() {
            assert!(checked(&good[..at]).is_err(), "cut at {at}");
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            assert!(checked(&damaged).is_err(), "damaged at {at}");
        }
    }

    #[test]
    fn a_nomination_is_one_and_only_the_right_password_answers_it() {
        let provider = default_provider().unwrap();
        let theirs = IceCredentials {
            ufrag: "theirs".into(),
            password: "their long password".into(),
        };
        let (crypto, id) = (provider.crypto(), TransactionId([9; 12]));
        let nomination = ask(&theirs, &own(), crypto, id, Part::Nominating).unwrap();
        assert!(checked(&nomination).unwrap().nominates);
        assert_eq!(asked(&nomination), Some(id));
        let from = FROM.parse().unwrap();
        let good = answer(&theirs, crypto, id, from).unwrap();
        assert_eq!(answered(&theirs, crypto, &good).unwrap(), id);
        assert!(answered(&own(), crypto, &good).is_err(), "sealed by another");
        assert!(answered(&own(), crypto, &nomination).is_err(), "a check is no answer");
        assert_eq!(asked(&good), None);
    }
}
