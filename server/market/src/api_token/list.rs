//! One's tokens, for their page.

use super::{ApiToken, store};
use crate::{Error, Market, people::Person};

impl Market {
    /// The tokens of `owner` that are in force, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_tokens(&self, owner: &Person) -> Result<Vec<ApiToken>, Error> {
        let rows = store::of_person(&mut self.db.glance().await?, &owner.id).await?;
        rows.into_iter()
            .map(|row| ApiToken::try_from(row).map_err(Error::from))
            .collect()
    }
}
