//! Group buys: people who buy one thing together before a deadline.
//!
//! A group is open, then formed or failed, by one conditional update: whoever comes later is told
//! so and nothing of theirs is taken. A seat is one person's; `taken` counts seats that are held or
//! paid, `joined` those that are paid (cash agreed counts), and a group forms when everybody it
//! needs has joined. Verbs hold the sale's row while they change a group (see `flash_sale`).

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod fail;
#[cfg(feature = "sql")]
mod find;
#[cfg(feature = "sql")]
mod open;
#[cfg(feature = "sql")]
mod page;
#[cfg(feature = "sql")]
mod seat;
#[cfg(feature = "sql")]
mod store;

#[cfg(feature = "sql")]
pub(crate) use {
    fail::{fail, fail_due},
    find::{SHOWN, fullest, fullest_on_air},
    seat::{join, leave},
    store::{
        Gathering, add_seats, count_seats, due, extend, form, gathering, open_of_sale, sales_of, seats, with_room,
    },
};
