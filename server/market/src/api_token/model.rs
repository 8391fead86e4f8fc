//! Scopes, and what is known of a token.

use crate::{ApiTokenId, Millis, state::text_enum};
use serde::{Deserialize, Serialize};

/// Tokens in force that one person may have.
pub const MOST_TOKENS: i64 = 20;
/// What every token begins with: scanners for leaked secrets, and people, know it by that.
pub const PREFIX: &str = "tt_";

text_enum! {
    /// What a token may be used for.
    Scope {
        /// Products, farms, pick-up points.
        CatalogRead = "catalog:read",
        /// Lives, flash sales, groups.
        LivesRead = "lives:read",
        /// Opening groups, for a leader's token.
        GroupsWrite = "groups:write",
        /// The owner's own orders.
        OrdersRead = "orders:read",
        /// Placing and calling off the owner's orders.
        OrdersWrite = "orders:write",
    }
}

/// A token, without what opens the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Which.
    pub id: ApiTokenId,
    /// The program's name, as its owner typed it.
    pub name: String,
    /// What it may be used for, each once, in the order of [`Scope::ALL`].
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last used; some seconds may pass until a use is written down.
    pub last_used_at: Option<Millis>,
}

impl ApiToken {
    /// Whether it may be used for `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// Why a token was not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// A name has 1 to 20 characters.
    BadName,
    /// A token without a scope opens nothing.
    NoScope,
    /// [`MOST_TOKENS`] are in force.
    TooMany,
}
