//! A group fails: its time ran out, or its sale or session ended.

use super::store;
use crate::{
    Error, GroupId, Millis,
    db::Tx,
    flash_sale::{self, SaleRow},
    live_session::Touched,
    order::{self, CalledOff},
};

/// Fails the group if it is open and its deadline is at most `due_by`: seats are free, its orders are
/// called off and their stock is given back. Answers them, so that the caller pays back after all
/// stock has moved; `None` when it was settled already. The caller holds `sale`'s row.
///
/// `joined` stays as it was: the page tells how far the group came.
pub(crate) async fn fail(
    tx: &mut Tx,
    sale: &SaleRow,
    id: &GroupId,
    due_by: Millis,
    now: Millis,
) -> Result<Option<Vec<CalledOff>>, Error> {
    if !store::fail(tx, id, due_by, now).await? {
        return Ok(None);
    }
    store::free_seats(tx, id).await?;
    order::call_off_group(tx, sale, id, now).await.map(Some)
}

/// Fails one group whose time is over, with everything that follows; what that touched, or `None`
/// when it was settled already, by whatever server.
pub(crate) async fn fail_due(tx: &mut Tx, id: &GroupId, now: Millis) -> Result<Option<Touched>, Error> {
    let Some(group) = store::row(tx, id).await? else {
        return Ok(None);
    };
    let Some(sale) = flash_sale::lock(tx, &group.sale_id).await? else {
        return Ok(None);
    };
    let Some(called_off) = fail(tx, &sale, id, now, now).await? else {
        return Ok(None);
    };
    order::pay_back(tx, called_off, now).await?;
    let mut touched = Touched::live(&sale.live_id);
    touched.shelf(&sale.variant_id);
    Ok(Some(touched))
}
