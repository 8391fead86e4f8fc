//! Seats: taken as orders are placed (see `order`), joined when a hold is paid (or cash is agreed),
//! left when it is called off.

use super::{GroupState, Refusal, store};
use crate::{Error, Fault, GroupId, Millis, OrderId, db::Tx};

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
