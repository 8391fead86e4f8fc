//! Stored value: a level, and the entries it is the sum of.
//!
//! An entry is written once per cause, so that a repeated payment or refund changes nothing; the
//! level moves in the same transaction, by an update whose WHERE keeps it from falling below zero.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod give;
#[cfg(feature = "sql")]
mod pay;
#[cfg(feature = "sql")]
mod read;
#[cfg(feature = "sql")]
mod store;

#[cfg(feature = "sql")]
pub(crate) use pay::{pay, refund};
