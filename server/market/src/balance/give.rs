//! Giving stored value: a welcome, a compensation.

use super::{Cause, store};
use crate::{Error, Fault, Market, Money, PersonId};

impl Market {
    /// Gives `amount` (above zero) to `person` once for the cause named `cause_id`. `false`: it was
    /// given before, and nothing changed.
    ///
    /// # Errors
    /// When the database does not answer, or the amount is not above zero.
    pub async fn gift(&self, person: &PersonId, amount: Money, cause_id: &str) -> Result<bool, Error> {
        if amount <= Money::ZERO {
            let detail = format!("a gift of {amount}");
            return Err(Fault::BrokenRow {
                table: "balance_entries",
                detail,
            }
            .into());
        }
        let mut tx = self.db.write().await?;
        // A cause is unique over all people, a gift is once a person.
        let cause_id = format!("{cause_id}/{person}");
        let new = store::add_entry(&mut tx, person, amount, Cause::Gift, &cause_id, self.now()).await?;
        if new {
            store::raise(&mut tx, person, amount).await?;
            tx.commit().await?;
        }
        Ok(new)
    }
}
