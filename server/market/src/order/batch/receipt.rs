//! A placed order as it is shown, made from the facts it was decided by: no row is read again.

use super::{Request, decide::Draft, facts::Facts};
use crate::{
    Error, Fault, Millis, Money,
    order::{Method, Order, OrderGroup, OrderState, view},
};

/// The order of `draft` as it stands after its batch.
pub(super) fn order(facts: &Facts, draft: &Draft, request: &Request, now: Millis) -> Result<Order, Error> {
    let broken = || Fault::BrokenRow {
        table: "orders",
        detail: format!("order {}: without what it was decided by", draft.code),
    };
    let (wanted, shopper) = (&request.wanted, &request.shopper);
    let card = facts.goods.get(&draft.variant).ok_or_else(broken)?;
    let pickup = facts.points.get(&wanted.pickup).ok_or_else(broken)?;
    let group = draft.group.as_ref().and_then(|(id, _)| facts.groups.get(id));
    let sale = draft.group.as_ref().and_then(|(_, id)| facts.sales.get(id));
    let agreed = draft.state != OrderState::Pending;
    let paid = agreed && wanted.method == Method::Balance;
    Ok(Order {
        id: draft.id.clone(),
        code: draft.code.clone(),
        shopper_id: shopper.id.clone(),
        shopper_name: shopper.name.clone(),
        phone_tail: view::tail(&shopper.phone),
        state: draft.state,
        reason: None,
        slug: card.slug.clone(),
        product: card.name.clone(),
        variant: card.variant.name.clone(),
        photo: card.photo.clone(),
        weight: card.variant.weight,
        quantity: wanted.quantity,
        unit: draft.unit,
        amount: draft.amount,
        method: wanted.method,
        paid,
        refunded: Money::ZERO,
        group: group.map(|group| OrderGroup {
            code: group.code.clone(),
            state: group.state,
            joined: group.joined,
            need: group.need,
            deadline: group.deadline,
        }),
        live_code: sale.and_then(|sale| facts.lives.get(&sale.live_id).cloned()),
        leader_name: group.map(|group| group.leader_name.clone()),
        pickup: pickup.clone(),
        pickup_code: draft.pickup_code.clone(),
        hold_until: (!agreed).then_some(draft.hold_until),
        placed_at: now,
        paid_at: paid.then_some(now),
        confirmed_at: (draft.state == OrderState::Confirmed).then_some(now),
        collected_at: None,
        closed_at: None,
    })
}
