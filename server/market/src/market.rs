//! The market itself: a database, a clock, and a secret; the verbs are in the slices.

use crate::{
    Clock, Millis,
    db::Db,
    feed,
    order::{Batching, Desk},
    together::LookUps,
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Everything a verb needs. Cheap to clone.
#[derive(Clone)]
pub struct Market {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) changes: broadcast::Sender<String>,
    pub(crate) desk: Desk,
    pub(crate) together: LookUps,
    secret: Arc<[u8]>,
}

impl std::fmt::Debug for Market {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Market")
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

impl Market {
    /// A market over `db`. `secret` keys the hashes of one-time codes, phones and addresses.
    pub fn new(db: Db, clock: Clock, secret: &[u8]) -> Self {
        Market {
            db,
            clock,
            changes: broadcast::Sender::new(feed::WAITING_CHANGES),
            desk: Desk::default(),
            together: LookUps::default(),
            secret: secret.into(),
        }
    }

    /// The same market with orders sharing commits as `batching` says.
    #[must_use]
    pub fn with_batching(self, batching: Batching) -> Self {
        Market {
            desk: Desk::new(batching),
            ..self
        }
    }

    /// The time now, by the market's clock.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Its database, for the sessions that live beside it and for health checks.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Keyed hash of `text` for `purpose`, hexadecimal: what cannot be read back from the database.
    pub(crate) fn keyed_hash(&self, purpose: &str, text: &str) -> String {
        #[allow(clippy::expect_used)] // HMAC takes a key of any length (RFC 2104)
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any key length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// SHA-256 of `text`, hexadecimal: for comparing contents, not for secrets.
pub(crate) fn fingerprint(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
