//! Live sessions: a farmer's broadcast as the market sees it: whose, when, what is pinned.
//!
//! The moving picture is another crate's; this one only says who may publish and what is sold. Every
//! verb, here or in another slice, that changes what viewers see ends with [`Market::finish`]: it
//! publishes the session's whole small picture at its next version, in the same transaction.
//!
//! [`Market::finish`]: crate::Market

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod announce;
#[cfg(feature = "sql")]
mod end;
#[cfg(feature = "sql")]
mod find;
#[cfg(feature = "sql")]
mod page;
#[cfg(feature = "sql")]
mod picture;
#[cfg(feature = "sql")]
mod pin;
#[cfg(feature = "sql")]
mod plan;
#[cfg(feature = "sql")]
mod start;
#[cfg(feature = "sql")]
mod store;

#[cfg(feature = "sql")]
pub use announce::topic;
#[cfg(feature = "sql")]
pub(crate) use {
    announce::Touched,
    start::{lock_of_host, lock_on_air},
    store::{code_of, id_of},
};
