//! A sale in a stack, and a live that is on: what moves people to come in.

use super::OnAir;
use crate::{
    t,
    ui::{
        Crowd, Glyph, Icon, Photo, Portrait, Price, PriceSize,
        count::thousands,
        moment::{When, moment},
    },
};
use leptos::prelude::*;
use market::{Lang, Millis, flash_sale::SaleCard};

/// A sale: how many are missing, until when, the price per 斤, and the way in: the fullest open
/// group, or the live where a leader may open one.
#[component]
pub fn SaleRow(
    /// The reader's language.
    lang: Lang,
    /// The server's time.
    now: Millis,
    /// The sale.
    card: SaleCard,
) -> impl IntoView {
    let SaleCard {
        live_code,
        product,
        sale,
    } = card;
    let group = sale.groups.first().cloned();
    let (joined, need) = group
        .as_ref()
        .map_or((0, sale.need), |group| (group.joined, group.need));
    let status = match &group {
        Some(_) => t!(lang, home.sale_group, need = need, left = (need - joined).max(0)),
        None => t!(lang, home.sale_no_group, need = need),
    };
    let way_in = match &group {
        _ if sale.stock <= 0 => view! { <span class="btn off">{t!(lang, site.sold_out)}</span> }.into_any(),
        Some(group) => {
            view! { <a class="btn go" href=format!("/g/{}", group.code)>{t!(lang, home.go_group)}</a> }.into_any()
        }
        None => view! { <a class="btn line" href=format!("/live/{live_code}")>{t!(lang, home.go_live)}</a> }.into_any(),
    };
    let solo = t!(lang, home.solo, price = sale.solo.per_jin(sale.weight));
    let ends = t!(lang, home.sale_ends, time = moment(lang, sale.ends_at, now));
    view! {
        <article class="card sale">
            <Photo name=product.photo alt=""/>
            <div>
                <h3><a href=format!("/p/{}", product.slug)>{product.name.get(lang).to_owned()}</a></h3>
                <p class="m1 note">{status}</p>
                <div class="m2"><Crowd joined need label=t!(lang, home.joined_of, joined = joined, need = need)/></div>
                <p class="m2"><span class="ends"><When at=sale.ends_at words=ends/></span></p>
            </div>
            <div class="f">
                <div class="grow">
                    <Price amount=sale.price.per_jin(sale.weight) size=PriceSize::Large/><span class="per">{t!(lang, site.per_jin)}</span>
                    " "<span class="was">{solo}</span>
                    <div class="xs mu">{t!(lang, product.pack_price, pack = product.variant.name.get(lang), price = sale.price)}</div>
                </div>
                {way_in}
            </div>
        </article>
    }
}

/// A live that is on: its picture, who speaks, how many watch.
#[component]
pub fn OnAirCard(
    /// The reader's language.
    lang: Lang,
    /// The live.
    on: OnAir,
    /// Leave the picture out: the reader saves data.
    save_data: bool,
) -> impl IntoView {
    let OnAir { card, viewers } = on;
    // nobody is told that nobody looks on
    let viewers = (viewers > 0).then(|| {
        t!(
            lang,
            home.watching,
            n = thousands(i64::try_from(viewers).unwrap_or(i64::MAX))
        )
    });
    view! {
        <a class="livecard" href=format!("/live/{}", card.code)>
            {(!save_data).then(|| view! { <Photo name=card.photo alt="" large=true eager=true/> })}
            <div class=if save_data { "o flow" } else { "o" }>
                <span class="live">{t!(lang, home.on_air)}</span>
                {viewers.map(|viewers| view! { <span class="chip-d"><Icon glyph=Glyph::EYE size="s"/>{viewers}</span> })}
            </div>
            <div class="b">
                <Portrait name=card.farm.portrait large=true/>
                <div class="grow"><b>{card.title.get(lang).to_owned()}</b><p class="sm">{card.farm.place.get(lang).to_owned()}</p></div>
                <span class="btn go">{t!(lang, home.watch)}</span>
            </div>
        </a>
    }
}
