//! `/leader`.

use super::{groups, hand_over};
use crate::{
    Context, Document, render, t,
    ui::{ErrorCard, Layout, Price, PriceSize, SurnameSeal, bar, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Money,
    community::PickupPoint,
    flash_sale::SaleCard,
    group_buy::GroupCard,
    order::{Order, OrderState},
    people::Face,
};

/// What the leader's desk shows.
#[derive(Debug, Clone)]
pub struct LeaderPage {
    /// Where they hand over.
    pub pickup: Option<PickupPoint>,
    /// The groups they opened, newest first.
    pub groups: Vec<GroupCard>,
    /// The orders that came through them, newest first.
    pub orders: Vec<Order>,
    /// The sales that are on, in which a group can be opened.
    pub sales: Vec<SaleCard>,
    /// Why the last wish was not done, as a finished sentence.
    pub problem: Option<String>,
}

/// `/leader`.
pub fn leader_page(context: &Context, view: LeaderPage) -> String {
    let lang = context.lang;
    render(context, || {
        let title = t!(lang, leader.title);
        Document {
            description: t!(lang, leader.about),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout {
                tab: None,
                wide: false,
                head: bar(context, &title, "/me", None),
                main: main(context, view),
                buy: None,
            }
            .show(context),
            title,
        }
    })
}

fn main(context: &Context, view: LeaderPage) -> AnyView {
    let lang = context.lang;
    let name = context
        .person
        .as_ref()
        .map(|person| person.name.clone())
        .unwrap_or_default();
    view! {
        <div class="wrap stack">
            {head(lang, &name, view.pickup.as_ref())}
            {view.problem.map(|problem| view! { <ErrorCard problem/> })}
            {figures(lang, &view.orders)}
        </div>
        // Without a pick-up point nothing could be handed over: no group is opened.
        {view.pickup.is_some().then(|| groups::to_open(context, view.sales))}
        {groups::opened(context, view.groups)}
        {hand_over::orders(context, view.orders)}
    }
    .into_any()
}

fn head(lang: Lang, name: &str, pickup: Option<&PickupPoint>) -> AnyView {
    let place = pickup.map(|point| {
        format!(
            "{} · {}",
            point.name.get(lang),
            moment::hours(point.opens_minute, point.closes_minute)
        )
    });
    view! {
        <div class="row">
            <SurnameSeal face=Face::of(name) medium=true/>
            <div class="grow">
                <b class="h3">{name.to_owned()}</b>
                <p class="note">{place.unwrap_or_else(|| t!(lang, leader.no_pickup))}</p>
            </div>
        </div>
    }
    .into_any()
}

fn figures(lang: Lang, orders: &[Order]) -> AnyView {
    let count = |state| orders.iter().filter(|order| order.state == state).count();
    let (ready, filling) = (count(OrderState::Confirmed), count(OrderState::Waiting));
    view! {
        <div class="kpis">
            <div class="card tight kpi">
                <small>{t!(lang, leader.to_hand)}</small><b>{ready}</b>" "<span class="sm mu">{t!(lang, leader.orders_unit)}</span>
                <small>{t!(lang, leader.gathering_n, n = filling)}</small>
            </div>
            <div class="card tight kpi">
                <small>{t!(lang, leader.cash_due)}</small><Price amount=cash_due(orders) size=PriceSize::Large/>
                <small>{t!(lang, leader.cash_hint)}</small>
            </div>
        </div>
    }
    .into_any()
}

/// What is to be taken in cash for goods that can be handed over now.
fn cash_due(orders: &[Order]) -> Money {
    orders
        .iter()
        .filter(|order| order.state == OrderState::Confirmed && !order.paid)
        .fold(Money::ZERO, |sum, order| sum.plus(order.amount))
}
