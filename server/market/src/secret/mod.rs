//! Whether this program was given the secret that the database was filled with.
//!
//! Hashes of codes, phones and addresses, quotes and tickets are keyed by it: of two servers with two
//! secrets neither would know what the other wrote. The first to come leaves a fingerprint, a keyed hash
//! from which nobody gets the secret back; all others are compared with it before they serve anybody.

mod store;

use crate::{Error, Market};
use subtle::ConstantTimeEq;

/// The database was filled with another secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the secret that the database was filled with")]
pub struct WrongSecret;

impl Market {
    /// Compares the secret with the one that the database was filled with; the first to ask sets it.
    ///
    /// # Errors
    /// When the database does not answer. The inner one: another secret was there first.
    pub async fn check_secret(&self) -> Result<Result<(), WrongSecret>, Error> {
        let mine = self.secret_fingerprint();
        let mut tx = self.db.write().await?;
        store::set_once(&mut tx, &mine).await?;
        let first = store::fingerprint(&mut tx).await?;
        tx.commit().await?;
        let same = bool::from(mine.as_bytes().ct_eq(first.as_bytes()));
        Ok(if same { Ok(()) } else { Err(WrongSecret) })
    }

    /// From now on this secret is the one: codes that are on their way, quotes, tickets and programs'
    /// places in line are worth nothing any more, and browsers must be asked for messages again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn replace_secret(&self) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        store::replace(&mut tx, &self.secret_fingerprint()).await?;
        Ok(tx.commit().await?)
    }

    fn secret_fingerprint(&self) -> String {
        self.keyed_hash("fingerprint", "of the secret")
    }
}
