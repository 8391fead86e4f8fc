//! States of orders and payments, what is asked for, and how an order is shown.

use crate::{
    Bilingual, GroupId, Millis, Money, OrderId, PersonId, PickupPointId, VariantId, Weight, community::PickupPoint,
    group_buy::GroupState, state::text_enum,
};
use serde::{Deserialize, Serialize};

/// How long stock is kept for an order that is not paid: 10 minutes.
pub const HOLD_MS: i64 = 10 * 60 * 1000;
/// Packs one order may have outside a sale.
pub const MOST_PACKS: i64 = 99;
/// Characters an idempotency key may have.
pub const MOST_KEY: usize = 255;

text_enum! {
    /// Where an order stands.
    OrderState {
        /// Holds stock, not paid yet.
        Pending = "pending",
        /// Paid (or cash agreed), its group still gathers.
        Waiting = "waiting",
        /// To be fetched.
        Confirmed = "confirmed",
        /// Handed over.
        Collected = "collected",
        /// Not paid in time: nothing was charged.
        Expired = "expired",
        /// Called off; what was paid went back.
        Cancelled = "cancelled",
    }
}

impl OrderState {
    /// The declared transitions; every other pair is refused.
    pub const NEXT: &'static [(OrderState, OrderState)] = &[
        (OrderState::Pending, OrderState::Waiting),
        (OrderState::Pending, OrderState::Confirmed),
        (OrderState::Pending, OrderState::Expired),
        (OrderState::Pending, OrderState::Cancelled),
        (OrderState::Waiting, OrderState::Confirmed),
        (OrderState::Waiting, OrderState::Cancelled),
        (OrderState::Confirmed, OrderState::Collected),
        (OrderState::Confirmed, OrderState::Cancelled),
    ];

    /// Whether an order may go from here to `next`.
    pub fn may_become(self, next: OrderState) -> bool {
        Self::NEXT.contains(&(self, next))
    }
}

text_enum! {
    /// How an order is paid.
    Method {
        /// To the leader, when it is handed over.
        Cash = "cash",
        /// From stored value, at once.
        Balance = "balance",
    }
}

text_enum! {
    /// Where a payment stands.
    PaymentState {
        /// Asked for.
        Created = "created",
        /// Settled.
        Paid = "paid",
        /// Will not be paid, or was paid back.
        Closed = "closed",
    }
}

impl PaymentState {
    /// The declared transitions.
    pub const NEXT: &'static [(PaymentState, PaymentState)] = &[
        (PaymentState::Created, PaymentState::Paid),
        (PaymentState::Created, PaymentState::Closed),
    ];
}

text_enum! {
    /// Where a refund stands.
    RefundState {
        /// Asked for.
        Requested = "requested",
        /// Granted.
        Approved = "approved",
        /// Given to the gateway.
        Submitted = "submitted",
        /// The money is back.
        Succeeded = "succeeded",
        /// It is not.
        Failed = "failed",
    }
}

impl RefundState {
    /// The declared transitions. A refund to the balance needs no gateway: it is written as succeeded.
    pub const NEXT: &'static [(RefundState, RefundState)] = &[
        (RefundState::Requested, RefundState::Approved),
        (RefundState::Approved, RefundState::Submitted),
        (RefundState::Submitted, RefundState::Succeeded),
        (RefundState::Submitted, RefundState::Failed),
    ];
}

text_enum! {
    /// Why an order was called off.
    CancelReason {
        /// Its group did not form.
        GroupFailed = "group_failed",
        /// The shopper wished so.
        ByShopper = "by_shopper",
    }
}

/// What somebody wants to buy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A pack off the shelf, at its usual price.
    Solo(VariantId),
    /// A pack in a group, by the group's id.
    Group(GroupId),
}

/// An order as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Made by the form: the same one again gets the first receipt; with other content it is refused.
    pub request_id: String,
    /// What.
    pub target: Target,
    /// Packs.
    pub quantity: i64,
    /// Where it is fetched. A group's order is fetched at the group's point.
    pub pickup: PickupPointId,
    /// How it is paid.
    pub method: Method,
    /// The price of one pack that the shopper was shown: another price is refused, never charged.
    pub shown_price: Money,
}

impl Target {
    /// The variant's or the group's id.
    pub fn id(&self) -> &str {
        match self {
            Target::Solo(variant) => variant.as_str(),
            Target::Group(group) => group.as_str(),
        }
    }
}

impl Wanted {
    /// Everything that was asked for beside the key, in one canonical text: two requests with one key
    /// are the same request exactly when these are equal.
    pub fn content(&self) -> String {
        let kind = match &self.target {
            Target::Solo(_) => "solo",
            Target::Group(_) => "group",
        };
        let id = self.target.id();
        let (pickup, method, price) = (&self.pickup, self.method, self.shown_price.as_fen());
        format!("{kind}\n{id}\n{}\n{pickup}\n{method}\n{price}", self.quantity)
    }

    /// The rules that need nothing but the request itself.
    pub fn check(&self) -> Result<(), Refusal> {
        let key = self.request_id.trim();
        if key.is_empty() || key.chars().any(char::is_control) || self.request_id.chars().count() > MOST_KEY {
            Err(Refusal::BadKey)
        } else if self.quantity < 1 {
            Err(Refusal::BadQuantity)
        } else {
            Ok(())
        }
    }
}

/// Why an order was not placed or paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Fewer are left than were asked for.
    SoldOut {
        /// Packs left.
        left: i64,
    },
    /// More than one person may have.
    OverLimit {
        /// Packs one person may buy.
        limit: i64,
        /// Packs this person has already.
        have: i64,
    },
    /// A whole number from 1.
    BadQuantity,
    /// No such pick-up point, or not this group's.
    UnknownPickup,
    /// The sale is over.
    SaleEnded,
    /// The price moved since it was shown.
    PriceChanged {
        /// What a pack costs now.
        now: Money,
    },
    /// The key was used for something else.
    KeyReused,
    /// A missing or too long key, or one with control characters.
    BadKey,
    /// Not enough in the balance; the order is held until then, to be paid another way.
    NotEnoughBalance {
        /// What is there.
        have: Money,
        /// What it costs.
        cost: Money,
    },
    /// The hold lapsed: nothing was charged.
    Lapsed,
    /// Another order of theirs is in line: that one first.
    InLine,
    /// More ask than can be served, or the market closes: nothing was done, it may be asked again.
    Busy,
    /// It cannot be done to an order that stands so.
    WrongState {
        /// How it stands.
        state: OrderState,
    },
}

/// An order, as its shopper, its leader or its host sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Which.
    pub id: OrderId,
    /// For people and links.
    pub code: String,
    /// Whose.
    pub shopper_id: PersonId,
    /// Their name.
    pub shopper_name: String,
    /// The last four digits of their number, for the hand-over.
    pub phone_tail: String,
    /// Where it stands.
    pub state: OrderState,
    /// Why it was called off.
    pub reason: Option<CancelReason>,
    /// The product's slug.
    pub slug: String,
    /// Product.
    pub product: Bilingual,
    /// Pack.
    pub variant: Bilingual,
    /// Picture's base name or path.
    pub photo: String,
    /// Of one pack.
    pub weight: Weight,
    /// Packs.
    pub quantity: i64,
    /// Of one pack, frozen when it was placed.
    pub unit: Money,
    /// Of the order.
    pub amount: Money,
    /// How it is paid.
    pub method: Method,
    /// Whether the money is there.
    pub paid: bool,
    /// What went back.
    pub refunded: Money,
    /// Its group: code, state, joined, need, deadline.
    pub group: Option<OrderGroup>,
    /// The code of the live session it came from.
    pub live_code: Option<String>,
    /// The leader it came through.
    pub leader_name: Option<String>,
    /// Where it is fetched.
    pub pickup: PickupPoint,
    /// What the shopper says to get it.
    pub pickup_code: String,
    /// Until when the stock is kept, while it is not paid.
    pub hold_until: Option<Millis>,
    /// When it was placed.
    pub placed_at: Millis,
    /// When it was paid.
    pub paid_at: Option<Millis>,
    /// When it was confirmed.
    pub confirmed_at: Option<Millis>,
    /// When it was handed over.
    pub collected_at: Option<Millis>,
    /// When it lapsed or was called off.
    pub closed_at: Option<Millis>,
}

/// The group an order is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderGroup {
    /// For links.
    pub code: String,
    /// Where it stands.
    pub state: GroupState,
    /// People who joined.
    pub joined: i64,
    /// People it needs.
    pub need: i64,
    /// When it ends.
    pub deadline: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_declared_transitions_are_allowed() {
        use OrderState::*;
        let allowed = [
            (Pending, Waiting),
            (Pending, Confirmed),
            (Pending, Expired),
            (Pending, Cancelled),
            (Waiting, Confirmed),
            (Waiting, Cancelled),
            (Confirmed, Collected),
            (Confirmed, Cancelled),
        ];
        for &from in OrderState::ALL {
            for &to in OrderState::ALL {
                assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from} → {to}");
            }
        }
    }

    fn wanted() -> Wanted {
        Wanted {
            request_id: "k".into(),
            target: Target::Solo(VariantId("v".into())),
            quantity: 1,
            pickup: PickupPointId("p".into()),
            method: Method::Cash,
            shown_price: Money::fen(100),
        }
    }

    #[test]
    fn the_key_and_the_quantity_are_checked_first() {
        assert_eq!(wanted().check(), Ok(()));
        let keys = ["", "  ", "a\0b", &"x".repeat(MOST_KEY + 1)].map(str::to_owned);
        for request_id in keys {
            assert_eq!(Wanted { request_id, ..wanted() }.check(), Err(Refusal::BadKey));
        }
        for quantity in [0, -1, i64::MIN] {
            assert_eq!(Wanted { quantity, ..wanted() }.check(), Err(Refusal::BadQuantity));
        }
    }

    #[test]
    fn every_field_but_the_key_is_content() {
        let others = [
            Wanted {
                target: Target::Group(GroupId("v".into())),
                ..wanted()
            },
            Wanted {
                target: Target::Solo(VariantId("w".into())),
                ..wanted()
            },
            Wanted {
                quantity: 2,
                ..wanted()
            },
            Wanted {
                pickup: PickupPointId("q".into()),
                ..wanted()
            },
            Wanted {
                method: Method::Balance,
                ..wanted()
            },
            Wanted {
                shown_price: Money::fen(101),
                ..wanted()
            },
        ];
        for other in others {
            assert_ne!(other.content(), wanted().content(), "{other:?}");
        }
        assert_eq!(
            Wanted {
                request_id: "other".into(),
                ..wanted()
            }
            .content(),
            wanted().content()
        );
    }
}
