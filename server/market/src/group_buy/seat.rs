//! Seats: taken with a hold, joined when it is paid (or cash is agreed), left when it is called off.

use super::{
    GroupState, Refusal,
    store::{self, GroupRow},
};
use crate::{Error, Fault, GroupId, Millis, OrderId, PersonId, db::Tx};

/// Takes a seat for `person`, whose order is `order`. The caller holds the sale's row.
pub(crate) async fn take_seat(
    tx: &mut Tx,
    id: &GroupId,
    person: &PersonId,
    order: &OrderId,
    now: Millis,
) -> Result<(), Error> {
    if let Some(order) = store::seated(tx, id, person).await? {
        return Err(Refusal::AlreadyIn { order }.into());
    }
    if store::take_seat(tx, id, now).await? {
        return named(store::seat(tx, id, person, order).await?, id);
    }
    let group = store::row(tx, id).await?.ok_or(crate::Refusal::NotFound)?;
    Err(why_not(tx, &group, now).await?.into())
}

/// Why no seat could be had in this group.
async fn why_not(tx: &mut Tx, group: &GroupRow, now: Millis) -> Result<Refusal, Error> {
    Ok(match group.state {
        GroupState::Failed => Refusal::Failed,
        GroupState::Open if group.deadline <= now => Refusal::TooLate,
        GroupState::Open | GroupState::Formed => Refusal::Full {
            other: store::with_room(tx, &group.sale_id, now).await?,
        },
    })
}

/// Counts the seat as joined; answers whether the group formed by that. Refused when the group is no
/// longer open or its time is over.
pub(crate) async fn join(tx: &mut Tx, id: &GroupId, now: Millis) -> Result<bool, Error> {
    if !store::join(tx, id, now).await? {
        let group = store::row(tx, id).await?.ok_or(crate::Refusal::NotFound)?;
        let refusal = if group.state == GroupState::Failed {
            Refusal::Failed
        } else {
            Refusal::TooLate
        };
        return Err(refusal.into());
    }
    store::form(tx, id, now).await
}

/// Gives the order's seat back in a group that is still open; `joined`: it counted as joined.
pub(crate) async fn leave(tx: &mut Tx, id: &GroupId, order: &OrderId, joined: bool) -> Result<(), Error> {
    let counted = store::leave(tx, id, i64::from(joined)).await?;
    named(counted && store::free_seat(tx, id, order).await?, id)
}

/// Seats and their count move together, under the sale's lock: anything else is a broken row.
fn named(done: bool, id: &GroupId) -> Result<(), Error> {
    if done {
        return Ok(());
    }
    Err(Fault::BrokenRow {
        table: "group_seats",
        detail: format!("group {id}: seats and count differ"),
    }
    .into())
}
