//! The SQL of placing orders: each statement for many of them.

use crate::{
    Error, GroupId, LiveId, Millis, Money, OrderId, PersonId, PickupPointId, SaleId, VariantId,
    catalog::StockHolder,
    db::{
        Tx,
        many::{read_many, write_many},
        on, rows,
    },
    id,
    order::{Method, OrderState},
};
use std::collections::BTreeSet;

/// An order as it is stored when it is placed.
#[derive(Debug)]
pub(in crate::order) struct NewOrder<'a> {
    pub(in crate::order) id: &'a OrderId,
    pub(in crate::order) code: &'a str,
    pub(in crate::order) shopper: &'a PersonId,
    pub(in crate::order) request_id: &'a str,
    pub(in crate::order) request_hash: &'a str,
    pub(in crate::order) state: OrderState,
    pub(in crate::order) variant: &'a VariantId,
    pub(in crate::order) sale: Option<&'a SaleId>,
    pub(in crate::order) group: Option<&'a GroupId>,
    pub(in crate::order) live: Option<&'a LiveId>,
    pub(in crate::order) leader: Option<&'a PersonId>,
    pub(in crate::order) pickup: &'a PickupPointId,
    pub(in crate::order) pickup_code: &'a str,
    pub(in crate::order) quantity: i64,
    pub(in crate::order) unit: Money,
    pub(in crate::order) amount: Money,
    pub(in crate::order) method: Method,
    /// Until when stock is kept, if it is pending.
    pub(in crate::order) hold_until: Millis,
}

impl<'a> NewOrder<'a> {
    /// Whose stock it holds.
    pub(in crate::order) fn holder(&self) -> StockHolder<'a> {
        self.sale.map_or(StockHolder::Variant(self.variant), StockHolder::Sale)
    }

    fn pending(&self) -> bool {
        self.state == OrderState::Pending
    }

    /// Paid from the balance as it is placed.
    fn paid(&self) -> bool {
        !self.pending() && self.method == Method::Balance
    }
}

/// An order that used a key first.
#[derive(sqlx::FromRow)]
pub(in crate::order) struct First {
    pub(in crate::order) shopper_id: PersonId,
    pub(in crate::order) request_id: String,
    pub(in crate::order) code: String,
    pub(in crate::order) request_hash: String,
}

const FIRSTS: &str = "WITH asked (shopper_id, request_id) AS (VALUES";
const FIRSTS_OF: &str = ") SELECT o.shopper_id, o.request_id, o.code, o.request_hash FROM asked a CROSS JOIN orders o \
    WHERE o.shopper_id = a.shopper_id AND o.request_id = a.request_id";
const STORED: &str = "WITH asked (code) AS (VALUES";
const STORED_OF: &str = ") SELECT o.code FROM asked a CROSS JOIN orders o WHERE o.code = a.code";
const INSERT: &str = "INSERT INTO orders (id, code, shopper_id, request_id, request_hash, state, variant_id, sale_id, \
    group_id, live_id, leader_id, pickup_point_id, pickup_code, quantity, unit_fen, amount_fen, method, hold_until, \
    placed_at, paid_at, confirmed_at) VALUES";
const ONCE: &str = " ON CONFLICT (shopper_id, request_id) DO NOTHING";
const ASK_PAYMENTS: &str =
    "INSERT INTO payments (id, order_id, method, amount_fen, state, created_at, settled_at) VALUES";
const SETTLE_PAYMENTS_OF: &str = "UPDATE payments SET state = 'paid', settled_at = $2 WHERE state = 'created' \
    AND order_id IN (SELECT id FROM orders WHERE live_id = $1 AND state = 'confirmed')";
const COLLECT_OF: &str = "UPDATE orders SET state = 'collected', collected_at = $2, paid_at = COALESCE(paid_at, $2) \
    WHERE live_id = $1 AND state = 'confirmed' RETURNING id, shopper_id";
const ADD_TO_LIVE: &str = "INSERT INTO live_totals (live_id, sold, turnover_fen) VALUES ($1, $2, $3) \
    ON CONFLICT (live_id) DO UPDATE SET sold = live_totals.sold + excluded.sold, \
    turnover_fen = live_totals.turnover_fen + excluded.turnover_fen";

/// Money that was to be paid for this session's confirmed orders is there.
pub(in crate::order) async fn settle_payments_of(tx: &mut Tx, live: &LiveId, now: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(SETTLE_PAYMENTS_OF).bind(live).bind(now))?;
    Ok(())
}

/// This session's confirmed orders are collected; answers them with their shoppers.
pub(in crate::order) async fn collect_of(
    tx: &mut Tx,
    live: &LiveId,
    now: Millis,
) -> Result<Vec<(OrderId, PersonId)>, Error> {
    Ok(on!(tx, c => sqlx::query_as(COLLECT_OF).bind(live).bind(now).fetch_all(c))?)
}

/// How many orders have one of these codes, each of which is given once.
pub(crate) async fn stored(tx: &mut Tx, codes: &[String]) -> Result<usize, Error> {
    let found = read_many!(tx, (String,), STORED, 1, STORED_OF, codes, |query, code| query
        .bind(code));
    Ok(found.into_iter().collect::<BTreeSet<_>>().len())
}

/// The orders that used any of these keys before.
pub(in crate::order) async fn firsts(tx: &mut Tx, keys: &[(&PersonId, &str)]) -> Result<Vec<First>, Error> {
    Ok(read_many!(tx, First, FIRSTS, 2, FIRSTS_OF, keys, |query, key| query
        .bind(key.0)
        .bind(key.1)))
}

/// Stores orders in the order given; false when a shopper used one of the keys before.
pub(in crate::order) async fn insert(tx: &mut Tx, orders: &[NewOrder<'_>], now: Millis) -> Result<bool, Error> {
    let stored = write_many!(tx, INSERT, 21, ONCE, orders, |query, order| query
        .bind(order.id)
        .bind(order.code)
        .bind(order.shopper)
        .bind(order.request_id)
        .bind(order.request_hash)
        .bind(order.state.as_str())
        .bind(order.variant)
        .bind(order.sale)
        .bind(order.group)
        .bind(order.live)
        .bind(order.leader)
        .bind(order.pickup)
        .bind(order.pickup_code)
        .bind(order.quantity)
        .bind(order.unit)
        .bind(order.amount)
        .bind(order.method.as_str())
        .bind(order.pending().then_some(order.hold_until))
        .bind(now)
        .bind(order.paid().then_some(now))
        .bind((order.state == OrderState::Confirmed).then_some(now)));
    Ok(stored == orders.len() as u64)
}

/// Asks each order's payment; what was paid from a balance is settled.
pub(in crate::order) async fn ask_payments(tx: &mut Tx, orders: &[NewOrder<'_>], now: Millis) -> Result<(), Error> {
    write_many!(tx, ASK_PAYMENTS, 7, "", orders, |query, order| query
        .bind(id::unique())
        .bind(order.id)
        .bind(order.method.as_str())
        .bind(order.amount)
        .bind(if order.paid() { "paid" } else { "created" })
        .bind(now)
        .bind(order.paid().then_some(now)));
    Ok(())
}

/// Adds to what the session sold. The caller holds its sale's row.
pub(in crate::order) async fn add_to_live(tx: &mut Tx, live: &LiveId, sold: i64, turnover: Money) -> Result<(), Error> {
    rows!(tx, sqlx::query(ADD_TO_LIVE).bind(live).bind(sold).bind(turnover))?;
    Ok(())
}
