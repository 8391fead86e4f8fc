//! Origin stories: who grows it, and how (R14-R16). No hard advertisement: a story names its product once, at its foot.
//!
//! Read by everybody, written by editors; a story always has a farm and a product of that farm.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod read;
#[cfg(feature = "sql")]
pub(crate) mod store;

#[cfg(feature = "sql")]
pub(crate) use store::{NewStory, publish};
