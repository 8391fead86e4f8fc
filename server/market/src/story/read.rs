//! Reading stories.

use super::{Story, store};
use crate::{Error, Market};

impl Market {
    /// The story with this slug.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_story(&self, slug: &str) -> Result<Option<Story>, Error> {
        Ok(store::story(&mut self.db.glance().await?, slug).await?)
    }

    /// All stories, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stories(&self) -> Result<Vec<Story>, Error> {
        Ok(store::stories(&mut self.db.glance().await?).await?)
    }
}
