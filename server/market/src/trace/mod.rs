//! Traceability: what a batch went through, in a chain of hashes that anybody can check (R23-R26).
//!
//! Events have the shape of GS1 EPCIS 2.0 and are never edited: a later event corrects. Each hash
//! covers the one before, so that a changed event breaks every later one. The chain proves when
//! something was said and that it was not changed since, never that it is true: the page says so.
//! Whoever could rewrite every event from some point on, with all hashes and the batch's head,
//! would leave a chain that holds: against that only a copy of the head kept elsewhere helps,
//! which is what the signed log is for.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod chain;
#[cfg(feature = "sql")]
mod read;
#[cfg(feature = "sql")]
mod record;
#[cfg(feature = "sql")]
mod store;

#[cfg(feature = "sql")]
pub use chain::link_hash;
#[cfg(feature = "sql")]
pub(crate) use record::{NewBatch, append, begin_batch};
