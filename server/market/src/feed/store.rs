//! The feed's SQL.

use crate::{
    Error, Millis,
    db::{Tx, on, rows},
};

const NEXT_VERSION: &str = "INSERT INTO topics (topic, version) VALUES ($1, 1) \
    ON CONFLICT (topic) DO UPDATE SET version = topics.version + 1 RETURNING version";
const VERSION: &str = "SELECT version FROM topics WHERE topic = $1";
const APPEND: &str = "INSERT INTO events (topic, version, kind, picture, created_at) VALUES ($1, $2, $3, $4, $5)";
const PRUNE: &str = "DELETE FROM events WHERE topic = $1 AND version <= $2";
const NEWEST: &str =
    "SELECT version, picture FROM events WHERE topic = $1 AND version > $2 ORDER BY version DESC LIMIT 1";
const MOVED_SINCE: &str = "SELECT DISTINCT topic FROM events WHERE created_at >= $1";

pub(super) async fn next_version(tx: &mut Tx, topic: &str) -> Result<i64, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, i64>(NEXT_VERSION).bind(topic).fetch_one(c))?)
}

pub(super) async fn version(tx: &mut Tx, topic: &str) -> Result<Option<i64>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, i64>(VERSION).bind(topic).fetch_optional(c))?)
}

pub(super) async fn append(
    tx: &mut Tx,
    topic: &str,
    version: i64,
    kind: &str,
    picture: &str,
    now: Millis,
) -> Result<(), Error> {
    rows!(
        tx,
        sqlx::query(APPEND)
            .bind(topic)
            .bind(version)
            .bind(kind)
            .bind(picture)
            .bind(now)
    )?;
    Ok(())
}

pub(super) async fn prune(tx: &mut Tx, topic: &str, up_to: i64) -> Result<(), Error> {
    rows!(tx, sqlx::query(PRUNE).bind(topic).bind(up_to))?;
    Ok(())
}

/// The newest event of `topic` beyond `version`.
pub(super) async fn newest(tx: &mut Tx, topic: &str, version: i64) -> Result<Option<(i64, String)>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, (i64, String)>(NEWEST).bind(topic).bind(version).fetch_optional(c))?)
}

/// The topics that moved at `since` or later.
pub(super) async fn moved_since(tx: &mut Tx, since: Millis) -> Result<Vec<String>, Error> {
    Ok(on!(tx, c => sqlx::query_scalar::<_, String>(MOVED_SINCE).bind(since).fetch_all(c))?)
}
