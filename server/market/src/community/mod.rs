//! Communities: neighbours, their leader, and the pick-up point where goods are handed over.
//!
//! Every order is fetched at one of these points. A point belongs to one community and a community
//! has one leader, so a leader's own point is found without asking.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod found;
#[cfg(feature = "sql")]
mod points;
#[cfg(feature = "sql")]
pub(crate) mod store;

#[cfg(feature = "sql")]
pub(crate) use found::{NewCommunity, found};
