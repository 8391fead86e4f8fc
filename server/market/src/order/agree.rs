//! An order is paid, or cash is agreed on: what follows, in the transaction that holds it.

use super::{
    Method, OrderState, Refusal,
    store::{self, OrderRow},
};
use crate::{
    Error, GroupId, Millis, balance,
    db::Tx,
    group_buy,
    people::{self, NoticeKind},
};

/// Pays a pending order by `method` and moves it on; its group may form by it. False: the balance
/// does not suffice, and nothing changed. The caller holds the order's row, and its sale's.
///
/// # Errors
/// Refused when the hold has lapsed or the group is over: the caller must not commit.
pub(super) async fn agree(tx: &mut Tx, order: &OrderRow, method: Method, now: Millis) -> Result<bool, Error> {
    let from_balance = method == Method::Balance;
    if from_balance && !balance::pay(tx, &order.shopper_id, order.amount_fen, &order.id, now).await? {
        return Ok(false);
    }
    let next = if order.group_id.is_some() {
        OrderState::Waiting
    } else {
        OrderState::Confirmed
    };
    if !store::agree(tx, &order.id, next, method, now).await? {
        return Err(Refusal::Lapsed.into());
    }
    store::count_in_live(tx, &order.id, true).await?;
    store::set_method(tx, &order.id, method).await?;
    if from_balance {
        store::settle_payment(tx, &order.id, now).await?;
    }
    if let Some(group) = &order.group_id
        && group_buy::join(tx, group, now).await?
    {
        confirm_group(tx, group, now).await?;
    }
    Ok(true)
}

/// The group formed: its orders are confirmed and everybody is told.
async fn confirm_group(tx: &mut Tx, group: &GroupId, now: Millis) -> Result<(), Error> {
    let confirmed = store::confirm_group(tx, group, now).await?;
    people::notify_all(tx, &confirmed, NoticeKind::GroupFormed, now).await
}
