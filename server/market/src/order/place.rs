//! A shopper places an order.

use super::{
    Order, OrderState, Refusal, Wanted, agree, offer,
    offer::Offer,
    store::{self, NewOrder, OrderRow},
};
use crate::{
    Error, Market, Millis, Money, OrderId,
    catalog::{StockHolder, StockReason, move_stock},
    db::Tx,
    flash_sale, group_buy, id,
    live_session::Touched,
    market::fingerprint,
    people::Person,
};

/// Letters of an order's code: 31^8, about 8.5 × 10^11, so that one is not guessed by chance.
const CODE_LETTERS: usize = 8;
/// Digits of a pick-up code: it is said beside a name at a counter, where it need not be unique.
const PICKUP_DIGITS: usize = 6;

/// The answer to a placed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The order as it stands.
    pub order: Order,
    /// The same request came before: this is its order, and nothing new was placed.
    pub repeated: bool,
}

impl Market {
    /// Holds what is wanted and pays for it, in one transaction. Cash is agreed at once; balance pays
    /// at once. When the balance does not suffice the order stays pending with its hold, to be paid
    /// another way before that lapses.
    ///
    /// The order's row is written before any rule is looked at, so that of two requests with one key
    /// the second waits for the first and gets its receipt, and a refusal leaves nothing behind.
    ///
    /// # Errors
    /// The order's refusals; the group's when no seat could be had; `NotFound` when there is no such target.
    /// Nothing was changed then, and the key is free again.
    pub async fn place(&self, shopper: &Person, wanted: Wanted) -> Result<Receipt, Error> {
        wanted.check()?;
        let now = self.now();
        let hash = fingerprint(&wanted.content());
        let pickup = self.find_pickup(&wanted.pickup).await?;
        let mut tx = self.db.write().await?;
        if let Some(first) = repeated(&mut tx, shopper, &wanted, &hash).await? {
            return Ok(first);
        }
        let pickup = pickup.ok_or(Refusal::UnknownPickup)?;
        let offer = offer::find(&mut tx, &wanted, &pickup, now).await?;
        let order = draft(
            shopper,
            &wanted,
            &offer,
            offer::amount(&offer, &wanted)?,
            pickup.leader_id,
        );
        let new = NewOrder {
            row: &order,
            request_id: &wanted.request_id,
            request_hash: &hash,
            live: offer.live(),
            pickup: &pickup.id,
            unit: offer.unit,
        };
        if !store::insert(&mut tx, &new, &id::digits(PICKUP_DIGITS), now).await? {
            let first = repeated(&mut tx, shopper, &wanted, &hash).await?;
            return first.ok_or_else(|| sqlx::Error::RowNotFound.into());
        }
        hold(&mut tx, &order, &offer, now).await?;
        agree::agree(&mut tx, &order, wanted.method, now).await?;
        let placed = store::view(&mut tx, &order.code)
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        let mut touched = offer.live().map(Touched::live).unwrap_or_default();
        if offer.group.is_none() {
            touched.shelf(&offer.variant);
        }
        self.finish(tx, touched, now).await?;
        Ok(Receipt {
            order: placed.try_into()?,
            repeated: false,
        })
    }
}

/// The receipt of the first request with this key; refused when that one asked for something else.
async fn repeated(tx: &mut Tx, shopper: &Person, wanted: &Wanted, hash: &str) -> Result<Option<Receipt>, Error> {
    let Some((code, first)) = store::first(tx, &shopper.id, &wanted.request_id).await? else {
        return Ok(None);
    };
    if first != hash {
        return Err(Refusal::KeyReused.into());
    }
    let order = store::view(tx, &code).await?.ok_or(sqlx::Error::RowNotFound)?;
    Ok(Some(Receipt {
        order: order.try_into()?,
        repeated: true,
    }))
}

/// The order that is to be stored. Its leader is who hands it over.
fn draft(shopper: &Person, wanted: &Wanted, offer: &Offer, amount: Money, leader: crate::PersonId) -> OrderRow {
    let (group_id, sale_id) = match &offer.group {
        Some((group, sale)) => (Some(group.clone()), Some(sale.id.clone())),
        None => (None, None),
    };
    OrderRow {
        id: OrderId::new(),
        code: id::code(CODE_LETTERS),
        shopper_id: shopper.id.clone(),
        state: OrderState::Pending,
        variant_id: offer.variant.clone(),
        sale_id,
        group_id,
        leader_id: Some(leader),
        quantity: wanted.quantity,
        amount_fen: amount,
        method: wanted.method,
        hold_until: Some(offer.hold_until),
    }
}

/// Takes seat, share and stock for the order, or refuses with the first thing that stands against it.
async fn hold(tx: &mut Tx, order: &OrderRow, offer: &Offer, now: Millis) -> Result<(), Error> {
    let holder = match &offer.group {
        None => StockHolder::Variant(&order.variant_id),
        Some((group, sale)) => {
            group_buy::take_seat(tx, group, &order.shopper_id, &order.id, now).await?;
            if !sale.is_on(now) {
                return Err(Refusal::SaleEnded.into());
            }
            flash_sale::take_share(tx, sale, &order.shopper_id, order.quantity).await?;
            StockHolder::Sale(&sale.id)
        }
    };
    if move_stock(tx, holder, -order.quantity, StockReason::Hold, Some(&order.id), now).await? {
        return Ok(());
    }
    let left = match &offer.group {
        Some((_, sale)) => sale.stock,
        None => flash_sale::shelf(tx, &order.variant_id)
            .await?
            .map_or(0, |shelf| shelf.stock),
    };
    Err(Refusal::SoldOut { left }.into())
}
