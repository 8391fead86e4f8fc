//! Stories of where things grow: reading pages, without a script.

mod page;
pub use page::{StoryPage, story_page};
