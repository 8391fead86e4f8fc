//! People's pages: signing in, and everything that is one's own.
//!
//! What is shown here is private to its reader: these pages are kept out of search engines, and a
//! phone number appears with its middle hidden, except in the form its owner just typed it into.

mod apps;
mod inbox;
mod me;
mod orders;
mod settings;
mod sign_in;
mod told;

pub use apps::{AppsPage, apps_page};
pub use inbox::{InboxPage, inbox_page};
pub use me::{MePage, me_page};
pub use sign_in::{SignInPage, Step, sign_in_page};
