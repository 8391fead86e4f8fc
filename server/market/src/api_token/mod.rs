//! Tokens by which a person's programs act for them at the public door (`/api/v1`).
//!
//! A token does less than its owner: what its scopes name, and of that what the owner may do (the
//! verbs ask for roles as ever). It is shown once, when it is made; kept is a hash of its secret half,
//! bound to its row. A token that was revoked is worth nothing from the next request on: nobody
//! remembers what a token was worth, every request asks.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod list;
#[cfg(feature = "sql")]
mod make;
#[cfg(feature = "sql")]
mod revoke;
#[cfg(feature = "sql")]
mod spelling;
#[cfg(feature = "sql")]
mod store;
#[cfg(feature = "sql")]
mod used;
#[cfg(feature = "sql")]
mod verify;

#[cfg(feature = "sql")]
pub use make::NewApiToken;
#[cfg(feature = "sql")]
pub(crate) use make::make_many;
#[cfg(feature = "sql")]
pub(crate) use store::TokenRow;
