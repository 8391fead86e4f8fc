//! A host starts a flash sale.

use super::{
    SaleState, Wanted, check,
    end::stop,
    release::begin_next,
    store::{self, SaleRow},
};
use crate::{
    Error, Market, Millis, Refusal, SaleId, VariantId,
    catalog::{StockHolder, StockReason, move_stock},
    db::Tx,
    live_session::{self, Touched},
    order,
    people::Person,
};

impl Market {
    /// Sets packs of `variant` aside for the session with this code, at the wanted price, for groups.
    ///
    /// A sale begins at once: `starts_at` must not lie ahead. One sale of a session is on at a time;
    /// one whose time is over is ended on the way.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; the session's `NotLive`, `Ended`, `NotThisFarms`; the sale's refusals for a wish it
    /// does not hold, `NotEnough` on the shelf, `AlreadyOn`.
    pub async fn start_sale(
        &self,
        host: &Person,
        live: &str,
        variant: &VariantId,
        wanted: Wanted,
    ) -> Result<SaleId, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let live = live_session::lock_on_air(&mut tx, host, live).await?;
        let mut touched = Touched::live(&live.id);
        let shelf = store::shelf(&mut tx, variant).await?.ok_or(Refusal::NotFound)?;
        if shelf.farm_id != live.farm_id {
            return Err(live_session::Refusal::NotThisFarms.into());
        }
        check(&wanted, shelf.price_fen)?;
        if wanted.starts_at > now || wanted.ends_at <= now {
            return Err(super::Refusal::BadTime.into());
        }
        let former = match store::selling_of_live(&mut tx, &live.id).await? {
            Some(former) => Some(
                stop(&mut tx, &former, now, now)
                    .await?
                    .ok_or(super::Refusal::AlreadyOn)?,
            ),
            None => None,
        };
        let rounds = wanted.all_rounds();
        let first = rounds.first().map_or(wanted.price, |first| first.price);
        let mut sale = SaleRow {
            id: SaleId::new(),
            live_id: live.id,
            variant_id: variant.clone(),
            price_fen: first,
            solo_fen: shelf.price_fen,
            quota: wanted.quota,
            stock: 0,
            withheld: 0,
            per_person: wanted.per_person,
            need: wanted.need,
            state: SaleState::Selling,
            starts_at: wanted.starts_at,
            ends_at: wanted.ends_at,
            next_at: None,
        };
        store::insert(&mut tx, &sale).await?;
        store::add_price(&mut tx, &sale.id, sale.price_fen, now).await?;
        store::add_rounds(&mut tx, &sale.id, &rounds).await?;
        let back = match former {
            Some(former) => {
                former.hold_shelves(&mut tx, variant).await?;
                former.finish(&mut tx, &mut touched, now).await?
            }
            None => Vec::new(),
        };
        allot(&mut tx, &mut sale, now).await?;
        begin_next(&mut tx, &mut sale, now, now).await?;
        order::pay_back(&mut tx, back, now).await?;
        touched.shelf(variant);
        self.finish(tx, touched, now).await?;
        Ok(sale.id)
    }
}

/// Moves the sale's quota from the shelf into the sale, which keeps all of it back for its rounds.
async fn allot(tx: &mut Tx, sale: &mut SaleRow, now: Millis) -> Result<(), Error> {
    let shelf = StockHolder::Variant(&sale.variant_id);
    if !move_stock(tx, shelf, -sale.quota, StockReason::Allot, None, now).await? {
        let left = store::shelf(tx, &sale.variant_id).await?.map_or(0, |shelf| shelf.stock);
        return Err(super::Refusal::NotEnough { left }.into());
    }
    super::must_move(
        tx,
        StockHolder::Sale(&sale.id),
        sale.quota,
        StockReason::Allot,
        None,
        now,
    )
    .await?;
    store::withhold(tx, &sale.id).await?;
    (sale.stock, sale.withheld) = (sale.quota, sale.quota);
    Ok(())
}
