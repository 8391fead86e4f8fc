//! Making a person, with the roles they have.

use super::{Person, Role, store};
use crate::{Error, Millis, db::Tx};

/// The person with this phone number, made when there is none, and with at least these roles.
/// Somebody who is there already keeps the name they chose.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn enrol(tx: &mut Tx, phone: &str, name: &str, roles: &[Role], now: Millis) -> Result<Person, Error> {
    store::add_person(tx, phone, name, now).await?;
    let mut person = store::by_phone(tx, phone).await?.ok_or(sqlx::Error::RowNotFound)?;
    for &role in roles {
        if !person.is(role) {
            store::add_role(tx, &person.id, role).await?;
            person.roles.push(role);
        }
    }
    Ok(person)
}
