//! A sale ends: its open groups fail, and what was not sold returns to the shelf.

use super::{stock, store};
use crate::{
    Error, Market, Millis, SaleId,
    db::Tx,
    group_buy,
    live_session::{self, Touched},
    order,
    people::Person,
};

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
///
/// Stock moves before money does, because shelves are locked before balances everywhere.
pub(crate) async fn end(tx: &mut Tx, id: &SaleId, due_by: Millis, now: Millis) -> Result<Option<Touched>, Error> {
    let Some(sale) = store::lock(tx, id).await? else {
        return Ok(None);
    };
    if !store::end(tx, id, due_by).await? {
        return Ok(None);
    }
    let mut called_off = Vec::new();
    for group in group_buy::open_of_sale(tx, id).await? {
        // The sale's row still reads as selling: stock given back lands in the sale first.
        called_off.extend(
            group_buy::fail(tx, &sale, &group, Millis(i64::MAX), now)
                .await?
                .unwrap_or_default(),
        );
    }
    stock::return_rest(tx, id, &sale.variant_id, now).await?;
    order::pay_back(tx, called_off, now).await?;
    let mut touched = Touched::live(&sale.live_id);
    touched.shelf(&sale.variant_id);
    Ok(Some(touched))
}
