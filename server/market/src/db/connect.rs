//! Opening a database from its address.

use super::Db;
use crate::error::Fault;
use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, time::Duration};

/// The migrations, the same on both databases.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// Readers of one SQLite file.
const SQLITE_READERS: u32 = 4;
/// Connections to one PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Pages that a SQLite connection keeps in memory, in KiB below zero as SQLite writes it: with its
/// default of 2 MiB a full desk's transaction spills its pages in the middle of being written.
const CACHE: &str = "-65536";
/// Pages of the log after which a commit folds it in: 64 MiB. At SQLite's default of 1000 every
/// commit of a full desk would do so, with its own waits for the disk.
const FOLD_AFTER: &str = "16384";
/// Prepared statements a connection keeps: those for many rows come in eight sizes (see `many`).
const STATEMENTS_KEPT: usize = 512;
/// How long a writer waits for another process before it is a fault.
const BUSY: Duration = Duration::from_secs(10);

/// Statements go to the log (without what is bound to them) only where it is asked for them
/// (`RUST_LOG=sqlx::query=debug`): to weigh each for a log that drops it costs a full desk.
fn quiet<O: ConnectOptions>(options: O) -> O {
    match tracing::enabled!(target: "sqlx::query", tracing::Level::DEBUG) {
        true => options,
        false => options.disable_statement_logging(),
    }
}

impl Db {
    /// Opens `sqlite:PATH` (made when it is not there) or `postgres://…`.
    ///
    /// SQLite runs with a write-ahead log and `synchronous=FULL`: what was answered survives a
    /// power cut.
    ///
    /// # Errors
    /// When the address cannot be read or nobody answers there.
    pub async fn open(url: &str) -> Result<Db, Fault> {
        if url.starts_with("postgres") {
            return Self::open_postgres(PgConnectOptions::from_str(url)?).await;
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("cache_size", CACHE)
            .pragma("wal_autocheckpoint", FOLD_AFTER)
            .statement_cache_capacity(STATEMENTS_KEPT);
        let options = quiet(options);
        // A file is not a peer that goes away: its connections are neither asked whether they live
        // nor replaced, which would lose their prepared statements.
        let pool = SqlitePoolOptions::new()
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None);
        let write = pool.clone().max_connections(1).connect_with(options.clone()).await?;
        let read = pool.max_connections(SQLITE_READERS).connect_with(options).await?;
        Ok(Db::Sqlite { read, write })
    }

    /// Opens PostgreSQL with options that are already parsed (tests give each its own schema).
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn open_postgres(options: PgConnectOptions) -> Result<Db, Fault> {
        let options = quiet(options.statement_cache_capacity(STATEMENTS_KEPT));
        Ok(Db::Postgres(
            PgPoolOptions::new()
                .max_connections(POSTGRES_CONNECTIONS)
                .connect_with(options)
                .await?,
        ))
    }

    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// When one fails, or the database is newer than this program.
    pub async fn migrate(&self) -> Result<(), Fault> {
        match self {
            Db::Sqlite { write, .. } => MIGRATIONS.run(write).await?,
            Db::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }
}
