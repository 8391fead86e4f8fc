//! Somebody makes a token for a program of theirs.

use super::{ApiToken, MOST_TOKENS, Refusal, Scope, spelling, store};
use crate::{
    ApiTokenId, Error, Market, Millis,
    db::Tx,
    id,
    market::fingerprint,
    people::{Person, parse_name},
};
use std::fmt;

/// A token that was just made: the only time its text is seen.
#[derive(Clone, PartialEq, Eq)]
pub struct NewApiToken {
    /// What is kept of it.
    pub token: ApiToken,
    /// What the program sends: `Authorization: Bearer …`.
    pub text: String,
}

/// Not the text: logs must not hold it.
impl fmt::Debug for NewApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApiToken")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

impl Market {
    /// Makes a token for `owner`'s program `name` that may be used for `scopes`.
    ///
    /// # Errors
    /// `BadName` unless it has 1 to 20 characters that can be seen; `NoScope`; `TooMany` when
    /// [`MOST_TOKENS`] are in force.
    pub async fn make_api_token(&self, owner: &Person, name: &str, scopes: &[Scope]) -> Result<NewApiToken, Error> {
        let name = parse_name(name).ok_or(Refusal::BadName)?;
        let scopes = spelling::in_order(scopes);
        if scopes.is_empty() {
            return Err(Refusal::NoScope.into());
        }
        let token = ApiToken {
            id: ApiTokenId::new(),
            name,
            scopes,
            created_at: self.now(),
            last_used_at: None,
        };
        let secret = id::secret();
        let mut tx = self.db.write().await?;
        tx.hold_name(&format!("tokens of {}", owner.id)).await?;
        if store::count(&mut tx, &owner.id).await? >= MOST_TOKENS {
            return Err(Refusal::TooMany.into());
        }
        store::insert(&mut tx, &owner.id, &token, &hash(&token.id, &secret)).await?;
        tx.commit().await?;
        let text = spelling::spell(&token.id, &secret);
        Ok(NewApiToken { token, text })
    }
}

/// A token for a program of each of `owners`, made together, for measuring: their texts.
pub(crate) async fn make_many(
    tx: &mut Tx,
    owners: &[Person],
    scopes: &[Scope],
    now: Millis,
) -> Result<Vec<String>, Error> {
    let (mut texts, mut tokens) = (Vec::with_capacity(owners.len()), Vec::with_capacity(owners.len()));
    for owner in owners {
        let token = ApiToken {
            id: ApiTokenId::new(),
            name: owner.name.clone(),
            scopes: spelling::in_order(scopes),
            created_at: now,
            last_used_at: None,
        };
        let secret = id::secret();
        texts.push(spelling::spell(&token.id, &secret));
        let kept = hash(&token.id, &secret);
        tokens.push((&owner.id, token, kept));
    }
    store::insert_many(tx, &tokens).await?;
    Ok(texts)
}

/// What is kept of a secret: SHA-256, bound to its row. Nobody can search 2^256 secrets, so the hash
/// needs neither salt nor slowness, and no key: every server on one database reads it alike.
pub(super) fn hash(id: &ApiTokenId, secret: &str) -> String {
    fingerprint(&format!("api token\n{id}\n{secret}"))
}
