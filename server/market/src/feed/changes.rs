//! Reading the feed by version, and waiting for it to move.

use super::store;
use crate::{Error, Market, db::Tx};
use tokio::sync::broadcast;

impl Market {
    /// The newest version of `topic` beyond `version` and its picture as JSON; `None` when nothing
    /// is newer. Pictures are whole, so what lies between is never needed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn events_after(&self, topic: &str, version: i64) -> Result<Option<(i64, String)>, Error> {
        let mut tx = self.db.read().await?;
        store::newest(&mut tx, topic, version).await
    }

    /// The newest version of `topic`; 0 when nothing was ever published.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn topic_version(&self, topic: &str) -> Result<i64, Error> {
        let mut tx = self.db.read().await?;
        super::version_of(&mut tx, topic).await
    }

    /// Topics as they move, of this server and (while [`Market::listen`] runs) of the others. A
    /// receiver that lags has missed hints only: it reads the versions it cares for.
    pub fn changes(&self) -> broadcast::Receiver<String> {
        self.changes.subscribe()
    }

    /// Commits, then wakes whoever listens to `topics`.
    pub(crate) async fn commit(&self, tx: Tx, topics: Vec<String>) -> Result<(), Error> {
        tx.commit().await?;
        for topic in topics {
            self.wake(topic);
        }
        Ok(())
    }

    /// Wakes whoever listens to `topic` on this server; nobody listening is no failure.
    pub(super) fn wake(&self, topic: String) {
        let _ = self.changes.send(topic);
    }
}
