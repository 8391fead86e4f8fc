//! A person wants to be told on a browser, or no more.

use super::{MOST_BROWSERS, Refusal, Subscription, store};
use crate::{Error, Market, people::Person};

impl Market {
    /// From now on `person` is told things on this browser. The same browser again renews its keys; one
    /// that somebody else used is theirs no more.
    ///
    /// # Errors
    /// `BadSubscription`, `TooManyBrowsers`.
    pub async fn subscribe(&self, person: &Person, subscription: &Subscription) -> Result<(), Error> {
        subscription.check()?;
        let mut tx = self.db.write().await?;
        tx.hold_name(&format!("browsers of {}", person.id)).await?;
        store::forget(&mut tx, &subscription.endpoint).await?;
        if store::count(&mut tx, &person.id).await? >= MOST_BROWSERS {
            return Err(Refusal::TooManyBrowsers.into());
        }
        store::add(&mut tx, &person.id, subscription, self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// `person` is told nothing on this browser any more, or on none when no endpoint is named.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unsubscribe(&self, person: &Person, endpoint: Option<&str>) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        match endpoint {
            Some(endpoint) => store::forget_of(&mut tx, &person.id, endpoint).await?,
            None => store::forget_all(&mut tx, &person.id).await?,
        };
        Ok(tx.commit().await?)
    }

    /// On how many browsers `person` is told things.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscriptions(&self, person: &Person) -> Result<i64, Error> {
        Ok(store::count(&mut self.db.glance().await?, &person.id).await?)
    }
}
