//! The groups' SQL.

mod many;
pub(crate) use many::*;

use super::GroupState;
use crate::{
    Error, GroupId, Millis, Money, OrderId, PersonId, PickupPointId, SaleId,
    catalog::store::{CardRow, card_columns},
    community::store::{PointRow, point_columns, point_tables},
    db::{Tx, on, rows},
};

/// A group as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct GroupRow {
    pub(crate) id: GroupId,
    pub(crate) code: String,
    pub(crate) sale_id: SaleId,
    pub(crate) leader_id: PersonId,
    pub(crate) pickup_point_id: PickupPointId,
    pub(crate) need: i64,
    #[sqlx(try_from = "String")]
    pub(crate) state: GroupState,
    pub(crate) deadline: Millis,
}

/// A group with its sale and product, for lists.
#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    pub(super) id: GroupId,
    pub(super) code: String,
    pub(super) leader_name: String,
    pub(super) need: i64,
    pub(super) joined: i64,
    #[sqlx(try_from = "String")]
    pub(super) state: GroupState,
    pub(super) deadline: Millis,
    pub(super) price_fen: Money,
    pub(super) solo_fen: Money,
    #[sqlx(flatten)]
    pub(super) card: CardRow,
}

/// A group for its own page.
#[derive(sqlx::FromRow)]
pub(super) struct PageRow {
    #[sqlx(flatten)]
    pub(super) list: ListRow,
    pub(super) sale_id: SaleId,
    pub(super) leader_id: PersonId,
    pub(super) leader_opened: i64,
    pub(super) live_code: String,
    pub(super) per_person: i64,
    pub(super) sale_stock: i64,
    #[sqlx(flatten)]
    pub(super) pickup: PointRow,
}

/// A group's progress and its sale, for pictures.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ProgressRow {
    pub(super) sale_id: SaleId,
    pub(super) code: String,
    pub(super) leader: String,
    pub(super) joined: i64,
    pub(super) need: i64,
    pub(super) deadline: Millis,
}

const INSERT: &str = "INSERT INTO groups (id, code, sale_id, leader_id, pickup_point_id, need, taken, joined, state, \
    deadline, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 'open', $7, $8)";
const ROW: &str = "SELECT id, code, sale_id, leader_id, pickup_point_id, need, state, deadline \
    FROM groups WHERE id = $1";
const OPEN_OF_LEADER: &str = "SELECT code FROM groups WHERE sale_id = $1 AND leader_id = $2 AND state = 'open' \
    AND deadline > $3 AND taken < need";
const OPEN_OF_SALE: &str = "SELECT id FROM groups WHERE sale_id = $1 AND state = 'open' ORDER BY id";
const WITH_ROOM: &str = "SELECT code FROM groups WHERE sale_id = $1 AND state = 'open' AND deadline > $2 \
    AND taken < need ORDER BY need - taken, id LIMIT 1";
// The rule is repeated: still open, not late, a seat that is held.
const JOIN: &str = "UPDATE groups SET joined = joined + 1 WHERE id = $1 AND state = 'open' AND deadline > $2 \
    AND joined < taken";
const FORM: &str =
    "UPDATE groups SET state = 'formed', settled_at = $2 WHERE id = $1 AND state = 'open' AND joined >= need";
const FAIL: &str = "UPDATE groups SET state = 'failed', taken = 0, settled_at = $3 WHERE id = $1 AND state = 'open' \
    AND deadline <= $2";
const LEAVE: &str = "UPDATE groups SET taken = taken - 1, joined = joined - $2 WHERE id = $1 AND state = 'open'";
const FREE_SEAT: &str = "DELETE FROM group_seats WHERE group_id = $1 AND order_id = $2";
const FREE_SEATS: &str = "DELETE FROM group_seats WHERE group_id = $1";
const SEATED: &str = "SELECT o.code FROM group_seats s JOIN orders o ON o.id = s.order_id \
    WHERE s.group_id = $1 AND s.person_id = $2";
const DUE: &str = "SELECT id FROM groups WHERE state = 'open' AND deadline <= $1 ORDER BY deadline, id LIMIT $2";

// Read for pages in one query: the group, its leader, its sale, its product.
macro_rules! list_columns {
    () => {
        "g.id, g.code, o.name AS leader_name, g.need, g.joined, g.state, g.deadline, s.price_fen, s.solo_fen"
    };
}
macro_rules! list_tables {
    () => {
        "groups g JOIN people o ON o.id = g.leader_id JOIN sales s ON s.id = g.sale_id \
         JOIN variants v ON v.id = s.variant_id JOIN products p ON p.id = v.product_id JOIN farms f ON f.id = p.farm_id"
    };
}
// With its session's code and its pick-up point.
const PAGE: &str = concat!(
    "SELECT ",
    list_columns!(),
    ", ",
    card_columns!(),
    ", ",
    point_columns!(),
    ", g.sale_id, g.leader_id, (SELECT COUNT(*) FROM groups n WHERE n.leader_id = g.leader_id) AS leader_opened, \
     e.code AS live_code, s.per_person, s.stock AS sale_stock FROM ",
    list_tables!(),
    " JOIN lives e ON e.id = s.live_id JOIN (",
    point_tables!(),
    ") ON k.id = g.pickup_point_id WHERE g.code = $1"
);
macro_rules! list {
    ($tail:literal) => {
        concat!(
            "SELECT ",
            list_columns!(),
            ", ",
            card_columns!(),
            " FROM ",
            list_tables!(),
            " ",
            $tail
        )
    };
}
mod pages;
pub(super) use pages::list_before;

const OPEN_LIST: &str = list!("WHERE g.state = 'open' AND g.deadline > $1 ORDER BY g.deadline, g.id LIMIT $2");
const STATE_LIST: &str = list!("WHERE g.state = $1 ORDER BY g.deadline DESC, g.id DESC LIMIT $2");
const WHOLE_LIST: &str = list!("ORDER BY g.deadline DESC, g.id DESC LIMIT $1");
const LEADER_LIST: &str = list!("WHERE g.leader_id = $1 ORDER BY g.created_at DESC, g.id DESC LIMIT 200");
// Members are the orders that live in the group, in order of joining.
const MEMBERS: &str = "SELECT p.name FROM orders o JOIN people p ON p.id = o.shopper_id WHERE o.group_id = $1 \
    AND o.state IN ('waiting', 'confirmed', 'collected') ORDER BY o.placed_at, o.id";

macro_rules! progress {
    ($tail:literal) => {
        concat!(
            "SELECT g.sale_id, g.code, p.name AS leader, g.joined, g.need, g.deadline FROM groups g \
             JOIN people p ON p.id = g.leader_id ",
            $tail
        )
    };
}
const FULLEST: &str =
    progress!("WHERE g.sale_id = $1 AND g.state = 'open' ORDER BY g.need - g.joined, g.created_at, g.id LIMIT $2");
const FULLEST_ON_AIR: &str = progress!(
    "JOIN sales s ON s.id = g.sale_id JOIN lives l ON l.id = s.live_id \
     WHERE g.state = 'open' AND s.state = 'selling' AND l.state = 'live' ORDER BY g.need - g.joined, g.created_at, g.id"
);

pub(super) async fn insert(tx: &mut Tx, group: &GroupRow, now: Millis) -> Result<(), Error> {
    rows!(
        tx,
        sqlx::query(INSERT)
            .bind(&group.id)
            .bind(&group.code)
            .bind(&group.sale_id)
            .bind(&group.leader_id)
            .bind(&group.pickup_point_id)
            .bind(group.need)
            .bind(group.deadline)
            .bind(now)
    )?;
    Ok(())
}

/// The group as it is stored.
pub(crate) async fn row(tx: &mut Tx, id: &GroupId) -> Result<Option<GroupRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, GroupRow>(ROW).bind(id).fetch_optional(c))?)
}

/// The code of the group with room that this leader has in the sale.
pub(super) async fn open_of_leader(
    tx: &mut Tx,
    sale: &SaleId,
    leader: &PersonId,
    now: Millis,
) -> Result<Option<String>, Error> {
    Ok(
        on!(tx, c => sqlx::query_scalar::<_, String>(OPEN_OF_LEADER).bind(sale).bind(leader).bind(now).fetch_optional(c))?,
    )
}

/// The sale's open groups.
pub(crate) async fn open_of_sale(tx: &mut Tx, sale: &SaleId) -> Result<Vec<GroupId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, GroupId>(OPEN_OF_SALE).bind(sale).fetch_all(c))?)
}

/// The code of the sale's open group that lacks the fewest people and has a seat left.
pub(crate) async fn with_room(tx: &mut Tx, sale: &SaleId, now: Millis) -> Result<Option<String>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, String>(WITH_ROOM).bind(sale).bind(now).fetch_optional(c))?)
}

/// The code of the order that seats this person.
pub(super) async fn seated(tx: &mut Tx, id: &GroupId, person: &PersonId) -> Result<Option<String>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, String>(SEATED).bind(id).bind(person).fetch_optional(c))?)
}

/// Counts a held seat as joined if the group is open and not late; whether it did.
pub(super) async fn join(tx: &mut Tx, id: &GroupId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(JOIN).bind(id).bind(now))? == 1)
}

/// Forms the group if everybody is there; whether this call did.
pub(crate) async fn form(tx: &mut Tx, id: &GroupId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(FORM).bind(id).bind(now))? == 1)
}

/// Fails the group if it is open and its deadline is at most `due_by`; whether this call did.
pub(super) async fn fail(tx: &mut Tx, id: &GroupId, due_by: Millis, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(FAIL).bind(id).bind(due_by).bind(now))? == 1)
}

/// Counts one seat less, and one that joined less when `joined` is 1.
pub(super) async fn leave(tx: &mut Tx, id: &GroupId, joined: i64) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(LEAVE).bind(id).bind(joined))? == 1)
}

/// Frees the order's seat; whether there was one.
pub(super) async fn free_seat(tx: &mut Tx, id: &GroupId, order: &OrderId) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(FREE_SEAT).bind(id).bind(order))? == 1)
}

/// Frees all seats of the group.
pub(super) async fn free_seats(tx: &mut Tx, id: &GroupId) -> Result<(), Error> {
    rows!(tx, sqlx::query(FREE_SEATS).bind(id))?;
    Ok(())
}

/// Groups whose time is over, at most `limit`.
pub(crate) async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<GroupId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, GroupId>(DUE).bind(now).bind(limit).fetch_all(c))?)
}

/// A group for its page.
pub(super) async fn page(tx: &mut Tx, code: &str) -> Result<Option<PageRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, PageRow>(PAGE).bind(code).fetch_optional(c))?)
}

/// Groups for a list: open ones with the soonest deadline first, others the newest first.
pub(super) async fn list(
    tx: &mut Tx,
    state: Option<GroupState>,
    now: Millis,
    limit: i64,
) -> Result<Vec<ListRow>, Error> {
    let rows = match state {
        Some(GroupState::Open) => {
            on!(tx, c => sqlx::query_as::<_, ListRow>(OPEN_LIST).bind(now).bind(limit).fetch_all(c))
        }
        Some(state) => {
            on!(tx, c => sqlx::query_as::<_, ListRow>(STATE_LIST).bind(state.as_str()).bind(limit).fetch_all(c))
        }
        None => on!(tx, c => sqlx::query_as::<_, ListRow>(WHOLE_LIST).bind(limit).fetch_all(c)),
    };
    Ok(rows?)
}

/// A leader's groups, the newest first.
pub(super) async fn list_of_leader(tx: &mut Tx, leader: &PersonId) -> Result<Vec<ListRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, ListRow>(LEADER_LIST).bind(leader).fetch_all(c))?)
}

/// The names of who is in the group, in order of joining.
pub(super) async fn members(tx: &mut Tx, id: &GroupId) -> Result<Vec<String>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, String>(MEMBERS).bind(id).fetch_all(c))?)
}

/// The sale's open groups, the fullest first.
pub(super) async fn fullest(tx: &mut Tx, sale: &SaleId, limit: i64) -> Result<Vec<ProgressRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, ProgressRow>(FULLEST).bind(sale).bind(limit).fetch_all(c))?)
}

/// The open groups of all sales on air, the fullest first.
pub(super) async fn fullest_on_air(tx: &mut Tx) -> Result<Vec<ProgressRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, ProgressRow>(FULLEST_ON_AIR).fetch_all(c))?)
}
