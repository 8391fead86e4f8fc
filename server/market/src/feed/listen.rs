//! Wake-ups between servers: PostgreSQL's NOTIFY. The one place where the feed differs by database:
//! SQLite serves one program, whose own channel is enough.

use super::store;
use crate::{
    Error, Market,
    db::{Db, Tx},
};
use sqlx::postgres::PgListener;

/// The channel of NOTIFY.
const CHANNEL: &str = "tiantou";
/// How much two servers' clocks may differ.
const CLOCKS_DIFFER_MS: i64 = 60_000;
const NOTIFY: &str = "SELECT pg_notify($1, $2)";

/// Tells the other servers, when the transaction commits, that `topic` moved.
pub(super) async fn notify(tx: &mut Tx, topic: &str) -> Result<(), Error> {
    if let Tx::Postgres(open) = tx {
        sqlx::query(NOTIFY)
            .bind(CHANNEL)
            .bind(topic)
            .execute(&mut **open)
            .await?;
    }
    Ok(())
}

impl Market {
    /// Re-sends other servers' wake-ups to this one's listeners until the connection is lost for
    /// good. On SQLite there are no other servers and it returns at once.
    ///
    /// When a lost connection comes back, every topic that moved since the last word is sent, so
    /// that a gap heals.
    ///
    /// # Errors
    /// When PostgreSQL does not answer: call it again after a pause.
    pub async fn listen(&self) -> Result<(), Error> {
        let Db::Postgres(pool) = &self.db else { return Ok(()) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        let mut heard = self.now();
        loop {
            match listener.try_recv().await? {
                Some(word) => self.wake(word.payload().to_owned()),
                None => {
                    let mut tx = self.db.read().await?;
                    for topic in store::moved_since(&mut tx, heard.plus(-CLOCKS_DIFFER_MS)).await? {
                        self.wake(topic);
                    }
                }
            }
            heard = self.now();
        }
    }
}
