//! An owner takes a token back.

use super::store;
use crate::{ApiTokenId, Error, Market, Refusal, people::Person};

impl Market {
    /// Takes the owner's token back: the next request with it is refused. Again does no harm.
    ///
    /// # Errors
    /// `NotFound` when it is not the owner's.
    pub async fn revoke_api_token(&self, owner: &Person, id: &ApiTokenId) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        if store::revoke(&mut tx, &owner.id, id, self.now()).await? == 0 {
            return Err(Refusal::NotFound.into());
        }
        tx.commit().await?;
        Ok(())
    }
}
