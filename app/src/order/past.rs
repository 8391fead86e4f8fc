//! Where an order came from, and what happened to it when.

use crate::{t, text::state, ui::moment};
use leptos::prelude::*;
use market::{
    Lang, Millis,
    group_buy::GroupState,
    order::{Order, OrderState},
};

/// The group, the leader and the live session it came through, and the batch to look up.
pub(super) fn origin(lang: Lang, order: &Order, batch: Option<String>) -> AnyView {
    let link = |words: String, href: String| view! { <a class="to" href=href>{words}</a> };
    let group = order.group.as_ref().map(|group| {
        let count = format!("{} · {}/{}", state::group(lang, group.state), group.joined, group.need);
        let words = if group.state == GroupState::Open {
            t!(lang, order.group_link)
        } else {
            t!(lang, order.group_see)
        };
        view! { <dt>{t!(lang, order.group)}</dt><dd>{count}<br/>{link(words, format!("/g/{}", group.code))}</dd> }
    });
    let leader = order
        .leader_name
        .clone()
        .map(|name| view! { <dt>{t!(lang, order.leader)}</dt><dd>{name}</dd> });
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

pub(super) fn history(lang: Lang, now: Millis, order: &Order) -> AnyView {
    let closed = if order.state == OrderState::Expired {
        t!(lang, order.expired_at)
    } else {
        t!(lang, order.cancelled_at)
    };
    let steps = [
        (t!(lang, order.placed_at), Some(order.placed_at)),
        (t!(lang, order.paid_at), order.paid_at),
        (t!(lang, order.confirmed_at), order.confirmed_at),
        (t!(lang, order.collected_at), order.collected_at),
        (closed, order.closed_at),
    ];
    let mut steps: Vec<_> = steps
        .into_iter()
        .filter_map(|(words, at)| at.map(|at| (at, words)))
        .collect();
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
