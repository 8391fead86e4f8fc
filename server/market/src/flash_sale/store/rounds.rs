//! The SQL of a sale's rounds. Whoever changes one holds the sale's row.

use crate::{
    Error, Millis, Money, SaleId,
    db::{Tx, on, rows},
    flash_sale::{Round, RoundState, WantedRound},
};

/// A round as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::flash_sale) struct RoundRow {
    pub(in crate::flash_sale) sale_id: SaleId,
    pub(in crate::flash_sale) number: i64,
    pub(in crate::flash_sale) quota: i64,
    pub(in crate::flash_sale) price_fen: Money,
    pub(in crate::flash_sale) words: String,
    #[sqlx(try_from = "String")]
    pub(in crate::flash_sale) state: RoundState,
    pub(in crate::flash_sale) starts_at: Millis,
    pub(in crate::flash_sale) began_at: Option<Millis>,
}

impl From<RoundRow> for Round {
    fn from(row: RoundRow) -> Self {
        Round {
            number: row.number,
            to_come: row.state == RoundState::Scheduled,
            quota: row.quota,
            price: row.price_fen,
            words: row.words,
            starts_at: row.began_at.unwrap_or(row.starts_at),
        }
    }
}

macro_rules! rounds {
    ($tail:literal) => {
        concat!(
            "SELECT r.sale_id, r.number, r.quota, r.price_fen, r.words, r.state, r.starts_at, r.began_at FROM sale_rounds r ",
            $tail
        )
    };
}
const ADD: &str = "INSERT INTO sale_rounds (sale_id, number, quota, price_fen, words, state, starts_at, began_at, left_over) \
    VALUES ($1, $2, $3, $4, $5, 'scheduled', $6, NULL, NULL)";
const OF_SALE: &str = rounds!("WHERE r.sale_id = $1 ORDER BY r.number");
const NEXT: &str = rounds!("WHERE r.sale_id = $1 AND r.state = 'scheduled' ORDER BY r.number LIMIT 1");
const OF_OPEN_SALES: &str =
    rounds!("JOIN sales s ON s.id = r.sale_id WHERE s.state = 'selling' ORDER BY r.sale_id, r.number");
const DUE: &str =
    "SELECT DISTINCT sale_id FROM sale_rounds WHERE state = 'scheduled' AND starts_at <= $1 ORDER BY sale_id LIMIT $2";
const CLOSE: &str = "UPDATE sale_rounds SET state = CASE WHEN $2 = 0 THEN 'sold_out' ELSE 'ended' END, left_over = $2 \
    WHERE sale_id = $1 AND state = 'selling'";
const CALL_OFF: &str =
    "UPDATE sale_rounds SET state = 'ended', left_over = quota WHERE sale_id = $1 AND state = 'scheduled'";
const BEGIN: &str = "UPDATE sale_rounds SET state = 'selling', began_at = $3 \
    WHERE sale_id = $1 AND number = $2 AND state = 'scheduled'";
const RELEASE: &str = "UPDATE sales SET withheld = withheld - $2 WHERE id = $1 AND state = 'selling'";

/// Writes the rounds of a sale that is being made.
pub(in crate::flash_sale) async fn add_rounds(tx: &mut Tx, sale: &SaleId, rounds: &[WantedRound]) -> Result<(), Error> {
    for (number, round) in (1_i64..).zip(rounds) {
        rows!(
            tx,
            sqlx::query(ADD)
                .bind(sale)
                .bind(number)
                .bind(round.quota)
                .bind(round.price)
                .bind(&round.words)
                .bind(round.starts_at)
        )?;
    }
    Ok(())
}

/// The sale's rounds, in order.
pub(in crate::flash_sale) async fn rounds(tx: &mut Tx, sale: &SaleId) -> Result<Vec<RoundRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, RoundRow>(OF_SALE).bind(sale).fetch_all(c))?)
}

/// The rounds of all sales that have not ended.
pub(in crate::flash_sale) async fn rounds_of_open_sales(tx: &mut Tx) -> Result<Vec<RoundRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, RoundRow>(OF_OPEN_SALES).fetch_all(c))?)
}

/// The sale's next round that has not begun.
pub(in crate::flash_sale) async fn next_round(tx: &mut Tx, sale: &SaleId) -> Result<Option<RoundRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, RoundRow>(NEXT).bind(sale).fetch_optional(c))?)
}

/// Sales of which a round is due.
pub(crate) async fn rounds_due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<SaleId>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, SaleId>(DUE).bind(now).bind(limit).fetch_all(c))?)
}

/// Closes the round that is on, if one is, with what it leaves over.
pub(in crate::flash_sale) async fn close_round(tx: &mut Tx, sale: &SaleId, left_over: i64) -> Result<(), Error> {
    rows!(tx, sqlx::query(CLOSE).bind(sale).bind(left_over))?;
    Ok(())
}

/// Ends the rounds that never began.
pub(in crate::flash_sale) async fn call_rounds_off(tx: &mut Tx, sale: &SaleId) -> Result<(), Error> {
    rows!(tx, sqlx::query(CALL_OFF).bind(sale))?;
    Ok(())
}

/// Begins the round and releases its packs. Whether this call did.
pub(in crate::flash_sale) async fn begin_round(tx: &mut Tx, round: &RoundRow, now: Millis) -> Result<bool, Error> {
    let begun = rows!(tx, sqlx::query(BEGIN).bind(&round.sale_id).bind(round.number).bind(now))?;
    Ok(begun == 1 && rows!(tx, sqlx::query(RELEASE).bind(&round.sale_id).bind(round.quota))? == 1)
}
