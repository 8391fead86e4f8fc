//! Finding a person by id, as a session does at every request.

use super::{Person, parse_phone, store};
use crate::{Error, Market, PersonId, db::Tx};

impl Market {
    /// The person with this id, with their roles.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_person(&self, id: &PersonId) -> Result<Option<Person>, Error> {
        self.together.people.find(&self.db, id.clone(), store::by_ids).await
    }

    /// The person with this phone number, as people type it; for whoever runs the program.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_person_by_phone(&self, phone: &str) -> Result<Option<Person>, Error> {
        match parse_phone(phone) {
            Some(phone) => find_by_phone(&mut self.db.glance().await?, &phone).await,
            None => Ok(None),
        }
    }
}

/// Whoever has this phone number (11 digits).
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn find_by_phone(tx: &mut Tx, phone: &str) -> Result<Option<Person>, Error> {
    Ok(store::by_phone(tx, phone).await?)
}
