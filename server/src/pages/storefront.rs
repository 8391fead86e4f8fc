//! Home, category, search, product.

use crate::{
    address::{Asked, Named},
    context::Cx,
    failure::Failure,
};
use app::catalog::{CategoryPage, HomePage, OnAir, ProductPage, SearchPage};
use axum::response::Response;
use market::{catalog::Category, live_session::LiveState};
use serde::Deserialize;

/// Products in the home page's grid.
const GRID: i64 = 24;
/// Products a search shows.
const FOUND: i64 = 48;
/// Lives and sales the home page shows.
const FEW: i64 = 6;
/// Characters of a search that are looked at.
const QUERY_LENGTH: usize = 40;

pub(crate) async fn home(cx: Cx) -> Response {
    let answer = cx.clone();
    answer
        .answer(async move {
            let make = async {
                let market = &cx.state.market;
                let view = HomePage {
                    live: on_air(&cx, FEW).await?,
                    planned: market.lives(LiveState::Scheduled, FEW).await?,
                    sales: market.sales_today(FEW).await?,
                    products: market.products(None, GRID).await?,
                    faces: market.category_photos().await?,
                };
                Ok(app::catalog::home_page(&cx.page, view))
            };
            cx.shared(make).await
        })
        .await
}

/// Who is on air, with how many look on.
pub(crate) async fn on_air(cx: &Cx, most: i64) -> Result<Vec<OnAir>, Failure> {
    let lives = cx.state.market.lives(LiveState::Live, most).await?;
    let rooms = cx.state.live.rooms().await;
    let viewers = |code: &str| {
        rooms
            .iter()
            .find(|room| room.code == code)
            .map_or(0, |room| room.viewers as u64)
    };
    Ok(lives
        .into_iter()
        .map(|card| OnAir {
            viewers: viewers(&card.code),
            card,
        })
        .collect())
}

pub(crate) async fn category(cx: Cx, Named(name): Named) -> Response {
    let answer = cx.clone();
    answer
        .answer(async move {
            let category = Category::try_from(name).map_err(|_| Failure::NOT_FOUND)?;
            let make = async {
                let products = cx.state.market.products(Some(category), FOUND).await?;
                let faces = cx.state.market.category_photos().await?;
                Ok(app::catalog::category_page(
                    &cx.page,
                    CategoryPage {
                        category,
                        products,
                        faces,
                    },
                ))
            };
            cx.shared(make).await
        })
        .await
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

pub(crate) async fn search(cx: Cx, Asked(Search { q }): Asked<Search>) -> Response {
    cx.clone()
        .answer(async move {
            let query: String = q.trim().chars().take(QUERY_LENGTH).collect();
            let market = &cx.state.market;
            let (products, faces) = if query.is_empty() {
                (Vec::new(), market.category_photos().await?)
            } else {
                (market.search(&query, FOUND).await?, Vec::new())
            };
            let view = SearchPage { query, products, faces };
            Ok(cx.html(app::catalog::search_page(&cx.page, view)))
        })
        .await
}

pub(crate) async fn product(cx: Cx, Named(slug): Named) -> Response {
    let answer = cx.clone();
    answer
        .answer(async move {
            let make = async {
                let market = &cx.state.market;
                let product = market.find_product(&slug).await?.ok_or(Failure::NOT_FOUND)?;
                let batch = market.batch_of_product(&slug).await?;
                let sale = market.sale_of_product(&slug).await?;
                Ok(app::catalog::product_page(
                    &cx.page,
                    ProductPage { product, batch, sale },
                ))
            };
            cx.shared(make).await
        })
        .await
}
