//! What an order would be made of, once its target is known.

use super::{HOLD_MS, MOST_PACKS, Refusal, Target, Wanted};
use crate::{
    Error, GroupId, LiveId, Millis, Money, VariantId,
    community::PickupPoint,
    db::Tx,
    flash_sale::{self, SaleRow},
    group_buy,
};

/// What is sold, at what price, on whose terms.
pub(super) struct Offer {
    pub(super) variant: VariantId,
    /// Of one pack, now.
    pub(super) unit: Money,
    /// Until when stock would be kept: never beyond the group's deadline.
    pub(super) hold_until: Millis,
    /// The group and its sale, whose row is taken.
    pub(super) group: Option<(GroupId, SaleRow)>,
}

impl Offer {
    /// The session the order comes from.
    pub(super) fn live(&self) -> Option<&LiveId> {
        self.group.as_ref().map(|(_, sale)| &sale.live_id)
    }
}

/// The offer behind `wanted`. A group's sale is taken until the transaction ends.
pub(super) async fn find(tx: &mut Tx, wanted: &Wanted, pickup: &PickupPoint, now: Millis) -> Result<Offer, Error> {
    let hold_until = now.plus(HOLD_MS);
    match &wanted.target {
        Target::Solo(variant) => {
            let shelf = flash_sale::shelf(tx, variant).await?.ok_or(crate::Refusal::NotFound)?;
            Ok(Offer {
                variant: variant.clone(),
                unit: shelf.price_fen,
                hold_until,
                group: None,
            })
        }
        Target::Group(id) => {
            let group = group_buy::row(tx, id).await?.ok_or(crate::Refusal::NotFound)?;
            if group.pickup_point_id != pickup.id {
                return Err(Refusal::UnknownPickup.into());
            }
            let sale = flash_sale::lock(tx, &group.sale_id)
                .await?
                .ok_or(crate::Refusal::NotFound)?;
            Ok(Offer {
                variant: sale.variant_id.clone(),
                unit: sale.price_fen,
                hold_until: hold_until.min(group.deadline),
                group: Some((group.id, sale)),
            })
        }
    }
}

/// What the order costs, if the price is the one that was shown and an amount can be so large.
pub(super) fn amount(offer: &Offer, wanted: &Wanted) -> Result<Money, Refusal> {
    if offer.unit != wanted.shown_price {
        return Err(Refusal::PriceChanged { now: offer.unit });
    }
    if offer.group.is_none() && wanted.quantity > MOST_PACKS {
        return Err(Refusal::OverLimit {
            limit: MOST_PACKS,
            have: 0,
        });
    }
    offer.unit.times(wanted.quantity).ok_or(Refusal::BadQuantity)
}
