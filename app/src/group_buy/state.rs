//! How a group stands, for whoever opened its link: one answer to "may I still join?".

use market::group_buy::{Group, GroupState};

/// What the page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Join.
    Open,
    /// This reader is in it already.
    Mine,
    /// Everybody it needs is there.
    Formed,
    /// It failed, or its time is over.
    Failed,
    /// Open, but nothing is left to sell.
    SoldOut,
}

impl Stand {
    /// How `group` stands at `now` for a reader who has an order in it or not.
    pub(super) fn of(group: &Group, mine: bool, now: market::Millis) -> Self {
        match group.state {
            GroupState::Failed => Stand::Failed,
            _ if mine => Stand::Mine,
            GroupState::Formed => Stand::Formed,
            GroupState::Open if group.deadline <= now => Stand::Failed,
            GroupState::Open if group.stock <= 0 => Stand::SoldOut,
            GroupState::Open => Stand::Open,
        }
    }
}
