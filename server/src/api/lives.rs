//! Live sessions, and the flash sales that are on in them.

use super::{
    caller::{By, LivesRead},
    catalog::{Farm, PageAsked, ProductCard},
    extract::{Asked, Named},
    page::{self, Cursor, Page},
    problem::Problem,
    shared::{Bilingual, words},
};
use crate::AppState;
use axum::{Json, extract::State};
use market::{
    LiveId,
    flash_sale::{self, SaleCard},
    live_session::{self, LiveCard, SalePicture},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

words! {
    /// Where a live session stands.
    LiveState = live_session::LiveState { Scheduled, Live, Ended }
}

/// A live session in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LiveItem {
    code: String,
    title: Bilingual,
    state: LiveState,
    /// When it was to begin.
    starts_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    farm: Farm,
}

impl From<LiveCard> for LiveItem {
    fn from(card: LiveCard) -> Self {
        LiveItem {
            code: card.code,
            title: card.title.into(),
            state: card.state.into(),
            starts_at: card.starts_at.0,
            started_at: card.started_at.map(|at| at.0),
            ended_at: card.ended_at.map(|at| at.0),
            farm: card.farm.into(),
        }
    }
}

/// A live session with what is sold in it now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Live {
    #[serde(flatten)]
    live: LiveItem,
    /// Moves with every change of what is sold.
    version: i64,
    /// The server's time when this was read.
    now: i64,
    /// What is being spoken about.
    pinned: Option<Pinned>,
    /// The flash sale that is on.
    sale: Option<Sale>,
    /// Packs sold in this session.
    sold: i64,
}

/// What is being spoken about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pinned {
    variant: String,
    product: String,
    name: Bilingual,
    weight_grams: i64,
    /// Of the pack, outside a sale.
    price_fen: i64,
    /// Packs on the shelf.
    stock: i64,
}

impl From<live_session::Pinned> for Pinned {
    fn from(pinned: live_session::Pinned) -> Self {
        Pinned {
            variant: pinned.variant.0,
            product: pinned.slug,
            name: pinned.name.into(),
            weight_grams: pinned.weight.as_grams(),
            price_fen: pinned.price.as_fen(),
            stock: pinned.stock,
        }
    }
}

/// A flash sale that is on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sale {
    id: String,
    /// Of the pack, in a group.
    price_fen: i64,
    /// Of the pack, alone.
    solo_fen: i64,
    weight_grams: i64,
    /// Packs in the sale, of all its rounds.
    quota: i64,
    /// Packs its rounds have released so far.
    released: i64,
    /// Packs that can be bought now.
    stock: i64,
    /// Packs one person may buy.
    per_person: i64,
    /// People a group needs.
    need: i64,
    ends_at: i64,
    /// What the sale is released in: one round, or several. What one leaves over is sold in the next.
    rounds: Vec<Round>,
    /// The price in writing, for some minutes: sent along with an order it is honoured though the
    /// price was changed.
    quote: Option<String>,
    /// Codes of open groups, the fullest first, at most five.
    groups: Vec<String>,
    /// Groups that formed.
    formed: i64,
}

impl From<SalePicture> for Sale {
    fn from(sale: SalePicture) -> Self {
        Sale {
            id: sale.id.0,
            price_fen: sale.price.as_fen(),
            solo_fen: sale.solo.as_fen(),
            weight_grams: sale.weight.as_grams(),
            quota: sale.quota,
            released: sale.released,
            stock: sale.stock,
            per_person: sale.per_person,
            need: sale.need,
            ends_at: sale.ends_at.0,
            rounds: sale.rounds.into_iter().map(Round::from).collect(),
            quote: sale.quote,
            groups: sale.groups.into_iter().map(|group| group.code).collect(),
            formed: sale.formed,
        }
    }
}

/// A release of some of a sale's packs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Round {
    number: i64,
    /// It has not begun.
    to_come: bool,
    /// Packs it releases.
    quota: i64,
    /// Of the pack, in a group, when it begins.
    price_fen: i64,
    /// What the host says of it, or nothing.
    words: String,
    /// When it begins, or began.
    starts_at: i64,
}

impl From<flash_sale::Round> for Round {
    fn from(round: flash_sale::Round) -> Self {
        Round {
            number: round.number,
            to_come: round.to_come,
            quota: round.quota,
            price_fen: round.price.as_fen(),
            words: round.words,
            starts_at: round.starts_at.0,
        }
    }
}

/// A flash sale with what it sells and where.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SaleItem {
    /// The code of its live session.
    live: String,
    /// The card's pack is the sale's.
    product: ProductCard,
    sale: Sale,
}

/// Which lives.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LivesAsked {
    /// In one state only.
    #[param(required = false, value_type = LiveState)]
    state: Option<LiveState>,
    /// Entries of the page; 20 when it is not said.
    #[param(required = false, value_type = i64, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    #[param(required = false, value_type = String)]
    cursor: Option<String>,
}

/// Live sessions, the last announced first.
#[utoipa::path(get, path = "/lives", tag = "lives", params(LivesAsked),
    responses((status = 200, description = "A page of lives.", body = Page<LiveItem>)),
    security(("token" = ["lives:read"])))]
pub(super) async fn lives(
    State(state): State<AppState>,
    _: By<LivesRead>,
    Asked(asked): Asked<LivesAsked>,
) -> Result<Json<Page<LiveItem>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::read("lives", asked.cursor.as_deref())?.map(|cursor| LiveId(cursor.id));
    let wanted = asked.state.map(live_session::LiveState::from);
    let found = state.market.lives_before(wanted, before.as_ref(), limit + 1).await?;
    let cursor = |card: &LiveCard| Cursor {
        list: "lives",
        sort: 0,
        id: card.id.0.clone(),
    };
    Ok(Json(Page::of(found, limit, cursor, LiveItem::from)))
}

/// One live session, with what is sold in it now.
#[utoipa::path(get, path = "/lives/{code}", tag = "lives", params(("code" = String, Path)),
    responses((status = 200, description = "The live.", body = Live)),
    security(("token" = ["lives:read"])))]
pub(super) async fn live(
    State(state): State<AppState>,
    _: By<LivesRead>,
    Named(code): Named,
) -> Result<Json<Live>, Problem> {
    let card = state.market.find_live(&code).await?.ok_or(Problem::NOT_FOUND)?;
    let picture = state.market.live_picture(&code).await?.ok_or(Problem::NOT_FOUND)?;
    Ok(Json(Live {
        live: card.into(),
        version: picture.version,
        now: picture.now.0,
        pinned: picture.pinned.map(Pinned::from),
        sale: picture.sale.map(Sale::from),
        sold: picture.sold,
    }))
}

/// Flash sales that are on, the one that ends first leads.
#[utoipa::path(get, path = "/sales", tag = "lives", params(PageAsked),
    responses((status = 200, description = "A page of sales.", body = Page<SaleItem>)),
    security(("token" = ["lives:read"])))]
pub(super) async fn sales(
    State(state): State<AppState>,
    _: By<LivesRead>,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<SaleItem>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after = page::read("sales", asked.cursor.as_deref())?;
    let place = |card: &SaleCard| (card.sale.ends_at.0, card.sale.id.0.clone());
    // a live has one sale at a time: they are as few as the lives on air, and read whole
    let mut found = state.market.sales_today(i64::from(i32::MAX)).await?;
    found.sort_by_key(place);
    if let Some(after) = after {
        found.retain(|card| place(card) > (after.sort, after.id.clone()));
    }
    let cursor = |card: &SaleCard| {
        let (sort, id) = place(card);
        Cursor {
            list: "sales",
            sort,
            id,
        }
    };
    let show = |card: SaleCard| SaleItem {
        live: card.live_code,
        product: card.product.into(),
        sale: card.sale.into(),
    };
    Ok(Json(Page::of(found, limit, cursor, show)))
}
