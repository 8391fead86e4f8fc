//! What a product costs in a group, and the group one may join.

use crate::{
    Context, t,
    ui::{
        Crowd,
        moment::{When, moment},
    },
};
use leptos::prelude::*;
use market::{flash_sale::SaleCard, live_session::GroupPicture};

/// Two steps down, and the group one may join.
pub(super) fn sale_section(context: &Context, card: SaleCard) -> AnyView {
    let lang = context.lang;
    let SaleCard { live_code, sale, .. } = card;
    let group = sale.groups.first().cloned();
    let missing = group
        .as_ref()
        .map(|group| t!(lang, product.more, n = (group.need - group.joined).max(0)));
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{t!(lang, product.together)}</h2><span class="sm mu">{t!(lang, product.yuan_per_jin)}</span></div>
            <ol class="ladder">
                <li><div><small>{t!(lang, product.alone)}</small><b>{sale.solo.per_jin(sale.weight).to_string()}</b></div></li>
                <li>{missing.map(|words| view! { <em>{words}</em> })}<div class="on"><small>{t!(lang, product.people, n = sale.need)}</small><b>{sale.price.per_jin(sale.weight).to_string()}</b></div></li>
            </ol>
            {match group {
                Some(group) => open_group(context, group, sale.stock > 0),
                None => view! { <div class="card tight m3 row"><p class="grow note">{t!(lang, product.no_group)}</p><a class="btn line slim" href=format!("/live/{live_code}")>{t!(lang, home.go_live)}</a></div> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn open_group(context: &Context, group: GroupPicture, left: bool) -> AnyView {
    let lang = context.lang;
    let missing = (group.need - group.joined).max(0);
    let ends = t!(lang, home.sale_ends, time = moment(lang, group.deadline, context.now));
    view! {
        <div class="card tight m3">
            <div class="row wrapx">
                <b class="grow">{t!(lang, product.group_of, leader = group.leader, n = missing)}</b>
                <span class="ends"><When at=group.deadline words=ends/></span>
            </div>
            <div class="row m2">
                <div class="grow"><Crowd joined=group.joined need=group.need label=t!(lang, home.joined_of, joined = group.joined, need = group.need)/></div>
                {left.then(|| view! { <a class="btn solo slim" href=format!("/g/{}", group.code)>{t!(lang, product.join)}</a> })}
            </div>
        </div>
    }
    .into_any()
}
