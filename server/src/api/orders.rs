//! One's own orders: placed once however often they are sent, read, called off.

use super::{
    PREFIX,
    caller::{By, OrdersRead, OrdersWrite},
    catalog::PageAsked,
    extract::{Asked, Named, Sent},
    groups::GroupState,
    idempotency::Key,
    page::{self, Cursor, Page},
    problem::Problem,
    shared::{Bilingual, PickupPoint, words},
};
use crate::{
    AppState,
    line::{Said, Ticket, Waits},
};
use axum::{
    Json,
    extract::{ConnectInfo, FromRequestParts, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use market::{
    Millis, Money, OrderId, PickupPointId, VariantId,
    order::{self, Target, Wanted},
};
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, net::SocketAddr};
use utoipa::ToSchema;

/// Says that the order was placed by an earlier request with the same key.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

words! {
    /// Where an order stands.
    OrderState = order::OrderState { Pending, Waiting, Confirmed, Collected, Expired, Cancelled }
}
words! {
    /// How an order is paid.
    Method = order::Method { Cash, Balance }
}
words! {
    /// Why an order was called off.
    CancelReason = order::CancelReason { GroupFailed, ByShopper }
}

/// What kind of thing is ordered.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ItemKind {
    /// A pack in a group, by the group's code.
    Group,
    /// A pack off the shelf, by the variant's id.
    Variant,
}

/// What is ordered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    kind: ItemKind,
    /// A group's code, or a variant's id.
    #[schema(min_length = 1, max_length = 64)]
    id: String,
}

/// An order as it is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    item: Item,
    /// Packs.
    #[schema(minimum = 1, maximum = 100_000)]
    quantity: i64,
    /// The id of a pick-up point; a group's order is fetched at the group's own.
    #[schema(min_length = 1, max_length = 64)]
    pickup_point: String,
    method: Method,
    /// The price of one pack that was shown: another price is refused, never charged.
    #[schema(minimum = 1, maximum = 100_000_000)]
    price_fen: i64,
    /// The quote that came with a sale: while it lives, its price is charged though the host changed
    /// the price meanwhile. One that is over counts as none.
    #[schema(max_length = 200)]
    quote: Option<String>,
}

/// An order that waits in line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InLine {
    /// Orders before it: so many at most.
    ahead: u64,
    /// Milliseconds until its turn, by how fast the line moved lately.
    estimate_ms: u64,
    /// Sent back as `Line-Ticket`, it keeps the place.
    ticket: String,
}

/// What keeps an order's place.
pub(super) struct KeptPlace(Option<String>);

impl FromRequestParts<AppState> for KeptPlace {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        let value = parts.headers.get("line-ticket").and_then(|value| value.to_str().ok());
        Ok(KeptPlace(value.map(str::to_owned)))
    }
}

/// The group an order is in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderGroup {
    code: String,
    state: GroupState,
    joined: i64,
    need: i64,
    deadline: i64,
}

/// One's own order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Order {
    code: String,
    state: OrderState,
    /// Why it was called off.
    reason: Option<CancelReason>,
    /// The product's slug.
    product: String,
    name: Bilingual,
    variant: Bilingual,
    /// Packs.
    quantity: i64,
    /// Of one pack, frozen when it was placed.
    unit_fen: i64,
    amount_fen: i64,
    method: Method,
    /// Whether the money is there.
    paid: bool,
    /// What went back.
    refunded_fen: i64,
    group: Option<OrderGroup>,
    /// The code of the live session it came from.
    live: Option<String>,
    pickup_point: PickupPoint,
    /// What its owner says to get it.
    pickup_code: String,
    /// Until when the stock is kept, while it is not paid.
    hold_until: Option<i64>,
    placed_at: i64,
    paid_at: Option<i64>,
    confirmed_at: Option<i64>,
    collected_at: Option<i64>,
    /// When it lapsed or was called off.
    closed_at: Option<i64>,
}

impl From<order::Order> for Order {
    fn from(order: order::Order) -> Self {
        let moment = |at: Option<Millis>| at.map(|at| at.0);
        let group = order.group.map(|group| OrderGroup {
            code: group.code,
            state: group.state.into(),
            joined: group.joined,
            need: group.need,
            deadline: group.deadline.0,
        });
        Order {
            code: order.code,
            state: order.state.into(),
            reason: order.reason.map(CancelReason::from),
            product: order.slug,
            name: order.product.into(),
            variant: order.variant.into(),
            quantity: order.quantity,
            unit_fen: order.unit.as_fen(),
            amount_fen: order.amount.as_fen(),
            method: order.method.into(),
            paid: order.paid,
            refunded_fen: order.refunded.as_fen(),
            group,
            live: order.live_code,
            pickup_point: order.pickup.into(),
            pickup_code: order.pickup_code,
            hold_until: moment(order.hold_until),
            placed_at: order.placed_at.0,
            paid_at: moment(order.paid_at),
            confirmed_at: moment(order.confirmed_at),
            collected_at: moment(order.collected_at),
            closed_at: moment(order.closed_at),
        }
    }
}

/// One's own orders, the newest first.
#[utoipa::path(get, path = "/orders", tag = "orders", params(PageAsked),
    responses((status = 200, description = "A page of orders.", body = Page<Order>)),
    security(("token" = ["orders:read"])))]
pub(super) async fn orders(
    State(state): State<AppState>,
    by: By<OrdersRead>,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<Order>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::read("orders", asked.cursor.as_deref())?;
    let before = before.map(|cursor| (Millis(cursor.sort), OrderId(cursor.id)));
    let found = state.market.orders_before(by.owner(), before, limit + 1).await?;
    let cursor = |order: &order::Order| Cursor {
        list: "orders",
        sort: order.placed_at.0,
        id: order.id.0.clone(),
    };
    Ok(Json(Page::of(found, limit, cursor, Order::from)))
}

/// Places an order. The `Idempotency-Key` makes it safe to send again: the same key with the same
/// content gets the order that was placed first (and `Idempotency-Replayed: true`), with other content
/// it is refused. A refused request leaves nothing behind, and its key is free. With `method`
/// `balance` and too little in it the order stays `pending` until `hold_until`. When more ask than can be
/// served the order waits in line (202): send the same request again after `Retry-After` seconds, with the
/// ticket, to keep the place and to learn what became of it. An order that nobody asks for in 15 seconds
/// is dropped and never placed.
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = NewOrder,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255, pattern = "^[A-Za-z0-9_.:-]+$",
        description = "Drawn by the program for each order, as a UUID; bare or in quotes."),
        ("Line-Ticket" = Option<String>, Header, max_length = 2048, description = "The `ticket` of a 202 answer.")),
    responses((status = 201, description = "The order.", body = Order, headers(
        ("Location" = String, description = "Its address."),
        ("Idempotency-Replayed" = Option<bool>, description = "An earlier request with this key placed it."))),
        (status = 202, description = "It waits in line.", body = InLine, headers(
            ("Retry-After" = u64, description = "Seconds after which to ask again.")))),
    security(("token" = ["orders:write"])))]
pub(super) async fn place(
    State(state): State<AppState>,
    by: By<OrdersWrite>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    key: Key,
    KeptPlace(kept): KeptPlace,
    Sent(new): Sent<NewOrder>,
) -> Result<Response, Problem> {
    let _on_its_way = state.api.in_flight.begin(&by.owner().id, &key)?;
    let target = match new.item.kind {
        ItemKind::Variant => Target::Solo(VariantId(new.item.id)),
        ItemKind::Group => {
            let id = state.market.find_group_id(&new.item.id).await?;
            Target::Group(id.ok_or(Problem::NOT_FOUND)?)
        }
    };
    let wanted = Wanted {
        request_id: key.0,
        target,
        quantity: new.quantity,
        pickup: PickupPointId(new.pickup_point),
        method: new.method.into(),
        shown_price: Money::fen(new.price_fen),
    };
    let quote = new.quote.as_deref().unwrap_or_default();
    let mut ticket = Ticket {
        person: by.owner().id.clone(),
        since: state.market.now(),
        wanted,
        quote: quote.to_owned(),
        named: String::new(),
    };
    // one of another order, or that we never wrote, keeps no place
    if let Some(kept) = kept.and_then(|text| state.line.read(by.owner(), &text))
        && kept.wanted == ticket.wanted
    {
        ticket.since = kept.since;
    }
    let receipt = match state.line.place(by.owner(), ticket, peer.ip()).await? {
        Said::Placed(receipt) => receipt,
        Said::Waits(waits) => return Ok(in_line(waits)),
    };
    let at = [(header::LOCATION, format!("{PREFIX}/orders/{}", receipt.order.code))];
    let mut response = (StatusCode::CREATED, at, Json(Order::from(receipt.order))).into_response();
    if receipt.repeated {
        response
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn in_line(waits: Waits) -> Response {
    let again = [(header::RETRY_AFTER, HeaderValue::from(waits.come_again_s()))];
    let body = InLine {
        ahead: waits.place.ahead,
        estimate_ms: waits.place.estimate_ms,
        ticket: waits.ticket,
    };
    (StatusCode::ACCEPTED, again, Json(body)).into_response()
}

/// One of one's own orders.
#[utoipa::path(get, path = "/orders/{code}", tag = "orders", params(("code" = String, Path)),
    responses((status = 200, description = "The order.", body = Order)),
    security(("token" = ["orders:read"])))]
pub(super) async fn order(
    State(state): State<AppState>,
    by: By<OrdersRead>,
    Named(code): Named,
) -> Result<Json<Order>, Problem> {
    let order = state.market.find_order(by.owner(), &code).await?;
    // leaders, hosts and operators see others' orders on their pages; a program sees its owner's
    if order.shopper_id == by.owner().id {
        Ok(Json(order.into()))
    } else {
        Err(Problem::NOT_FOUND)
    }
}

/// Calls an order off: stock, seat and money go back. Allowed while it is pending or waits for its
/// group, and for one off the shelf until it is handed over.
#[utoipa::path(post, path = "/orders/{code}/cancel", tag = "orders", params(("code" = String, Path)),
    responses((status = 200, description = "The order as it stands now.", body = Order)),
    security(("token" = ["orders:write"])))]
pub(super) async fn cancel(
    State(state): State<AppState>,
    by: By<OrdersWrite>,
    Named(code): Named,
) -> Result<Json<Order>, Problem> {
    Ok(Json(state.market.cancel(by.owner(), &code).await?.into()))
}
