//! All SQL on farms, products, variants and movements of stock; what changes them is in `write`.
//!
//! A card joins products with farms and the variant it sells, so that a page's grid is one query;
//! other slices' views build on the same columns through the three macros.

mod write;
pub(super) use {pages::*, write::*};

use super::{Category, Farm, PhotoKind, Product, ProductCard, Variant};
use crate::{
    Bilingual, FarmId, Money, PersonId, ProductId, VariantId, Weight,
    db::{Tx, on},
};

/// The columns of [`CardRow`], over `p` (products), `f` (farms) and `v` (variants).
macro_rules! card_columns {
    () => {
        "p.slug AS card_slug, p.category AS card_category, p.name_zh AS card_name_zh, \
         p.name_en AS card_name_en, p.photo AS card_photo, p.photo_kind AS card_photo_kind, \
         f.name_zh AS card_farm_zh, f.name_en AS card_farm_en, f.place_zh AS card_place_zh, \
         f.place_en AS card_place_en, v.id AS card_variant_id, v.name_zh AS card_variant_zh, \
         v.name_en AS card_variant_en, v.weight_grams AS card_weight, v.price_fen AS card_price, \
         v.stock AS card_stock, \
         EXISTS (SELECT 1 FROM batches b WHERE b.product_id = p.id AND b.length > 0) AS card_traced"
    };
}

/// The columns of [`FarmRow`], over `f` (farms) and `h` (people, its farmer).
macro_rules! farm_columns {
    () => {
        "f.id AS farm_id, f.slug AS farm_slug, f.farmer_id AS farm_farmer_id, h.name AS farm_farmer_name, \
         f.name_zh AS farm_name_zh, f.name_en AS farm_name_en, f.place_zh AS farm_place_zh, \
         f.place_en AS farm_place_en, f.about_zh AS farm_about_zh, f.about_en AS farm_about_en, \
         f.portrait AS farm_portrait, \
         (SELECT t.slug FROM stories t WHERE t.farm_id = f.id ORDER BY t.published_at DESC LIMIT 1) AS farm_story"
    };
}

/// Joins to a product `p` the variant `v` its card sells: the first that is on the shelf, or the
/// first at all.
macro_rules! shelf_variant {
    () => {
        "JOIN variants v ON v.id = (SELECT x.id FROM variants x WHERE x.product_id = p.id \
         ORDER BY CASE WHEN x.stock > 0 THEN 0 ELSE 1 END, x.id LIMIT 1)"
    };
}
pub(crate) use {card_columns, farm_columns, shelf_variant};

mod pages;

/// A row that holds a product's card; flatten it into a view's own row.
#[derive(sqlx::FromRow)]
pub(crate) struct CardRow {
    card_slug: String,
    #[sqlx(try_from = "String")]
    card_category: Category,
    card_name_zh: String,
    card_name_en: String,
    card_photo: String,
    #[sqlx(try_from = "String")]
    card_photo_kind: PhotoKind,
    card_farm_zh: String,
    card_farm_en: String,
    card_place_zh: String,
    card_place_en: String,
    card_variant_id: VariantId,
    card_variant_zh: String,
    card_variant_en: String,
    card_weight: Weight,
    card_price: Money,
    card_stock: i64,
    card_traced: bool,
}

impl From<CardRow> for ProductCard {
    fn from(row: CardRow) -> Self {
        ProductCard {
            slug: row.card_slug,
            category: row.card_category,
            name: Bilingual::new(row.card_name_zh, row.card_name_en),
            place: Bilingual::new(row.card_place_zh, row.card_place_en),
            farm: Bilingual::new(row.card_farm_zh, row.card_farm_en),
            photo: row.card_photo,
            photo_kind: row.card_photo_kind,
            variant: Variant {
                id: row.card_variant_id,
                name: Bilingual::new(row.card_variant_zh, row.card_variant_en),
                weight: row.card_weight,
                price: row.card_price,
                stock: row.card_stock,
            },
            traced: row.card_traced,
        }
    }
}

/// A row that holds a farm; flatten it into a view's own row.
#[derive(sqlx::FromRow)]
pub(crate) struct FarmRow {
    farm_id: FarmId,
    farm_slug: String,
    farm_farmer_id: PersonId,
    farm_farmer_name: String,
    farm_name_zh: String,
    farm_name_en: String,
    farm_place_zh: String,
    farm_place_en: String,
    farm_about_zh: String,
    farm_about_en: String,
    farm_portrait: String,
    farm_story: Option<String>,
}

impl From<FarmRow> for Farm {
    fn from(row: FarmRow) -> Self {
        Farm {
            id: row.farm_id,
            slug: row.farm_slug,
            farmer_id: row.farm_farmer_id,
            farmer_name: row.farm_farmer_name,
            name: Bilingual::new(row.farm_name_zh, row.farm_name_en),
            place: Bilingual::new(row.farm_place_zh, row.farm_place_en),
            about: Bilingual::new(row.farm_about_zh, row.farm_about_en),
            portrait: row.farm_portrait,
            story: row.farm_story,
        }
    }
}

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: ProductId,
    about_zh: String,
    about_en: String,
    promise_zh: String,
    promise_en: String,
    sold: i64,
    #[sqlx(flatten)]
    card: CardRow,
    #[sqlx(flatten)]
    farm: FarmRow,
}

const CARDS: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM products p JOIN farms f ON f.id = p.farm_id ",
    shelf_variant!(),
    " ORDER BY p.sort, p.id LIMIT $1"
);
const CARDS_OF_CATEGORY: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM products p JOIN farms f ON f.id = p.farm_id ",
    shelf_variant!(),
    " WHERE p.category = $1 ORDER BY p.sort, p.id LIMIT $2"
);
const CARD_OF_VARIANT: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM variants v JOIN products p ON p.id = v.product_id JOIN farms f ON f.id = p.farm_id WHERE v.id = $1"
);
const CARDS_OF_FARM: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM products p JOIN farms f ON f.id = p.farm_id ",
    shelf_variant!(),
    " WHERE p.farm_id = $1 ORDER BY p.sort, p.id"
);
/// Names that hold the first word come before what is found by farm or place only.
const CARDS_FOUND: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM products p JOIN farms f ON f.id = p.farm_id ",
    shelf_variant!(),
    r" WHERE p.search_text LIKE $1 ESCAPE '\' AND p.search_text LIKE $2 ESCAPE '\' AND p.search_text LIKE $3 ESCAPE '\'",
    r" ORDER BY CASE WHEN p.name_zh LIKE $1 ESCAPE '\' OR LOWER(p.name_en) LIKE $1 ESCAPE '\' THEN 0 ELSE 1 END,",
    " p.sort, p.id LIMIT $4"
);
/// One query for a product's page, a row for each variant, what is on the shelf first. It counts
/// what was sold from the orders, reading only.
const PRODUCT: &str = concat!(
    "SELECT p.id, p.about_zh, p.about_en, p.promise_zh, p.promise_en, \
     (SELECT CAST(COALESCE(SUM(o.quantity * w.weight_grams), 0) AS BIGINT) FROM variants w \
      JOIN orders o ON o.variant_id = w.id AND o.state IN ('waiting', 'confirmed', 'collected') \
      WHERE w.product_id = p.id) AS sold, ",
    card_columns!(),
    ", ",
    farm_columns!(),
    " FROM products p JOIN farms f ON f.id = p.farm_id JOIN people h ON h.id = f.farmer_id \
     JOIN variants v ON v.product_id = p.id WHERE p.slug = $1 ORDER BY CASE WHEN v.stock > 0 THEN 0 ELSE 1 END, v.id"
);
const FARMS: &str = concat!(
    "SELECT ",
    farm_columns!(),
    " FROM farms f JOIN people h ON h.id = f.farmer_id ORDER BY f.id"
);
const FARM_OF: &str = concat!(
    "SELECT ",
    farm_columns!(),
    " FROM farms f JOIN people h ON h.id = f.farmer_id WHERE f.farmer_id = $1"
);
/// What [`cards`] looks for.
pub(super) enum Among<'a> {
    Everything {
        limit: i64,
    },
    Category {
        category: Category,
        limit: i64,
    },
    Farm(&'a FarmId),
    /// Three LIKE patterns that must all fit.
    Fitting {
        patterns: &'a [String; 3],
        limit: i64,
    },
}

pub(super) async fn cards(tx: &mut Tx, among: Among<'_>) -> sqlx::Result<Vec<ProductCard>> {
    let found: Vec<CardRow> = match among {
        Among::Everything { limit } => on!(tx, c => sqlx::query_as(CARDS).bind(limit).fetch_all(c))?,
        Among::Category { category, limit } => {
            on!(tx, c => sqlx::query_as(CARDS_OF_CATEGORY).bind(category.as_str()).bind(limit).fetch_all(c))?
        }
        Among::Farm(farm) => on!(tx, c => sqlx::query_as(CARDS_OF_FARM).bind(farm).fetch_all(c))?,
        Among::Fitting {
            patterns: [one, two, three],
            limit,
        } => on!(tx, c => sqlx::query_as(CARDS_FOUND).bind(one).bind(two).bind(three).bind(limit).fetch_all(c))?,
    };
    Ok(found.into_iter().map(ProductCard::from).collect())
}

pub(crate) async fn card_of_variant(tx: &mut Tx, id: &VariantId) -> sqlx::Result<Option<ProductCard>> {
    let found = on!(tx, c => sqlx::query_as::<_, CardRow>(CARD_OF_VARIANT).bind(id).fetch_optional(c))?;
    Ok(found.map(ProductCard::from))
}

pub(super) async fn product(tx: &mut Tx, slug: &str) -> sqlx::Result<Option<Product>> {
    let found: Vec<ProductRow> = on!(tx, c => sqlx::query_as(PRODUCT).bind(slug).fetch_all(c))?;
    let mut variants = Vec::with_capacity(found.len());
    let mut product = None;
    for row in found {
        let card = ProductCard::from(row.card);
        variants.push(card.variant.clone());
        product.get_or_insert_with(|| Product {
            id: row.id,
            card,
            variants: Vec::new(),
            about: Bilingual::new(row.about_zh, row.about_en),
            promise: Bilingual::new(row.promise_zh, row.promise_en),
            farm: row.farm.into(),
            sold: Weight::grams(row.sold),
        });
    }
    Ok(product.map(|product| Product { variants, ..product }))
}

pub(super) async fn farms(tx: &mut Tx) -> sqlx::Result<Vec<Farm>> {
    let found: Vec<FarmRow> = on!(tx, c => sqlx::query_as(FARMS).fetch_all(c))?;
    Ok(found.into_iter().map(Farm::from).collect())
}

pub(super) async fn farm_of(tx: &mut Tx, farmer: &PersonId) -> sqlx::Result<Option<Farm>> {
    Ok(on!(tx, c => sqlx::query_as::<_, FarmRow>(FARM_OF).bind(farmer).fetch_optional(c))?.map(Farm::from))
}
