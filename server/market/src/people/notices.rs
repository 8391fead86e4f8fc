//! What members are told: kept as facts, in the transaction that made them true; put into words when
//! read. Each is also queued for the person's browsers (see `push`).

use super::{
    Notice, NoticeKind, Person,
    store::notices::{self as store, NewNotice},
};
use crate::{Error, Market, Millis, OrderId, PersonId, SaleId, db::Tx, id, push};

impl Market {
    /// The last `limit` notices of `person`, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notices(&self, person: &Person, limit: i64) -> Result<Vec<Notice>, Error> {
        Ok(store::notices(&mut self.db.glance().await?, &person.id, limit).await?)
    }

    /// How many notices `person` has not read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unread_notices(&self, person: &Person) -> Result<i64, Error> {
        Ok(store::count_unread(&mut self.db.glance().await?, &person.id).await?)
    }

    /// Marks the notices that `person` was told until `until` as read; one that came since stays new.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_notices_read(&self, person: &Person, until: Millis) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        if store::mark_read(&mut tx, &person.id, until, self.now()).await? > 0 {
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
    let notice = NewNotice {
        id: id::unique(),
        person,
        kind,
        order,
        sale: None,
    };
    tell(tx, &[notice], now).await
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
    let notice = |(order, person)| NewNotice {
        id: id::unique(),
        person,
        kind,
        order: Some(order),
        sale: None,
    };
    let notices: Vec<_> = orders.iter().map(|(order, person)| notice((order, person))).collect();
    tell(tx, &notices, now).await
}

/// Tells each of these people about a sale, likewise.
///
/// # Errors
/// When the database does not answer.
pub async fn notify_about_sale(
    tx: &mut Tx,
    people: &[PersonId],
    kind: NoticeKind,
    sale: &SaleId,
    now: Millis,
) -> Result<(), Error> {
    let notice = |person| NewNotice {
        id: id::unique(),
        person,
        kind,
        order: None,
        sale: Some(sale),
    };
    let notices: Vec<_> = people.iter().map(notice).collect();
    tell(tx, &notices, now).await
}

async fn tell(tx: &mut Tx, notices: &[NewNotice<'_>], now: Millis) -> Result<(), Error> {
    store::add(tx, notices, now).await?;
    let queued: Vec<_> = notices
        .iter()
        .map(|notice| (notice.id.as_str(), notice.person))
        .collect();
    push::queue(tx, &queued, now).await
}
