//! Products, farms, pick-up points.

use super::{
    caller::{By, CatalogRead},
    extract::{Asked, Named},
    page::{self, Cursor, Page},
    problem::Problem,
    shared::{Bilingual, PickupPoint, words},
};
use crate::AppState;
use app::text::api::Wrong;
use axum::{Json, extract::State};
use market::{
    FarmId, ProductId,
    catalog::{self, ProductKey},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Characters of a search.
const MOST_WORDS: usize = 40;

words! {
    /// A category of goods.
    Category = catalog::Category { Produce, GrainOil, Daily }
}

/// A pack with its own price and stock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Variant {
    /// For an order's `item`.
    id: String,
    name: Bilingual,
    /// Of the pack.
    weight_grams: i64,
    /// Of the pack, alone.
    price_fen: i64,
    /// Packs on the shelf.
    stock: i64,
}

impl From<catalog::Variant> for Variant {
    fn from(variant: catalog::Variant) -> Self {
        Variant {
            id: variant.id.0,
            name: variant.name.into(),
            weight_grams: variant.weight.as_grams(),
            price_fen: variant.price.as_fen(),
            stock: variant.stock,
        }
    }
}

/// A product in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductCard {
    slug: String,
    category: Category,
    name: Bilingual,
    farm: Bilingual,
    place: Bilingual,
    /// The pack that is shown first.
    variant: Variant,
    /// Whether where it came from can be looked up.
    traced: bool,
}

impl From<catalog::ProductCard> for ProductCard {
    fn from(card: catalog::ProductCard) -> Self {
        ProductCard {
            slug: card.slug,
            category: card.category.into(),
            name: card.name.into(),
            farm: card.farm.into(),
            place: card.place.into(),
            variant: card.variant.into(),
            traced: card.traced,
        }
    }
}

/// A product with all its packs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Product {
    slug: String,
    category: Category,
    name: Bilingual,
    about: Bilingual,
    /// What is promised when something is wrong with it.
    promise: Bilingual,
    /// What is on the shelf first.
    variants: Vec<Variant>,
    farm: Farm,
    /// Sold so far, of all packs.
    sold_grams: i64,
    /// Whether where it came from can be looked up.
    traced: bool,
}

/// A farm and its farmer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Farm {
    slug: String,
    name: Bilingual,
    place: Bilingual,
    about: Bilingual,
    /// Farmers act in public under their own name.
    farmer: String,
}

impl From<catalog::Farm> for Farm {
    fn from(farm: catalog::Farm) -> Self {
        Farm {
            slug: farm.slug,
            name: farm.name.into(),
            place: farm.place.into(),
            about: farm.about.into(),
            farmer: farm.farmer_name,
        }
    }
}

/// Which products.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProductsAsked {
    /// Of one category only.
    #[param(required = false, value_type = Category)]
    category: Option<Category>,
    /// Words that name, farm or place must have: Chinese, English, pinyin or its initials.
    #[param(required = false, value_type = String, max_length = 40)]
    q: Option<String>,
    /// Entries of the page; 20 when it is not said.
    #[param(required = false, value_type = i64, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    #[param(required = false, value_type = String)]
    cursor: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageAsked {
    /// Entries of the page; 20 when it is not said.
    #[param(required = false, value_type = i64, minimum = 1, maximum = 100)]
    pub(super) limit: Option<i64>,
    /// `next` of the page before.
    #[param(required = false, value_type = String)]
    pub(super) cursor: Option<String>,
}

/// Products, in the catalog's order.
#[utoipa::path(get, path = "/products", tag = "catalog", params(ProductsAsked),
    responses((status = 200, description = "A page of products.", body = Page<ProductCard>)),
    security(("token" = ["catalog:read"])))]
pub(super) async fn products(
    State(state): State<AppState>,
    _: By<CatalogRead>,
    Asked(asked): Asked<ProductsAsked>,
) -> Result<Json<Page<ProductCard>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let words = asked.q.unwrap_or_default();
    if words.chars().count() > MOST_WORDS {
        return Err(Wrong::Invalid(format!("q: at most {MOST_WORDS} characters")).into());
    }
    let after = page::read("products", asked.cursor.as_deref())?.map(|cursor| ProductKey {
        sort: cursor.sort,
        id: ProductId(cursor.id),
    });
    let category = asked.category.map(catalog::Category::from);
    let found = state.market.products_after(category, &words, after, limit + 1).await?;
    let cursor = |(key, _): &(ProductKey, _)| Cursor {
        list: "products",
        sort: key.sort,
        id: key.id.0.clone(),
    };
    Ok(Json(Page::of(found, limit, cursor, |(_, card)| card.into())))
}

/// One product.
#[utoipa::path(get, path = "/products/{slug}", tag = "catalog", params(("slug" = String, Path)),
    responses((status = 200, description = "The product.", body = Product)),
    security(("token" = ["catalog:read"])))]
pub(super) async fn product(
    State(state): State<AppState>,
    _: By<CatalogRead>,
    Named(slug): Named,
) -> Result<Json<Product>, Problem> {
    let product = state.market.find_product(&slug).await?.ok_or(Problem::NOT_FOUND)?;
    Ok(Json(Product {
        slug: product.card.slug,
        category: product.card.category.into(),
        name: product.card.name.into(),
        about: product.about.into(),
        promise: product.promise.into(),
        variants: product.variants.into_iter().map(Variant::from).collect(),
        farm: product.farm.into(),
        sold_grams: product.sold.as_grams(),
        traced: product.card.traced,
    }))
}

/// Farms, in order of joining.
#[utoipa::path(get, path = "/farms", tag = "catalog", params(PageAsked),
    responses((status = 200, description = "A page of farms.", body = Page<Farm>)),
    security(("token" = ["catalog:read"])))]
pub(super) async fn farms(
    State(state): State<AppState>,
    _: By<CatalogRead>,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<Farm>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after = page::read("farms", asked.cursor.as_deref())?.map(|cursor| FarmId(cursor.id));
    let found = state.market.farms_after(after.as_ref(), limit + 1).await?;
    let cursor = |farm: &catalog::Farm| Cursor {
        list: "farms",
        sort: 0,
        id: farm.id.0.clone(),
    };
    Ok(Json(Page::of(found, limit, cursor, Farm::from)))
}

/// One farm.
#[utoipa::path(get, path = "/farms/{slug}", tag = "catalog", params(("slug" = String, Path)),
    responses((status = 200, description = "The farm.", body = Farm)),
    security(("token" = ["catalog:read"])))]
pub(super) async fn farm(
    State(state): State<AppState>,
    _: By<CatalogRead>,
    Named(slug): Named,
) -> Result<Json<Farm>, Problem> {
    let farm = state.market.find_farm(&slug).await?.ok_or(Problem::NOT_FOUND)?;
    Ok(Json(farm.into()))
}

/// Pick-up points, in the order they were opened.
#[utoipa::path(get, path = "/pickup-points", tag = "catalog", params(PageAsked),
    responses((status = 200, description = "A page of pick-up points.", body = Page<PickupPoint>)),
    security(("token" = ["catalog:read"])))]
pub(super) async fn pickup_points(
    State(state): State<AppState>,
    _: By<CatalogRead>,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<PickupPoint>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after = page::read("pickup-points", asked.cursor.as_deref())?.map_or_else(String::new, |cursor| cursor.id);
    // a village has few, a county some hundreds: they are read whole, in order of their ids
    let mut found = state.market.pickup_points().await?;
    found.retain(|point| *point.id.as_str() > *after);
    let cursor = |point: &market::community::PickupPoint| Cursor {
        list: "pickup-points",
        sort: 0,
        id: point.id.0.clone(),
    };
    Ok(Json(Page::of(found, limit, cursor, PickupPoint::from)))
}
