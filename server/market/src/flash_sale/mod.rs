//! Flash sales: a quantity of one variant, set aside for a short time at one price for groups.
//!
//! A sale's stock is allotted from the shelf when it is made and what is left returns when it ends,
//! each with movements in the ledger, in one transaction. Of that stock a sale withholds what its later
//! rounds will release (see [`round`]): `stock - withheld` can be bought.
//!
//! Whoever changes a sale, its groups or their orders takes the sale's row first ([`lock`]). Within
//! one sale everything therefore happens one after the other, what is read after the lock is true
//! until the commit, and transactions of PostgreSQL take their locks in one order (live, sale,
//! group, order, shelf, balance, topic), so that none waits for another in a circle.

pub mod model;
pub mod round;
pub use model::*;
pub use round::{Round, RoundState, WantedRound};

#[cfg(feature = "sql")]
mod change;
#[cfg(feature = "sql")]
mod end;
#[cfg(feature = "sql")]
mod find;
#[cfg(feature = "sql")]
mod quote;
#[cfg(feature = "sql")]
mod release;
#[cfg(feature = "sql")]
mod share;
#[cfg(feature = "sql")]
mod start;
#[cfg(feature = "sql")]
mod stock;
#[cfg(feature = "sql")]
mod store;

#[cfg(feature = "sql")]
pub use quote::QUOTE_LIFE_MS;
#[cfg(feature = "sql")]
pub(crate) use {
    end::end,
    find::{current, running},
    quote::Quote,
    release::release_due,
    share::give_share_back,
    stock::must_move,
    store::{SaleRow, add_shares, due, lock, rounds_due, shares, shelf},
};
