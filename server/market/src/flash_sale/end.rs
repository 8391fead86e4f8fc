//! A sale ends: its open groups fail, and what was not sold returns to the shelf.

use super::{
    stock,
    store::{self, SaleRow},
};
use crate::{
    Error, Market, Millis, SaleId, VariantId, catalog,
    db::Tx,
    group_buy,
    live_session::{self, Touched},
    order::{self, CalledOff},
    people::Person,
};
use std::collections::BTreeSet;

impl Market {
    /// Ends the sale that is on in the host's session with this code.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; `Ended` when no sale is on.
    pub async fn end_sale(&self, host: &Person, live: &str) -> Result<(), Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let live = live_session::lock_of_host(&mut tx, host, live).await?;
        let sale = store::selling_of_live(&mut tx, &live.id)
            .await?
            .ok_or(super::Refusal::Ended)?;
        let touched = end(&mut tx, &sale, Millis(i64::MAX), now)
            .await?
            .ok_or(super::Refusal::Ended)?;
        self.finish(tx, touched, now).await
    }
}

/// Ends the sale if it still sells and its time is at most `due_by`; answers what that touched, or
/// `None` when there was nothing to end: whoever comes second, on whatever server, changes nothing.
pub(crate) async fn end(tx: &mut Tx, id: &SaleId, due_by: Millis, now: Millis) -> Result<Option<Touched>, Error> {
    let Some(stopped) = stop(tx, id, due_by, now).await? else {
        return Ok(None);
    };
    let mut touched = Touched::default();
    let called_off = stopped.finish(tx, &mut touched, now).await?;
    order::pay_back(tx, called_off, now).await?;
    Ok(Some(touched))
}

/// A sale that has ended, with what was not sold still in it and nobody paid back yet: shelves are
/// locked before balances everywhere, and whoever ends a sale may have shelves of its own to move.
#[must_use = "its packs are still to return, and money to be paid back"]
pub(super) struct Stopped {
    sale: SaleRow,
    called_off: Vec<CalledOff>,
}

/// Ends the sale, its rounds and its groups, if it still sells and its time is at most `due_by`.
pub(super) async fn stop(tx: &mut Tx, id: &SaleId, due_by: Millis, now: Millis) -> Result<Option<Stopped>, Error> {
    let Some(sale) = store::lock(tx, id).await? else {
        return Ok(None);
    };
    if !store::end(tx, id, due_by).await? {
        return Ok(None);
    }
    store::close_round(tx, id, sale.free()).await?;
    store::call_rounds_off(tx, id).await?;
    let mut called_off = Vec::new();
    for group in group_buy::open_of_sale(tx, id).await? {
        // The sale's row still reads as it was: stock given back lands in the sale first.
        called_off.extend(
            group_buy::fail(tx, &sale, &group, Millis(i64::MAX), now)
                .await?
                .unwrap_or_default(),
        );
    }
    Ok(Some(Stopped { sale, called_off }))
}

impl Stopped {
    /// Takes its shelf and `other`, in the order of their ids, as everywhere.
    pub(super) async fn hold_shelves(&self, tx: &mut Tx, other: &VariantId) -> Result<(), Error> {
        for shelf in BTreeSet::from([&self.sale.variant_id, other]) {
            catalog::lock_shelf(tx, shelf).await?;
        }
        Ok(())
    }

    /// Returns what was not sold to the shelf; answers whom to pay back once all stock has moved.
    pub(super) async fn finish(self, tx: &mut Tx, touched: &mut Touched, now: Millis) -> Result<Vec<CalledOff>, Error> {
        let Stopped { sale, called_off } = self;
        stock::return_rest(tx, &sale.id, &sale.variant_id, now).await?;
        touched.add(Touched::live(&sale.live_id));
        touched.shelf(&sale.variant_id);
        Ok(called_off)
    }
}
