//! `/groups`: what is bought together now.

use crate::{
    Context, Document, Tab, render, t,
    ui::{
        Crowd, EmptyCard, Layout, Photo, Price, PriceSize,
        moment::{When, moment},
    },
};
use leptos::prelude::*;
use market::{
    Lang, Millis,
    group_buy::{GroupCard, GroupState},
};

/// The open groups.
#[derive(Debug, Clone)]
pub struct GroupsPage {
    /// The groups, the first to end first.
    pub groups: Vec<GroupCard>,
}

/// `/groups`.
pub fn groups_page(context: &Context, view: GroupsPage) -> String {
    let lang = context.lang;
    render(context, || Document {
        title: t!(lang, group.list_title),
        description: t!(lang, group.list_about),
        json_ld: None,
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Groups),
            wide: true,
            head: view! { <header class="bar"><h1>{t!(lang, group.list_title)}</h1></header> }.into_any(),
            main: main(context, view),
            buy: None,
        }
        .show(context),
    })
}

fn main(context: &Context, view: GroupsPage) -> AnyView {
    let (lang, now) = (context.lang, context.now);
    if view.groups.is_empty() {
        return view! {
            <div class="wrap"><EmptyCard title=t!(lang, group.none) note=t!(lang, group.none_note)><a class="btn leaf" href="/live">{t!(lang, group.to_lives)}</a></EmptyCard></div>
        }
        .into_any();
    }
    view! {
        <div class="wrap">
            <p class="note">{t!(lang, group.list_about)}</p>
            <div class="stack pair m3">{view.groups.into_iter().map(|card| view! { <GroupRow lang now card/> }).collect_view()}</div>
        </div>
    }
    .into_any()
}

/// A group in a list: who leads it, who is missing, until when, the price per 斤.
#[component]
pub fn GroupRow(
    /// The reader's language.
    lang: Lang,
    /// The server's time.
    now: Millis,
    /// The group.
    card: GroupCard,
) -> impl IntoView {
    let left = (card.need - card.joined).max(0);
    let ends = t!(lang, home.sale_ends, time = moment(lang, card.deadline, now));
    let (words, class) = match card.state {
        GroupState::Open => (t!(lang, home.go_group), "btn go"),
        GroupState::Formed | GroupState::Failed => (t!(lang, group.look), "btn line"),
    };
    let status = match card.state {
        GroupState::Open => t!(lang, group.row, leader = card.leader_name, n = left),
        GroupState::Formed => t!(lang, group.row_formed, leader = card.leader_name),
        GroupState::Failed => t!(lang, group.row_failed, leader = card.leader_name),
    };
    view! {
        <article class="card sale">
            <Photo name=card.product.photo alt=""/>
            <div>
                <h2><a href=format!("/g/{}", card.code)>{card.product.name.get(lang).to_owned()}</a></h2>
                <p class="m1 note">{status}</p>
                <div class="m2"><Crowd joined=card.joined need=card.need label=t!(lang, home.joined_of, joined = card.joined, need = card.need)/></div>
                {(card.state == GroupState::Open).then(|| view! { <p class="m2"><span class="ends"><When at=card.deadline words=ends/></span></p> })}
            </div>
            <div class="f">
                <div class="grow">
                    <Price amount=card.price.per_jin(card.weight) size=PriceSize::Large/><span class="per">{t!(lang, site.per_jin)}</span>
                    " "<span class="was">{t!(lang, home.solo, price = card.solo.per_jin(card.weight))}</span>
                    <div class="xs mu">{t!(lang, product.pack_price, pack = card.product.variant.name.get(lang), price = card.price)}</div>
                </div>
                <a class=class href=format!("/g/{}", card.code)>{words}</a>
            </div>
        </article>
    }
}
