//! All SQL on people, roles and one-time codes; on notices in `notices`.

pub(super) mod notices;

use super::{Person, Role};
use crate::{
    Millis, PersonId,
    db::{
        Tx,
        many::{read_many, write_many},
        on, rows,
        together::Found,
    },
};
use std::collections::HashMap;

const PEOPLE_BY_ID: &str = "WITH asked (id) AS (VALUES";
const PEOPLE_OF: &str = ") SELECT p.id, p.phone, p.name, r.role FROM asked a CROSS JOIN people p \
     LEFT JOIN roles r ON r.person_id = p.id WHERE p.id = a.id ORDER BY r.role";
const PERSON_BY_PHONE: &str = "SELECT p.id, p.phone, p.name, r.role FROM people p LEFT JOIN roles r ON r.person_id = p.id \
     WHERE p.phone = $1 ORDER BY r.role";
const ADD_PERSON: &str =
    "INSERT INTO people (id, phone, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (phone) DO NOTHING";
const ADD_PEOPLE: &str = "INSERT INTO people (id, phone, name, created_at) VALUES";
const ADD_ROLE: &str = "INSERT INTO roles (person_id, role) VALUES ($1, $2) ON CONFLICT (person_id, role) DO NOTHING";
const RENAME: &str = "UPDATE people SET name = $2 WHERE id = $1";

const NTH_CODE_BY_PHONE: &str = "SELECT created_at FROM sign_in_codes WHERE phone_hash = $1 AND created_at > $2 \
     ORDER BY created_at DESC LIMIT 1 OFFSET $3";
const NTH_CODE_BY_ADDRESS: &str = "SELECT created_at FROM sign_in_codes WHERE address_hash = $1 AND created_at > $2 \
     ORDER BY created_at DESC LIMIT 1 OFFSET $3";
const FORGET_BY_PHONE: &str = "DELETE FROM sign_in_codes WHERE phone_hash = $1 AND created_at <= $2";
const FORGET_BY_ADDRESS: &str = "DELETE FROM sign_in_codes WHERE address_hash = $1 AND created_at <= $2";
const ADD_CODE: &str = "INSERT INTO sign_in_codes (id, phone_hash, address_hash, code_hash, tries, created_at, expires_at, used_at) \
     VALUES ($1, $2, $3, $4, 0, $5, $6, NULL)";
const NEWEST_CODE: &str =
    "SELECT id, code_hash FROM sign_in_codes WHERE phone_hash = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
const COUNT_TRY: &str = "UPDATE sign_in_codes SET tries = tries + 1 \
     WHERE id = $1 AND tries < $2 AND used_at IS NULL AND expires_at > $3 RETURNING tries";
const USE_CODE: &str = "UPDATE sign_in_codes SET used_at = $2 WHERE id = $1";

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: PersonId,
    phone: String,
    name: String,
    role: Option<String>,
}

/// One row a role; somebody without any has one row. A row may come more than once.
fn people(found: Vec<PersonRow>) -> sqlx::Result<HashMap<PersonId, Person>> {
    let mut people = HashMap::new();
    for row in found {
        let role = row
            .role
            .map(Role::try_from)
            .transpose()
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let known = people.entry(row.id.clone()).or_insert(Person {
            id: row.id,
            phone: row.phone,
            name: row.name,
            roles: Vec::new(),
        });
        known.roles.extend(role.filter(|role| !known.roles.contains(role)));
    }
    Ok(people)
}

/// Several people by id.
pub(super) fn by_ids<'a>(tx: &'a mut Tx, ids: &'a [PersonId]) -> Found<'a, PersonId, Person> {
    Box::pin(async move {
        let found = read_many!(tx, PersonRow, PEOPLE_BY_ID, 1, PEOPLE_OF, ids, |query, id| query
            .bind(id));
        Ok(people(found)?)
    })
}

pub(super) async fn by_phone(tx: &mut Tx, phone: &str) -> sqlx::Result<Option<Person>> {
    let found = on!(tx, c => sqlx::query_as(PERSON_BY_PHONE).bind(phone).fetch_all(c))?;
    Ok(people(found)?.into_values().next())
}

/// Somebody with this phone who is there already stays as they are.
pub(super) async fn add_person(tx: &mut Tx, phone: &str, name: &str, now: Millis) -> sqlx::Result<()> {
    rows!(
        tx,
        sqlx::query(ADD_PERSON)
            .bind(PersonId::new())
            .bind(phone)
            .bind(name)
            .bind(now)
    )?;
    Ok(())
}

/// Many people at once, whose phones nobody has.
pub(crate) async fn add_people(tx: &mut Tx, people: &[Person], now: Millis) -> sqlx::Result<()> {
    write_many!(tx, ADD_PEOPLE, 4, "", people, |query, person| query
        .bind(&person.id)
        .bind(&person.phone)
        .bind(&person.name)
        .bind(now));
    Ok(())
}

pub(super) async fn add_role(tx: &mut Tx, person: &PersonId, role: Role) -> sqlx::Result<()> {
    rows!(tx, sqlx::query(ADD_ROLE).bind(person).bind(role.as_str()))?;
    Ok(())
}

pub(super) async fn rename(tx: &mut Tx, person: &PersonId, name: &str) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(RENAME).bind(person).bind(name))
}

/// Whose codes are counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Phone,
    Address,
}

/// When the `nth` newest code after `since` was made; `None` when there are fewer.
pub(super) async fn nth_newest_code(
    tx: &mut Tx,
    by: By,
    hash: &str,
    since: Millis,
    nth: i64,
) -> sqlx::Result<Option<Millis>> {
    let sql = match by {
        By::Phone => NTH_CODE_BY_PHONE,
        By::Address => NTH_CODE_BY_ADDRESS,
    };
    on!(tx, c => sqlx::query_scalar(sql).bind(hash).bind(since).bind(nth - 1).fetch_optional(c))
}

/// Drops codes that no limit counts any more: what is not needed is not kept.
pub(super) async fn forget_codes(tx: &mut Tx, by: By, hash: &str, until: Millis) -> sqlx::Result<()> {
    let sql = match by {
        By::Phone => FORGET_BY_PHONE,
        By::Address => FORGET_BY_ADDRESS,
    };
    rows!(tx, sqlx::query(sql).bind(hash).bind(until))?;
    Ok(())
}

/// A code that was just made.
pub(super) struct NewCode {
    pub(super) id: String,
    pub(super) phone_hash: String,
    pub(super) address_hash: String,
    pub(super) code_hash: String,
    pub(super) created_at: Millis,
    pub(super) expires_at: Millis,
}

pub(super) async fn add_code(tx: &mut Tx, code: &NewCode) -> sqlx::Result<()> {
    rows!(
        tx,
        sqlx::query(ADD_CODE)
            .bind(&code.id)
            .bind(&code.phone_hash)
            .bind(&code.address_hash)
            .bind(&code.code_hash)
            .bind(code.created_at)
            .bind(code.expires_at)
    )?;
    Ok(())
}

/// A code as it is compared.
#[derive(sqlx::FromRow)]
pub(super) struct CodeRow {
    pub(super) id: String,
    pub(super) code_hash: String,
}

pub(super) async fn newest_code(tx: &mut Tx, phone_hash: &str) -> sqlx::Result<Option<CodeRow>> {
    on!(tx, c => sqlx::query_as(NEWEST_CODE).bind(phone_hash).fetch_optional(c))
}

/// Tries so far, this one included; `None` when the code may not be tried any more.
pub(super) async fn count_try(tx: &mut Tx, id: &str, most: i64, now: Millis) -> sqlx::Result<Option<i64>> {
    on!(tx, c => sqlx::query_scalar(COUNT_TRY).bind(id).bind(most).bind(now).fetch_optional(c))
}

pub(super) async fn use_code(tx: &mut Tx, id: &str, now: Millis) -> sqlx::Result<()> {
    rows!(tx, sqlx::query(USE_CODE).bind(id).bind(now))?;
    Ok(())
}
