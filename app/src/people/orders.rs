//! One's orders by where they stand; what can be fetched shows its code, largest of all.

use crate::{
    Context, t,
    text::state,
    ui::{EmptyCard, Glyph, Icon, Photo, Price, Section, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Money,
    order::{Order, OrderState},
};

/// Where orders stand, as this page gathers them: states, anchor, icon.
const SHELVES: [(&[OrderState], &str, Glyph); 4] = [
    (&[OrderState::Pending], "pending", Glyph::WALLET),
    (&[OrderState::Waiting], "waiting", Glyph::PEOPLE),
    (&[OrderState::Confirmed], "confirmed", Glyph::SHOP),
    (&[OrderState::Collected], "collected", Glyph::CHECK),
];

/// The balance, and how many orders stand where.
pub(super) fn summary(lang: Lang, orders: &[Order], balance: Money) -> AnyView {
    let cells = SHELVES.map(|(states, anchor, glyph)| {
        let count = orders.iter().filter(|order| states.contains(&order.state)).count();
        let words = state::order(lang, states[0]);
        // Nothing there, nowhere to go: words, not a link.
        match count {
            0 => view! { <span class="none"><Icon glyph/>{words}</span> }.into_any(),
            _ => {
                // What is fetched wants nothing more of its reader.
                let badge = (states[0] != OrderState::Collected).then(|| view! { <span class="bdg">{count}</span> });
                view! { <a href=format!("#{anchor}")><Icon glyph/>{words}{badge}</a> }.into_any()
            }
        }
    });
    view! {
        <section class="card summary">
            <a class="row" href="#balance"><Icon glyph=Glyph::WALLET/><span class="grow">{t!(lang, me.balance)}</span><Price amount=balance/></a>
            <div class="quad">{cells.into_iter().collect_view()}</div>
        </section>
    }
    .into_any()
}

/// All of them: to fetch, to pay, gathering, fetched, and the rest.
pub(super) fn all(context: &Context, orders: Vec<Order>) -> AnyView {
    let lang = context.lang;
    if orders.is_empty() {
        return view! {
            <div class="wrap m4">
                <EmptyCard title=t!(lang, me.no_orders) note=t!(lang, me.no_orders_hint)>
                    <a class="btn leaf" href="/">{t!(lang, me.go_shopping)}</a>
                </EmptyCard>
            </div>
        }
        .into_any();
    }
    let (ready, rest): (Vec<_>, Vec<_>) = orders
        .into_iter()
        .partition(|order| order.state == OrderState::Confirmed);
    let mut rest = rest;
    // Stable: within a shelf the newest stays first.
    rest.sort_by_key(|order| match order.state {
        OrderState::Pending => 0,
        OrderState::Waiting => 1,
        OrderState::Confirmed | OrderState::Collected => 2,
        OrderState::Expired | OrderState::Cancelled => 3,
    });
    let lines = (!rest.is_empty()).then(|| lines(context, rest));
    view! {
        {(!ready.is_empty()).then(|| view! {
            <div id="confirmed" class="anchor">
                <Section title=t!(lang, me.fetch)>
                    <ul class="stack">{ready.into_iter().map(|order| to_fetch(lang, order)).collect_view()}</ul>
                </Section>
            </div>
        })}
        {lines.map(|lines| view! {
            <Section title=t!(lang, me.orders)>
                <ul class="card list slim">{lines}</ul>
            </Section>
        })}
    }
    .into_any()
}

/// An order that is there: the code to say is the largest thing on the page.
fn to_fetch(lang: Lang, order: Order) -> AnyView {
    let hours = moment::hours(order.pickup.opens_minute, order.pickup.closes_minute);
    view! {
        <li>
            <a class="card tight fetch" href=format!("/orders/{}", order.code)>
                <Photo name=order.photo.clone() alt=""/>
                <div class="grow">
                    <b>{what(lang, &order)}</b>
                    <p class="note">{order.pickup.name.get(lang).to_owned()}</p>
                    <p class="note">{t!(lang, me.open_hours, hours = hours)}</p>
                </div>
                <div class="c"><small class="mu">{t!(lang, me.pickup_code)}</small><b class="code">{order.pickup_code}</b></div>
            </a>
        </li>
    }
    .into_any()
}

/// The first line of each shelf carries the anchor that the summary links to.
fn lines(context: &Context, orders: Vec<Order>) -> AnyView {
    let mut seen = None;
    let lines: Vec<_> = orders
        .into_iter()
        .map(|order| {
            let shelf = SHELVES
                .iter()
                .find(|(states, ..)| states.contains(&order.state))
                .map(|(_, anchor, _)| *anchor);
            let anchor = shelf.filter(|_| seen != shelf);
            seen = shelf.or(seen);
            line(context, order, anchor)
        })
        .collect();
    lines.collect_view().into_any()
}

fn line(context: &Context, order: Order, anchor: Option<&'static str>) -> AnyView {
    let lang = context.lang;
    let class = match order.state {
        OrderState::Pending => "tag k",
        OrderState::Waiting | OrderState::Confirmed => "tag",
        OrderState::Collected | OrderState::Expired | OrderState::Cancelled => "tag n",
    };
    let words = moment::moment(lang, order.placed_at, context.now);
    view! {
        <li id=anchor>
            <a class="order-line" href=format!("/orders/{}", order.code)>
                <Photo name=order.photo.clone() alt=""/>
                <div class="grow"><b>{what(lang, &order)}</b><p class="note"><moment::When at=order.placed_at words/></p></div>
                <div class="r"><span class=class>{state::this_order(lang, &order)}</span><b class="nw">{format!("¥{}", order.amount)}</b></div>
            </a>
        </li>
    }
    .into_any()
}

/// 红颜草莓 3 斤装 × 2.
fn what(lang: Lang, order: &Order) -> String {
    format!(
        "{} {} ×\u{a0}{}",
        order.product.get(lang),
        order.variant.get(lang),
        order.quantity
    )
}
