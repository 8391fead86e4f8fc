//! What the village lacks for personal pages: somebody signed in, a second point, orders in every state.

use crate::village::{HOUR, NOW, group, strawberry};
use app::Context;
use market::{
    Bilingual, Lang, Millis, Money, OrderId, PersonId, PickupPointId,
    community::PickupPoint,
    group_buy::GroupState,
    order::{CancelReason, Method, Order, OrderGroup, OrderState},
    people::{Person, Role},
};

/// What somebody may call themselves to break a page.
pub const NASTY: &str = "<script>alert('x')</script>&\"";
/// The number nobody but its owner may see whole.
pub const PHONE: &str = "13912342250";

pub fn person(name: &str, roles: &[Role]) -> Person {
    Person {
        id: PersonId("p9".into()),
        phone: PHONE.into(),
        name: name.into(),
        roles: roles.to_vec(),
    }
}

pub fn signed_in(lang: Lang, name: &str, roles: &[Role]) -> Context {
    Context {
        person: Some(person(name, roles)),
        ..crate::village::reader(lang, "/me")
    }
}

pub fn shop() -> PickupPoint {
    group(GroupState::Open, 8, 10).pickup
}

pub fn bridge() -> PickupPoint {
    PickupPoint {
        id: PickupPointId("bridge".into()),
        name: Bilingual::new("石桥社区驿站", "Shiqiao community station"),
        address: Bilingual::new("石桥路 3 号", "3 Shiqiao Road"),
        leader_name: "周敏".into(),
        ..shop()
    }
}

/// An order of two packs, in `state`, in a group or off the shelf. Waiting and fetched ones are
/// paid from the balance, the others in cash.
pub fn order(state: OrderState, in_group: bool) -> Order {
    let paid = matches!(state, OrderState::Waiting | OrderState::Collected);
    let (group_state, joined) = match state {
        OrderState::Confirmed | OrderState::Collected => (GroupState::Formed, 10),
        OrderState::Cancelled => (GroupState::Failed, 3),
        OrderState::Pending | OrderState::Waiting | OrderState::Expired => (GroupState::Open, 8),
    };
    let after = |minutes: i64, when: bool| when.then_some(NOW.plus(-HOUR + minutes * 60_000));
    let card = strawberry();
    Order {
        id: OrderId(format!("o-{state}")),
        code: format!("D{}", state.as_str().to_uppercase()),
        shopper_id: PersonId("p9".into()),
        shopper_name: "何小军".into(),
        phone_tail: "2250".into(),
        state,
        reason: (state == OrderState::Cancelled).then_some(if in_group {
            CancelReason::GroupFailed
        } else {
            CancelReason::ByShopper
        }),
        slug: card.slug,
        product: card.name,
        variant: card.variant.name,
        photo: card.photo,
        weight: card.variant.weight,
        quantity: 2,
        unit: Money::fen(5940),
        amount: Money::fen(11880),
        method: if paid { Method::Balance } else { Method::Cash },
        paid,
        refunded: Money::ZERO,
        group: in_group.then(|| OrderGroup {
            code: "LIXY22".into(),
            state: group_state,
            joined,
            need: 10,
            deadline: NOW.plus(8 * HOUR),
        }),
        live_code: in_group.then(|| "CHEN88".into()),
        leader_name: in_group.then(|| "李秀英".into()),
        pickup: shop(),
        pickup_code: "520813".into(),
        hold_until: (state == OrderState::Pending).then_some(Millis(NOW.0 + 600_000)),
        placed_at: NOW.plus(-HOUR),
        paid_at: after(1, paid),
        confirmed_at: after(2, matches!(state, OrderState::Confirmed | OrderState::Collected)),
        collected_at: after(30, state == OrderState::Collected),
        closed_at: after(15, matches!(state, OrderState::Expired | OrderState::Cancelled)),
    }
}
