//! What members are told: kept as facts, put into words when read.

use super::{Notice, NoticeKind, Person, store};
use crate::{Error, Market, Millis, OrderId, PersonId, db::Tx};

impl Market {
    /// The last `limit` notices of `person`, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notices(&self, person: &Person, limit: i64) -> Result<Vec<Notice>, Error> {
        Ok(store::notices(&mut self.db.glance().await?, &person.id, limit).await?)
    }

    /// Marks every notice of `person` as read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_notices_read(&self, person: &Person) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        if store::mark_read(&mut tx, &person.id, self.now()).await? > 0 {
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Tells `person` something, in the transaction that made it true.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn notify(
    tx: &mut Tx,
    person: &PersonId,
    kind: NoticeKind,
    order: Option<&OrderId>,
    now: Millis,
) -> Result<(), Error> {
    Ok(store::add_notice(tx, person, kind, order, now).await?)
}

/// Tells each of these people about their order, likewise.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn notify_all(
    tx: &mut Tx,
    orders: &[(OrderId, PersonId)],
    kind: NoticeKind,
    now: Millis,
) -> Result<(), Error> {
    Ok(store::add_notices(tx, orders, kind, now).await?)
}
