//! A host goes on air.

use super::{
    LiveCard, LiveState, Refusal, Touched,
    store::{self, LiveRow},
};
use crate::{Error, Market, db::Tx, people::Person};

impl Market {
    /// Puts the host's session on air. One that is on air already stays so.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; `Ended` when it is over.
    pub async fn start_live(&self, host: &Person, code: &str) -> Result<LiveCard, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let live = lock_of_host(&mut tx, host, code).await?;
        match live.state {
            LiveState::Ended => return Err(Refusal::Ended.into()),
            LiveState::Live => {}
            LiveState::Scheduled => {
                store::start(&mut tx, &live.id, now).await?;
            }
        }
        let card = store::card(&mut tx, code).await?.ok_or(crate::Refusal::NotFound)?;
        self.finish(tx, Touched::live(&live.id), now).await?;
        Ok(card)
    }

    /// The session, if this person may publish its picture: its host, while it is not over.
    ///
    /// # Errors
    /// `NotFound`, `NotYours`; `Ended` when it is over.
    pub async fn may_publish(&self, host: &Person, code: &str) -> Result<LiveCard, Error> {
        let card = self.find_live(code).await?.ok_or(crate::Refusal::NotFound)?;
        if card.host_id != host.id {
            return Err(crate::Refusal::NotYours.into());
        }
        if card.state == LiveState::Ended {
            return Err(Refusal::Ended.into());
        }
        Ok(card)
    }
}

/// Takes the row of the host's session with this code until the transaction ends.
pub(crate) async fn lock_of_host(tx: &mut Tx, host: &Person, code: &str) -> Result<LiveRow, Error> {
    let live = store::lock(tx, code).await?.ok_or(crate::Refusal::NotFound)?;
    if live.host_id == host.id {
        Ok(live)
    } else {
        Err(crate::Refusal::NotYours.into())
    }
}

/// The same for a session that must be on air.
pub(crate) async fn lock_on_air(tx: &mut Tx, host: &Person, code: &str) -> Result<LiveRow, Error> {
    let live = lock_of_host(tx, host, code).await?;
    match live.state {
        LiveState::Live => Ok(live),
        LiveState::Scheduled => Err(Refusal::NotLive.into()),
        LiveState::Ended => Err(Refusal::Ended.into()),
    }
}
