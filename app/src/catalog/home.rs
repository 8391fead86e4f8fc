//! `/`: who is live, what is bought together today, what is in season.

use super::{GoodsGrid, HomePage, OnAirCard, SaleRow, season};
use crate::{
    Context, Document, Tab, render, t,
    ui::{
        EmptyCard, Glyph, Icon, Layout, Photo, Portrait, Section,
        frame::{Logo, language_switch},
        moment::{When, moment},
    },
};
use leptos::prelude::*;
use market::{
    Lang,
    catalog::{Category, ProductCard},
    live_session::LiveCard,
};

/// `/`.
pub fn home_page(context: &Context, view: HomePage) -> String {
    let lang = context.lang;
    render(context, || Document {
        title: String::new(),
        description: t!(lang, site.description),
        json_ld: Some(serde_json::json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": t!(lang, site.name),
            "url": context.origin,
            "inLanguage": lang.tag(),
            "potentialAction": {
                "@type": "SearchAction",
                "target": format!("{}/search?q={{text}}", context.origin),
                "query-input": "required name=text",
            },
        })),
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Home),
            wide: true,
            head: head(context),
            main: main(context, view),
            buy: None,
        }
        .show(context),
    })
}

fn head(context: &Context) -> AnyView {
    let lang = context.lang;
    view! {
        <header class="bar">
            <h1 class="logo"><Logo lang/></h1>
            {language_switch(context)}
        </header>
    }
    .into_any()
}

fn main(context: &Context, view: HomePage) -> AnyView {
    let (lang, now) = (context.lang, context.now);
    let HomePage {
        live,
        planned,
        sales,
        products,
        faces,
    } = view;
    let save_data = context.save_data;
    view! {
        <div class="wrap ask">{search_box(lang, String::new())}</div>
        {term_strip(context, &products)}
        {live.into_iter().map(|on| view! { <div class="wrap m4"><OnAirCard lang on save_data/></div> }).collect_view()}
        <Section title=t!(lang, home.groups) more=Some((t!(lang, site.see_all), "/groups".into()))>
            {if sales.is_empty() {
                view! { <p class="note">{t!(lang, home.no_sales)}</p> }.into_any()
            } else {
                view! { <div class="stack pair">{sales.into_iter().map(|card| view! { <SaleRow lang now card/> }).collect_view()}</div> }.into_any()
            }}
        </Section>
        {(!planned.is_empty()).then(|| coming(context, planned))}
        <Section title=t!(lang, home.goods) note=t!(lang, home.goods_note)>
            {categories(lang, None, faces)}
            {goods(lang, products)}
        </Section>
    }
    .into_any()
}

fn goods(lang: Lang, products: Vec<ProductCard>) -> AnyView {
    if products.is_empty() {
        return view! { <EmptyCard title=t!(lang, home.no_goods) note=t!(lang, home.no_goods_note) level=3/> }
            .into_any();
    }
    view! { <GoodsGrid lang products/> }.into_any()
}

/// The search box: a form, so that it needs no script.
pub(super) fn search_box(lang: Lang, query: String) -> AnyView {
    let words = t!(lang, home.search);
    view! {
        <form class="search" action="/search" role="search">
            <input type="search" name="q" value=query maxlength="60" placeholder=words.clone() aria-label=words enterkeyhint="search"/>
            <button class="ic" aria-label=t!(lang, search.go)><Icon glyph=Glyph::SEARCH/></button>
        </form>
    }
    .into_any()
}

/// The solar term, and what of the goods the season brings.
fn term_strip(context: &Context, products: &[ProductCard]) -> AnyView {
    let lang = context.lang;
    let season = season(lang, context.now);
    let next = match season.days {
        1 => t!(lang, home.term_tomorrow, next = season.next),
        days => t!(lang, home.term_days, days = days, next = season.next),
    };
    let fresh: Vec<&str> = products
        .iter()
        .filter(|card| card.category == Category::Produce && card.variant.stock > 0)
        .map(|card| card.name.get(lang))
        .take(3)
        .collect();
    let words = if fresh.is_empty() {
        t!(lang, site.tagline)
    } else {
        t!(lang, home.in_season, goods = fresh.join(&t!(lang, home.and)))
    };
    view! {
        <section class="term" aria-label=t!(lang, home.term_label)>
            <span class="n">{season.name}</span>
            <div><b class="clamp">{words}</b><p class="note">{next}</p></div>
        </section>
    }
    .into_any()
}

/// Ways to the categories, each with a picture of something in it.
pub(super) fn categories(lang: Lang, current: Option<Category>, faces: Vec<(Category, String)>) -> AnyView {
    let ways = Category::ALL.iter().map(|&category| {
        let photo = faces
            .iter()
            .find(|(of, _)| *of == category)
            .map(|(_, photo)| photo.clone());
        let here = (current == Some(category)).then_some("page");
        view! {
            <a href=format!("/c/{category}") aria-current=here>
                {photo.map(|name| view! { <Photo name alt=""/> })}
                {category_name(lang, category)}
            </a>
        }
    });
    view! { <nav class="cats" aria-label=t!(lang, home.categories)>{ways.collect_view()}</nav> }.into_any()
}

/// A category's name.
pub(super) fn category_name(lang: Lang, category: Category) -> String {
    match category {
        Category::Produce => t!(lang, home.category.produce),
        Category::GrainOil => t!(lang, home.category.grain_oil),
        Category::Daily => t!(lang, home.category.daily),
    }
}

fn coming(context: &Context, planned: Vec<LiveCard>) -> AnyView {
    let (lang, now) = (context.lang, context.now);
    let cards = planned.into_iter().map(move |card| {
        let at = t!(lang, home.planned_at, time = moment(lang, card.starts_at, now));
        view! {
            <a class="card tight row gap" href=format!("/live/{}", card.code)>
                <Portrait name=card.farm.portrait large=true/>
                <div class="grow">
                    <b>{card.title.get(lang).to_owned()}</b>
                    <p class="note"><When at=card.starts_at words=at/>" · "{card.farm.name.get(lang).to_owned()}</p>
                </div>
                <Icon glyph=Glyph::NEXT size="s"/>
            </a>
        }
    });
    view! {
        <Section title=t!(lang, home.planned) more=Some((t!(lang, site.see_all), "/live".into()))>
            <div class="stack pair">{cards.collect_view()}</div>
        </Section>
    }
    .into_any()
}
