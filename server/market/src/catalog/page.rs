//! Lists in pages that are read to the end: each begins after the last of the one before, so that
//! nothing is lost or doubled while things come and go.

use super::{Category, Farm, ProductCard, search, store};
use crate::{Error, FarmId, Market, ProductId};

/// Where a product stands in the catalog's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductKey {
    /// First by this,
    pub sort: i64,
    /// then by this.
    pub id: ProductId,
}

impl Market {
    /// Cards of at most `limit` products after `after`, in the catalog's order: of one category or of
    /// all, and only those that have every word of `text` (as in [`Market::search`]) if it has words.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn products_after(
        &self,
        category: Option<Category>,
        text: &str,
        after: Option<ProductKey>,
        limit: i64,
    ) -> Result<Vec<(ProductKey, ProductCard)>, Error> {
        let patterns = search::patterns(text).unwrap_or_else(|| ["%"; search::WORDS].map(str::to_owned));
        let after = after.unwrap_or(ProductKey {
            sort: i64::MIN,
            id: ProductId(String::new()),
        });
        Ok(store::cards_after(&mut self.db.glance().await?, category, &patterns, &after, limit).await?)
    }

    /// At most `limit` farms after the one with the id `after`, in order of joining.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn farms_after(&self, after: Option<&FarmId>, limit: i64) -> Result<Vec<Farm>, Error> {
        let after = after.map_or("", |id| id.as_str());
        Ok(store::farms_after(&mut self.db.glance().await?, after, limit).await?)
    }

    /// The farm with this slug.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_farm(&self, slug: &str) -> Result<Option<Farm>, Error> {
        Ok(store::farm_by_slug(&mut self.db.glance().await?, slug).await?)
    }
}
