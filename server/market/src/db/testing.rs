//! A fresh database for a test: SQLite always, PostgreSQL when `TIANTOU_TEST_POSTGRES` names one.
//! In CI (`CI` set) a missing PostgreSQL is a failure, so that no test is quietly left out.

use super::Db;
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::{future::Future, path::PathBuf, str::FromStr};

/// Where the PostgreSQL for tests is, if there is one.
///
/// # Panics
/// In CI, when it is not set.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("TIANTOU_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty());
    assert!(
        url.is_some() || std::env::var_os("CI").is_none(),
        "TIANTOU_TEST_POSTGRES must be set in CI"
    );
    url
}

/// Runs `test` on an empty, migrated SQLite file and then, where there is one, on an empty schema
/// of PostgreSQL.
///
/// # Panics
/// When a database cannot be opened, or the test fails.
pub async fn each_db<F, Done>(test: F)
where
    F: Fn(Db) -> Done,
    Done: Future<Output = ()>,
{
    let file = scratch_file();
    let db = Db::open(&format!("sqlite:{}", file.display()))
        .await
        .expect("SQLite opens");
    db.migrate().await.expect("SQLite migrates");
    test(db.clone()).await;
    db.close().await;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    if let Some(url) = postgres_url() {
        let (db, schema) = fresh_schema(&url).await;
        test(db.clone()).await;
        db.close().await;
        drop_schema(&url, &schema).await;
    }
}

/// An empty, migrated schema of its own in the PostgreSQL at `url`, and its name.
///
/// # Panics
/// When PostgreSQL does not answer.
pub async fn fresh_schema(url: &str) -> (Db, String) {
    let schema = format!("t_{}", crate::id::unique().replace('-', ""));
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
    connection
        .execute(format!("CREATE SCHEMA {schema}").as_str())
        .await
        .expect("schema made");
    let options = PgConnectOptions::from_str(url)
        .expect("a PostgreSQL address")
        .options([("search_path", &schema)]);
    let db = Db::open_postgres(options).await.expect("PostgreSQL opens");
    db.migrate().await.expect("PostgreSQL migrates");
    (db, schema)
}

/// Drops a schema that [`fresh_schema`] made, with all that is in it.
///
/// # Panics
/// When PostgreSQL does not answer.
pub async fn drop_schema(url: &str, schema: &str) {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
    connection
        .execute(format!("DROP SCHEMA {schema} CASCADE").as_str())
        .await
        .expect("schema dropped");
}

/// A file nobody else uses.
fn scratch_file() -> PathBuf {
    std::env::temp_dir().join(format!("tiantou-{}.db", crate::id::unique()))
}
