//! The sentence at the head of an order: what it is now, and what became of the money.

use crate::{t, text::state, ui::moment};
use leptos::prelude::*;
use market::{
    Lang, Millis, Money,
    order::{CancelReason, Order, OrderState},
};

/// The sentence at the head: what it is now, and what became of the money.
pub(super) fn standing(lang: Lang, now: Millis, order: &Order) -> AnyView {
    let (words, hint) = match order.state {
        OrderState::Pending => (
            t!(lang, order.say_pending),
            order
                .hold_until
                .map(|until| t!(lang, order.say_pending_hint, time = moment::moment(lang, until, now))),
        ),
        OrderState::Waiting => (
            t!(lang, order.say_waiting),
            order.group.as_ref().map(|group| {
                let time = moment::moment(lang, group.deadline, now);
                t!(
                    lang,
                    order.say_waiting_hint,
                    n = (group.need - group.joined).max(0),
                    time = time
                )
            }),
        ),
        OrderState::Confirmed if order.group.is_some() => (t!(lang, order.say_confirmed_group), None),
        OrderState::Confirmed => (t!(lang, order.say_confirmed), None),
        OrderState::Collected => (t!(lang, order.say_collected), Some(t!(lang, order.say_collected_hint))),
        OrderState::Expired => (t!(lang, order.say_expired), Some(t!(lang, order.say_expired_hint))),
        OrderState::Cancelled => (cancelled(lang, order), Some(money_back(lang, order))),
    };
    head(words, hint)
}

/// The leader sees the same order from across the counter.
pub(super) fn standing_for_leader(lang: Lang, order: &Order) -> AnyView {
    match order.state {
        OrderState::Confirmed => head(t!(lang, leader.to_hand), Some(t!(lang, order.collect_hint))),
        _ => head(state::this_order(lang, order), None),
    }
}

fn head(words: String, hint: Option<String>) -> AnyView {
    view! {
        <section class="me say">
            <p class="serif">{words}</p>
            {hint.map(|hint| view! { <p>{hint}</p> })}
        </section>
    }
    .into_any()
}

fn cancelled(lang: Lang, order: &Order) -> String {
    match order.reason {
        Some(CancelReason::GroupFailed) => t!(lang, order.say_group_failed),
        Some(CancelReason::ByShopper) | None => t!(lang, order.say_cancelled),
    }
}

fn money_back(lang: Lang, order: &Order) -> String {
    if order.refunded > Money::ZERO {
        t!(lang, order.refunded, amount = order.refunded.to_string())
    } else {
        t!(lang, order.not_charged)
    }
}
