//! Buying together: the groups that are open, and the page a leader's link leads to.
//!
//! Reading pages, without a script: how many are missing, until when, what it costs, where it is
//! fetched. Members are shown by their surname only.

mod join;
mod list;
mod page;
mod state;

pub use list::{GroupRow, GroupsPage, groups_page};
pub use page::{GroupPage, group_page};
