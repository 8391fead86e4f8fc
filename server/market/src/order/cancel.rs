//! A shopper calls an order off.

use super::{CancelReason, Order, OrderState, Refusal, call_off, store};
use crate::{Error, Market, flash_sale, group_buy, live_session::Touched, people::Person};

impl Market {
    /// Calls the shopper's own order off: stock, seat and money go back. Allowed while it is pending
    /// or waits for its group, and for one bought off the shelf until it is handed over. An order of
    /// a group that formed stands: the others' price rests on it.
    ///
    /// # Errors
    /// `NotFound` for anybody but its shopper; `WrongState`.
    pub async fn cancel(&self, shopper: &Person, code: &str) -> Result<Order, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let found = store::by_code(&mut tx, code)
            .await?
            .filter(|order| order.shopper_id == shopper.id);
        let found = found.ok_or(crate::Refusal::NotFound)?;
        let sale = match &found.sale_id {
            Some(id) => flash_sale::lock(&mut tx, id).await?,
            None => None,
        };
        let order = store::lock(&mut tx, &found.id).await?;
        let formed = order.group_id.is_some() && order.state == OrderState::Confirmed;
        if formed || !order.state.may_become(OrderState::Cancelled) {
            return Err(Refusal::WrongState { state: order.state }.into());
        }
        if let Some(group) = &order.group_id {
            group_buy::leave(&mut tx, group, &order.id, order.state == OrderState::Waiting).await?;
        }
        let off = call_off::call_off(&mut tx, sale.as_ref(), &order, CancelReason::ByShopper, now).await?;
        call_off::pay_back(&mut tx, vec![off], now).await?;
        let view = store::view(&mut tx, code).await?.ok_or(sqlx::Error::RowNotFound)?;
        let mut touched = sale.map(|sale| Touched::live(&sale.live_id)).unwrap_or_default();
        touched.shelf(&order.variant_id);
        self.finish(tx, touched, now).await?;
        Ok(view.try_into()?)
    }
}
