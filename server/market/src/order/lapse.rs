//! A hold lapses: the order was not paid in time.

use super::{call_off, store};
use crate::{
    Error, Millis, OrderId,
    db::Tx,
    flash_sale, group_buy,
    live_session::Touched,
    people::{self, NoticeKind},
};

/// Expires one order whose hold has lapsed: stock, seat and share go back, nothing was charged, and
/// its shopper is told. What that touched, or `None` when it was paid or settled meanwhile.
pub(crate) async fn lapse(tx: &mut Tx, id: &OrderId, now: Millis) -> Result<Option<Touched>, Error> {
    let Some(order) = store::by_id(tx, id).await? else {
        return Ok(None);
    };
    let sale = match &order.sale_id {
        Some(sale) => flash_sale::lock(tx, sale).await?,
        None => None,
    };
    if !store::expire(tx, id, now).await? {
        return Ok(None);
    }
    if let Some(group) = &order.group_id {
        group_buy::leave(tx, group, id, false).await?;
    }
    call_off::give_back(tx, sale.as_ref(), &order, now).await?;
    store::close_payment(tx, id, now).await?;
    people::notify(tx, &order.shopper_id, NoticeKind::HoldLapsed, Some(id), now).await?;
    let mut touched = sale.map(|sale| Touched::live(&sale.live_id)).unwrap_or_default();
    touched.shelf(&order.variant_id);
    Ok(Some(touched))
}
