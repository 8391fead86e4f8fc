//! A group's states, and how its page shows it.

use crate::{
    GroupId, Millis, Money, PersonId, SaleId,
    catalog::{ProductCard, Variant},
    community::PickupPoint,
    people::Face,
    state::text_enum,
};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a group stands.
    GroupState {
        /// People may join.
        Open = "open",
        /// Enough joined in time.
        Formed = "formed",
        /// Time ran out, or its sale or session ended.
        Failed = "failed",
    }
}

impl GroupState {
    /// The declared transitions.
    pub const NEXT: &'static [(GroupState, GroupState)] = &[
        (GroupState::Open, GroupState::Formed),
        (GroupState::Open, GroupState::Failed),
    ];
}

/// A group's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// For links.
    pub code: String,
    /// Where it stands.
    pub state: GroupState,
    /// Its sale.
    pub sale: SaleId,
    /// The code of the live session it came from.
    pub live_code: String,
    /// Who opened it.
    pub leader_id: PersonId,
    /// Their name: leaders act in public.
    pub leader_name: String,
    /// Groups this leader has opened, this one included.
    pub leader_opened: i64,
    /// Where its orders are handed over.
    pub pickup: PickupPoint,
    /// What is bought.
    pub product: ProductCard,
    /// Which pack.
    pub variant: Variant,
    /// Of the pack, in the group.
    pub price: Money,
    /// Of the pack, alone.
    pub solo: Money,
    /// Packs one person may buy.
    pub per_person: i64,
    /// Packs left in the sale.
    pub stock: i64,
    /// People it needs.
    pub need: i64,
    /// People who joined.
    pub joined: i64,
    /// Who they are, as the public sees them, in order of joining.
    pub members: Vec<Face>,
    /// When it ends.
    pub deadline: Millis,
}

/// A group in a list, or for the leader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCard {
    /// For links.
    pub code: String,
    /// Where it stands.
    pub state: GroupState,
    /// What is bought.
    pub product: ProductCard,
    /// Of the pack, in the group.
    pub price: Money,
    /// Of the pack, alone.
    pub solo: Money,
    /// Of the pack.
    pub weight: crate::Weight,
    /// Their leader.
    pub leader_name: String,
    /// People it needs.
    pub need: i64,
    /// People who joined.
    pub joined: i64,
    /// When it ends.
    pub deadline: Millis,
}

/// Why somebody cannot open or join a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Everybody it needs is there; another group of the same sale that is open, if any.
    Full {
        /// Its code.
        other: Option<String>,
    },
    /// Its time ran out.
    TooLate,
    /// It failed.
    Failed,
    /// This person is in it already; their order's code.
    AlreadyIn {
        /// The order's code.
        order: String,
    },
    /// Only leaders open groups.
    LeadersOnly,
    /// This leader has an open group in that sale already; its code.
    AlreadyOpen {
        /// The group's code.
        group: String,
    },
}
