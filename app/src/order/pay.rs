//! What can still be done with an order: pay it, call it off, hand it over.

use crate::t;
use leptos::prelude::*;
use market::{
    Lang, Money,
    order::{Method, Order, OrderState},
};

/// The two ways to pay an order that holds its goods but is not paid.
pub(super) fn pay(lang: Lang, order: &Order, balance: Money) -> Option<AnyView> {
    if order.state != OrderState::Pending {
        return None;
    }
    let enough = balance >= order.amount;
    let stored = if enough {
        method(
            order,
            Method::Balance,
            "btn go big full",
            t!(lang, order.pay_balance, amount = order.amount.to_string()),
        )
    } else {
        view! { <p class="note">{t!(lang, order.balance_short, have = balance.to_string())}</p> }.into_any()
    };
    // One filled button: cash, where the balance does not do.
    let class = if enough { "btn line full" } else { "btn go big full" };
    Some(
        view! {
            <section class="card stack">
                <h2 class="h3">{t!(lang, order.pay_title)}</h2>
                {stored}
                {method(order, Method::Cash, class, t!(lang, order.pay_cash))}
            </section>
        }
        .into_any(),
    )
}

fn method(order: &Order, method: Method, class: &'static str, words: String) -> AnyView {
    view! {
        <form method="post" action=format!("/orders/{}/pay", order.code)>
            <input type="hidden" name="method" value=method.as_str()/>
            <button class=class>{words}</button>
        </form>
    }
    .into_any()
}

/// Folded away, and said twice: the goods and the place go to somebody else.
/// A formed group's order stays, or the others would stand without their price.
pub(super) fn cancel(lang: Lang, order: &Order) -> Option<AnyView> {
    let may = match order.state {
        OrderState::Pending | OrderState::Waiting => true,
        OrderState::Confirmed => order.group.is_none(),
        OrderState::Collected | OrderState::Expired | OrderState::Cancelled => false,
    };
    may.then(|| {
        let back = order
            .paid
            .then(|| t!(lang, order.cancel_paid, amount = order.amount.to_string()));
        view! {
            <details class="fold">
                <summary>{t!(lang, order.cancel)}</summary>
                <form class="card stack" method="post" action=format!("/orders/{}/cancel", order.code)>
                    <p>{t!(lang, order.cancel_sure)}</p>
                    {back.map(|back| view! { <p>{back}</p> })}
                    <button class="btn line danger full">{t!(lang, order.cancel_yes)}</button>
                </form>
            </details>
        }
        .into_any()
    })
}

/// For the leader: the code is compared, the cash taken, the goods given.
pub(super) fn hand_over(lang: Lang, order: &Order) -> Option<AnyView> {
    (order.state == OrderState::Confirmed).then(|| {
        let words = if order.paid {
            t!(lang, order.collect)
        } else {
            t!(lang, order.collect_cash, amount = order.amount.to_string())
        };
        view! {
            <form class="card stack" method="post" action=format!("/orders/{}/collect", order.code)>
                <h2 class="h3">{t!(lang, order.collect_title)}</h2>
                <button class="btn leaf big full">{words}</button>
            </form>
        }
        .into_any()
    })
}
