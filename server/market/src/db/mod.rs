//! Storage: one enum over two databases, one macro that runs a query on whichever is open.
//!
//! Every statement is written once, as a constant with `$1` (both drivers take it), in some slice's
//! `store.rs`. Reads go through [`Db::read`], or [`Db::glance`] when one statement is all; a verb opens [`Db::write`], which on SQLite takes the
//! write lock at once (`BEGIN IMMEDIATE`), so that what it reads is still true when it writes.
//! On PostgreSQL rules are repeated in the WHERE of each guarded update and the row count is the
//! answer, which is why the same code is right on both.

mod connect;
pub(crate) mod many;
mod open;
#[doc(hidden)]
pub mod testing;
pub(crate) mod together;

pub use open::Open;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

/// An open database.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite: the embedded default. One writer at a time, many readers.
    Sqlite {
        /// Readers.
        read: SqlitePool,
        /// The one writer.
        write: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// An open transaction (or, from [`Db::glance`], what runs a single statement).
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Open<Sqlite>),
    /// On PostgreSQL.
    Postgres(Open<Postgres>),
}

impl Db {
    /// A transaction for reading: several statements that see one state.
    pub async fn read(&self) -> sqlx::Result<Tx> {
        const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        match self {
            Db::Sqlite { read, .. } => read.begin().await.map(Open::Transaction).map(Tx::Sqlite),
            Db::Postgres(pool) => pool.begin_with(SNAPSHOT).await.map(Open::Transaction).map(Tx::Postgres),
        }
    }

    /// For reading by one statement, without the two that would frame it: pages live on these.
    pub async fn glance(&self) -> sqlx::Result<Tx> {
        match self {
            Db::Sqlite { read, .. } => read.acquire().await.map(Open::Connection).map(Tx::Sqlite),
            Db::Postgres(pool) => pool.acquire().await.map(Open::Connection).map(Tx::Postgres),
        }
    }

    /// A transaction for writing.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        match self {
            Db::Sqlite { write, .. } => write
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map(Open::Transaction)
                .map(Tx::Sqlite),
            Db::Postgres(pool) => pool.begin().await.map(Open::Transaction).map(Tx::Postgres),
        }
    }

    /// Closes all connections; on SQLite the write-ahead log is folded in.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes what was written durable.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        }
    }

    /// Waits until no other open transaction holds `name`, and holds it until this one ends: for
    /// rules over rows that do not exist yet, which no guarded update can repeat. On SQLite a
    /// write transaction is alone already.
    pub(crate) async fn hold_name(&mut self, name: &str) -> sqlx::Result<()> {
        if let Tx::Postgres(open) = self {
            sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind(name)
                .execute(&mut **open)
                .await?;
        }
        Ok(())
    }
}

/// Runs a query on whichever database the transaction is open on:
/// `on!(tx, c => sqlx::query(SQL).bind(id).execute(c))` answers the sqlx result.
macro_rules! on {
    ($tx:expr, $c:ident => $query:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(open) => {
                let $c = &mut **open;
                $query.await
            }
            $crate::db::Tx::Postgres(open) => {
                let $c = &mut **open;
                $query.await
            }
        }
    };
}

/// The same for a statement that changes rows: answers how many.
macro_rules! rows {
    ($tx:expr, $query:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(open) => $query.execute(&mut **open).await.map(|done| done.rows_affected()),
            $crate::db::Tx::Postgres(open) => $query.execute(&mut **open).await.map(|done| done.rows_affected()),
        }
    };
}
pub(crate) use {on, rows};
