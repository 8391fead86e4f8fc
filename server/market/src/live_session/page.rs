//! The list of sessions in pages that are read to the end.

use super::{LiveCard, LiveState, store};
use crate::{Error, LiveId, Market, id::AFTER_ALL};

impl Market {
    /// At most `limit` sessions announced before the one with the id `before`, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lives_before(
        &self,
        state: Option<LiveState>,
        before: Option<&LiveId>,
        limit: i64,
    ) -> Result<Vec<LiveCard>, Error> {
        let before = before.map_or(AFTER_ALL, |id| id.as_str());
        store::cards_before(&mut self.db.glance().await?, state, before, limit).await
    }
}
