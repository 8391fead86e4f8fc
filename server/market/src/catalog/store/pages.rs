//! The lists that are read in pages.

use super::{CardRow, FarmRow};
use crate::{
    ProductId,
    catalog::{Category, Farm, ProductCard, page::ProductKey},
    db::{Tx, on},
};

const CARDS_AFTER: &str = concat!(
    "SELECT p.sort AS key_sort, p.id AS key_id, ",
    card_columns!(),
    " FROM products p JOIN farms f ON f.id = p.farm_id ",
    shelf_variant!(),
    " WHERE (p.sort, p.id) > ($1, $2) AND ($3 = '' OR p.category = $3)",
    r" AND p.search_text LIKE $4 ESCAPE '\' AND p.search_text LIKE $5 ESCAPE '\' AND p.search_text LIKE $6 ESCAPE '\'",
    " ORDER BY p.sort, p.id LIMIT $7"
);
macro_rules! farms {
    ($tail:literal) => {
        concat!(
            "SELECT ",
            farm_columns!(),
            " FROM farms f JOIN people h ON h.id = f.farmer_id ",
            $tail
        )
    };
}
const FARMS_AFTER: &str = farms!("WHERE f.id > $1 ORDER BY f.id LIMIT $2");
const FARM_BY_SLUG: &str = farms!("WHERE f.slug = $1");

#[derive(sqlx::FromRow)]
struct KeyedRow {
    key_sort: i64,
    key_id: ProductId,
    #[sqlx(flatten)]
    card: CardRow,
}

/// Cards that stand after `after` and fit all three patterns.
pub(in crate::catalog) async fn cards_after(
    tx: &mut Tx,
    category: Option<Category>,
    [one, two, three]: &[String; 3],
    after: &ProductKey,
    limit: i64,
) -> sqlx::Result<Vec<(ProductKey, ProductCard)>> {
    let category = category.map_or("", Category::as_str);
    let rows: Vec<KeyedRow> = on!(tx, c => sqlx::query_as(CARDS_AFTER).bind(after.sort).bind(&after.id).bind(category)
        .bind(one).bind(two).bind(three).bind(limit).fetch_all(c))?;
    let keyed = |row: KeyedRow| {
        let key = ProductKey {
            sort: row.key_sort,
            id: row.key_id,
        };
        (key, row.card.into())
    };
    Ok(rows.into_iter().map(keyed).collect())
}

/// Farms with an id after `after`.
pub(in crate::catalog) async fn farms_after(tx: &mut Tx, after: &str, limit: i64) -> sqlx::Result<Vec<Farm>> {
    let rows: Vec<FarmRow> = on!(tx, c => sqlx::query_as(FARMS_AFTER).bind(after).bind(limit).fetch_all(c))?;
    Ok(rows.into_iter().map(Farm::from).collect())
}

/// The farm with this slug.
pub(in crate::catalog) async fn farm_by_slug(tx: &mut Tx, slug: &str) -> sqlx::Result<Option<Farm>> {
    let row = on!(tx, c => sqlx::query_as::<_, FarmRow>(FARM_BY_SLUG).bind(slug).fetch_optional(c))?;
    Ok(row.map(Farm::from))
}
