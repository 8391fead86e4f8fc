//! Founding a community with its pick-up point.

use super::store;
use crate::{Bilingual, Error, PersonId, db::Tx};

/// A community that is to be.
pub(crate) struct NewCommunity {
    /// For links.
    pub(crate) code: String,
    pub(crate) name: Bilingual,
    pub(crate) leader: PersonId,
    /// Name and address of its point.
    pub(crate) point: Bilingual,
    pub(crate) address: Bilingual,
    /// Minutes after midnight, local time.
    pub(crate) opens_minute: i64,
    pub(crate) closes_minute: i64,
}

/// Founds it, unless one with its code is there: that one stays as it is. `true`: it is new.
pub(crate) async fn found(tx: &mut Tx, community: &NewCommunity) -> Result<bool, Error> {
    Ok(store::add(tx, community).await?)
}
