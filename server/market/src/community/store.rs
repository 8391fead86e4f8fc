//! All SQL on communities and pick-up points.

use super::{NewCommunity, PickupPoint};
use crate::{
    Bilingual, CommunityId, PersonId, PickupPointId,
    db::{Tx, on, rows},
};

/// The columns of [`PointRow`], over `k` (pickup_points), `m` (communities), `l` (people, the leader).
macro_rules! point_columns {
    () => {
        "k.id AS point_id, k.name_zh AS point_name_zh, k.name_en AS point_name_en, \
         k.address_zh AS point_address_zh, k.address_en AS point_address_en, \
         k.opens_minute AS point_opens, k.closes_minute AS point_closes, k.community_id AS point_community, \
         m.leader_id AS point_leader_id, l.name AS point_leader_name"
    };
}
/// The tables of [`PointRow`]. Leaders act in public under their own name: hence the join to people.
macro_rules! point_tables {
    () => {
        "pickup_points k JOIN communities m ON m.id = k.community_id JOIN people l ON l.id = m.leader_id"
    };
}
pub(crate) use {point_columns, point_tables};

/// A row that holds a pick-up point; flatten it into a view's own row.
#[derive(sqlx::FromRow)]
pub(crate) struct PointRow {
    point_id: PickupPointId,
    point_name_zh: String,
    point_name_en: String,
    point_address_zh: String,
    point_address_en: String,
    point_opens: i64,
    point_closes: i64,
    point_community: CommunityId,
    point_leader_id: PersonId,
    point_leader_name: String,
}

impl From<PointRow> for PickupPoint {
    fn from(row: PointRow) -> Self {
        PickupPoint {
            id: row.point_id,
            name: Bilingual::new(row.point_name_zh, row.point_name_en),
            address: Bilingual::new(row.point_address_zh, row.point_address_en),
            opens_minute: row.point_opens,
            closes_minute: row.point_closes,
            community: row.point_community,
            leader_id: row.point_leader_id,
            leader_name: row.point_leader_name,
        }
    }
}

const POINTS: &str = concat!("SELECT ", point_columns!(), " FROM ", point_tables!(), " ORDER BY k.id");
const POINT: &str = concat!(
    "SELECT ",
    point_columns!(),
    " FROM ",
    point_tables!(),
    " WHERE k.id = $1"
);
const POINT_OF_LEADER: &str = concat!(
    "SELECT ",
    point_columns!(),
    " FROM ",
    point_tables!(),
    " WHERE m.leader_id = $1 ORDER BY k.id LIMIT 1"
);
const ADD_COMMUNITY: &str = "INSERT INTO communities (id, code, name_zh, name_en, leader_id) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (code) DO NOTHING";
const ADD_POINT: &str = "INSERT INTO pickup_points (id, community_id, name_zh, name_en, address_zh, address_en, opens_minute, \
     closes_minute) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(super) async fn points(tx: &mut Tx) -> sqlx::Result<Vec<PickupPoint>> {
    let found: Vec<PointRow> = on!(tx, c => sqlx::query_as(POINTS).fetch_all(c))?;
    Ok(found.into_iter().map(PickupPoint::from).collect())
}

pub(crate) async fn point(tx: &mut Tx, id: &PickupPointId) -> sqlx::Result<Option<PickupPoint>> {
    Ok(on!(tx, c => sqlx::query_as::<_, PointRow>(POINT).bind(id).fetch_optional(c))?.map(PickupPoint::from))
}

pub(super) async fn point_of_leader(tx: &mut Tx, leader: &PersonId) -> sqlx::Result<Option<PickupPoint>> {
    let found = on!(tx, c => sqlx::query_as::<_, PointRow>(POINT_OF_LEADER).bind(leader).fetch_optional(c))?;
    Ok(found.map(PickupPoint::from))
}

/// `false`: its code is taken, nothing was added.
pub(super) async fn add(tx: &mut Tx, new: &NewCommunity) -> sqlx::Result<bool> {
    let id = CommunityId::new();
    let added = rows!(
        tx,
        sqlx::query(ADD_COMMUNITY)
            .bind(&id)
            .bind(&new.code)
            .bind(&new.name.zh)
            .bind(&new.name.en)
            .bind(&new.leader)
    )?;
    if added == 0 {
        return Ok(false);
    }
    rows!(
        tx,
        sqlx::query(ADD_POINT)
            .bind(PickupPointId::new())
            .bind(&id)
            .bind(&new.point.zh)
            .bind(&new.point.en)
            .bind(&new.address.zh)
            .bind(&new.address.en)
            .bind(new.opens_minute)
            .bind(new.closes_minute)
    )?;
    Ok(true)
}
