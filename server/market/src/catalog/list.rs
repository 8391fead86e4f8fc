//! Putting a product into the catalog.

use super::{Category, PhotoKind, StockHolder, StockReason, move_stock, search, store};
use crate::{Bilingual, Error, FarmId, Fault, Millis, Money, ProductId, Weight, db::Tx};

/// A product to be listed.
pub(crate) struct NewProduct {
    pub(crate) slug: String,
    pub(crate) farm: FarmId,
    pub(crate) category: Category,
    pub(crate) name: Bilingual,
    pub(crate) about: Bilingual,
    pub(crate) promise: Bilingual,
    pub(crate) photo: String,
    pub(crate) photo_kind: PhotoKind,
    pub(crate) sort: i64,
    /// Words by which it is found beside its name: farm, place.
    pub(crate) also_found_by: Vec<String>,
    /// Its packs, the first is the one its card sells.
    pub(crate) variants: Vec<NewVariant>,
}

/// A pack to be listed.
pub(crate) struct NewVariant {
    pub(crate) name: Bilingual,
    pub(crate) weight: Weight,
    pub(crate) price: Money,
    /// Packs that come in with it.
    pub(crate) stock: i64,
}

/// Lists `product` with what is on its shelf; one with the same slug stays as it is.
///
/// # Errors
/// A fault when it comes without an after-sale promise (R4), a variant, or a price.
pub(crate) async fn list_product(tx: &mut Tx, product: &NewProduct, now: Millis) -> Result<ProductId, Error> {
    let promised = !product.promise.zh.trim().is_empty() && !product.promise.en.trim().is_empty();
    let priced = product
        .variants
        .iter()
        .all(|pack| pack.price > Money::ZERO && pack.weight > Weight::grams(0));
    if !promised || !priced || product.variants.is_empty() {
        let detail = format!("{}: without promise, variant, price or weight", product.slug);
        return Err(Fault::BrokenRow {
            table: "products",
            detail,
        }
        .into());
    }
    if let Some(there) = store::product_id(tx, &product.slug).await? {
        return Ok(there);
    }
    let id = ProductId::new();
    let words = [&product.name.zh, &product.name.en]
        .into_iter()
        .chain(&product.also_found_by);
    let search_text = search::index(words.map(String::as_str));
    if store::add_product(tx, &id, product, &search_text).await? == 0 {
        // Another server listed it between the look and the insert.
        return store::product_id(tx, &product.slug)
            .await?
            .ok_or_else(|| sqlx::Error::RowNotFound.into());
    }
    for pack in &product.variants {
        let variant = store::add_variant(tx, &id, pack).await?;
        if pack.stock > 0 {
            move_stock(
                tx,
                StockHolder::Variant(&variant),
                pack.stock,
                StockReason::Receive,
                None,
                now,
            )
            .await?;
        }
    }
    Ok(id)
}
