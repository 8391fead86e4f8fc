//! Sessions as pages show them.

use super::{LiveCard, LivePicture, LiveState, picture, store};
use crate::{Error, Market, PersonId};

impl Market {
    /// Sessions in this state: announced, the soonest first; on air or over, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lives(&self, state: LiveState, limit: i64) -> Result<Vec<LiveCard>, Error> {
        store::cards(&mut self.db.read().await?, state, limit).await
    }

    /// The session with this code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_live(&self, code: &str) -> Result<Option<LiveCard>, Error> {
        store::card(&mut self.db.read().await?, code).await
    }

    /// The sessions this person hosts, the newest first, at most 200.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lives_of(&self, host: &PersonId) -> Result<Vec<LiveCard>, Error> {
        store::cards_of_host(&mut self.db.read().await?, host).await
    }

    /// The current picture of the session with this code, whole: what a page starts from, before the
    /// feed moves it on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn live_picture(&self, code: &str) -> Result<Option<LivePicture>, Error> {
        let mut tx = self.db.read().await?;
        let Some(id) = store::id_of(&mut tx, code).await? else {
            return Ok(None);
        };
        let version = crate::feed::version_of(&mut tx, &super::topic(code)).await?;
        picture::draw(self, &mut tx, &id, version, self.now()).await
    }
}
