//! A host changes a sale that is on: its price, or how long it lasts.

use super::{
    MOST_MINUTES, Refusal,
    store::{self, SaleRow},
};
use crate::{
    Error, Market, Millis, Money,
    db::Tx,
    group_buy,
    live_session::{self, Touched},
    people::Person,
};

impl Market {
    /// Sets the price of a pack in the sale that is on in the host's session with this code. Orders
    /// that are placed keep theirs, and so does who asks with a live quote (see `quote`).
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; the session's `NotLive`, `Ended`; the sale's `Ended`, `BadPrice`, `NotCheaper`.
    pub async fn change_price(&self, host: &Person, live: &str, price: Money) -> Result<(), Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let sale = on_air(&mut tx, host, live, now).await?;
        if price <= Money::ZERO {
            return Err(Refusal::BadPrice.into());
        }
        if price >= sale.solo_fen {
            return Err(Refusal::NotCheaper { usual: sale.solo_fen }.into());
        }
        if price == sale.price_fen {
            return Ok(());
        }
        store::set_price(&mut tx, &sale.id, price, now).await?;
        self.finish(tx, Touched::live(&sale.live_id), now).await
    }

    /// Lets the sale last until `ends_at`, which must be later than it was to end; its open groups go
    /// on until then, too.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; the session's `NotLive`, `Ended`; the sale's `Ended`, `BadTime`.
    pub async fn extend_sale(&self, host: &Person, live: &str, ends_at: Millis) -> Result<(), Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let sale = on_air(&mut tx, host, live, now).await?;
        if ends_at <= sale.ends_at || ends_at.since(sale.starts_at) > MOST_MINUTES * 60_000 {
            return Err(Refusal::BadTime.into());
        }
        store::extend(&mut tx, &sale.id, ends_at).await?;
        group_buy::extend(&mut tx, &sale.id, ends_at).await?;
        self.finish(tx, Touched::live(&sale.live_id), now).await
    }
}

/// Takes the row of the sale that is on in the host's session.
pub(super) async fn on_air(tx: &mut Tx, host: &Person, live: &str, now: Millis) -> Result<SaleRow, Error> {
    let live = live_session::lock_on_air(tx, host, live).await?;
    let sale = store::selling_of_live(tx, &live.id).await?.ok_or(Refusal::Ended)?;
    let sale = store::lock(tx, &sale).await?.filter(|sale| sale.is_on(now));
    Ok(sale.ok_or(Refusal::Ended)?)
}
