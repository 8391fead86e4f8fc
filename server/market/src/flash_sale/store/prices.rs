//! The SQL of a sale's prices, and of how long it lasts.

use crate::{
    Error, Millis, Money, SaleId,
    db::{Tx, on, rows},
};

const SET_PRICE: &str = "UPDATE sales SET price_fen = $2 WHERE id = $1";
// Versions follow one another: whoever adds one holds the sale's row.
const ADD_PRICE: &str = "INSERT INTO sale_prices (sale_id, version, price_fen, since) \
    SELECT $1, COALESCE(MAX(version), 0) + 1, $2, $3 FROM sale_prices WHERE sale_id = $1";
const NEWEST: &str = "SELECT price_fen, version FROM sale_prices WHERE sale_id = $1 ORDER BY version DESC LIMIT 1";
const EXTEND: &str = "UPDATE sales SET ends_at = $2 WHERE id = $1 AND state = 'selling' AND ends_at < $2";

/// Writes the sale's next price down. The caller holds its row.
pub(in crate::flash_sale) async fn add_price(tx: &mut Tx, id: &SaleId, price: Money, now: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(ADD_PRICE).bind(id).bind(price).bind(now))?;
    Ok(())
}

/// Changes the sale's price and writes it down.
pub(in crate::flash_sale) async fn set_price(tx: &mut Tx, id: &SaleId, price: Money, now: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(SET_PRICE).bind(id).bind(price))?;
    add_price(tx, id, price, now).await
}

/// The sale's price and its version.
pub(in crate::flash_sale) async fn newest_price(tx: &mut Tx, id: &SaleId) -> Result<Option<(Money, i64)>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, (Money, i64)>(NEWEST).bind(id).fetch_optional(c))?)
}

/// Lets the sale last longer.
pub(in crate::flash_sale) async fn extend(tx: &mut Tx, id: &SaleId, ends_at: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(EXTEND).bind(id).bind(ends_at))?;
    Ok(())
}
