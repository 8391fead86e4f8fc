//! `/orders/{code}`: where it stands, the code to fetch it, what happened to the money.

use super::{past, pay, place::Place, standing};
use crate::{
    Context, Document, Tab, render, t,
    text::state,
    ui::{ErrorCard, Layout, Photo, Price, PriceSize, bar},
};
use leptos::prelude::*;
use market::{
    Lang, Money,
    order::{Order, OrderState},
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
        let (tab, back) = if view.as_leader {
            (None, "/leader")
        } else {
            (Some(Tab::Me), "/me")
        };
        let head = bar(context, &t!(lang, order.title, code = code.clone()), back, None);
        Document {
            title: t!(lang, order.title, code = code.clone()),
            description: t!(lang, order.about, code = code),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout {
                tab,
                wide: false,
                head,
                main: main(context, view),
                buy: None,
            }
            .show(context),
        }
    })
}

fn main(context: &Context, view: OrderPage) -> AnyView {
    let (lang, now) = (context.lang, context.now);
    let OrderPage {
        order,
        as_leader,
        balance,
        problem,
        batch,
    } = view;
    let next = if as_leader {
        pay::hand_over(lang, &order)
    } else {
        pay::pay(lang, &order, balance)
    };
    view! {
        {if as_leader { standing::standing_for_leader(lang, &order) } else { standing::standing(lang, now, &order) }}
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
            {past::origin(lang, &order, batch)}
            {past::history(lang, now, &order)}
            {(!as_leader).then(|| pay::cancel(lang, &order))}
        </div>
    }
    .into_any()
}

/// The code to say, while there is something to fetch.
fn code(lang: Lang, order: &Order, as_leader: bool) -> Option<AnyView> {
    (order.state == OrderState::Confirmed).then(|| {
        let hint = if as_leader {
            t!(lang, order.code_check)
        } else {
            t!(lang, order.code_hint)
        };
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
