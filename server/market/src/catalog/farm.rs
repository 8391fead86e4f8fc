//! Farms: who grows it, and the picture of them.

use super::{Farm, store};
use crate::{
    Error, FarmId, Market, PersonId, Refusal,
    db::Tx,
    people::{Person, Role},
    photo,
};

impl Market {
    /// All farms.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn farms(&self) -> Result<Vec<Farm>, Error> {
        Ok(store::farms(&mut self.db.glance().await?).await?)
    }

    /// The farm of this farmer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn farm_of(&self, farmer: &PersonId) -> Result<Option<Farm>, Error> {
        Ok(store::farm_of(&mut self.db.glance().await?, farmer).await?)
    }

    /// Makes a photo the farmer uploaded (`/photo/{id}`) the portrait of their farm.
    ///
    /// # Errors
    /// `NotYours` for anybody but a farmer with a farm; `NotFound` when the path is not that of a
    /// photo of theirs.
    pub async fn set_portrait(&self, farmer: &Person, path: &str) -> Result<(), Error> {
        if !farmer.is(Role::Farmer) {
            return Err(Refusal::NotYours.into());
        }
        let mut tx = self.db.write().await?;
        if !photo::is_theirs(&mut tx, &farmer.id, path).await? {
            return Err(Refusal::NotFound.into());
        }
        if store::set_portrait(&mut tx, &farmer.id, path).await? == 0 {
            return Err(Refusal::NotYours.into());
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Adds a farm, unless one with its slug is there: that one stays as it is.
pub(crate) async fn add_farm(tx: &mut Tx, farm: &Farm) -> Result<FarmId, Error> {
    Ok(store::add_farm(tx, farm).await?)
}
