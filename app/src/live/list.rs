//! `/live`: who is on air, who will be, who was.

use crate::{
    Context, Document, Tab,
    catalog::{OnAir, OnAirCard},
    render, t,
    ui::{EmptyCard, Layout, Photo, Section, moment},
};
use leptos::prelude::*;
use market::{Lang, live_session::LiveCard};

/// What the list of lives shows.
#[derive(Debug, Clone)]
pub struct LiveListPage {
    /// On air.
    pub on: Vec<OnAir>,
    /// To come, the soonest first.
    pub planned: Vec<LiveCard>,
    /// Over, the latest first.
    pub past: Vec<LiveCard>,
}

/// `/live`.
pub fn live_list_page(context: &Context, view: LiveListPage) -> String {
    let lang = context.lang;
    render(context, || Document {
        title: t!(lang, live_list.title),
        description: t!(lang, live_list.about),
        json_ld: None,
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Live),
            wide: true,
            head: head(lang),
            main: main(context, view),
            buy: None,
        }
        .show(context),
    })
}

fn head(lang: Lang) -> AnyView {
    view! { <header class="bar"><h1>{t!(lang, live_list.title)}</h1></header> }.into_any()
}

fn main(context: &Context, view: LiveListPage) -> AnyView {
    let lang = context.lang;
    let (coming, save_data) = (!view.planned.is_empty(), context.save_data);
    let on = if view.on.is_empty() {
        nobody(lang, coming)
    } else {
        view! {
            <Section title=t!(lang, live_list.on)>
                <ul class="lives">{view.on.into_iter().map(|on| view! { <li><OnAirCard lang on save_data/></li> }).collect_view()}</ul>
            </Section>
        }
        .into_any()
    };
    view! {
        {on}
        {others(context, t!(lang, live_list.planned), view.planned)}
        {others(context, t!(lang, live_list.past), view.past)}
    }
    .into_any()
}

/// Lives that are not on air, under their heading.
fn others(context: &Context, title: String, cards: Vec<LiveCard>) -> Option<AnyView> {
    let cards: Vec<_> = cards.into_iter().map(|card| quiet(context, card)).collect();
    (!cards.is_empty()).then(|| view! { <Section title><ul class="lives">{cards}</ul></Section> }.into_any())
}

fn nobody(lang: Lang, coming: bool) -> AnyView {
    let note = if coming {
        t!(lang, live_list.nobody_hint)
    } else {
        t!(lang, live_list.nobody_none)
    };
    view! {
        <div class="wrap">
            <EmptyCard title=t!(lang, live_list.nobody) note>
                <a class="btn leaf" href="/">{t!(lang, live_list.to_goods)}</a>
            </EmptyCard>
        </div>
    }
    .into_any()
}

/// One that is not on air: a picture, its title, and when.
fn quiet(context: &Context, card: LiveCard) -> AnyView {
    use market::live_session::LiveState;
    let lang = context.lang;
    let over = card.state == LiveState::Ended;
    let at = if over {
        card.started_at.unwrap_or(card.starts_at)
    } else {
        card.starts_at
    };
    let time = moment::moment(lang, at, context.now);
    let words = if over {
        t!(lang, live_list.ended, time = time)
    } else {
        t!(lang, live_list.starts, time = time)
    };
    view! {
        <li>
            <a class="card tight quiet-live" href=format!("/live/{}", card.code)>
                <Photo name=card.photo alt=""/>
                <div class="grow">
                    <b>{card.title.get(lang).to_owned()}</b>
                    <p class="note">{card.farm.name.get(lang).to_owned()}</p>
                    <p class="note bold leafc"><moment::When at words/></p>
                </div>
            </a>
        </li>
    }
    .into_any()
}
