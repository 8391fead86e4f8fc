//! Taking what is due, and saying what became of it.

use super::{LEASE_MS, Subscription, pause_ms, store};
use crate::{Error, Market, SubscriptionId, people::NoticeKind};

/// A message to be sent now.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Which.
    pub id: String,
    /// To which browser.
    pub subscription_id: SubscriptionId,
    /// Where, and sealed how.
    pub subscription: Subscription,
    /// What about.
    pub kind: NoticeKind,
    /// Failures so far.
    pub tries: i64,
    /// Seconds for which it is still worth something.
    pub ttl_s: i64,
}

impl Market {
    /// Takes at most `limit` messages that are due; for a while nobody else gets them. What is too old is
    /// given up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_pushes(&self, limit: i64) -> Result<Vec<Outgoing>, Error> {
        let now = self.now();
        if !store::any_due(&mut self.db.glance().await?, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.db.write().await?;
        store::give_up_old(&mut tx, now).await?;
        let mut taken = Vec::new();
        for message in store::due(&mut tx, now, limit).await? {
            // of two servers that see the same, one moves it
            if store::lease(&mut tx, &message.id, message.due_at, now.plus(LEASE_MS)).await? == 1 {
                taken.push(message.try_into_outgoing(now)?);
            }
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// It was delivered.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn push_sent(&self, message: &Outgoing) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        store::settle(&mut tx, &message.id, "sent", self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// It cannot be delivered, ever.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn push_given_up(&self, message: &Outgoing) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        store::settle(&mut tx, &message.id, "given_up", self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// The push service did not take it: it is tried again later, if that is worth it; not before
    /// `asked_ms`, when the service asks for so long.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn push_failed(&self, message: &Outgoing, asked_ms: Option<i64>) -> Result<(), Error> {
        let (now, tries) = (self.now(), message.tries + 1);
        let mut tx = self.db.write().await?;
        match pause_ms(tries, asked_ms) {
            Some(pause) => store::retry(&mut tx, &message.id, tries, now.plus(pause)).await?,
            None => store::settle(&mut tx, &message.id, "given_up", now).await?,
        };
        Ok(tx.commit().await?)
    }

    /// The browser takes no messages any more: it is forgotten, with everything on its way there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn push_gone(&self, message: &Outgoing) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        store::forget_id(&mut tx, &message.subscription_id, self.now()).await?;
        Ok(tx.commit().await?)
    }
}
