//! A host shows what is being spoken about.

use super::{Refusal, Touched, start::lock_of_host, store};
use crate::{Error, Market, VariantId, catalog, flash_sale, people::Person};

impl Market {
    /// Pins a variant of the host's farm to the session, or takes the pin off.
    ///
    /// # Errors
    /// `NotFound` (session or variant), `NotYours`, `NotThisFarms`; `Ended` when the session is over.
    pub async fn pin(&self, host: &Person, code: &str, variant: Option<&VariantId>) -> Result<(), Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let live = lock_of_host(&mut tx, host, code).await?;
        if let Some(variant) = variant {
            let shelf = flash_sale::shelf(&mut tx, variant)
                .await?
                .ok_or(crate::Refusal::NotFound)?;
            if shelf.farm_id != live.farm_id {
                return Err(Refusal::NotThisFarms.into());
            }
            // whoever changes what is on the shelf while this is not committed does not know of the pin
            catalog::lock_shelf(&mut tx, variant).await?;
        }
        if !store::pin(&mut tx, &live.id, variant).await? {
            return Err(Refusal::Ended.into());
        }
        self.finish(tx, Touched::live(&live.id), now).await
    }
}
