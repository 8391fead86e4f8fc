//! Why a balance moved.

use crate::{Millis, Money, state::text_enum};

text_enum! {
    /// Why a balance moved.
    Cause {
        /// Given: a welcome, a compensation.
        Gift = "gift",
        /// An order was paid.
        Pay = "pay",
        /// An order was called off.
        Refund = "refund",
    }
}

/// One line of a person's balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Added (or taken, when negative).
    pub delta: Money,
    /// Why.
    pub cause: Cause,
    /// The order's code, where it is about one.
    pub order: Option<String>,
    /// When.
    pub at: Millis,
}
