//! What keeps a place: the order and since when it waits, signed, bound to its person.
//!
//! It is in the waiting page's address, so that a reload, another server, or this one after a restart
//! finds the same place. It holds ids and a price; no phone, no address.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use market::{Millis, PersonId, order::Wanted};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::sync::Arc;

/// How long after it was written a ticket is worth something.
const LIFE_MS: i64 = 30 * 60 * 1000;

/// An order that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// Whose.
    pub person: PersonId,
    /// Since when.
    pub since: Millis,
    /// What.
    pub wanted: Wanted,
    /// The price in writing; "" where there is none.
    pub quote: String,
    /// What the checkout's form calls it: a group's code, a variant's id.
    pub named: String,
}

/// Signs and reads tickets.
#[derive(Clone)]
pub(super) struct Key(Arc<[u8]>);

impl Key {
    pub fn new(secret: &[u8]) -> Self {
        Key(secret.into())
    }

    pub fn write(&self, ticket: &Ticket) -> String {
        // a record of strings and numbers is always JSON
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(ticket).unwrap_or_default());
        let seal = URL_SAFE_NO_PAD.encode(self.mac(&body).finalize().into_bytes());
        format!("{body}.{seal}")
    }

    /// The ticket, if it is one of ours and not too old.
    pub fn read(&self, text: &str, now: Millis) -> Option<Ticket> {
        let (body, seal) = text.split_once('.')?;
        self.mac(body).verify_slice(&URL_SAFE_NO_PAD.decode(seal).ok()?).ok()?;
        let ticket: Ticket = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (now.since(ticket.since) <= LIFE_MS).then_some(ticket)
    }

    fn mac(&self, body: &str) -> Hmac<Sha256> {
        #[allow(clippy::expect_used)] // HMAC takes a key of any length (RFC 2104)
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key length");
        mac.update(b"line\0");
        mac.update(body.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use market::{
        Money, PickupPointId, VariantId,
        order::{Method, Target},
    };

    #[test]
    fn only_what_was_signed_is_read() {
        let ticket = Ticket {
            person: PersonId("p".into()),
            since: Millis(1_000),
            wanted: Wanted {
                request_id: "k".into(),
                target: Target::Solo(VariantId("v".into())),
                quantity: 2,
                pickup: PickupPointId("u".into()),
                method: Method::Cash,
                shown_price: Money::fen(100),
            },
            quote: String::new(),
            named: "v".into(),
        };
        let key = Key::new(b"secret");
        let text = key.write(&ticket);
        assert_eq!(key.read(&text, Millis(2_000)), Some(ticket.clone()));
        assert_eq!(key.read(&text, Millis(1_001 + LIFE_MS)), None, "too old");
        assert_eq!(Key::new(b"other").read(&text, Millis(2_000)), None);
        let forged = Key::new(b"other").write(&Ticket {
            since: Millis(0),
            ..ticket
        });
        let seal = text.split_once('.').expect("two parts").1;
        let mixed = format!("{}.{seal}", forged.split_once('.').expect("two parts").0);
        for text in ["", ".", "a.b", &mixed, &text[..text.len() - 1]] {
            assert_eq!(key.read(text, Millis(2_000)), None, "{text}");
        }
    }
}
