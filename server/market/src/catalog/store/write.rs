//! What changes the catalog: stock with its ledger, new farms and products, portraits.

use crate::{
    FarmId, Millis, OrderId, PersonId, ProductId, VariantId,
    catalog::{Farm, NewProduct, NewVariant, StockHolder, StockReason},
    db::{Tx, many::write_many, on, rows},
};

const SET_PORTRAIT: &str = "UPDATE farms SET portrait = $2 WHERE farmer_id = $1";
const MOVE_VARIANT: &str = "UPDATE variants SET stock = stock + $2 WHERE id = $1 AND stock + $2 >= 0";
const MOVE_SALE: &str = "UPDATE sales SET stock = stock + $2 WHERE id = $1 AND stock + $2 >= withheld";
const LOCK_VARIANT: &str = "UPDATE variants SET stock = stock WHERE id = $1";
const ADD_MOVEMENT: &str = "INSERT INTO stock_movements (id, holder, holder_id, delta, reason, order_id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const ADD_MOVEMENTS: &str =
    "INSERT INTO stock_movements (id, holder, holder_id, delta, reason, order_id, created_at) VALUES";

const ADD_FARM: &str = "INSERT INTO farms (id, slug, farmer_id, name_zh, name_en, place_zh, place_en, about_zh, about_en, portrait) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (slug) DO NOTHING";
const FARM_ID: &str = "SELECT id FROM farms WHERE slug = $1";
const ADD_PRODUCT: &str = "INSERT INTO products (id, slug, farm_id, category, name_zh, name_en, about_zh, about_en, promise_zh, \
     promise_en, photo, photo_kind, search_text, sort) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
     ON CONFLICT (slug) DO NOTHING";
const PRODUCT_ID: &str = "SELECT id FROM products WHERE slug = $1";
const ADD_VARIANT: &str = "INSERT INTO variants (id, product_id, name_zh, name_en, weight_grams, price_fen, stock) \
     VALUES ($1, $2, $3, $4, $5, $6, 0)";

/// How many farms of `farmer` got the portrait.
pub(in crate::catalog) async fn set_portrait(tx: &mut Tx, farmer: &PersonId, path: &str) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(SET_PORTRAIT).bind(farmer).bind(path))
}

/// Moves the level, unless it would fall below zero: how many rows moved.
pub(in crate::catalog) async fn move_level(tx: &mut Tx, holder: StockHolder<'_>, delta: i64) -> sqlx::Result<u64> {
    let sql = match holder {
        StockHolder::Variant(_) => MOVE_VARIANT,
        StockHolder::Sale(_) => MOVE_SALE,
    };
    rows!(tx, sqlx::query(sql).bind(holder.id()).bind(delta))
}

pub(in crate::catalog) async fn add_movement(
    tx: &mut Tx,
    holder: StockHolder<'_>,
    delta: i64,
    reason: StockReason,
    order: Option<&OrderId>,
    now: Millis,
) -> sqlx::Result<()> {
    rows!(
        tx,
        sqlx::query(ADD_MOVEMENT)
            .bind(crate::id::unique())
            .bind(holder.as_str())
            .bind(holder.id())
            .bind(delta)
            .bind(reason.as_str())
            .bind(order)
            .bind(now)
    )?;
    Ok(())
}

/// Takes the variant's row until the transaction ends.
pub(in crate::catalog) async fn lock_variant(tx: &mut Tx, id: &VariantId) -> sqlx::Result<()> {
    rows!(tx, sqlx::query(LOCK_VARIANT).bind(id))?;
    Ok(())
}

/// A movement for each order that holds packs.
pub(in crate::catalog) async fn add_holds(
    tx: &mut Tx,
    holds: &[(StockHolder<'_>, i64, &OrderId)],
    now: Millis,
) -> sqlx::Result<()> {
    write_many!(tx, ADD_MOVEMENTS, 7, "", holds, |query, hold| query
        .bind(crate::id::unique())
        .bind(hold.0.as_str())
        .bind(hold.0.id())
        .bind(-hold.1)
        .bind(StockReason::Hold.as_str())
        .bind(hold.2)
        .bind(now));
    Ok(())
}

/// A farm that is not there yet; the one with its slug stays as it is.
pub(in crate::catalog) async fn add_farm(tx: &mut Tx, farm: &Farm) -> sqlx::Result<FarmId> {
    rows!(
        tx,
        sqlx::query(ADD_FARM)
            .bind(&farm.id)
            .bind(&farm.slug)
            .bind(&farm.farmer_id)
            .bind(&farm.name.zh)
            .bind(&farm.name.en)
            .bind(&farm.place.zh)
            .bind(&farm.place.en)
            .bind(&farm.about.zh)
            .bind(&farm.about.en)
            .bind(&farm.portrait)
    )?;
    on!(tx, c => sqlx::query_scalar(FARM_ID).bind(&farm.slug).fetch_one(c))
}

/// The id of the product with `slug`.
pub(in crate::catalog) async fn product_id(tx: &mut Tx, slug: &str) -> sqlx::Result<Option<ProductId>> {
    on!(tx, c => sqlx::query_scalar(PRODUCT_ID).bind(slug).fetch_optional(c))
}

/// How many rows came in: none when the slug is taken.
pub(in crate::catalog) async fn add_product(
    tx: &mut Tx,
    id: &ProductId,
    product: &NewProduct,
    search_text: &str,
) -> sqlx::Result<u64> {
    rows!(
        tx,
        sqlx::query(ADD_PRODUCT)
            .bind(id)
            .bind(&product.slug)
            .bind(&product.farm)
            .bind(product.category.as_str())
            .bind(&product.name.zh)
            .bind(&product.name.en)
            .bind(&product.about.zh)
            .bind(&product.about.en)
            .bind(&product.promise.zh)
            .bind(&product.promise.en)
            .bind(&product.photo)
            .bind(product.photo_kind.as_str())
            .bind(search_text)
            .bind(product.sort)
    )
}

/// A variant with nothing on the shelf.
pub(in crate::catalog) async fn add_variant(
    tx: &mut Tx,
    product: &ProductId,
    pack: &NewVariant,
) -> sqlx::Result<VariantId> {
    let id = VariantId::new();
    rows!(
        tx,
        sqlx::query(ADD_VARIANT)
            .bind(&id)
            .bind(product)
            .bind(&pack.name.zh)
            .bind(&pack.name.en)
            .bind(pack.weight)
            .bind(pack.price)
    )?;
    Ok(id)
}
