//! The SQL of many people joining at once.

use crate::{
    Error, GroupId, Millis, OrderId, PersonId, PickupPointId, SaleId,
    db::{
        Tx,
        many::{read_many, write_many},
        rows,
        together::Found,
    },
    group_buy::GroupState,
};

const CODES: &str = "WITH asked (code) AS (VALUES";
const IDS_OF: &str = ") SELECT g.code, g.id FROM asked a CROSS JOIN groups g WHERE g.code = a.code";

/// The ids of groups by their codes.
pub(in crate::group_buy) fn ids_of<'a>(tx: &'a mut Tx, codes: &'a [String]) -> Found<'a, String, GroupId> {
    Box::pin(async move {
        let found = read_many!(tx, (String, GroupId), CODES, 1, IDS_OF, codes, |query, code| query
            .bind(code));
        Ok(found.into_iter().collect())
    })
}

/// A group that people ask to join.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Gathering {
    pub(crate) id: GroupId,
    pub(crate) code: String,
    pub(crate) sale_id: SaleId,
    pub(crate) pickup_point_id: PickupPointId,
    pub(crate) leader_name: String,
    pub(crate) need: i64,
    /// Seats held or paid.
    pub(crate) taken: i64,
    /// Seats paid.
    pub(crate) joined: i64,
    #[sqlx(try_from = "String")]
    pub(crate) state: GroupState,
    pub(crate) deadline: Millis,
}

const EXTEND: &str = "UPDATE groups SET deadline = $2 WHERE sale_id = $1 AND state = 'open' AND deadline < $2";
const ASKED: &str = "WITH asked (id) AS (VALUES";
const SALES_OF: &str = ") SELECT g.sale_id FROM asked a CROSS JOIN groups g WHERE g.id = a.id";
const GATHERING: &str = ") SELECT g.id, g.code, g.sale_id, g.pickup_point_id, p.name AS leader_name, g.need, g.taken, \
    g.joined, g.state, g.deadline FROM asked a CROSS JOIN groups g JOIN people p ON p.id = g.leader_id WHERE g.id = a.id";
const ASKED_SEATS: &str = "WITH asked (group_id, person_id) AS (VALUES";
const SEATS: &str = ") SELECT s.group_id, s.person_id, o.code FROM asked a CROSS JOIN group_seats s \
    JOIN orders o ON o.id = s.order_id WHERE s.group_id = a.group_id AND s.person_id = a.person_id";
const ADD_SEATS: &str = "INSERT INTO group_seats (group_id, person_id, order_id) VALUES";
const ONE_EACH: &str = " ON CONFLICT (group_id, person_id) DO NOTHING";
// The rule is repeated: still open, not late, as many seats left.
const COUNT_SEATS: &str = "UPDATE groups SET taken = taken + $2, joined = joined + $3 \
    WHERE id = $1 AND state = 'open' AND deadline > $4 AND taken + $2 <= need AND joined + $3 <= taken + $2";

/// Lets the sale's open groups go on until `deadline`. The caller holds the sale's row.
pub(crate) async fn extend(tx: &mut Tx, sale: &SaleId, deadline: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(EXTEND).bind(sale).bind(deadline))?;
    Ok(())
}

/// The sales of these groups.
pub(crate) async fn sales_of(tx: &mut Tx, groups: &[&GroupId]) -> Result<Vec<SaleId>, Error> {
    let found = read_many!(tx, (SaleId,), ASKED, 1, SALES_OF, groups, |query, group| query
        .bind(*group));
    Ok(found.into_iter().map(|(sale,)| sale).collect())
}

/// These groups as they stand. The caller holds their sales.
pub(crate) async fn gathering(tx: &mut Tx, groups: &[&GroupId]) -> Result<Vec<Gathering>, Error> {
    let found = read_many!(tx, Gathering, ASKED, 1, GATHERING, groups, |query, id| query.bind(*id));
    Ok(found)
}

/// Which of these people have a seat in the group, and the code of the order that seats them.
pub(crate) async fn seats(
    tx: &mut Tx,
    asked: &[(&GroupId, &PersonId)],
) -> Result<Vec<(GroupId, PersonId, String)>, Error> {
    type Seat = (GroupId, PersonId, String);
    Ok(read_many!(tx, Seat, ASKED_SEATS, 2, SEATS, asked, |query, seat| query
        .bind(seat.0)
        .bind(seat.1)))
}

/// Names the seats' people; false when one has a seat already.
pub(crate) async fn add_seats(tx: &mut Tx, seats: &[(&GroupId, &PersonId, &OrderId)]) -> Result<bool, Error> {
    let added = write_many!(tx, ADD_SEATS, 3, ONE_EACH, seats, |query, seat| query
        .bind(seat.0)
        .bind(seat.1)
        .bind(seat.2));
    Ok(added == seats.len() as u64)
}

/// Counts seats and how many of them joined, if the group is open, not late and has so many left;
/// whether it did.
pub(crate) async fn count_seats(
    tx: &mut Tx,
    id: &GroupId,
    taken: i64,
    joined: i64,
    now: Millis,
) -> Result<bool, Error> {
    let counted = rows!(tx, sqlx::query(COUNT_SEATS).bind(id).bind(taken).bind(joined).bind(now))?;
    Ok(counted == 1)
}
