//! Messages to browsers (web push): who wants them where, and what is on its way.
//!
//! A notice is queued for each browser of its person in the transaction that tells it, so that nothing
//! is sent of what did not happen and nothing that happened is lost. Whoever sends takes what is due
//! after the commit and for a while alone ([`Market::take_pushes`]); what it does not settle is due again.
//! Sending itself, over HTTP, is the server's. Settled rows stay: they are what a person was sent.

mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod deliver;
#[cfg(feature = "sql")]
mod queue;
#[cfg(feature = "sql")]
mod store;
#[cfg(feature = "sql")]
mod subscribe;

#[cfg(feature = "sql")]
pub use deliver::Outgoing;
#[cfg(feature = "sql")]
pub(crate) use queue::queue;
