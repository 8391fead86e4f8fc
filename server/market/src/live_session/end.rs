//! A host ends the session, and with it its sale and that sale's open groups.

use super::{LiveCard, Refusal, Touched, start::lock_of_host, store};
use crate::{Error, Market, Millis, flash_sale, people::Person};

impl Market {
    /// Ends the host's session: read only from then on. Its sale ends, open groups fail, what was
    /// paid goes back and what was not sold returns to the shelf, in one transaction.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; `Ended` when it is over already.
    pub async fn end_live(&self, host: &Person, code: &str) -> Result<LiveCard, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let live = lock_of_host(&mut tx, host, code).await?;
        if !store::end(&mut tx, &live.id, now).await? {
            return Err(Refusal::Ended.into());
        }
        let mut touched = Touched::live(&live.id);
        if let Some(sale) = flash_sale::running(&mut tx, &live.id).await?
            && let Some(ended) = flash_sale::end(&mut tx, &sale, Millis(i64::MAX), now).await?
        {
            touched.add(ended);
        }
        let card = store::card(&mut tx, code).await?.ok_or(crate::Refusal::NotFound)?;
        self.finish(tx, touched, now).await?;
        Ok(card)
    }
}
