//! The flash sales' SQL.

mod prices;
mod rounds;
mod shares;
pub(super) use prices::*;
pub(crate) use rounds::rounds_due;
pub(super) use rounds::*;
pub(crate) use shares::*;

use super::SaleState;
use crate::{
    Error, FarmId, LiveId, Millis, Money, PersonId, SaleId, VariantId, Weight,
    catalog::store::{CardRow, card_columns},
    db::{Tx, on, rows},
};

/// A sale as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct SaleRow {
    pub(crate) id: SaleId,
    pub(crate) live_id: LiveId,
    pub(crate) variant_id: VariantId,
    pub(crate) price_fen: Money,
    pub(crate) solo_fen: Money,
    pub(crate) quota: i64,
    pub(crate) stock: i64,
    /// Of the stock, what later rounds will release.
    pub(crate) withheld: i64,
    pub(crate) per_person: i64,
    pub(crate) need: i64,
    #[sqlx(try_from = "String")]
    pub(crate) state: SaleState,
    pub(crate) starts_at: Millis,
    pub(crate) ends_at: Millis,
    /// When the next round is to begin, if one is left.
    pub(crate) next_at: Option<Millis>,
}

impl SaleRow {
    /// Whether it sells at `now`. That it began is a state, which one server wrote: another's clock may
    /// be behind.
    pub(crate) fn is_on(&self, now: Millis) -> bool {
        self.state == SaleState::Selling && now < self.ends_at
    }
    /// Packs that can be bought now.
    pub(crate) fn free(&self) -> i64 {
        self.stock - self.withheld
    }
}

/// What a verb must know of a variant before it sells or shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Shelf {
    pub(crate) farm_id: FarmId,
    pub(crate) price_fen: Money,
    pub(crate) stock: i64,
}

/// A sale for a picture: with its pack's weight, how many of its groups formed, and which price it is.
#[derive(sqlx::FromRow)]
pub(super) struct PictureRow {
    pub(super) id: SaleId,
    pub(super) price_fen: Money,
    pub(super) solo_fen: Money,
    pub(super) weight_grams: Weight,
    pub(super) quota: i64,
    pub(super) stock: i64,
    pub(super) withheld: i64,
    pub(super) per_person: i64,
    pub(super) need: i64,
    pub(super) ends_at: Millis,
    pub(super) formed: i64,
    pub(super) price_version: i64,
}

/// The same with its session's code and its product's card.
#[derive(sqlx::FromRow)]
pub(super) struct CardedRow {
    pub(super) live_code: String,
    #[sqlx(flatten)]
    pub(super) card: CardRow,
    #[sqlx(flatten)]
    pub(super) sale: PictureRow,
}

const INSERT: &str = "INSERT INTO sales (id, live_id, variant_id, price_fen, solo_fen, quota, stock, withheld, per_person, \
    need, state, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9, $10, $11)";
const LOCK: &str = "UPDATE sales SET state = state WHERE id = $1 RETURNING id, live_id, variant_id, price_fen, solo_fen, \
    quota, stock, withheld, per_person, need, state, starts_at, ends_at, \
    (SELECT MIN(r.starts_at) FROM sale_rounds r WHERE r.sale_id = sales.id AND r.state = 'scheduled') AS next_at";
const SELLING_OF_LIVE: &str = "SELECT id FROM sales WHERE live_id = $1 AND state = 'selling'";
const END: &str = "UPDATE sales SET state = 'ended', withheld = 0 \
    WHERE id = $1 AND state = 'selling' AND ends_at <= $2";
const WITHHOLD: &str = "UPDATE sales SET withheld = quota WHERE id = $1";
const LEVEL: &str = "SELECT stock FROM sales WHERE id = $1";
const DUE: &str = "SELECT id FROM sales WHERE state = 'selling' AND ends_at <= $1 ORDER BY ends_at, id LIMIT $2";
// Read only: whose a variant is, what it costs, how many are there.
const SHELF: &str = "SELECT p.farm_id, v.price_fen, v.stock FROM variants v JOIN products p ON p.id = v.product_id \
    WHERE v.id = $1";
const GIVE_SHARE_BACK: &str = "UPDATE sale_shares SET quantity = quantity - $3 \
    WHERE sale_id = $1 AND person_id = $2 AND quantity >= $3";

// Read for pages in one query: the sale, its pack's weight, its formed groups.
macro_rules! picture_columns {
    () => {
        "s.id, s.price_fen, s.solo_fen, v.weight_grams, s.quota, s.stock, s.withheld, s.per_person, s.need, s.ends_at, \
         (SELECT COUNT(*) FROM groups g WHERE g.sale_id = s.id AND g.state = 'formed') AS formed, \
         (SELECT COALESCE(MAX(w.version), 0) FROM sale_prices w WHERE w.sale_id = s.id) AS price_version"
    };
}
const PICTURE_OF_LIVE: &str = concat!(
    "SELECT ",
    picture_columns!(),
    " FROM sales s JOIN variants v ON v.id = s.variant_id \
     WHERE s.live_id = $1 AND s.state = 'selling' AND s.ends_at > $2 ORDER BY s.id LIMIT 1"
);
// With the product's card and the session's code, for lists.
const CARDS_ON: &str = concat!(
    "SELECT l.code AS live_code, ",
    picture_columns!(),
    ", ",
    card_columns!(),
    " FROM sales s JOIN lives l ON l.id = s.live_id JOIN variants v ON v.id = s.variant_id \
     JOIN products p ON p.id = v.product_id JOIN farms f ON f.id = p.farm_id \
     WHERE s.state = 'selling' AND s.ends_at > $1 AND l.state = 'live' \
     ORDER BY s.ends_at, s.id LIMIT $2"
);

pub(super) async fn insert(tx: &mut Tx, sale: &SaleRow) -> Result<(), Error> {
    rows!(
        tx,
        sqlx::query(INSERT)
            .bind(&sale.id)
            .bind(&sale.live_id)
            .bind(&sale.variant_id)
            .bind(sale.price_fen)
            .bind(sale.solo_fen)
            .bind(sale.quota)
            .bind(sale.per_person)
            .bind(sale.need)
            .bind(sale.state.as_str())
            .bind(sale.starts_at)
            .bind(sale.ends_at)
    )?;
    Ok(())
}

/// Takes the sale's row until the transaction ends and answers it as it then is.
pub(crate) async fn lock(tx: &mut Tx, id: &SaleId) -> Result<Option<SaleRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, SaleRow>(LOCK).bind(id).fetch_optional(c))?)
}

/// The session's sale that has not ended.
pub(super) async fn selling_of_live(tx: &mut Tx, live: &LiveId) -> Result<Option<SaleId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, SaleId>(SELLING_OF_LIVE).bind(live).fetch_optional(c))?)
}

/// Keeps all of a sale's packs back, until its rounds release them.
pub(super) async fn withhold(tx: &mut Tx, id: &SaleId) -> Result<(), Error> {
    rows!(tx, sqlx::query(WITHHOLD).bind(id))?;
    Ok(())
}

/// Ends it if it sells and its time is at most `due_by`; whether this call did.
pub(super) async fn end(tx: &mut Tx, id: &SaleId, due_by: Millis) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(END).bind(id).bind(due_by))? == 1)
}

/// Packs left in the sale.
pub(super) async fn level(tx: &mut Tx, id: &SaleId) -> Result<i64, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, i64>(LEVEL).bind(id).fetch_one(c))?)
}

/// Sales whose time is over and that have not ended, at most `limit`.
pub(crate) async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<SaleId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, SaleId>(DUE).bind(now).bind(limit).fetch_all(c))?)
}

/// The shelf of a variant.
pub(crate) async fn shelf(tx: &mut Tx, variant: &VariantId) -> Result<Option<Shelf>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, Shelf>(SHELF).bind(variant).fetch_optional(c))?)
}

/// Takes from the person's share; whether it held so much.
pub(super) async fn give_share_back(
    tx: &mut Tx,
    sale: &SaleId,
    person: &PersonId,
    quantity: i64,
) -> Result<bool, Error> {
    Ok(rows!(tx, sqlx::query(GIVE_SHARE_BACK).bind(sale).bind(person).bind(quantity))? == 1)
}

/// The sale that is on in a session.
pub(super) async fn picture_of_live(tx: &mut Tx, live: &LiveId, now: Millis) -> Result<Option<PictureRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, PictureRow>(PICTURE_OF_LIVE).bind(live).bind(now).fetch_optional(c))?)
}

/// The sales that are on in sessions on air, the one that ends first at the head.
pub(super) async fn cards_on(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<CardedRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, CardedRow>(CARDS_ON).bind(now).bind(limit).fetch_all(c))?)
}
