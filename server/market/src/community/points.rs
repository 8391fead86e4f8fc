//! Reading pick-up points.

use super::{PickupPoint, store};
use crate::{Error, Market, PersonId, PickupPointId};

impl Market {
    /// All pick-up points, in the order they were opened.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pickup_points(&self) -> Result<Vec<PickupPoint>, Error> {
        Ok(store::points(&mut self.db.glance().await?).await?)
    }

    /// One pick-up point.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_pickup(&self, point: &PickupPointId) -> Result<Option<PickupPoint>, Error> {
        Ok(store::point(&mut self.db.glance().await?, point).await?)
    }

    /// The pick-up point of the community this person leads.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pickup_of_leader(&self, leader: &PersonId) -> Result<Option<PickupPoint>, Error> {
        Ok(store::point_of_leader(&mut self.db.glance().await?, leader).await?)
    }
}
