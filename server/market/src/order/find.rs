//! Orders as their shopper, their leader and their host see them.

use super::{
    Order,
    store::{self, ViewRow, Whose},
};
use crate::{
    Error, Market, Refusal,
    people::{Person, Role},
};

/// Orders in a leader's or a host's list.
const LISTED: i64 = 500;

impl Market {
    /// The order with this code, for its shopper, the leader who hands it over, the host it came from
    /// or an operator. For everybody else there is no such order.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find_order(&self, person: &Person, code: &str) -> Result<Order, Error> {
        let view = store::view(&mut self.db.read().await?, code)
            .await?
            .ok_or(Refusal::NotFound)?;
        let theirs = view.shopper_id == person.id
            || view.leader_id.as_ref() == Some(&person.id)
            || view.live_host_id.as_ref() == Some(&person.id)
            || person.is(Role::Operator);
        if theirs {
            Ok(view.try_into()?)
        } else {
            Err(Refusal::NotFound.into())
        }
    }

    /// The shopper's own orders, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn orders_of(&self, shopper: &Person, limit: i64) -> Result<Vec<Order>, Error> {
        shown(store::views(&mut self.db.read().await?, Whose::Shopper(&shopper.id), limit).await?)
    }

    /// The orders this leader hands over, the newest first, at most 500.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn orders_for_leader(&self, leader: &Person) -> Result<Vec<Order>, Error> {
        shown(store::views(&mut self.db.read().await?, Whose::Leader(&leader.id), LISTED).await?)
    }

    /// The orders that came from the host's session with this code, the newest first, at most 500.
    ///
    /// # Errors
    /// `NotFound`; `NotYours` for anybody but its host or an operator.
    pub async fn orders_of_live(&self, host: &Person, code: &str) -> Result<Vec<Order>, Error> {
        let card = self.find_live(code).await?.ok_or(Refusal::NotFound)?;
        if card.host_id != host.id && !host.is(Role::Operator) {
            return Err(Refusal::NotYours.into());
        }
        shown(store::views(&mut self.db.read().await?, Whose::Live(&card.id), LISTED).await?)
    }
}

fn shown(rows: Vec<ViewRow>) -> Result<Vec<Order>, Error> {
    rows.into_iter()
        .map(|row| Order::try_from(row).map_err(Error::from))
        .collect()
}
