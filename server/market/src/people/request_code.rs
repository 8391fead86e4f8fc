//! Asking for a one-time code.

use super::{
    CODE_LIFE_MS, CODE_WINDOW_MS, CODES_PER_ADDRESS, CODES_PER_PHONE, Refusal, parse_phone,
    store::{self, By, NewCode},
};
use crate::{Error, Market, Millis};
use std::fmt;

/// Digits of a code.
const DIGITS: usize = 6;

/// A code for the gateway to send. Only its keyed hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SentCode {
    /// Where to, 11 digits.
    pub phone: String,
    /// Six digits.
    pub code: String,
    /// Until when it can be used.
    pub expires_at: Millis,
}

/// Neither phone nor code: logs must not hold them.
impl fmt::Debug for SentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentCode")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Market {
    /// Makes a code for `phone`, asked for from the network `address`. It replaces the one before.
    /// A code that was made counts, whether or not the gateway then sends it.
    ///
    /// # Errors
    /// `BadPhone`; `TooManyCodes` when the phone or the address asked too often within the hour.
    pub async fn request_code(&self, phone: &str, address: &str) -> Result<SentCode, Error> {
        let phone = parse_phone(phone).ok_or(Refusal::BadPhone)?;
        let now = self.now();
        let (phone_hash, address_hash) = (self.keyed_hash("phone", &phone), self.keyed_hash("address", address));
        let mut tx = self.db.write().await?;
        // Always in this order, so that two who hold one wait for the other and never cross.
        tx.hold_name(&format!("code to {phone_hash}")).await?;
        tx.hold_name(&format!("code from {address_hash}")).await?;
        let since = now.plus(-CODE_WINDOW_MS);
        let limits = [
            (By::Phone, &phone_hash, CODES_PER_PHONE),
            (By::Address, &address_hash, CODES_PER_ADDRESS),
        ];
        for (by, hash, most) in limits {
            if let Some(oldest) = store::nth_newest_code(&mut tx, by, hash, since, most).await? {
                return Err(Refusal::TooManyCodes {
                    until: oldest.plus(CODE_WINDOW_MS),
                }
                .into());
            }
            store::forget_codes(&mut tx, by, hash, since).await?;
        }
        let (id, code, expires_at) = (crate::id::unique(), crate::id::digits(DIGITS), now.plus(CODE_LIFE_MS));
        let code_hash = self.code_hash(&id, &code);
        let new = NewCode {
            id,
            phone_hash,
            address_hash,
            code_hash,
            created_at: now,
            expires_at,
        };
        store::add_code(&mut tx, &new).await?;
        tx.commit().await?;
        Ok(SentCode {
            phone,
            code,
            expires_at,
        })
    }

    /// What is kept of a code: bound to its own row, so that equal codes do not look equal.
    pub(super) fn code_hash(&self, id: &str, code: &str) -> String {
        self.keyed_hash("code", &format!("{id} {code}"))
    }
}
