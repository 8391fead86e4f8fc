//! A sale's stock, and the shelf it came from.

use super::store;
use crate::{
    Error, Fault, Millis, OrderId, SaleId, VariantId,
    catalog::{StockHolder, StockReason, move_stock},
    db::Tx,
};

/// Moves stock that must be there to be moved: anything else is a broken row.
pub(crate) async fn must_move(
    tx: &mut Tx,
    holder: StockHolder<'_>,
    delta: i64,
    reason: StockReason,
    order: Option<&OrderId>,
    now: Millis,
) -> Result<(), Error> {
    if move_stock(tx, holder, delta, reason, order, now).await? {
        return Ok(());
    }
    Err(Fault::BrokenRow {
        table: "stock_movements",
        detail: format!("{holder:?}: cannot move {delta}"),
    }
    .into())
}

/// Returns what is left in the sale to the shelf of its variant.
pub(super) async fn return_rest(tx: &mut Tx, sale: &SaleId, variant: &VariantId, now: Millis) -> Result<(), Error> {
    let rest = store::level(tx, sale).await?;
    if rest == 0 {
        return Ok(());
    }
    must_move(tx, StockHolder::Sale(sale), -rest, StockReason::Return, None, now).await?;
    must_move(tx, StockHolder::Variant(variant), rest, StockReason::Return, None, now).await
}
