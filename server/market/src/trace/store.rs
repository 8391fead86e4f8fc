//! All SQL on batches and their events.

use super::{
    Batch, NewBatch,
    chain::{Link, check},
};
use crate::{
    BatchId, Bilingual, Millis, PersonId, Weight,
    catalog::store::{CardRow, FarmRow, card_columns, farm_columns, shelf_variant},
    db::{Tx, on, rows},
};

/// A batch's page begins with its product's card and its farm: one query, reading only.
macro_rules! select_batch {
    ($rest:literal) => {
        concat!(
            "SELECT n.id AS batch_id, n.code AS batch_code, n.harvested_at, n.weight_grams AS batch_weight, n.head_hash, n.length, ",
            card_columns!(), ", ", farm_columns!(),
            " FROM batches n JOIN products p ON p.id = n.product_id JOIN farms f ON f.id = p.farm_id \
             JOIN people h ON h.id = f.farmer_id ",
            shelf_variant!(),
            $rest
        )
    };
}
const BATCH_BY_CODE: &str = select_batch!(" WHERE n.code = $1");
const BATCH_OF_PRODUCT: &str = select_batch!(" WHERE p.slug = $1 ORDER BY n.harvested_at DESC, n.id DESC LIMIT 1");
const RECENT: &str = "SELECT n.code, p.name_zh, p.name_en FROM batches n JOIN products p ON p.id = n.product_id \
     ORDER BY n.harvested_at DESC, n.id DESC LIMIT $1";
const LINKS: &str =
    "SELECT position, prev_hash, hash, facts, recorded_at FROM trace_events WHERE batch_id = $1 ORDER BY position";
const ADD_BATCH: &str = "INSERT INTO batches (id, code, product_id, harvested_at, weight_grams, head_hash, length) \
     VALUES ($1, $2, $3, $4, $5, '', 0) ON CONFLICT (code) DO NOTHING";
/// The farmer comes with it: only they and operators record.
const OPEN_BATCH: &str = "SELECT n.id, n.head_hash, n.length, f.farmer_id FROM batches n \
     JOIN products p ON p.id = n.product_id JOIN farms f ON f.id = p.farm_id WHERE n.code = $1";
const MOVE_HEAD: &str =
    "UPDATE batches SET head_hash = $4, length = length + 1 WHERE id = $1 AND head_hash = $2 AND length = $3";
const ADD_LINK: &str = "INSERT INTO trace_events (batch_id, position, prev_hash, hash, facts, recorded_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

#[derive(sqlx::FromRow)]
struct BatchRow {
    batch_id: BatchId,
    batch_code: String,
    harvested_at: Millis,
    batch_weight: Weight,
    head_hash: String,
    length: i64,
    #[sqlx(flatten)]
    card: CardRow,
    #[sqlx(flatten)]
    farm: FarmRow,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    position: i64,
    prev_hash: String,
    hash: String,
    facts: String,
    recorded_at: Millis,
}

/// Which batch is looked for.
pub(super) enum Which<'a> {
    Code(&'a str),
    /// The newest of the product with this slug.
    NewestOf(&'a str),
}

pub(super) async fn batch(tx: &mut Tx, which: Which<'_>) -> sqlx::Result<Option<Batch>> {
    let (sql, key) = match which {
        Which::Code(code) => (BATCH_BY_CODE, code),
        Which::NewestOf(slug) => (BATCH_OF_PRODUCT, slug),
    };
    let Some(row) = on!(tx, c => sqlx::query_as::<_, BatchRow>(sql).bind(key).fetch_optional(c))? else {
        return Ok(None);
    };
    let links: Vec<LinkRow> = on!(tx, c => sqlx::query_as(LINKS).bind(&row.batch_id).fetch_all(c))?;
    let links = links
        .into_iter()
        .map(|link| Link {
            position: link.position,
            prev_hash: link.prev_hash,
            hash: link.hash,
            canonical: link.facts,
            recorded_at: link.recorded_at,
        })
        .collect();
    let (events, verdict) = check(&row.batch_code, &row.head_hash, row.length, links);
    Ok(Some(Batch {
        code: row.batch_code,
        harvested_at: row.harvested_at,
        weight: row.batch_weight,
        product: row.card.into(),
        farm: row.farm.into(),
        events,
        head: row.head_hash,
        verdict,
    }))
}

pub(super) async fn recent(tx: &mut Tx, limit: i64) -> sqlx::Result<Vec<(String, Bilingual)>> {
    let found: Vec<(String, String, String)> = on!(tx, c => sqlx::query_as(RECENT).bind(limit).fetch_all(c))?;
    Ok(found
        .into_iter()
        .map(|(code, zh, en)| (code, Bilingual::new(zh, en)))
        .collect())
}

/// `false`: its code is taken, nothing was added.
pub(super) async fn add_batch(tx: &mut Tx, id: &BatchId, batch: &NewBatch) -> sqlx::Result<bool> {
    let added = rows!(
        tx,
        sqlx::query(ADD_BATCH)
            .bind(id)
            .bind(&batch.code)
            .bind(&batch.product)
            .bind(batch.harvested_at)
            .bind(batch.weight)
    )?;
    Ok(added == 1)
}

/// A batch as a recorder needs it.
#[derive(sqlx::FromRow)]
pub(super) struct OpenBatch {
    pub(super) id: BatchId,
    pub(super) head_hash: String,
    pub(super) length: i64,
    pub(super) farmer_id: PersonId,
}

pub(super) async fn open_batch(tx: &mut Tx, code: &str) -> sqlx::Result<Option<OpenBatch>> {
    on!(tx, c => sqlx::query_as(OPEN_BATCH).bind(code).fetch_optional(c))
}

/// Adds the link and moves the head. `false`: the chain is not where `batch` says.
pub(super) async fn add_link(tx: &mut Tx, batch: &OpenBatch, link: &Link) -> sqlx::Result<bool> {
    let moved = rows!(
        tx,
        sqlx::query(MOVE_HEAD)
            .bind(&batch.id)
            .bind(&batch.head_hash)
            .bind(batch.length)
            .bind(&link.hash)
    )?;
    if moved == 0 {
        return Ok(false);
    }
    rows!(
        tx,
        sqlx::query(ADD_LINK)
            .bind(&batch.id)
            .bind(link.position)
            .bind(&link.prev_hash)
            .bind(&link.hash)
            .bind(&link.canonical)
            .bind(link.recorded_at)
    )?;
    Ok(true)
}
