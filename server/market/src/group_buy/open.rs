//! A leader opens a group in the sale of a session.

use super::{
    Group, GroupState, Refusal,
    store::{self, GroupRow},
};
use crate::{
    Error, GroupId, Market, flash_sale, id,
    live_session::{self, Touched},
    people::{Person, Role},
};

/// Letters of a group's code: 31^6 is 887 million, and a code opens nothing that is private.
const CODE_LETTERS: usize = 6;

impl Market {
    /// Opens a group in the sale that is on in the session with this code. Its orders are handed over
    /// at the leader's own pick-up point; it ends when its sale ends.
    ///
    /// # Errors
    /// `LeadersOnly`; `NotFound`; the sale's `Ended` when none is on; `AlreadyOpen` while a group of this
    /// leader's in the sale has room.
    pub async fn open_group(&self, leader: &Person, live: &str) -> Result<Group, Error> {
        let pickup = self.pickup_of_leader(&leader.id).await?;
        let Some(pickup) = pickup.filter(|_| leader.is(Role::Leader)) else {
            return Err(Refusal::LeadersOnly.into());
        };
        let now = self.now();
        let mut tx = self.db.write().await?;
        let live = live_session::id_of(&mut tx, live)
            .await?
            .ok_or(crate::Refusal::NotFound)?;
        let over = flash_sale::Refusal::Ended;
        let sale = flash_sale::running(&mut tx, &live).await?.ok_or(over.clone())?;
        let sale = flash_sale::lock(&mut tx, &sale)
            .await?
            .filter(|sale| sale.is_on(now))
            .ok_or(over)?;
        if let Some(group) = store::open_of_leader(&mut tx, &sale.id, &leader.id, now).await? {
            return Err(Refusal::AlreadyOpen { group }.into());
        }
        let group = GroupRow {
            id: GroupId::new(),
            code: id::code(CODE_LETTERS),
            sale_id: sale.id,
            leader_id: leader.id.clone(),
            pickup_point_id: pickup.id,
            need: sale.need,
            state: GroupState::Open,
            deadline: sale.ends_at,
        };
        store::insert(&mut tx, &group, now).await?;
        self.finish(tx, Touched::live(&live), now).await?;
        self.find_group(&group.code)
            .await?
            .ok_or_else(|| crate::Refusal::NotFound.into())
    }
}
