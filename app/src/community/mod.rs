//! The leader's desk: groups to open and share, goods to hand over, cash to take.
//!
//! Only a leader gets here, and only the orders that come through them are shown. A shopper is seen
//! as at the counter: by name and the last digits of their number, never the whole of it.

mod groups;
mod hand_over;
mod page;

pub use page::{LeaderPage, leader_page};
