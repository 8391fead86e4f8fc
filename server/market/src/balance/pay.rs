//! Paying an order from stored value, and giving it back. Called by the orders' verbs, inside
//! their transaction.

use super::{Cause, store};
use crate::{Error, Fault, Millis, Money, OrderId, PersonId, db::Tx};

/// Takes `amount` for `order`. `false`: there is not enough, and nothing changed. An order that was
/// paid already stays paid once: `true`.
///
/// # Errors
/// When the database does not answer, or the amount is not above zero.
pub(crate) async fn pay(
    tx: &mut Tx,
    person: &PersonId,
    amount: Money,
    order: &OrderId,
    now: Millis,
) -> Result<bool, Error> {
    above_zero(amount)?;
    // The level first: its row is the lock under which the rest is decided.
    if !store::lower(tx, person, amount).await? {
        return Ok(store::has_entry(tx, Cause::Pay, order.as_str()).await?);
    }
    let taken = Money::ZERO.minus(amount);
    if !store::add_entry(tx, person, taken, Cause::Pay, order.as_str(), now).await? {
        store::raise(tx, person, amount).await?;
    }
    Ok(true)
}

/// Gives `amount` back for `order`, once. `false`: it was given back before, and nothing changed.
///
/// # Errors
/// When the database does not answer, or the amount is not above zero.
pub(crate) async fn refund(
    tx: &mut Tx,
    person: &PersonId,
    amount: Money,
    order: &OrderId,
    now: Millis,
) -> Result<bool, Error> {
    above_zero(amount)?;
    let new = store::add_entry(tx, person, amount, Cause::Refund, order.as_str(), now).await?;
    if new {
        store::raise(tx, person, amount).await?;
    }
    Ok(new)
}

/// A payment below zero would be a gift.
fn above_zero(amount: Money) -> Result<(), Fault> {
    if amount > Money::ZERO {
        return Ok(());
    }
    Err(Fault::BrokenRow {
        table: "balance_entries",
        detail: format!("a payment of {amount}"),
    })
}
