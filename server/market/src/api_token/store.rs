//! The tokens' SQL.

use super::{ApiToken, spelling};
use crate::{
    ApiTokenId, Error, Fault, Millis, PersonId,
    db::{
        Tx,
        many::{read_many, write_many},
        on, rows,
        together::Found,
    },
};

/// A token as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct TokenRow {
    pub(super) id: ApiTokenId,
    pub(super) person_id: PersonId,
    pub(super) name: String,
    pub(super) scopes: String,
    pub(super) secret_hash: String,
    pub(super) created_at: Millis,
    pub(super) last_used_at: Option<Millis>,
    pub(super) revoked_at: Option<Millis>,
}

impl TryFrom<TokenRow> for ApiToken {
    type Error = Fault;

    fn try_from(row: TokenRow) -> Result<Self, Fault> {
        let scopes = spelling::read(&row.scopes).map_err(|detail| Fault::BrokenRow {
            table: "api_tokens",
            detail,
        })?;
        Ok(ApiToken {
            id: row.id,
            name: row.name,
            scopes,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    }
}

macro_rules! token_columns {
    () => {
        "id, person_id, name, scopes, secret_hash, created_at, last_used_at, revoked_at"
    };
}

const INSERT: &str = "INSERT INTO api_tokens (id, person_id, name, scopes, secret_hash, created_at, last_used_at, revoked_at) \
    VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)";
const INSERT_MANY: &str = "INSERT INTO api_tokens (id, person_id, name, scopes, secret_hash, created_at) VALUES";
const COUNT: &str = "SELECT COUNT(*) FROM api_tokens WHERE person_id = $1 AND revoked_at IS NULL";
const BY_IDS: &str = "WITH asked (name) AS (VALUES";
const OF_IDS: &str = ") SELECT t.id, t.person_id, t.name, t.scopes, t.secret_hash, t.created_at, t.last_used_at, t.revoked_at \
    FROM asked a CROSS JOIN api_tokens t WHERE t.id = a.name";
const OF_PERSON: &str = concat!(
    "SELECT ",
    token_columns!(),
    " FROM api_tokens WHERE person_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC"
);
// The first time counts.
const REVOKE: &str = "UPDATE api_tokens SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND person_id = $2";
const USED: &str =
    "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";

pub(super) async fn insert(tx: &mut Tx, owner: &PersonId, token: &ApiToken, hash: &str) -> Result<(), Error> {
    rows!(
        tx,
        sqlx::query(INSERT)
            .bind(&token.id)
            .bind(owner)
            .bind(&token.name)
            .bind(spelling::written(&token.scopes))
            .bind(hash)
            .bind(token.created_at)
    )?;
    Ok(())
}

/// One token each, of the same scopes: owner, token and hash.
pub(super) async fn insert_many(tx: &mut Tx, tokens: &[(&PersonId, ApiToken, String)]) -> Result<(), Error> {
    write_many!(tx, INSERT_MANY, 6, "", tokens, |query, token| query
        .bind(&token.1.id)
        .bind(token.0)
        .bind(&token.1.name)
        .bind(spelling::written(&token.1.scopes))
        .bind(&token.2)
        .bind(token.1.created_at));
    Ok(())
}

/// Tokens of this person that are in force.
pub(super) async fn count(tx: &mut Tx, owner: &PersonId) -> Result<i64, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, i64>(COUNT).bind(owner).fetch_one(c))?)
}

/// Tokens, revoked or not.
pub(super) fn by_ids<'a>(tx: &'a mut Tx, ids: &'a [ApiTokenId]) -> Found<'a, ApiTokenId, TokenRow> {
    Box::pin(async move {
        let found = read_many!(tx, TokenRow, BY_IDS, 1, OF_IDS, ids, |query, id| query.bind(id));
        Ok(found.into_iter().map(|row| (row.id.clone(), row)).collect())
    })
}

/// This person's tokens that are in force, the newest first.
pub(super) async fn of_person(tx: &mut Tx, owner: &PersonId) -> Result<Vec<TokenRow>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, TokenRow>(OF_PERSON).bind(owner).fetch_all(c))?)
}

/// How many rows: none when the token is not this person's.
pub(super) async fn revoke(tx: &mut Tx, owner: &PersonId, id: &ApiTokenId, now: Millis) -> Result<u64, Error> {
    Ok(rows!(tx, sqlx::query(REVOKE).bind(id).bind(owner).bind(now))?)
}

/// Keeps the latest use.
pub(super) async fn used(tx: &mut Tx, id: &ApiTokenId, at: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(USED).bind(id).bind(at))?;
    Ok(())
}
