//! Pages about the site itself: who we are, what went wrong, no network.

mod about;
mod error;
mod lan;

pub use about::{About, about_page};
pub use error::{Problem, error_page, offline_page};
pub use lan::{lan_page, lan_words};
