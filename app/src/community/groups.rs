//! Groups: where one can be opened, and those that were.

use crate::{
    Context, t,
    text::state,
    ui::{Crowd, Glyph, Icon, Photo, Section, moment},
};
use leptos::prelude::*;
use market::{
    flash_sale::SaleCard,
    group_buy::{GroupCard, GroupState},
};

/// The sales that are on; one tap opens a group and goes to its page, to be shared.
pub(super) fn to_open(context: &Context, sales: Vec<SaleCard>) -> AnyView {
    let lang = context.lang;
    let inside = if sales.is_empty() {
        view! { <p class="card note">{t!(lang, leader.nothing_to_open)}</p> }.into_any()
    } else {
        view! { <ul class="stack">{sales.into_iter().map(|card| sale(context, card)).collect_view()}</ul> }.into_any()
    };
    view! { <Section title=t!(lang, leader.open_title)>{inside}</Section> }.into_any()
}

fn sale(context: &Context, card: SaleCard) -> AnyView {
    let lang = context.lang;
    let SaleCard {
        live_code,
        product,
        sale,
    } = card;
    let ends = moment::moment(lang, sale.ends_at, context.now);
    let name = format!("{} {}", product.name.get(lang), product.variant.name.get(lang));
    let label = format!("{} {name}", t!(lang, leader.open));
    view! {
        <li class="card tight desk-line">
            <Photo name=product.photo alt=""/>
            <div class="grow">
                <b>{name}</b>
                <p class="note"><b class="kakic">{format!("¥{}", sale.price.per_jin(sale.weight))}</b>{t!(lang, site.per_jin)}</p>
                <p class="note">{t!(lang, leader.open_hint, need = sale.need, time = ends)}</p>
            </div>
            <form method="post" action=format!("/live/{live_code}/groups")>
                <button class="btn go" aria-label=label>{t!(lang, leader.open)}</button>
            </form>
        </li>
    }
    .into_any()
}

/// The groups the leader opened: how full, until when, to be shared while they are open.
pub(super) fn opened(context: &Context, groups: Vec<GroupCard>) -> AnyView {
    let lang = context.lang;
    let inside = if groups.is_empty() {
        view! { <p class="card note">{t!(lang, leader.no_groups)}</p> }.into_any()
    } else {
        view! { <ul class="stack">{groups.into_iter().map(|card| group(context, card)).collect_view()}</ul> }.into_any()
    };
    view! { <Section title=t!(lang, leader.groups)>{inside}</Section> }.into_any()
}

fn group(context: &Context, card: GroupCard) -> AnyView {
    let lang = context.lang;
    let people = t!(lang, leader.joined, joined = card.joined, need = card.need);
    let (page, poster) = (format!("/g/{}", card.code), format!("/g/{}/poster.png", card.code));
    let open = card.state == GroupState::Open;
    let tag = if open {
        "tag k"
    } else if card.state == GroupState::Formed {
        "tag"
    } else {
        "tag n"
    };
    let until = open.then(|| {
        t!(
            lang,
            leader.until,
            time = moment::moment(lang, card.deadline, context.now)
        )
    });
    view! {
        <li class="card tight">
            <a class="row tall" href=page.clone()>
                <b class="grow">{card.product.name.get(lang).to_owned()}</b>
                <span class=tag>{state::group(lang, card.state)}</span>
            </a>
            <Crowd joined=card.joined need=card.need label=people.clone()/>
            <p class="row note m1"><span class="grow">{people}</span>{until.map(|words| view! { <moment::When at=card.deadline words/> })}</p>
            {open.then(|| view! {
                <div class="row m2">
                    <a class="btn leaf grow" href=page><Icon glyph=Glyph::SHARE/>{t!(lang, leader.share)}</a>
                    <a class="btn line" href=poster><Icon glyph=Glyph::SCAN/>{t!(lang, leader.poster)}</a>
                </div>
            })}
        </li>
    }
    .into_any()
}
