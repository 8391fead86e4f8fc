//! Who comes with a token.

use super::{ApiToken, make, spelling, store};
use crate::{Error, Market, people::Person};
use subtle::ConstantTimeEq;

impl Market {
    /// The owner of the token with this text and what the token may be used for; none when it is no
    /// token of ours, or was revoked. Secrets are compared in constant time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify_api_token(&self, text: &str) -> Result<Option<(Person, ApiToken)>, Error> {
        let Some((id, secret)) = spelling::take_apart(text) else {
            return Ok(None);
        };
        let found = self.together.tokens.find(&self.db, id.clone(), store::by_ids).await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let given = make::hash(&id, secret);
        if !bool::from(given.as_bytes().ct_eq(row.secret_hash.as_bytes())) || row.revoked_at.is_some() {
            return Ok(None);
        }
        let Some(owner) = self.find_person(&row.person_id).await? else {
            return Ok(None);
        };
        Ok(Some((owner, row.try_into()?)))
    }
}
