//! The SQL of orders, payments and refunds, for the verbs. What pages show is read in `view.rs`'s
//! query, which is here too (hence the length: one home for all SQL of the slice).

mod place;
pub(crate) use place::stored;
pub(super) use place::*;

use super::{CancelReason, Method, OrderState, PaymentState};
use crate::{
    Error, GroupId, LiveId, Millis, Money, OrderId, PersonId, SaleId, VariantId, Weight,
    community::store::{PointRow, point_columns, point_tables},
    db::{Tx, on, rows},
    id,
};

/// An order as a verb needs it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct OrderRow {
    pub(crate) id: OrderId,
    pub(crate) code: String,
    pub(crate) shopper_id: PersonId,
    #[sqlx(try_from = "String")]
    pub(crate) state: OrderState,
    pub(crate) variant_id: VariantId,
    pub(crate) sale_id: Option<SaleId>,
    pub(crate) group_id: Option<GroupId>,
    pub(crate) leader_id: Option<PersonId>,
    pub(crate) quantity: i64,
    pub(crate) amount_fen: Money,
    pub(crate) hold_until: Option<Millis>,
}

/// An order as pages show it.
#[derive(sqlx::FromRow)]
pub(super) struct ViewRow {
    pub(super) id: OrderId,
    pub(super) code: String,
    pub(super) shopper_id: PersonId,
    pub(super) shopper_name: String,
    pub(super) shopper_phone: String,
    #[sqlx(try_from = "String")]
    pub(super) state: OrderState,
    pub(super) reason: Option<String>,
    pub(super) slug: String,
    pub(super) product_zh: String,
    pub(super) product_en: String,
    pub(super) variant_zh: String,
    pub(super) variant_en: String,
    pub(super) photo: String,
    pub(super) weight_grams: Weight,
    pub(super) quantity: i64,
    pub(super) unit_fen: Money,
    pub(super) amount_fen: Money,
    #[sqlx(try_from = "String")]
    pub(super) method: Method,
    #[sqlx(try_from = "String")]
    pub(super) payment_state: PaymentState,
    pub(super) refunded_fen: Money,
    pub(super) group_code: Option<String>,
    pub(super) group_state: Option<String>,
    pub(super) group_joined: Option<i64>,
    pub(super) group_need: Option<i64>,
    pub(super) group_deadline: Option<Millis>,
    pub(super) group_leader_name: Option<String>,
    pub(super) live_code: Option<String>,
    pub(super) live_host_id: Option<PersonId>,
    pub(super) leader_id: Option<PersonId>,
    pub(super) pickup_code: String,
    pub(super) hold_until: Option<Millis>,
    pub(super) placed_at: Millis,
    pub(super) paid_at: Option<Millis>,
    pub(super) confirmed_at: Option<Millis>,
    pub(super) collected_at: Option<Millis>,
    pub(super) closed_at: Option<Millis>,
    #[sqlx(flatten)]
    pub(super) pickup: PointRow,
}

/// Which orders a list shows.
pub(super) enum Whose<'a> {
    Shopper(&'a PersonId),
    Leader(&'a PersonId),
    Live(&'a LiveId),
}

macro_rules! order_columns {
    () => {
        "id, code, shopper_id, state, variant_id, sale_id, group_id, leader_id, quantity, amount_fen, hold_until"
    };
}

const BY_CODE: &str = concat!("SELECT ", order_columns!(), " FROM orders WHERE code = $1");
const BY_ID: &str = concat!("SELECT ", order_columns!(), " FROM orders WHERE id = $1");
const LOCK: &str = concat!(
    "UPDATE orders SET state = state WHERE id = $1 RETURNING ",
    order_columns!()
);
const LIVING_OF_GROUP: &str = concat!(
    "SELECT ",
    order_columns!(),
    " FROM orders WHERE group_id = $1 AND state IN ('pending', 'waiting') ORDER BY id"
);
const DUE: &str = "SELECT id FROM orders WHERE state = 'pending' AND hold_until <= $1 ORDER BY hold_until, id LIMIT $2";
// The rule is repeated: still pending, and its hold has not lapsed.
const AGREE: &str = "UPDATE orders SET state = $2, method = $3, hold_until = NULL, paid_at = $4, confirmed_at = $5 \
    WHERE id = $1 AND state = 'pending' AND hold_until > $6";
const EXPIRE: &str =
    "UPDATE orders SET state = 'expired', closed_at = $2 WHERE id = $1 AND state = 'pending' AND hold_until <= $2";
const CALL_OFF: &str =
    "UPDATE orders SET state = 'cancelled', reason = $3, closed_at = $4 WHERE id = $1 AND state = $2";
const CONFIRM_GROUP: &str = "UPDATE orders SET state = 'confirmed', confirmed_at = $2 WHERE group_id = $1 AND state = 'waiting' \
    RETURNING id, shopper_id";
const COLLECT: &str = "UPDATE orders SET state = 'collected', collected_at = $2, paid_at = COALESCE(paid_at, $2) \
    WHERE id = $1 AND state = 'confirmed'";
const SET_METHOD: &str = "UPDATE payments SET method = $2 WHERE order_id = $1 AND state = 'created'";
const SETTLE_PAYMENT: &str =
    "UPDATE payments SET state = 'paid', settled_at = $2 WHERE order_id = $1 AND state = 'created'";
const CLOSE_PAYMENT: &str =
    "UPDATE payments SET state = 'closed', settled_at = $2 WHERE order_id = $1 AND state = 'created'";
const ADD_REFUND: &str = "INSERT INTO refunds (id, order_id, number, amount_fen, state, created_at, settled_at) \
    VALUES ($1, $2, 1, $3, 'succeeded', $4, $4) ON CONFLICT (order_id, number) DO NOTHING";

// Read for the feed: who bought last, and how much was sold in a session.
const RECENT_IN_LIVE: &str = "SELECT p.name, o.quantity FROM orders o JOIN people p ON p.id = o.shopper_id \
    WHERE o.live_id = $1 AND o.state IN ('waiting', 'confirmed', 'collected') ORDER BY o.placed_at DESC, o.id DESC LIMIT $2";
const SOLD_IN_LIVE: &str = "SELECT sold, turnover_fen FROM live_totals WHERE live_id = $1";
// The order's packs and amount, added (1) to what its session sold or taken off (-1).
const COUNT_IN_LIVE: &str = "INSERT INTO live_totals (live_id, sold, turnover_fen) \
    SELECT live_id, quantity * $2, amount_fen * $2 FROM orders WHERE id = $1 AND live_id IS NOT NULL \
    ON CONFLICT (live_id) DO UPDATE SET sold = live_totals.sold + excluded.sold, \
    turnover_fen = live_totals.turnover_fen + excluded.turnover_fen";

// Read for pages in one query: everything an order's page or row shows.
macro_rules! view {
    ($tail:literal) => {
        concat!(
            "SELECT o.id, o.code, o.shopper_id, h.name AS shopper_name, h.phone AS shopper_phone, o.state, o.reason, \
             p.slug, p.name_zh AS product_zh, p.name_en AS product_en, v.name_zh AS variant_zh, v.name_en AS variant_en, \
             p.photo, v.weight_grams, o.quantity, o.unit_fen, o.amount_fen, o.method, y.state AS payment_state, \
             (SELECT CAST(COALESCE(SUM(r.amount_fen), 0) AS BIGINT) FROM refunds r \
              WHERE r.order_id = o.id AND r.state = 'succeeded') AS refunded_fen, \
             g.code AS group_code, g.state AS group_state, g.joined AS group_joined, g.need AS group_need, \
             g.deadline AS group_deadline, d.name AS group_leader_name, e.code AS live_code, e.host_id AS live_host_id, \
             o.leader_id, o.pickup_code, o.hold_until, o.placed_at, o.paid_at, o.confirmed_at, o.collected_at, \
             o.closed_at, ",
            point_columns!(),
            " FROM orders o JOIN people h ON h.id = o.shopper_id JOIN variants v ON v.id = o.variant_id \
             JOIN products p ON p.id = v.product_id JOIN payments y ON y.order_id = o.id \
             JOIN (",
            point_tables!(),
            ") ON k.id = o.pickup_point_id LEFT JOIN groups g ON g.id = o.group_id \
             LEFT JOIN people d ON d.id = g.leader_id LEFT JOIN lives e ON e.id = o.live_id ",
            $tail
        )
    };
}
mod pages;
pub(super) use pages::views_before;

const VIEW: &str = view!("WHERE o.code = $1");
const VIEWS_OF_SHOPPER: &str = view!("WHERE o.shopper_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2");
const VIEWS_OF_LEADER: &str = view!("WHERE o.leader_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2");
const VIEWS_OF_LIVE: &str = view!("WHERE o.live_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2");

/// The order with this code.
pub(super) async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<OrderRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, OrderRow>(BY_CODE).bind(code).fetch_optional(c))?)
}

/// The order with this id.
pub(super) async fn by_id(tx: &mut Tx, id: &OrderId) -> Result<Option<OrderRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, OrderRow>(BY_ID).bind(id).fetch_optional(c))?)
}

/// Takes the order's row until the transaction ends and answers it as it then is.
pub(super) async fn lock(tx: &mut Tx, id: &OrderId) -> Result<OrderRow, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, OrderRow>(LOCK).bind(id).fetch_one(c))?)
}

/// The group's orders that are pending or wait.
pub(super) async fn living_of_group(tx: &mut Tx, group: &GroupId) -> Result<Vec<OrderRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, OrderRow>(LIVING_OF_GROUP).bind(group).fetch_all(c))?)
}

/// Orders whose hold has lapsed, at most `limit`.
pub(crate) async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<OrderId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, OrderId>(DUE).bind(now).bind(limit).fetch_all(c))?)
}

/// Makes a pending order whose hold has not lapsed `next`, to be paid by `method`; whether it did.
pub(super) async fn agree(
    tx: &mut Tx,
    id: &OrderId,
    next: OrderState,
    method: Method,
    now: Millis,
) -> Result<bool, Error> {
    let paid_at = (method == Method::Balance).then_some(now);
    let confirmed_at = (next == OrderState::Confirmed).then_some(now);
    let (next, method) = (next.as_str(), method.as_str());
    let changed = rows!(
        tx,
        sqlx::query(AGREE)
            .bind(id)
            .bind(next)
            .bind(method)
            .bind(paid_at)
            .bind(confirmed_at)
            .bind(now)
    )?;
    Ok(changed == 1)
}

/// Expires a pending order whose hold has lapsed; whether this call did.
pub(super) async fn expire(tx: &mut Tx, id: &OrderId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(EXPIRE).bind(id).bind(now))? == 1)
}

/// Calls off an order that stands `from`; whether this call did.
pub(super) async fn call_off(
    tx: &mut Tx,
    id: &OrderId,
    from: OrderState,
    reason: CancelReason,
    now: Millis,
) -> Result<bool, Error> {
    let (from, reason) = (from.as_str(), reason.as_str());
    Ok(rows!(tx, sqlx::query(CALL_OFF).bind(id).bind(from).bind(reason).bind(now))? == 1)
}

/// Confirms the group's waiting orders; answers them and their shoppers.
pub(super) async fn confirm_group(
    tx: &mut Tx,
    group: &GroupId,
    now: Millis,
) -> Result<Vec<(OrderId, PersonId)>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, (OrderId, PersonId)>(CONFIRM_GROUP).bind(group).bind(now).fetch_all(c))?)
}

/// Hands a confirmed order over; whether this call did.
pub(super) async fn collect(tx: &mut Tx, id: &OrderId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(COLLECT).bind(id).bind(now))? == 1)
}

/// The payment that is still asked for is to be made this way.
pub(super) async fn set_method(tx: &mut Tx, id: &OrderId, method: Method) -> Result<(), Error> {
    rows!(tx, sqlx::query(SET_METHOD).bind(id).bind(method.as_str()))?;
    Ok(())
}

/// The money is there; false when it was before, or when the payment is closed.
pub(super) async fn settle_payment(tx: &mut Tx, id: &OrderId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(SETTLE_PAYMENT).bind(id).bind(now))? == 1)
}

/// The money will not come; false when it was there already.
pub(super) async fn close_payment(tx: &mut Tx, id: &OrderId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(CLOSE_PAYMENT).bind(id).bind(now))? == 1)
}

/// Writes the order's refund; false when it was written before.
pub(super) async fn add_refund(tx: &mut Tx, id: &OrderId, amount: Money, now: Millis) -> Result<bool, Error> {
    let refund = id::unique();
    Ok(rows!(
        tx,
        sqlx::query(ADD_REFUND)
            .bind(refund.as_str())
            .bind(id)
            .bind(amount)
            .bind(now)
    )? == 1)
}

/// Who bought last in the session and how many packs, the newest first.
pub(crate) async fn recent_in_live(tx: &mut Tx, live: &LiveId, limit: i64) -> Result<Vec<(String, i64)>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, (String, i64)>(RECENT_IN_LIVE).bind(live).bind(limit).fetch_all(c))?)
}

/// Packs sold in the session and their turnover.
pub(crate) async fn sold_in_live(tx: &mut Tx, live: &LiveId) -> Result<(i64, Money), Error> {
    let sold = on!(tx, c => sqlx::query_as::<_, (i64, Money)>(SOLD_IN_LIVE).bind(live).fetch_optional(c))?;
    Ok(sold.unwrap_or((0, Money::ZERO)))
}

/// Adds the order to what its session sold, or takes it off again. The caller holds the sale's row.
pub(super) async fn count_in_live(tx: &mut Tx, id: &OrderId, sold: bool) -> Result<(), Error> {
    let sign: i64 = if sold { 1 } else { -1 };
    rows!(tx, sqlx::query(COUNT_IN_LIVE).bind(id).bind(sign))?;
    Ok(())
}

/// One order for its page.
pub(super) async fn view(tx: &mut Tx, code: &str) -> Result<Option<ViewRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, ViewRow>(VIEW).bind(code).fetch_optional(c))?)
}

/// Orders for a list, the newest first.
pub(super) async fn views(tx: &mut Tx, whose: Whose<'_>, limit: i64) -> Result<Vec<ViewRow>, Error> {
    let (sql, id) = match whose {
        Whose::Shopper(id) => (VIEWS_OF_SHOPPER, id.as_str()),
        Whose::Leader(id) => (VIEWS_OF_LEADER, id.as_str()),
        Whose::Live(id) => (VIEWS_OF_LIVE, id.as_str()),
    };
    Ok(on!(tx, c => sqlx::query_as::<_, ViewRow>(sql).bind(id).bind(limit).fetch_all(c))?)
}
