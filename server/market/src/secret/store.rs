//! All SQL on settings.

use crate::db::{Tx, on, rows};

const FINGERPRINT: &str = "secret_fingerprint";
const SET_ONCE: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const REPLACE: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
const READ: &str = "SELECT value FROM settings WHERE name = $1";

pub(super) async fn set_once(tx: &mut Tx, fingerprint: &str) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(SET_ONCE).bind(FINGERPRINT).bind(fingerprint))
}

pub(super) async fn replace(tx: &mut Tx, fingerprint: &str) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(REPLACE).bind(FINGERPRINT).bind(fingerprint))
}

pub(super) async fn fingerprint(tx: &mut Tx) -> sqlx::Result<String> {
    on!(tx, c => sqlx::query_scalar(READ).bind(FINGERPRINT).fetch_one(c))
}
