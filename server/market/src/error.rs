//! Two kinds of failure: a refusal is expected and said to the person; a fault is ours, is logged
//! once at the boundary, and the person sees an apology.

use crate::{api_token, flash_sale, group_buy, live_session, order, people, push, trace};
use serde::{Deserialize, Serialize};

/// Why a verb did not do what was asked. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Nobody is signed in, and somebody must be.
    SignInFirst,
    /// Signed in, but not allowed to do this.
    NotYours,
    /// There is no such thing.
    NotFound,
    /// About signing in.
    People(people::Refusal),
    /// About an order.
    Order(order::Refusal),
    /// About a group.
    GroupBuy(group_buy::Refusal),
    /// About a flash sale.
    FlashSale(flash_sale::Refusal),
    /// About a live session.
    LiveSession(live_session::Refusal),
    /// About a batch's record.
    Trace(trace::Refusal),
    /// About a program's token.
    ApiToken(api_token::Refusal),
    /// About messages to a browser.
    Push(push::Refusal),
}

/// What a verb answers when it does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Expected: say it.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Unexpected: log it, apologise.
    #[cfg(feature = "sql")]
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

macro_rules! refusals {
    ($($slice:ident => $variant:ident),* $(,)?) => {$(
        impl From<$slice::Refusal> for Refusal {
            fn from(refusal: $slice::Refusal) -> Self {
                Refusal::$variant(refusal)
            }
        }
        impl From<$slice::Refusal> for Error {
            fn from(refusal: $slice::Refusal) -> Self {
                Error::Refused(Refusal::$variant(refusal))
            }
        }
    )*};
}
refusals!(people => People, order => Order, group_buy => GroupBuy, flash_sale => FlashSale, live_session => LiveSession, trace => Trace,
    api_token => ApiToken, push => Push);

/// Unexpected: the storage failed, or holds what breaks an invariant.
#[cfg(feature = "sql")]
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database said no.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be applied.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be reached at the moment.
    #[error("the database cannot be reached")]
    Unreachable,
    /// The market closes, or broke off: it is not known whether anything was done.
    #[error("the market closed before it answered")]
    Closed,
    /// A row that the program would never have written.
    #[error("broken row in {table}: {detail}")]
    BrokenRow {
        /// Where.
        table: &'static str,
        /// What is wrong, without personal data.
        detail: String,
    },
}

#[cfg(feature = "sql")]
impl Fault {
    /// Whether whoever asks next would fare no better.
    pub(crate) fn is_unreachable(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut};
        matches!(
            self,
            Fault::Unreachable | Fault::Database(Io(_) | PoolClosed | PoolTimedOut)
        )
    }
}

#[cfg(feature = "sql")]
impl From<sqlx::Error> for Error {
    /// PostgreSQL holds no text with U+0000 in it (its code 22021): nothing stored is what was asked
    /// for, on a database that holds such text as on one that does not.
    fn from(error: sqlx::Error) -> Self {
        let no_text = error
            .as_database_error()
            .and_then(|error| error.code())
            .is_some_and(|code| code == "22021");
        if no_text {
            Error::Refused(Refusal::NotFound)
        } else {
            Error::Fault(Fault::Database(error))
        }
    }
}
