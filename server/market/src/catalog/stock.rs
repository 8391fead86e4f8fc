//! Moving stock: the level and its row in the ledger, always together.

use super::{StockReason, store};
use crate::{Error, Millis, OrderId, SaleId, VariantId, db::Tx};

/// Whose stock moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StockHolder<'a> {
    /// The shelf of a variant.
    Variant(&'a VariantId),
    /// The allotment of a flash sale.
    Sale(&'a SaleId),
}

impl<'a> StockHolder<'a> {
    /// As the ledger names its kind.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            StockHolder::Variant(_) => "variant",
            StockHolder::Sale(_) => "sale",
        }
    }

    /// Its id.
    pub(super) fn id(self) -> &'a str {
        match self {
            StockHolder::Variant(id) => id.as_str(),
            StockHolder::Sale(id) => id.as_str(),
        }
    }
}

/// Moves `delta` packs (below zero: out) and writes the movement. `false`: there are not so many,
/// and nothing moved. The rule is in the update's WHERE, so that it holds however many ask at once.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn move_stock(
    tx: &mut Tx,
    holder: StockHolder<'_>,
    delta: i64,
    reason: StockReason,
    order: Option<&OrderId>,
    now: Millis,
) -> Result<bool, Error> {
    if store::move_level(tx, holder, delta).await? == 0 {
        return Ok(false);
    }
    store::add_movement(tx, holder, delta, reason, order, now).await?;
    Ok(true)
}
