//! A community and its pick-up point, as pages show them.

use crate::{Bilingual, CommunityId, PersonId, PickupPointId};
use serde::{Deserialize, Serialize};

/// Where an order is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickupPoint {
    /// Which.
    pub id: PickupPointId,
    /// 柳树沟村小卖部.
    pub name: Bilingual,
    /// Where it is.
    pub address: Bilingual,
    /// Opens, minutes after midnight local time.
    pub opens_minute: i64,
    /// Closes, likewise.
    pub closes_minute: i64,
    /// The community it serves.
    pub community: CommunityId,
    /// That community's leader.
    pub leader_id: PersonId,
    /// The leader's name: leaders act in public under their own.
    pub leader_name: String,
}
