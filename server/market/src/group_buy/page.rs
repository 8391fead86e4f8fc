//! The list of groups in pages that are read to the end.

use super::{GroupCard, GroupState, find::card, store};
use crate::{Error, GroupId, Market, id::AFTER_ALL};

impl Market {
    /// At most `limit` groups opened before the one with the id `before`, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn groups_before(
        &self,
        state: Option<GroupState>,
        before: Option<&GroupId>,
        limit: i64,
    ) -> Result<Vec<(GroupId, GroupCard)>, Error> {
        let before = before.map_or(AFTER_ALL, |id| id.as_str());
        let rows = store::list_before(&mut self.db.glance().await?, state, before, limit).await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), card(row))).collect())
    }
}
