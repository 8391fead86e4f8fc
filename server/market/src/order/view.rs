//! An order as it is stored, made into an order as it is shown.

use super::{CancelReason, Order, OrderGroup, PaymentState, store::ViewRow};
use crate::{Bilingual, Fault, group_buy::GroupState};

impl TryFrom<ViewRow> for Order {
    type Error = Fault;

    fn try_from(mut row: ViewRow) -> Result<Self, Fault> {
        let reason = row.reason.take().map(CancelReason::try_from).transpose();
        let reason = reason.map_err(|detail| Fault::BrokenRow {
            table: "orders",
            detail,
        })?;
        let group = group(&mut row)?;
        Ok(Order {
            id: row.id,
            code: row.code,
            shopper_id: row.shopper_id,
            shopper_name: row.shopper_name,
            phone_tail: tail(&row.shopper_phone),
            state: row.state,
            reason,
            slug: row.slug,
            product: Bilingual::new(row.product_zh, row.product_en),
            variant: Bilingual::new(row.variant_zh, row.variant_en),
            photo: row.photo,
            weight: row.weight_grams,
            quantity: row.quantity,
            unit: row.unit_fen,
            amount: row.amount_fen,
            method: row.method,
            paid: row.payment_state == PaymentState::Paid,
            refunded: row.refunded_fen,
            group,
            live_code: row.live_code,
            leader_name: row.group_leader_name,
            pickup: row.pickup.into(),
            pickup_code: row.pickup_code,
            hold_until: row.hold_until,
            placed_at: row.placed_at,
            paid_at: row.paid_at,
            confirmed_at: row.confirmed_at,
            collected_at: row.collected_at,
            closed_at: row.closed_at,
        })
    }
}

/// The last four digits.
pub(super) fn tail(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

/// The group, when the order is in one: its columns are there all or none.
fn group(row: &mut ViewRow) -> Result<Option<OrderGroup>, Fault> {
    let (Some(code), Some(state)) = (row.group_code.take(), row.group_state.take()) else {
        return Ok(None);
    };
    let (Some(joined), Some(need), Some(deadline)) = (row.group_joined, row.group_need, row.group_deadline) else {
        return Ok(None);
    };
    let state = GroupState::try_from(state).map_err(|detail| Fault::BrokenRow {
        table: "groups",
        detail,
    })?;
    Ok(Some(OrderGroup {
        code,
        state,
        joined,
        need,
        deadline,
    }))
}
