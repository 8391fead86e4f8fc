//! Signing in with a one-time code.

use super::{CODE_TRIES, Person, Refusal, enrol, parse_phone, store};
use crate::{Error, Market};
use subtle::ConstantTimeEq;

/// What somebody is called until they say otherwise.
const FIRST_NAME: &str = "新邻居";

impl Market {
    /// The person whose phone answered with `code`; made at the first sign-in.
    ///
    /// Every try is counted before the code is compared, and the count stays when the code is
    /// wrong: that is the one refusal that leaves a trace. A code is used once.
    ///
    /// # Errors
    /// `BadPhone`, `WrongCode` with the tries left, `CodeGone`.
    pub async fn sign_in(&self, phone: &str, code: &str) -> Result<Person, Error> {
        let phone = parse_phone(phone).ok_or(Refusal::BadPhone)?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = self.now();
        let mut tx = self.db.write().await?;
        let sent = store::newest_code(&mut tx, &self.keyed_hash("phone", &phone))
            .await?
            .ok_or(Refusal::CodeGone)?;
        let tries = store::count_try(&mut tx, &sent.id, CODE_TRIES, now)
            .await?
            .ok_or(Refusal::CodeGone)?;
        let given = self.code_hash(&sent.id, &code);
        if !bool::from(given.as_bytes().ct_eq(sent.code_hash.as_bytes())) {
            tx.commit().await?;
            return Err(Refusal::WrongCode {
                left: CODE_TRIES - tries,
            }
            .into());
        }
        store::use_code(&mut tx, &sent.id, now).await?;
        let person = enrol(&mut tx, &phone, FIRST_NAME, &[], now).await?;
        tx.commit().await?;
        Ok(person)
    }
}
