//! When tokens were last used.

use super::store;
use crate::{ApiTokenId, Error, Market, Millis};

impl Market {
    /// Writes down when tokens were used, in one transaction: the door gathers uses and calls this
    /// now and then, for a write at every request would cost more than the request.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written then.
    pub async fn note_api_tokens_used(&self, mut uses: Vec<(ApiTokenId, Millis)>) -> Result<(), Error> {
        if uses.is_empty() {
            return Ok(());
        }
        // In one order, so that two servers never wait for each other's rows.
        uses.sort();
        let mut tx = self.db.write().await?;
        for (id, at) in &uses {
            store::used(&mut tx, id, *at).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
