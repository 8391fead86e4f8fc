//! Who may publish: a ticket the market's side signs and this side checks,
//! so that the two never share a table. It is a bearer token (RFC 9725 §4.1):
//! `base64url(claims).base64url(HMAC-SHA256(claims))`, claims being version,
//! expiry, room and publisher.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// The secret both sides know. Printing it shows nothing.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// A key from any secret; use 32 random bytes.
    pub fn new(secret: &[u8]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes a key of any length"))
    }

    fn tag(&self, claims: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(claims.as_bytes());
        mac
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(redacted)")
    }
}

/// Leave to publish into one room until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The room's code, as in `/whip/{code}`.
    pub room: String,
    /// Who publishes: two tickets of one publisher may take over from each
    /// other, tickets of two publishers may not.
    pub publisher: String,
    /// Not valid from this millisecond of 1970's clock on.
    pub expires_at_ms: i64,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// It is not shaped like a ticket.
    #[error("the token is not a ticket")]
    Malformed,
    /// Another key signed it, or it was changed.
    #[error("the token's signature is wrong")]
    Signature,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
}

const VERSION: &str = "1";
/// Between claims; base64 cannot contain it, so no claim can break out.
const SEPARATOR: char = ' ';
/// A token longer than this is refused before any work is done on it.
const LONGEST: usize = 1024;

impl Ticket {
    /// The bearer token for this ticket.
    pub fn sign(&self, key: &Key) -> String {
        let claims = format!(
            "{VERSION}{SEPARATOR}{}{SEPARATOR}{}{SEPARATOR}{}",
            self.expires_at_ms,
            URL_SAFE_NO_PAD.encode(&self.room),
            URL_SAFE_NO_PAD.encode(&self.publisher),
        );
        let tag = key.tag(&claims).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(claims), URL_SAFE_NO_PAD.encode(tag))
    }

    fn parse(claims: &str) -> Option<Self> {
        let mut parts = claims.split(SEPARATOR);
        if parts.next()? != VERSION {
            return None;
        }
        let ticket = Self {
            expires_at_ms: parts.next()?.parse().ok()?,
            room: text(parts.next()?)?,
            publisher: text(parts.next()?)?,
        };
        parts.next().is_none().then_some(ticket)
    }
}

/// The ticket inside `token`, if `key` signed it and it is still good at
/// `now_ms` (milliseconds since 1970). The signature is compared in constant
/// time and before anything inside is believed.
///
/// # Errors
/// [`Invalid`] says which check failed.
pub fn verify(token: &str, key: &Key, now_ms: i64) -> Result<Ticket, Invalid> {
    if token.len() > LONGEST {
        return Err(Invalid::Malformed);
    }
    let (claims, tag) = token.split_once('.').ok_or(Invalid::Malformed)?;
    let claims = text(claims).ok_or(Invalid::Malformed)?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| Invalid::Malformed)?;
    key.tag(&claims).verify_slice(&tag).map_err(|_| Invalid::Signature)?;
    let ticket = Ticket::parse(&claims).ok_or(Invalid::Malformed)?;
    if now_ms >= ticket.expires_at_ms {
        return Err(Invalid::Expired);
    }
    Ok(ticket)
}

fn text(encoded: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        Ticket {
            room: "spring".into(),
            publisher: "老陈 1".into(),
            expires_at_ms: 1_000,
        }
    }

    #[test]
    fn a_signed_ticket_comes_back_whole() {
        let key = Key::new(b"secret");
        assert_eq!(verify(&ticket().sign(&key), &key, 999), Ok(ticket()));
    }

    #[test]
    fn it_ends_at_its_millisecond() {
        let key = Key::new(b"secret");
        let token = ticket().sign(&key);
        assert_eq!(verify(&token, &key, 1_000), Err(Invalid::Expired));
    }

    #[test]
    fn another_key_or_a_changed_byte_is_refused() {
        let key = Key::new(b"secret");
        let token = ticket().sign(&key);
        assert_eq!(verify(&token, &Key::new(b"Secret"), 0), Err(Invalid::Signature));
        let (claims, tag) = token.split_once('.').unwrap();
        for at in 0..claims.len() {
            let mut bytes = claims.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let forged = format!("{}.{tag}", String::from_utf8(bytes).unwrap());
            assert!(verify(&forged, &key, 0).is_err(), "byte {at}");
        }
        let shortened = format!("{claims}.{}", &tag[..tag.len() - 2]);
        assert!(verify(&shortened, &key, 0).is_err());
    }

    #[test]
    fn nonsense_is_malformed() {
        let key = Key::new(b"secret");
        for token in ["", ".", "a.b", "no dot", &"x".repeat(5_000), "///.///"] {
            assert!(
                matches!(verify(token, &key, 0), Err(Invalid::Malformed | Invalid::Signature)),
                "{token}"
            );
        }
    }

    #[test]
    fn a_claim_cannot_break_out_of_its_place() {
        let key = Key::new(b"secret");
        let sly = Ticket {
            room: "a b.c d".into(),
            publisher: String::new(),
            expires_at_ms: 5,
        };
        assert_eq!(verify(&sly.sign(&key), &key, 0), Ok(sly));
    }

    #[test]
    fn a_key_does_not_print_its_secret() {
        assert_eq!(format!("{:?}", Key::new(b"hush")), "Key(redacted)");
    }
}
