//! One's orders in pages that are read to the end.

use super::{Order, store};
use crate::{Error, Market, Millis, OrderId, id::AFTER_ALL, people::Person};

impl Market {
    /// At most `limit` of the shopper's own orders, the newest first, placed before the order that
    /// was placed at `before` and has that id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn orders_before(
        &self,
        shopper: &Person,
        before: Option<(Millis, OrderId)>,
        limit: i64,
    ) -> Result<Vec<Order>, Error> {
        let (at, id) = before.unwrap_or((Millis(i64::MAX), OrderId(AFTER_ALL.to_owned())));
        let rows = store::views_before(&mut self.db.glance().await?, &shopper.id, at, &id, limit).await?;
        rows.into_iter()
            .map(|row| Order::try_from(row).map_err(Error::from))
            .collect()
    }
}
