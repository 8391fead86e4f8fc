//! What a statement runs on: a transaction, or a connection that makes each statement its own.

use sqlx::{Database, Transaction, pool::PoolConnection};
use std::ops::{Deref, DerefMut};

/// An open way to the database `DB`. Both kinds lead to its connection, so that a query does not
/// know which it runs on.
#[derive(Debug)]
pub enum Open<DB: Database> {
    /// Statements that see one state and are kept or dropped together.
    Transaction(Transaction<'static, DB>),
    /// One statement, which is a transaction by itself: nothing to begin, nothing to end.
    Connection(PoolConnection<DB>),
}

impl<DB: Database> Open<DB> {
    /// Makes what was written durable.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Open::Transaction(transaction) => transaction.commit().await,
            Open::Connection(_) => Ok(()),
        }
    }
}

impl<DB: Database> Deref for Open<DB> {
    type Target = DB::Connection;
    fn deref(&self) -> &Self::Target {
        match self {
            Open::Transaction(transaction) => transaction,
            Open::Connection(connection) => connection,
        }
    }
}

impl<DB: Database> DerefMut for Open<DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Open::Transaction(transaction) => transaction,
            Open::Connection(connection) => connection,
        }
    }
}
