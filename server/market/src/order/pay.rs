//! A shopper pays an order that was left pending.

use super::{Method, Order, OrderState, Refusal, agree, store};
use crate::{Error, Market, flash_sale, live_session::Touched, people::Person};

impl Market {
    /// Pays a pending order before its hold lapses, by either method. An order that is paid already
    /// (or its cash agreed) is answered as it stands: a second tap pays nothing twice.
    ///
    /// # Errors
    /// `NotFound` for anybody but its shopper; `NotEnoughBalance`; `Lapsed` when the hold has; `WrongState`
    /// when it was called off; the group's refusals when that is over.
    pub async fn pay(&self, shopper: &Person, code: &str, method: Method) -> Result<Order, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let found = store::by_code(&mut tx, code)
            .await?
            .filter(|order| order.shopper_id == shopper.id);
        let found = found.ok_or(crate::Refusal::NotFound)?;
        let mut touched = Touched::default();
        if let Some(sale) = &found.sale_id {
            let sale = flash_sale::lock(&mut tx, sale).await?.ok_or(sqlx::Error::RowNotFound)?;
            touched = Touched::live(&sale.live_id);
        }
        let order = store::lock(&mut tx, &found.id).await?;
        match order.state {
            OrderState::Pending if order.hold_until.is_some_and(|until| now < until) => {
                if !agree::agree(&mut tx, &order, method, now).await? {
                    drop(tx);
                    let have = self.balance(&shopper.id).await?;
                    return Err(Refusal::NotEnoughBalance {
                        have,
                        cost: order.amount_fen,
                    }
                    .into());
                }
            }
            OrderState::Waiting | OrderState::Confirmed | OrderState::Collected => touched = Touched::default(),
            OrderState::Pending | OrderState::Expired => return Err(Refusal::Lapsed.into()),
            OrderState::Cancelled => return Err(Refusal::WrongState { state: order.state }.into()),
        }
        let paid = store::view(&mut tx, code).await?.ok_or(sqlx::Error::RowNotFound)?;
        self.finish(tx, touched, now).await?;
        Ok(paid.try_into()?)
    }
}
