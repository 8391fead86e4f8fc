//! `/g/{code}`: a leader's invitation.

use super::{join::join, state::Stand};
use crate::{
    Context, Document, render, t,
    trace::trace_mini,
    ui::{
        Crowd, Glyph, Icon, Layout, Photo, Price, PriceSize, SurnameSeal,
        grow::MOST_SPROUTS,
        moment::{When, hours, moment},
    },
};
use leptos::prelude::*;
use market::{
    Lang,
    community::PickupPoint,
    group_buy::{Group, GroupState},
    people::Face,
    trace::Batch,
};

/// A group, as whoever opens its link sees it.
#[derive(Debug, Clone)]
pub struct GroupPage {
    /// The group.
    pub group: Group,
    /// The newest batch of what is bought, checked when it was read.
    pub batch: Option<Batch>,
    /// The code of this reader's order in it.
    pub my_order: Option<String>,
    /// The link to hand on, whole.
    pub link: String,
    /// Packs this reader thinks of.
    pub quantity: i64,
}

/// `/g/{code}`.
pub fn group_page(context: &Context, view: GroupPage) -> String {
    let lang = context.lang;
    let group = &view.group;
    render(context, || Document {
        title: t!(
            lang,
            group.title,
            leader = group.leader_name.clone(),
            product = group.product.name.get(lang)
        ),
        description: t!(
            lang,
            group.about,
            need = group.need,
            price = group.price.per_jin(group.variant.weight),
            product = group.product.name.get(lang)
        ),
        json_ld: None,
        islands: false,
        private: view.my_order.is_some(),
        body: Layout {
            tab: None,
            wide: false,
            head: None::<AnyView>.into_any(),
            buy: None,
            main: main(context, &view),
        }
        .show(context),
    })
}

fn main(context: &Context, view: &GroupPage) -> AnyView {
    let lang = context.lang;
    let group = &view.group;
    let stand = Stand::of(group, view.my_order.is_some(), context.now);
    view! {
        {invitation(context, group, stand)}
        <div class="wrap under">
            <article class="card">
                {goods(lang, group)}
                <div class="hr"></div>
                {crowd(lang, group)}
                {way_on(context, view, stand)}
            </article>
            {pickup(lang, &group.pickup)}
            {view.batch.as_ref().map(|batch| trace_mini(context, batch))}
            {(group.state == GroupState::Open).then(|| hand_on(lang, group, &view.link))}
        </div>
    }
    .into_any()
}

fn invitation(context: &Context, group: &Group, stand: Stand) -> AnyView {
    let lang = context.lang;
    let left = (group.need - group.joined).max(0);
    let head = match (group.state, stand) {
        (GroupState::Formed, _) => t!(lang, group.formed).into_any(),
        (_, Stand::Failed) => t!(lang, group.failed).into_any(),
        (_, Stand::SoldOut) => t!(lang, group.sold_out).into_any(),
        _ => view! { {t!(lang, group.more_before)}<em>{left}</em>{t!(lang, group.more_after)} }.into_any(),
    };
    let below = match (group.state, stand) {
        (GroupState::Formed, _) => {
            view! { <span class="ends">{t!(lang, group.formed_note, n = group.joined)}</span> }.into_any()
        }
        (_, Stand::Failed) => view! { <span class="ends">{t!(lang, group.failed_note)}</span> }.into_any(),
        _ => {
            let ends = t!(lang, home.sale_ends, time = moment(lang, group.deadline, context.now));
            view! { <span class="ends"><When at=group.deadline words=ends/></span> }.into_any()
        }
    };
    let face = Face::of(&group.leader_name);
    view! {
        <section class="inv">
            <div class="tools"><a class="ic" href="/groups" aria-label=t!(lang, site.back)><Icon glyph=Glyph::BACK/></a></div>
            <div class="row mid gap">
                <SurnameSeal face large=true/>
                <div><b class="who">{t!(lang, group.invites, leader = group.leader_name.clone())}</b><p class="sm">{t!(lang, group.leader_of, place = group.pickup.name.get(lang), n = group.leader_opened)}</p></div>
            </div>
            <h1 class="need m4">{head}</h1>
            <p class="m3">{below}</p>
        </section>
    }
    .into_any()
}

fn goods(lang: Lang, group: &Group) -> AnyView {
    let product = &group.product;
    let weight = group.variant.weight;
    view! {
        <div class="row top gap">
            <Photo name=product.photo.clone() alt="" eager=true/>
            <div class="grow">
                <h2><a href=format!("/p/{}", product.slug)>{product.name.get(lang).to_owned()}" "{group.variant.name.get(lang).to_owned()}</a></h2>
                <p class="note m1">{product.place.get(lang).to_owned()}" · "{product.farm.get(lang).to_owned()}</p>
                <p class="m2"><Price amount=group.price.per_jin(weight) size=PriceSize::Large/><span class="per">{t!(lang, site.per_jin)}</span>" "<span class="was">{t!(lang, home.solo, price = group.solo.per_jin(weight))}</span></p>
            </div>
        </div>
    }
    .into_any()
}

/// Surname seals of those who joined and an empty frame for everybody missing; a large group is a
/// bar of soil with its first members.
fn crowd(lang: Lang, group: &Group) -> AnyView {
    let small = group.need <= MOST_SPROUTS;
    let missing = if small { (group.need - group.joined).max(0) } else { 0 };
    let most = usize::try_from(MOST_SPROUTS).unwrap_or_default();
    let faces: Vec<AnyView> = group
        .members
        .iter()
        .take(most)
        .cloned()
        .map(|face| view! { <li><SurnameSeal face medium=true/></li> }.into_any())
        .collect();
    let frames: Vec<AnyView> = (0..missing)
        .map(|_| view! { <li class="ava m none" aria-hidden="true">"?"</li> }.into_any())
        .collect();
    let label = t!(lang, home.joined_of, joined = group.joined, need = group.need);
    view! {
        {(!small).then(|| view! { <Crowd joined=group.joined need=group.need label=label.clone()/> })}
        {(small || !faces.is_empty()).then(|| view! { <ul class="five m3" aria-label=label>{faces}{frames}</ul> })}
        <p class="c m3 sm mu">{t!(lang, group.terms, joined = group.joined, need = group.need)}</p>
    }
    .into_any()
}

fn way_on(context: &Context, view: &GroupPage, stand: Stand) -> AnyView {
    let lang = context.lang;
    let group = &view.group;
    let live = format!("/live/{}", group.live_code);
    match stand {
        Stand::Open => join(lang, view),
        Stand::Mine => {
            let order = format!("/orders/{}", view.my_order.as_deref().unwrap_or_default());
            view! { <p class="c m3 bold leafc">{t!(lang, group.mine)}</p><a class="btn leaf big full m2" href=order>{t!(lang, group.my_order)}</a> }.into_any()
        }
        Stand::Formed => view! { <span class="btn off big full m3">{t!(lang, group.full)}</span><a class="btn line full m3" href=live>{t!(lang, group.other)}</a> }.into_any(),
        Stand::SoldOut => view! { <span class="btn off big full m3">{t!(lang, site.sold_out)}</span><a class="btn line full m3" href=live>{t!(lang, group.other)}</a> }.into_any(),
        Stand::Failed => view! { <span class="btn off big full m3">{t!(lang, group.over)}</span><a class="btn line full m3" href=live>{t!(lang, group.other)}</a> }.into_any(),
    }
}

fn pickup(lang: Lang, point: &PickupPoint) -> AnyView {
    view! {
        <article class="card m4 row top">
            <Icon glyph=Glyph::PLACE/>
            <div class="grow">
                <h2 class="plain">{t!(lang, group.pickup, name = point.name.get(lang))}</h2>
                <p class="note">{point.address.get(lang).to_owned()}</p>
                <p class="note">{t!(lang, group.open_hours, hours = hours(point.opens_minute, point.closes_minute))}" · "{point.leader_name.clone()}</p>
            </div>
        </article>
    }
    .into_any()
}

fn hand_on(lang: Lang, group: &Group, link: &str) -> AnyView {
    let link = link.to_owned();
    view! {
        <section class="m4">
            <label class="field"><span>{t!(lang, group.hand_on)}</span><input class="link" readonly value=link/></label>
            <a class="btn line full m3" href=format!("/g/{}/poster.png", group.code)><Icon glyph=Glyph::SCAN/>{t!(lang, group.poster)}</a>
        </section>
    }
    .into_any()
}
