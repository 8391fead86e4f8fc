//! Pages about the site itself: who we are, what went wrong, no network.

mod about;
mod error;

pub use about::{About, about_page};
pub use error::{Problem, error_page, offline_page};
