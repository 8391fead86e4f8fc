//! ICE as a lite agent (RFC 8445 §2.5): no checks of our own, an answer to
//! every check that proves to know our password.

use crate::id::IceCredentials;
use rtc::crypto::RTCCrypto;
use rtc::shared::error::Result;
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter};
use rtc::stun::xoraddr::XorMappedAddress;
use std::net::SocketAddr;

/// A check that was good.
pub(super) struct Checked {
    /// The answer to send back.
    pub(super) answer: Vec<u8>,
    /// The controlling side wants this path (USE-CANDIDATE).
    pub(super) nominates: bool,
}

/// RFC 7983 §7.
pub(super) fn is_stun(datagram: &[u8]) -> bool {
    matches!(datagram.first(), Some(0..=3))
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
    let mut request = Message::new();
    request.unmarshal_binary(datagram)?;
    let username = request.get(ATTR_USERNAME)?;
    let named = username.split(|byte| *byte == b':').next() == Some(own.ufrag.as_bytes());
    if request.typ != BINDING_REQUEST || !named {
        return Err(rtc::shared::error::Error::ErrUnhandledStunpacket);
    }
    // Integrity before fingerprint: only the first tells who knows the password.
    MessageIntegrity::check(&mut request, own.password.as_bytes(), crypto)?;
    FINGERPRINT.check(&request)?;
    let mut answer = Message::new();
    let address = XorMappedAddress {
        ip: from.ip(),
        port: from.port(),
    };
    let integrity = MessageIntegrity::new_short_term_integrity_with_provider(own.password.clone(), crypto);
    let parts: [Box<dyn Setter + '_>; 5] = [
        Box::new(request.transaction_id),
        Box::new(BINDING_SUCCESS),
        Box::new(address),
        Box::new(integrity),
        Box::new(FINGERPRINT),
    ];
    answer.build(&parts)?;
    Ok(Checked {
        answer: answer.raw,
        nominates: request.contains(ATTR_USE_CANDIDATE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc::crypto::default_provider;
    use rtc::stun::message::TransactionId;
    use rtc::stun::textattrs::TextAttribute;

    const FROM: &str = "192.0.2.7:4321";

    fn own() -> IceCredentials {
        IceCredentials {
            ufrag: "ours".into(),
            password: "a long enough password".into(),
        }
    }

    fn request(name: &str, password: &str) -> Vec<u8> {
        let provider = default_provider().unwrap();
        let mut message = Message::new();
        let parts: [Box<dyn Setter + '_>; 5] = [
            Box::new(TransactionId([3; 12])),
            Box::new(BINDING_REQUEST),
            Box::new(TextAttribute::new(ATTR_USERNAME, name.into())),
            Box::new(MessageIntegrity::new_short_term_integrity_with_provider(
                password.into(),
                provider.crypto(),
            )),
            Box::new(FINGERPRINT),
        ];
        message.build(&parts).unwrap();
        message.raw
    }

    fn checked(datagram: &[u8]) -> Result<Checked> {
        let provider = default_provider().unwrap();
        check(&own(), provider.crypto(), FROM.parse().unwrap(), datagram)
    }

    #[test]
    fn who_knows_the_password_is_answered_with_its_address() {
        let good = checked(&request("ours:theirs", "a long enough password")).unwrap();
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
        assert!(checked(&request("ours:theirs", "another password")).is_err());
        assert!(checked(&request("other:theirs", "a long enough password")).is_err());
        let good = request("ours:theirs", "a long enough password");
        for at in 0..good.len() {
            assert!(checked(&good[..at]).is_err(), "cut at {at}");
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            assert!(checked(&damaged).is_err(), "damaged at {at}");
        }
    }
}
