//! Reading a batch: the chain is checked every time, never remembered.

use super::{Batch, store};
use crate::{Bilingual, Error, Market};

impl Market {
    /// The batch with this code, checked. Blanks around it and small letters are forgiven: people
    /// type it off a parcel.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_batch(&self, code: &str) -> Result<Option<Batch>, Error> {
        let code = code.trim().to_ascii_uppercase();
        Ok(store::batch(&mut self.db.read().await?, store::Which::Code(&code)).await?)
    }

    /// Codes of the batches that were harvested last, with their products' names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recent_batches(&self, limit: i64) -> Result<Vec<(String, Bilingual)>, Error> {
        Ok(store::recent(&mut self.db.read().await?, limit).await?)
    }

    /// The newest batch of the product with this slug, checked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn batch_of_product(&self, slug: &str) -> Result<Option<Batch>, Error> {
        Ok(store::batch(&mut self.db.read().await?, store::Which::NewestOf(slug)).await?)
    }
}
