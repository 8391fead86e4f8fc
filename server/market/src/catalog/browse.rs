//! Reading: the grid of products, a product's page, a farm's shelf.

use super::{Category, Product, ProductCard, Variant, store};
use crate::{Error, FarmId, Market, VariantId};

impl Market {
    /// Cards of at most `limit` products, of one category or of all, in the catalog's order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn products(&self, category: Option<Category>, limit: i64) -> Result<Vec<ProductCard>, Error> {
        let among = match category {
            Some(category) => store::Among::Category { category, limit },
            None => store::Among::Everything { limit },
        };
        Ok(store::cards(&mut self.db.glance().await?, among).await?)
    }

    /// A picture for every category that holds something: its first product's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn category_photos(&self) -> Result<Vec<(Category, String)>, Error> {
        let mut photos = Vec::with_capacity(Category::ALL.len());
        for &category in Category::ALL {
            let among = store::Among::Category { category, limit: 1 };
            let first = store::cards(&mut self.db.glance().await?, among).await?;
            photos.extend(first.into_iter().map(|card| (category, card.photo)));
        }
        Ok(photos)
    }

    /// The product with this slug.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_product(&self, slug: &str) -> Result<Option<Product>, Error> {
        Ok(store::product(&mut self.db.glance().await?, slug).await?)
    }

    /// The variant with this id, and its product's card with that variant in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_variant(&self, id: &VariantId) -> Result<Option<(ProductCard, Variant)>, Error> {
        let card = store::card_of_variant(&mut self.db.glance().await?, id).await?;
        Ok(card.map(|card| (card.clone(), card.variant)))
    }

    /// Everything one farm sells.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn farm_products(&self, farm: &FarmId) -> Result<Vec<ProductCard>, Error> {
        Ok(store::cards(&mut self.db.glance().await?, store::Among::Farm(farm)).await?)
    }
}
