//! All SQL on balances and their entries.

use super::{Cause, Entry};
use crate::{
    Millis, Money, PersonId,
    db::{Tx, on, rows},
};

const LEVEL: &str = "SELECT fen FROM balances WHERE person_id = $1";
/// An entry's order is shown by its code: reading only.
const ENTRIES: &str = "SELECT e.delta_fen, e.cause, o.code AS order_code, e.created_at FROM balance_entries e \
     LEFT JOIN orders o ON o.id = e.cause_id AND e.cause IN ('pay', 'refund') \
     WHERE e.person_id = $1 ORDER BY e.created_at DESC, e.id DESC LIMIT $2";
const RAISE: &str = "INSERT INTO balances (person_id, fen) VALUES ($1, $2) \
     ON CONFLICT (person_id) DO UPDATE SET fen = balances.fen + excluded.fen";
const LOWER: &str = "UPDATE balances SET fen = fen - $2 WHERE person_id = $1 AND fen >= $2";
const ADD_ENTRY: &str = "INSERT INTO balance_entries (id, person_id, delta_fen, cause, cause_id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (cause, cause_id) DO NOTHING";
const HAS_ENTRY: &str = "SELECT COUNT(*) FROM balance_entries WHERE cause = $1 AND cause_id = $2";

#[derive(sqlx::FromRow)]
struct EntryRow {
    delta_fen: Money,
    #[sqlx(try_from = "String")]
    cause: Cause,
    order_code: Option<String>,
    created_at: Millis,
}

pub(super) async fn level(tx: &mut Tx, person: &PersonId) -> sqlx::Result<Money> {
    let found: Option<Money> = on!(tx, c => sqlx::query_scalar(LEVEL).bind(person).fetch_optional(c))?;
    Ok(found.unwrap_or(Money::ZERO))
}

pub(super) async fn entries(tx: &mut Tx, person: &PersonId, limit: i64) -> sqlx::Result<Vec<Entry>> {
    let found: Vec<EntryRow> = on!(tx, c => sqlx::query_as(ENTRIES).bind(person).bind(limit).fetch_all(c))?;
    Ok(found
        .into_iter()
        .map(|row| Entry {
            delta: row.delta_fen,
            cause: row.cause,
            order: row.order_code,
            at: row.created_at,
        })
        .collect())
}

pub(super) async fn raise(tx: &mut Tx, person: &PersonId, amount: Money) -> sqlx::Result<()> {
    rows!(tx, sqlx::query(RAISE).bind(person).bind(amount))?;
    Ok(())
}

/// `false`: there is not so much.
pub(super) async fn lower(tx: &mut Tx, person: &PersonId, amount: Money) -> sqlx::Result<bool> {
    Ok(rows!(tx, sqlx::query(LOWER).bind(person).bind(amount))? == 1)
}

/// `false`: there is an entry for this cause already.
pub(super) async fn add_entry(
    tx: &mut Tx,
    person: &PersonId,
    delta: Money,
    cause: Cause,
    cause_id: &str,
    now: Millis,
) -> sqlx::Result<bool> {
    let added = rows!(
        tx,
        sqlx::query(ADD_ENTRY)
            .bind(crate::id::unique())
            .bind(person)
            .bind(delta)
            .bind(cause.as_str())
            .bind(cause_id)
            .bind(now)
    )?;
    Ok(added == 1)
}

pub(super) async fn has_entry(tx: &mut Tx, cause: Cause, cause_id: &str) -> sqlx::Result<bool> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(HAS_ENTRY).bind(cause.as_str()).bind(cause_id).fetch_one(c))?;
    Ok(count > 0)
}
