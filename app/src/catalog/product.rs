//! `/p/{slug}`: one product, its price per 斤, where it came from, who grew it.

use super::{ProductPage, jin, pack, pack::packs, together::sale_section, usual_per_jin};
use crate::{
    Context, Document, render, t,
    trace::trace_mini,
    ui::{DemonstrationChip, Glyph, Icon, Layout, Photo, Portrait, Price, PriceSize, count::thousands, photo::address},
};
use leptos::prelude::*;
use market::{
    Lang,
    catalog::{Farm, Product},
    flash_sale::SaleCard,
};

/// `/p/{slug}`.
pub fn product_page(context: &Context, view: ProductPage) -> String {
    let lang = context.lang;
    render(context, || Document {
        title: view.product.card.name.get(lang).to_owned(),
        description: view.product.about.get(lang).to_owned(),
        json_ld: Some(structured(context, &view.product)),
        islands: false,
        private: false,
        body: Layout {
            tab: None,
            wide: true,
            head: None::<AnyView>.into_any(),
            buy: Some(buy_bar(lang, &view)),
            main: main(context, view),
        }
        .show(context),
    })
}

fn main(context: &Context, view: ProductPage) -> AnyView {
    let lang = context.lang;
    let ProductPage { product, batch, sale } = view;
    let Product {
        card,
        variants,
        about,
        promise,
        farm,
        sold,
        ..
    } = product;
    view! {
        <div class="duo">
            <div class="gal">
                <Photo name=card.photo.clone() alt=card.name.get(lang).to_owned() large=true eager=true/>
                <a class="ic" href="/" aria-label=t!(lang, site.back)><Icon glyph=Glyph::BACK/></a>
                <DemonstrationChip lang kind=card.photo_kind/>
            </div>
            <div class="lift wrap">
                {match &sale {
                    Some(sale) => sale_price(lang, sale),
                    None => view! { <div class="row end"><Price amount=usual_per_jin(&card.variant) size=PriceSize::Largest/><span class="per">{t!(lang, site.per_jin)}</span></div> }.into_any(),
                }}
                <h1 class="m2">{card.name.get(lang).to_owned()}</h1>
                <p class="mu m1">{about.get(lang).to_owned()}</p>
                <div class="tags m3">
                    <span class="tag">{t!(lang, product.from_place, place = card.place.get(lang))}</span>
                    {(sold.as_grams() > 0).then(|| view! { <span class="tag n">{t!(lang, product.sold, weight = thousands(sold.as_grams() / 500))}</span> })}
                </div>
                {sale.map(|sale| sale_section(context, sale))}
                <section class="sec"><div class="sec-h"><h2>{t!(lang, product.packs)}</h2><span class="sm mu">{t!(lang, product.packs_note)}</span></div>{packs(lang, variants)}</section>
                {batch.map(|batch| trace_mini(context, &batch))}
                {grower(lang, farm)}
                <section class="sec"><div class="sec-h"><h2>{t!(lang, product.promise)}</h2></div><p>{promise.get(lang).to_owned()}</p></section>
            </div>
        </div>
    }
    .into_any()
}

fn sale_price(lang: Lang, sale: &SaleCard) -> AnyView {
    let sale = &sale.sale;
    view! {
        <div class="row end wrapx">
            <Price amount=sale.price.per_jin(sale.weight) size=PriceSize::Largest/>
            <span class="per">{t!(lang, product.per_jin_group, need = sale.need)}</span>
            <span class="was ml">{t!(lang, home.solo, price = sale.solo.per_jin(sale.weight))}</span>
        </div>
    }
    .into_any()
}

fn grower(lang: Lang, farm: Farm) -> AnyView {
    let story = farm
        .story
        .map(|slug| (t!(lang, product.read_story), format!("/story/{slug}")));
    view! {
        <section class="sec">
            <div class="sec-h">
                <h2>{t!(lang, product.grower)}</h2>
                {story.map(|(words, href)| view! { <a class="more" href=href>{words}<Icon glyph=Glyph::NEXT size="s"/></a> })}
            </div>
            <div class="card tight row gap">
                <Portrait name=farm.portrait large=true/>
                <div class="grow">
                    <b>{farm.farmer_name}</b>" "<span class="tag b">{farm.name.get(lang).to_owned()}</span>
                    <p class="note">{farm.place.get(lang).to_owned()}" · "{farm.about.get(lang).to_owned()}</p>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// One filled persimmon button: the group where there is one, else the pack.
fn buy_bar(lang: Lang, view: &ProductPage) -> AnyView {
    let variants = &view.product.variants;
    let on_shelf = variants.iter().any(|variant| variant.stock > 0);
    let group = view
        .sale
        .as_ref()
        .filter(|card| card.sale.stock > 0)
        .and_then(|card| Some((card.sale.groups.first()?.clone(), card.sale.clone())));
    let alone = match (variants.as_slice(), on_shelf) {
        (_, false) => None,
        ([only], _) => Some(t!(lang, product.yuan, price = only.price)),
        _ => variants
            .iter()
            .filter(|variant| variant.stock > 0)
            .map(|variant| variant.price)
            .min()
            .map(|least| t!(lang, product.from_price, price = least)),
    };
    let class = if group.is_some() {
        "btn solo big"
    } else {
        "btn go big grow"
    };
    view! {
        <a class="side" href=format!("/c/{}", view.product.card.category)><Icon glyph=Glyph::SHOP/>{t!(lang, product.more_goods)}</a>
        {match alone {
            Some(price) => view! { <button class=class form=pack::FORM><span class="two"><span class="num">{price}</span><small>{t!(lang, product.buy_alone)}</small></span></button> }.into_any(),
            None if group.is_none() => view! { <span class="btn off big grow">{t!(lang, site.sold_out)}</span> }.into_any(),
            None => None::<AnyView>.into_any(),
        }}
        {group.map(|(group, sale)| {
            let price = t!(lang, product.yuan_jin, price = sale.price.per_jin(sale.weight));
            let missing = t!(lang, product.join_missing, n = (group.need - group.joined).max(0));
            view! { <a class="btn go big grow" href=format!("/g/{}", group.code)><span class="two"><span class="num">{price}</span><small>{missing}</small></span></a> }
        })}
    }
    .into_any()
}

fn structured(context: &Context, product: &Product) -> serde_json::Value {
    let lang = context.lang;
    let card = &product.card;
    let offers: Vec<_> = product
        .variants
        .iter()
        .map(|variant| {
            serde_json::json!({
                "@type": "Offer",
                "name": format!("{} · {}", variant.name.get(lang), jin(lang, variant.weight)),
                "price": variant.price.to_string(),
                "priceCurrency": "CNY",
                "availability": if variant.stock > 0 { "https://schema.org/InStock" } else { "https://schema.org/OutOfStock" },
                "url": format!("{}/p/{}", context.origin, card.slug),
            })
        })
        .collect();
    serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": card.name.get(lang),
        "description": product.about.get(lang),
        "image": format!("{}{}", context.origin, address(&card.photo, false)),
        "brand": { "@type": "Brand", "name": product.farm.name.get(lang) },
        "offers": offers,
    })
}
