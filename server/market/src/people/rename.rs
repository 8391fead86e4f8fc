//! Choosing a name.

use super::{Person, Refusal, parse_name, store};
use crate::{Error, Market};

impl Market {
    /// Gives `person` the name they typed.
    ///
    /// # Errors
    /// `BadName` unless it has 1 to 20 characters that can be seen.
    pub async fn rename(&self, person: &Person, name: &str) -> Result<Person, Error> {
        let name = parse_name(name).ok_or(Refusal::BadName)?;
        let mut tx = self.db.write().await?;
        if store::rename(&mut tx, &person.id, &name).await? == 0 {
            return Err(crate::Refusal::NotFound.into());
        }
        tx.commit().await?;
        Ok(Person { name, ..person.clone() })
    }
}
