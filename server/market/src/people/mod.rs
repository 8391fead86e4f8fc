//! People: who somebody is, how they sign in, what they may do, what they were told.
//!
//! A person is a phone number that answered a one-time code. Nothing here leaves a phone number in
//! a public view: those carry [`Face`] only. Codes, and the phones and network addresses that asked
//! for them, are kept as keyed hashes.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod enrol;
#[cfg(feature = "sql")]
mod find;
#[cfg(feature = "sql")]
mod notices;
#[cfg(feature = "sql")]
mod rename;
#[cfg(feature = "sql")]
mod request_code;
#[cfg(feature = "sql")]
mod sign_in;
#[cfg(feature = "sql")]
mod store;

#[cfg(feature = "sql")]
#[doc(hidden)] // told by the market's own verbs
pub use notices::notify_about_sale;
#[cfg(feature = "sql")]
pub use request_code::SentCode;
#[cfg(feature = "sql")]
pub(crate) use {
    enrol::enrol,
    find::find_by_phone,
    notices::{notify, notify_all},
    store::add_people,
};
