//! What a batch went through, and whether the record of it still holds.
//!
//! Reading pages, without a script. The vermilion seal stands only where the market's check of the
//! whole chain came out well; a broken chain is said first and in plain words.

mod cold;
mod lab;
mod look_up;
mod mini;
mod page;
mod proof;
mod road;
mod timeline;

pub use look_up::{LookUpPage, look_up_page};
pub use mini::trace_mini;
pub use page::{TracePage, trace_page};
