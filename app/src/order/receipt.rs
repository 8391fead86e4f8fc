//! `/orders/{code}`: where it stands, the code to fetch it, what happened to the money.

use super::{pay, place::Place};
use crate::{
    Context, Document, Tab, render, t,
    text::state,
    ui::{ErrorCard, Layout, Photo, Price, PriceSize, bar, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Millis, Money,
    group_buy::GroupState,
    order::{CancelReason, Order, OrderState},
};

/// What an order's page shows.
#[derive(Debug, Clone)]
pub struct OrderPage {
    /// The order.
    pub order: Order,
    /// Its reader is the leader who hands it over, not its shopper.
    pub as_leader: bool,
    /// The shopper's stored value.
    pub balance: Money,
    /// Why the last wish was not done, as a finished sentence.
    pub problem: Option<String>,
    /// The code of the newest batch of its product.
    pub batch: Option<String>,
}

/// `/orders/{code}`.
pub fn order_page(context: &Context, view: OrderPage) -> String {
    let lang = context.lang;
    render(context, || {
        let code = view.order.code.clone();
        let (tab, back) = if view.as_leader { (None, "/leader") } else { (Some(Tab::Me), "/me") };
        let head = bar(context, &t!(lang, order.title, code = code.clone()), back, None);
        Document {
            title: t!(lang, order.title, code = code.clone()),
            description: t!(lang, order.about, code = code),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout { tab, wide: false, head, main: main(context, view), buy: None }.show(context),
        }
    })
}

fn main(context: &Context, view: OrderPage) -> AnyView {
    let (lang, now) = (context.lang, context.now);
    let OrderPage { order, as_leader, balance, problem, batch } = view;
    let next = if as_leader { pay::hand_over(lang, &order) } else { pay::pay(lang, &order, balance) };
    view! {
        {if as_leader { standing_for_leader(lang, &order) } else { standing(lang, now, &order) }}
        <div class="wrap stack over">
            {code(lang, &order, as_leader)}
            {problem.map(|problem| view! { <ErrorCard problem/> })}
            {next}
            {as_leader.then(|| who(lang, &order))}
            {goods(lang, &order)}
            <section class="card">
                <h2 class="h3 m-b">{t!(lang, order.place)}</h2>
                <Place lang point=order.pickup.clone()/>
            </section>
            {origin(lang, &order, batch)}
            {history(lang, now, &order)}
            {(!as_leader).then(|| pay::cancel(lang, &order))}
        </div>
    }
    .into_any()
}

/// The sentence at the head: what it is now, and what became of the money.
fn standing(lang: Lang, now: Millis, order: &Order) -> AnyView {
    let (words, hint) = match order.state {
        OrderState::Pending => (
            t!(lang, order.say_pending),
            order.hold_until.map(|until| t!(lang, order.say_pending_hint, time = moment::moment(lang, until, now))),
        ),
        OrderState::Waiting => (t!(lang, order.say_waiting), order.group.as_ref().map(|group| {
            let time = moment::moment(lang, group.deadline, now);
            t!(lang, order.say_waiting_hint, n = (group.need - group.joined).max(0), time = time)
        })),
        OrderState::Confirmed if order.group.is_some() => (t!(lang, order.say_confirmed_group), None),
        OrderState::Confirmed => (t!(lang, order.say_confirmed), None),
        OrderState::Collected => (t!(lang, order.say_collected), Some(t!(lang, order.say_collected_hint))),
        OrderState::Expired => (t!(lang, order.say_expired), Some(t!(lang, order.say_expired_hint))),
        OrderState::Cancelled => (cancelled(lang, order), Some(money_back(lang, order))),
    };
    head(words, hint)
}

/// The leader sees the same order from across the counter.
fn standing_for_leader(lang: Lang, order: &Order) -> AnyView {
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

/// The code to say, while there is something to fetch.
fn code(lang: Lang, order: &Order, as_leader: bool) -> Option<AnyView> {
    (order.state == OrderState::Confirmed).then(|| {
        let hint = if as_leader { t!(lang, order.code_check) } else { t!(lang, order.code_hint) };
        view! {
            <section class="card c">
                <h2 class="note">{t!(lang, order.pickup_code)}</h2>
                <p class="code largest">{order.pickup_code.clone()}</p>
                <p class="note">{hint}</p>
            </section>
        }
        .into_any()
    })
}

fn who(lang: Lang, order: &Order) -> AnyView {
    view! {
        <section class="card row">
            <h2 class="h3 grow">{t!(lang, order.shopper)}</h2>
            <p class="r"><b>{order.shopper_name.clone()}</b><br/><span class="note">{t!(lang, order.phone_tail, tail = order.phone_tail.clone())}</span></p>
        </section>
    }
    .into_any()
}

fn goods(lang: Lang, order: &Order) -> AnyView {
    let settled = match (order.paid, order.state) {
        (true, _) => t!(lang, order.paid),
        (false, OrderState::Expired | OrderState::Cancelled) => t!(lang, order.not_charged),
        (false, OrderState::Pending) => t!(lang, order.unpaid),
        (false, _) => t!(lang, order.cash_due, amount = order.amount.to_string()),
    };
    let name = format!("{} {}", order.product.get(lang), order.variant.get(lang));
    view! {
        <section class="card">
            <a class="row top bought" href=format!("/p/{}", order.slug)>
                <Photo name=order.photo.clone() alt=""/>
                <div class="grow">
                    <h2 class="h3">{t!(lang, order.goods, name = name, n = order.quantity)}</h2>
                    <p class="note">{t!(lang, checkout.per_jin, price = format!("¥{}", order.unit.per_jin(order.weight)))}</p>
                </div>
            </a>
            <dl class="kv m3">
                <dt>{t!(lang, order.unit)}</dt><dd>{format!("¥{}", order.unit)}</dd>
                <dt>{t!(lang, order.method)}</dt><dd>{state::method(lang, order.method)}</dd>
                <dt class="bold">{t!(lang, order.amount)}</dt><dd><Price amount=order.amount size=PriceSize::Large/><br/><span class="note">{settled}</span></dd>
            </dl>
        </section>
    }
    .into_any()
}

/// The group, the leader and the live session it came through, and the batch to look up.
fn origin(lang: Lang, order: &Order, batch: Option<String>) -> AnyView {
    let link = |words: String, href: String| view! { <a class="to" href=href>{words}</a> };
    let group = order.group.as_ref().map(|group| {
        let count = format!("{} · {}/{}", state::group(lang, group.state), group.joined, group.need);
        let words = if group.state == GroupState::Open { t!(lang, order.group_link) } else { t!(lang, order.group_see) };
        view! { <dt>{t!(lang, order.group)}</dt><dd>{count}<br/>{link(words, format!("/g/{}", group.code))}</dd> }
    });
    let leader = order.leader_name.clone().map(|name| view! { <dt>{t!(lang, order.leader)}</dt><dd>{name}</dd> });
    let live = order.live_code.as_ref().map(|code| {
        view! { <dt>{t!(lang, order.live)}</dt><dd>{link(t!(lang, order.live_link), format!("/live/{code}"))}</dd> }
    });
    let batch = batch.map(|code| view! { <dt>{t!(lang, order.batch)}</dt><dd>{link(t!(lang, order.batch_link), format!("/t/{code}"))}</dd> });
    view! {
        <section class="card">
            <h2 class="h3 m-b">{t!(lang, order.from)}</h2>
            <dl class="kv even">{group}{leader}{live}{batch}<dt>{t!(lang, order.code)}</dt><dd>{order.code.clone()}</dd></dl>
        </section>
    }
    .into_any()
}

fn history(lang: Lang, now: Millis, order: &Order) -> AnyView {
    let closed = if order.state == OrderState::Expired { t!(lang, order.expired_at) } else { t!(lang, order.cancelled_at) };
    let steps = [
        (t!(lang, order.placed_at), Some(order.placed_at)),
        (t!(lang, order.paid_at), order.paid_at),
        (t!(lang, order.confirmed_at), order.confirmed_at),
        (t!(lang, order.collected_at), order.collected_at),
        (closed, order.closed_at),
    ];
    let mut steps: Vec<_> = steps.into_iter().filter_map(|(words, at)| at.map(|at| (at, words))).collect();
    // Cash is paid after the order is confirmed, balance before.
    steps.sort_by_key(|(at, _)| *at);
    view! {
        <section class="card">
            <h2 class="h3 m-b">{t!(lang, order.progress)}</h2>
            <dl class="kv">
                {steps.into_iter().map(|(at, words)| view! {
                    <dt>{words}</dt><dd><moment::When at words=moment::moment(lang, at, now)/></dd>
                }).collect_view()}
            </dl>
        </section>
    }
    .into_any()
}
