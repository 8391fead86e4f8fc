//! Orders: what somebody buys, where they fetch it, and how they pay.
//!
//! Placing an order holds stock; a hold is paid or lapses by itself. A repeated request gets the
//! first receipt. Order, payment, refund and group each have their own states (never one flat one).
//!
//! Cash is agreed at once and settled when the leader hands over; balance pays at once. An order in a
//! group waits until its group forms; one off the shelf is confirmed. The shopper may call off an
//! order that is pending, that waits for its group, or that was bought off the shelf; once a group
//! has formed, its orders stand, because the others' price rests on them.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod agree;
#[cfg(feature = "sql")]
mod batch;
#[cfg(feature = "sql")]
mod call_off;
#[cfg(feature = "sql")]
mod cancel;
#[cfg(feature = "sql")]
mod collect;
#[cfg(feature = "sql")]
mod desk;
#[cfg(feature = "sql")]
mod find;
#[cfg(feature = "sql")]
mod floor;
#[cfg(feature = "sql")]
mod lapse;
#[cfg(feature = "sql")]
mod page;
#[cfg(feature = "sql")]
mod pay;
#[cfg(feature = "sql")]
mod place;
#[cfg(feature = "sql")]
mod store;
#[cfg(feature = "sql")]
mod view;

#[cfg(feature = "sql")]
pub(crate) use {
    call_off::{CalledOff, call_off_group, pay_back},
    desk::Desk,
    floor::{floor, hand_over},
    lapse::lapse,
    store::{due, recent_in_live, sold_in_live, stored},
};
#[cfg(feature = "sql")]
pub use {desk::Batching, place::Receipt};
