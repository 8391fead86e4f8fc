//! What somebody has, and how it came and went.

use super::{Entry, store};
use crate::{Error, Market, Money, PersonId};

impl Market {
    /// What this person has in stored value.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn balance(&self, person: &PersonId) -> Result<Money, Error> {
        Ok(store::level(&mut self.db.glance().await?, person).await?)
    }

    /// The last `limit` entries, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn balance_entries(&self, person: &PersonId, limit: i64) -> Result<Vec<Entry>, Error> {
        Ok(store::entries(&mut self.db.glance().await?, person, limit).await?)
    }
}
