//! The live sessions' SQL.

use super::{LiveCard, LiveState};
use crate::{
    Bilingual, Error, FarmId, LiveId, Millis, Money, PersonId, VariantId, Weight,
    catalog::store::{FarmRow, farm_columns},
    db::{Tx, on, rows},
};

/// A session as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LiveRow {
    pub(crate) id: LiveId,
    pub(crate) code: String,
    pub(crate) farm_id: FarmId,
    pub(crate) host_id: PersonId,
    #[sqlx(try_from = "String")]
    pub(crate) state: LiveState,
}

/// A session in a list.
#[derive(sqlx::FromRow)]
struct CardRow {
    id: LiveId,
    code: String,
    title_zh: String,
    title_en: String,
    #[sqlx(try_from = "String")]
    state: LiveState,
    starts_at: Millis,
    started_at: Option<Millis>,
    ended_at: Option<Millis>,
    photo: String,
    host_id: PersonId,
    #[sqlx(flatten)]
    farm: FarmRow,
}

impl From<CardRow> for LiveCard {
    fn from(row: CardRow) -> Self {
        LiveCard {
            id: row.id,
            code: row.code,
            title: Bilingual::new(row.title_zh, row.title_en),
            state: row.state,
            starts_at: row.starts_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            photo: row.photo,
            farm: row.farm.into(),
            host_id: row.host_id,
        }
    }
}

/// What a new session is made of.
pub(super) struct NewLive<'a> {
    pub(super) row: &'a LiveRow,
    pub(super) title: &'a str,
    pub(super) photo: &'a str,
    pub(super) starts_at: Millis,
}

/// The pinned product.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PinnedRow {
    pub(super) variant_id: VariantId,
    pub(super) slug: String,
    pub(super) product_zh: String,
    pub(super) product_en: String,
    pub(super) variant_zh: String,
    pub(super) variant_en: String,
    pub(super) photo: String,
    pub(super) price_fen: Money,
    pub(super) weight_grams: Weight,
    pub(super) stock: i64,
}

const INSERT: &str = "INSERT INTO lives (id, code, farm_id, host_id, title_zh, title_en, photo, state, starts_at) \
    VALUES ($1, $2, $3, $4, $5, '', $6, 'scheduled', $7)";
const LOCK: &str = "UPDATE lives SET state = state WHERE code = $1 RETURNING id, code, farm_id, host_id, state";
const START: &str = "UPDATE lives SET state = 'live', started_at = $2 WHERE id = $1 AND state = 'scheduled'";
const END: &str = "UPDATE lives SET state = 'ended', ended_at = $2 WHERE id = $1 AND state IN ('scheduled', 'live')";
const PIN: &str = "UPDATE lives SET pinned_variant_id = $2 WHERE id = $1 AND state <> 'ended'";
const ID_OF: &str = "SELECT id FROM lives WHERE code = $1";
const ROW: &str = "SELECT id, code, farm_id, host_id, state FROM lives WHERE id = $1";
const PINNING: &str = "SELECT id FROM lives WHERE state = 'live' AND pinned_variant_id = $1";

// Read for pages in one query: the session, its farm and farmer.
macro_rules! cards {
    ($tail:literal) => {
        concat!(
            "SELECT l.id, l.code, l.title_zh, l.title_en, l.state, l.starts_at, l.started_at, l.ended_at, l.photo, \
             l.host_id, ",
            farm_columns!(),
            " FROM lives l JOIN farms f ON f.id = l.farm_id JOIN people h ON h.id = f.farmer_id ",
            $tail
        )
    };
}
const CARD: &str = cards!("WHERE l.code = $1");
// Each state's list in the order of an index of its own.
const CARDS_SCHEDULED: &str = cards!("WHERE l.state = 'scheduled' ORDER BY l.starts_at, l.id LIMIT $1");
const CARDS_LIVE: &str = cards!("WHERE l.state = 'live' ORDER BY l.started_at DESC, l.id DESC LIMIT $1");
const CARDS_ENDED: &str = cards!("WHERE l.state = 'ended' ORDER BY l.ended_at DESC, l.id DESC LIMIT $1");
const CARDS_OF_HOST: &str = cards!("WHERE l.host_id = $1 ORDER BY l.starts_at DESC, l.id DESC LIMIT 200");
const CARDS_BEFORE: &str = cards!("WHERE l.id < $1 AND ($2 = '' OR l.state = $2) ORDER BY l.id DESC LIMIT $3");
const PINNED: &str = "SELECT v.id AS variant_id, p.slug, p.name_zh AS product_zh, p.name_en AS product_en, \
    v.name_zh AS variant_zh, v.name_en AS variant_en, p.photo, v.price_fen, v.weight_grams, v.stock \
    FROM lives l JOIN variants v ON v.id = l.pinned_variant_id JOIN products p ON p.id = v.product_id WHERE l.id = $1";

pub(super) async fn insert(tx: &mut Tx, live: &NewLive<'_>) -> Result<(), Error> {
    let NewLive {
        row,
        title,
        photo,
        starts_at,
    } = live;
    rows!(
        tx,
        sqlx::query(INSERT)
            .bind(&row.id)
            .bind(&row.code)
            .bind(&row.farm_id)
            .bind(&row.host_id)
            .bind(title)
            .bind(photo)
            .bind(starts_at)
    )?;
    Ok(())
}

/// Takes the session's row until the transaction ends and answers it as it then is.
pub(super) async fn lock(tx: &mut Tx, code: &str) -> Result<Option<LiveRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, LiveRow>(LOCK).bind(code).fetch_optional(c))?)
}

/// Puts it on air if it was announced; whether this call did.
pub(super) async fn start(tx: &mut Tx, id: &LiveId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(START).bind(id).bind(now))? == 1)
}

/// Ends it if it was not over; whether this call did.
pub(super) async fn end(tx: &mut Tx, id: &LiveId, now: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(END).bind(id).bind(now))? == 1)
}

/// Pins the variant (or nothing) if it is not over; whether it did.
pub(super) async fn pin(tx: &mut Tx, id: &LiveId, variant: Option<&VariantId>) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(PIN).bind(id).bind(variant))? == 1)
}

/// The id of the session with this code.
pub(crate) async fn id_of(tx: &mut Tx, code: &str) -> Result<Option<LiveId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, LiveId>(ID_OF).bind(code).fetch_optional(c))?)
}

/// The session as it is stored.
pub(super) async fn row(tx: &mut Tx, id: &LiveId) -> Result<Option<LiveRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, LiveRow>(ROW).bind(id).fetch_optional(c))?)
}

/// The code of the session.
pub(crate) async fn code_of(tx: &mut Tx, id: &LiveId) -> Result<Option<String>, Error> {
    Ok(row(tx, id).await?.map(|live| live.code))
}

/// Sessions on air that pin this variant.
pub(super) async fn pinning(tx: &mut Tx, variant: &VariantId) -> Result<Vec<LiveId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, LiveId>(PINNING).bind(variant).fetch_all(c))?)
}

/// One session for its page.
pub(super) async fn card(tx: &mut Tx, code: &str) -> Result<Option<LiveCard>, Error> {
    let row = on!(tx, c => sqlx::query_as::<_, CardRow>(CARD).bind(code).fetch_optional(c))?;
    Ok(row.map(LiveCard::from))
}

/// Sessions in this state for a list: announced, the soonest first; on air or over, the latest first.
pub(super) async fn cards(tx: &mut Tx, state: LiveState, limit: i64) -> Result<Vec<LiveCard>, Error> {
    let sql = match state {
        LiveState::Scheduled => CARDS_SCHEDULED,
        LiveState::Live => CARDS_LIVE,
        LiveState::Ended => CARDS_ENDED,
    };
    let rows = on!(tx, c => sqlx::query_as::<_, CardRow>(sql).bind(limit).fetch_all(c))?;
    Ok(rows.into_iter().map(LiveCard::from).collect())
}

/// Sessions with an id before `before`, the newest first.
pub(super) async fn cards_before(
    tx: &mut Tx,
    state: Option<LiveState>,
    before: &str,
    limit: i64,
) -> Result<Vec<LiveCard>, Error> {
    let state = state.map_or("", LiveState::as_str);
    let rows =
        on!(tx, c => sqlx::query_as::<_, CardRow>(CARDS_BEFORE).bind(before).bind(state).bind(limit).fetch_all(c))?;
    Ok(rows.into_iter().map(LiveCard::from).collect())
}

/// A host's sessions, the newest first.
pub(super) async fn cards_of_host(tx: &mut Tx, host: &PersonId) -> Result<Vec<LiveCard>, Error> {
    let rows = on!(tx, c => sqlx::query_as::<_, CardRow>(CARDS_OF_HOST).bind(host).fetch_all(c))?;
    Ok(rows.into_iter().map(LiveCard::from).collect())
}

/// What the session pins.
pub(super) async fn pinned(tx: &mut Tx, id: &LiveId) -> Result<Option<PinnedRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, PinnedRow>(PINNED).bind(id).fetch_optional(c))?)
}
