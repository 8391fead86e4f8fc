//! What calling an order off gives back: stock and share at once, money after all stock has moved.

use super::{
    CancelReason, OrderState,
    store::{self, OrderRow},
};
use crate::{
    Error, Fault, GroupId, Millis, Money, OrderId, PersonId, balance,
    catalog::{StockHolder, StockReason},
    db::Tx,
    flash_sale::{self, SaleRow, SaleState},
    people::{self, NoticeKind},
};

/// An order that was called off, its stock given back; money and word are still to go out.
#[derive(Debug)]
#[must_use = "money is still to be paid back"]
pub(crate) struct CalledOff {
    order: OrderId,
    shopper: PersonId,
    /// What was paid.
    paid: Money,
    notice: Option<NoticeKind>,
}

/// Calls off all living orders of a group that failed. The caller holds the sale's row.
pub(crate) async fn call_off_group(
    tx: &mut Tx,
    sale: &SaleRow,
    group: &GroupId,
    now: Millis,
) -> Result<Vec<CalledOff>, Error> {
    let mut all = Vec::new();
    for order in store::living_of_group(tx, group).await? {
        all.push(call_off(tx, Some(sale), &order, CancelReason::GroupFailed, now).await?);
    }
    Ok(all)
}

/// Calls one order off that stands as `order` says. The caller holds its row or its sale's.
pub(super) async fn call_off(
    tx: &mut Tx,
    sale: Option<&SaleRow>,
    order: &OrderRow,
    reason: CancelReason,
    now: Millis,
) -> Result<CalledOff, Error> {
    if !store::call_off(tx, &order.id, order.state, reason, now).await? {
        let detail = format!("order {}: no longer {}", order.code, order.state);
        return Err(Fault::BrokenRow {
            table: "orders",
            detail,
        }
        .into());
    }
    if order.state != OrderState::Pending {
        store::count_in_live(tx, &order.id, false).await?;
    }
    give_back(tx, sale, order, now).await?;
    let unpaid = store::close_payment(tx, &order.id, now).await?;
    Ok(CalledOff {
        order: order.id.clone(),
        shopper: order.shopper_id.clone(),
        paid: if unpaid { Money::ZERO } else { order.amount_fen },
        notice: (reason == CancelReason::GroupFailed).then_some(NoticeKind::GroupFailed),
    })
}

/// Gives the order's stock back to where it came from, and the share in its sale. A sale that has
/// ended keeps nothing: what comes back to it goes on to the shelf.
pub(super) async fn give_back(tx: &mut Tx, sale: Option<&SaleRow>, order: &OrderRow, now: Millis) -> Result<(), Error> {
    let (packs, id) = (order.quantity, Some(&order.id));
    let shelf = StockHolder::Variant(&order.variant_id);
    let Some(sale) = sale else {
        return flash_sale::must_move(tx, shelf, packs, StockReason::Release, id, now).await;
    };
    flash_sale::give_share_back(tx, &sale.id, &order.shopper_id, packs).await?;
    let allotment = StockHolder::Sale(&sale.id);
    flash_sale::must_move(tx, allotment, packs, StockReason::Release, id, now).await?;
    if sale.state == SaleState::Ended {
        flash_sale::must_move(tx, allotment, -packs, StockReason::Return, None, now).await?;
        flash_sale::must_move(tx, shelf, packs, StockReason::Return, None, now).await?;
    }
    Ok(())
}

/// Pays back what was paid, once an order, and tells the shoppers. In the order of persons, so that
/// two transactions never wait for each other's balances.
pub(crate) async fn pay_back(tx: &mut Tx, mut all: Vec<CalledOff>, now: Millis) -> Result<(), Error> {
    all.sort_by(|one, other| one.shopper.cmp(&other.shopper));
    for CalledOff {
        order,
        shopper,
        paid,
        notice,
    } in all
    {
        if paid > Money::ZERO && store::add_refund(tx, &order, paid, now).await? {
            balance::refund(tx, &shopper, paid, &order, now).await?;
        }
        if let Some(kind) = notice {
            people::notify(tx, &shopper, kind, Some(&order), now).await?;
        }
    }
    Ok(())
}
