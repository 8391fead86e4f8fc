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

/// Takes the shelf's row until the transaction ends: what is read of it then is true till the commit.
pub(crate) async fn lock_shelf(tx: &mut Tx, variant: &VariantId) -> Result<(), Error> {
    Ok(store::lock_variant(tx, variant).await?)
}

/// Takes `packs` off the level for several orders at once, whose movements [`add_holds`] writes;
/// `false`: there are not so many.
pub(crate) async fn take_level(tx: &mut Tx, holder: StockHolder<'_>, packs: i64) -> Result<bool, Error> {
    Ok(store::move_level(tx, holder, -packs).await? == 1)
}

/// Writes the movement of each order that holds packs of a level that was taken before.
pub(crate) async fn add_holds(
    tx: &mut Tx,
    holds: &[(StockHolder<'_>, i64, &OrderId)],
    now: Millis,
) -> Result<(), Error> {
    Ok(store::add_holds(tx, holds, now).await?)
}
