//! Who ordered what: by person, by item, still gathering, done. Four radio buttons turn the leaves.

use crate::{
    Context, t,
    text::state,
    ui::{Section, SurnameSeal, moment},
};
use leptos::prelude::*;
use market::{
    Lang, PersonId,
    order::{Order, OrderState},
    people::Face,
};

/// All orders that came through the leader, on four leaves.
pub(super) fn orders(context: &Context, orders: Vec<Order>) -> AnyView {
    let lang = context.lang;
    let of = |state| {
        orders
            .iter()
            .filter(|order| order.state == state)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (ready, waiting, done) = (
        of(OrderState::Confirmed),
        of(OrderState::Waiting),
        of(OrderState::Collected),
    );
    let (people, items) = (by_person(ready.clone()), by_item(lang, &ready));
    let leaves = [
        (
            "leaf-people",
            t!(lang, leader.by_person, n = people.len()),
            people_leaf(context, people),
        ),
        (
            "leaf-items",
            t!(lang, leader.by_product, n = items.len()),
            items_leaf(lang, items),
        ),
        (
            "leaf-waiting",
            t!(lang, leader.waiting, n = waiting.len()),
            plain_leaf(context, waiting, t!(lang, leader.no_waiting)),
        ),
        (
            "leaf-done",
            t!(lang, leader.done, n = done.len()),
            plain_leaf(context, done, t!(lang, leader.no_done)),
        ),
    ];
    view! {
        <Section title=t!(lang, leader.orders)>
            <div class="leaves">
                {leaves.into_iter().enumerate().map(|(at, (id, words, inside))| view! {
                    <input type="radio" name="leaf" id=id checked={at == 0}/>
                    <label for=id><span>{words}</span></label>
                    <div class="pane">{inside}</div>
                }).collect_view()}
            </div>
        </Section>
    }
    .into_any()
}

/// Orders of one person together, people in the order of their first order in the list.
fn by_person(orders: Vec<Order>) -> Vec<(PersonId, Vec<Order>)> {
    let mut people: Vec<(PersonId, Vec<Order>)> = Vec::new();
    for order in orders {
        match people.iter_mut().find(|(person, _)| *person == order.shopper_id) {
            Some((_, orders)) => orders.push(order),
            None => people.push((order.shopper_id.clone(), vec![order])),
        }
    }
    people
}

/// Packs of each item.
fn by_item(lang: Lang, orders: &[Order]) -> Vec<(String, i64)> {
    let mut items: Vec<(String, i64)> = Vec::new();
    for order in orders {
        let item = item(lang, order);
        match items.iter_mut().find(|(name, _)| *name == item) {
            Some((_, packs)) => *packs += order.quantity,
            None => items.push((item, order.quantity)),
        }
    }
    items
}

fn item(lang: Lang, order: &Order) -> String {
    format!("{} {}", order.product.get(lang), order.variant.get(lang))
}

fn people_leaf(context: &Context, people: Vec<(PersonId, Vec<Order>)>) -> AnyView {
    let lang = context.lang;
    if people.is_empty() {
        return view! { <p class="card note">{t!(lang, leader.no_orders)}</p> }.into_any();
    }
    view! {
        <ul class="stack">
            {people.into_iter().map(|(_, orders)| person(context, orders)).collect_view()}
        </ul>
    }
    .into_any()
}

/// One person: each order has its own button, so that somebody may fetch a part.
fn person(context: &Context, orders: Vec<Order>) -> Option<AnyView> {
    let lang = context.lang;
    let first = orders.first()?;
    let (name, tail) = (first.shopper_name.clone(), first.phone_tail.clone());
    Some(
        view! {
            <li class="card">
                <div class="row">
                    <SurnameSeal face=Face::of(&name)/>
                    <h3>{name}</h3>
                    <span class="sm mu">{t!(lang, leader.tail, tail = tail)}</span>
                </div>
                <ul class="list m2">{orders.into_iter().map(|order| to_hand(lang, order)).collect_view()}</ul>
            </li>
        }
        .into_any(),
    )
}

fn to_hand(lang: Lang, order: Order) -> AnyView {
    let what = item(lang, &order);
    let label = t!(
        lang,
        leader.collect_label,
        who = order.shopper_name.clone(),
        what = what.clone()
    );
    let money = if order.paid {
        view! { <span>{t!(lang, leader.paid)}</span> }.into_any()
    } else {
        view! { <b class="kakic">{t!(lang, leader.take, amount = order.amount.to_string())}</b> }.into_any()
    };
    view! {
        <li>
            <div class="grow">
                <a class="to" href=format!("/orders/{}", order.code)>{format!("{what} ×\u{a0}{}", order.quantity)}</a>
                <p class="note">{t!(lang, leader.code)}" "<b class="code">{order.pickup_code}</b>" · "{money}</p>
            </div>
            <form method="post" action=format!("/orders/{}/collect", order.code)>
                <button class="btn leaf" aria-label=label>{t!(lang, leader.collect)}</button>
            </form>
        </li>
    }
    .into_any()
}

fn items_leaf(lang: Lang, items: Vec<(String, i64)>) -> AnyView {
    if items.is_empty() {
        return view! { <p class="card note">{t!(lang, leader.no_orders)}</p> }.into_any();
    }
    view! {
        <ul class="card list slim">
            {items.into_iter().map(|(name, packs)| view! { <li><span class="grow">{name}</span><b>{format!("×\u{a0}{packs}")}</b></li> }).collect_view()}
        </ul>
    }
    .into_any()
}

fn plain_leaf(context: &Context, orders: Vec<Order>, nothing: String) -> AnyView {
    let lang = context.lang;
    if orders.is_empty() {
        return view! { <p class="card note">{nothing}</p> }.into_any();
    }
    let line = |order: Order| {
        let at = order.collected_at.unwrap_or(order.placed_at);
        let from = order
            .live_code
            .is_some()
            .then(|| format!(" · {}", t!(lang, leader.from_live)));
        view! {
            <li>
                <div class="grow">
                    <a class="to" href=format!("/orders/{}", order.code)>{format!("{} ×\u{a0}{}", item(lang, &order), order.quantity)}</a>
                    <p class="note">{order.shopper_name.clone()}" · "<moment::When at words=moment::moment(lang, at, context.now)/>{from}</p>
                </div>
                <span class="tag n">{state::this_order(lang, &order)}</span>
            </li>
        }
    };
    view! { <ul class="card list slim">{orders.into_iter().map(line).collect_view()}</ul> }.into_any()
}
