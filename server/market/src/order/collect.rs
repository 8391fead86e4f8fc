//! A leader hands an order over.

use super::{Order, Refusal, store};
use crate::{
    Error, Market,
    people::{self, NoticeKind, Person},
};

impl Market {
    /// Hands a confirmed order over at the leader's pick-up point; cash is taken there and then.
    ///
    /// # Errors
    /// `NotYours` for its shopper, `NotFound` for everybody else but the leader; `WrongState`.
    pub async fn collect(&self, leader: &Person, code: &str) -> Result<Order, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let found = store::by_code(&mut tx, code).await?.ok_or(crate::Refusal::NotFound)?;
        if found.leader_id.as_ref() != Some(&leader.id) {
            let known = found.shopper_id == leader.id;
            return Err(if known {
                crate::Refusal::NotYours
            } else {
                crate::Refusal::NotFound
            }
            .into());
        }
        if !store::collect(&mut tx, &found.id, now).await? {
            let state = store::lock(&mut tx, &found.id).await?.state;
            return Err(Refusal::WrongState { state }.into());
        }
        // False for balance: that money has been there since the order was placed.
        store::settle_payment(&mut tx, &found.id, now).await?;
        people::notify(
            &mut tx,
            &found.shopper_id,
            NoticeKind::OrderCollected,
            Some(&found.id),
            now,
        )
        .await?;
        let view = store::view(&mut tx, code).await?.ok_or(sqlx::Error::RowNotFound)?;
        tx.commit().await?;
        Ok(view.try_into()?)
    }
}
