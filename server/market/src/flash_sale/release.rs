//! Rounds begin: by the clock, or when the host says so.

use super::{
    Refusal,
    change::on_air,
    store::{self, SaleRow},
};
use crate::{Error, Market, Millis, SaleId, db::Tx, live_session::Touched, people::Person};

impl Market {
    /// Begins the next round of the host's sale at once, whatever the clock says; the later ones keep
    /// their times.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; the session's `NotLive`, `Ended`; the sale's `Ended`, `NoRoundLeft`.
    pub async fn release_round(&self, host: &Person, live: &str) -> Result<(), Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let mut sale = on_air(&mut tx, host, live, now).await?;
        if !begin_next(&mut tx, &mut sale, Millis(i64::MAX), now).await? {
            return Err(Refusal::NoRoundLeft.into());
        }
        self.finish(tx, Touched::live(&sale.live_id), now).await
    }
}

/// Begins every round of the sale that is due; what that touched, or `None` when none was: whoever
/// comes second, on whatever server, changes nothing.
pub(crate) async fn release_due(tx: &mut Tx, id: &SaleId, now: Millis) -> Result<Option<Touched>, Error> {
    let Some(mut sale) = store::lock(tx, id).await?.filter(|sale| sale.is_on(now)) else {
        return Ok(None);
    };
    let mut begun = false;
    while begin_next(tx, &mut sale, now, now).await? {
        begun = true;
    }
    Ok(begun.then(|| Touched::live(&sale.live_id)))
}

/// Begins the sale's next round if there is one and it is to start at `due_by` or before; whether it
/// did. What the round before it left over stays on sale, at the new price. The caller holds the sale.
pub(super) async fn begin_next(tx: &mut Tx, sale: &mut SaleRow, due_by: Millis, now: Millis) -> Result<bool, Error> {
    let next = store::next_round(tx, &sale.id).await?;
    let Some(next) = next.filter(|next| next.starts_at <= due_by) else {
        return Ok(false);
    };
    store::close_round(tx, &sale.id, sale.free()).await?;
    if !store::begin_round(tx, &next, now).await? {
        return Ok(false);
    }
    if next.price_fen != sale.price_fen {
        store::set_price(tx, &sale.id, next.price_fen, now).await?;
    }
    sale.withheld -= next.quota;
    sale.price_fen = next.price_fen;
    Ok(true)
}
