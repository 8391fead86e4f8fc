//! The host's pages: which session, and the console of one.

use super::{facts::StudioFacts, sheets, studio::HostStudio, words};
use crate::{
    Context, Document, t,
    ui::{ErrorCard, Glyph, Icon, Layout, Section, bar, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Money,
    catalog::{Farm, ProductCard},
    live_session::{LiveCard, LivePicture, LiveState},
};

/// What a host's list shows.
#[derive(Debug, Clone)]
pub struct HostListPage {
    /// The host's farm.
    pub farm: Farm,
    /// The farm's sessions, newest first.
    pub lives: Vec<LiveCard>,
    /// What was typed as the next one's title.
    pub title: String,
    /// Why it was not planned.
    pub problem: Option<String>,
}

/// What a host's console shows.
#[derive(Debug, Clone)]
pub struct HostPage {
    /// The session.
    pub card: LiveCard,
    /// Its current picture.
    pub picture: LivePicture,
    /// The farm's products, to pin.
    pub products: Vec<ProductCard>,
    /// What opens the WHIP door.
    pub ticket: String,
    /// The WHIP door's path.
    pub whip: String,
    /// The same with the site's address before it, as an encoder needs it.
    pub encoder: String,
    /// The flash-sale form, as it was typed or proposed.
    pub sale_form: SaleForm,
    /// Why the last form was not done.
    pub problem: Option<String>,
}

/// The fields of the flash-sale form, as text: what was typed comes back as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaleForm {
    /// Of the pack, in yuan.
    pub price: String,
    /// Packs.
    pub quota: String,
    /// Packs one person may buy.
    pub per_person: String,
    /// People a group needs.
    pub need: String,
    /// Minutes it lasts.
    pub minutes: String,
    /// Rounds it is released in.
    pub rounds: String,
}

impl SaleForm {
    /// What a host would choose most often for the pinned pack: a fifth off, to the tenth of a yuan,
    /// up to a hundred packs off the shelf, two a person, groups of five, half an hour.
    pub fn suggested(picture: &LivePicture, products: &[ProductCard]) -> Self {
        let pinned = picture.pinned.as_ref().map(|pinned| (pinned.price, pinned.stock));
        let first = products.first().map(|card| (card.variant.price, card.variant.stock));
        let Some((price, stock)) = pinned.or(first) else {
            return SaleForm::default();
        };
        let quota = stock.clamp(1, 100);
        SaleForm {
            price: Money::fen(price.as_fen() * 4 / 5 / 10 * 10).to_string(),
            quota: quota.to_string(),
            per_person: quota.min(2).to_string(),
            need: "5".into(),
            minutes: "30".into(),
            rounds: "1".into(),
        }
    }
}

/// The list of a host's sessions, and the form for the next.
pub fn host_list_page(context: &Context, view: HostListPage) -> String {
    crate::render(context, || {
        let lang = context.lang;
        let title = t!(lang, host.list.title);
        let mine = if view.lives.is_empty() {
            view! { <p class="note">{t!(lang, host.list.none)}</p> }.into_any()
        } else {
            view! { <ul class="list">{view.lives.iter().map(|live| line(context, live)).collect_view()}</ul> }
                .into_any()
        };
        let main = view! {
            {plan(lang, &view)}
            <Section title=t!(lang, host.list.mine)>
                {mine}
            </Section>
        };
        let layout = Layout {
            tab: None,
            wide: false,
            head: bar(context, &title, "/me", None),
            main: main.into_any(),
            buy: None,
        };
        Document {
            description: title.clone(),
            title,
            json_ld: None,
            islands: false,
            private: true,
            body: layout.show(context),
        }
    })
}

/// One field and one tap: the rest is there already.
fn plan(lang: Lang, view: &HostListPage) -> AnyView {
    let typed = view.title.clone();
    let choices = [
        ("0", t!(lang, host.list.now)),
        ("60", t!(lang, host.list.hour)),
        ("1440", t!(lang, host.list.day)),
    ];
    view! {
        <section class="wrap m2">
            <p class="note">{view.farm.name.get(lang).to_owned()}" · "{view.farm.place.get(lang).to_owned()}</p>
            {view.problem.clone().map(|problem| view! { <div class="m3"><ErrorCard problem/></div> })}
            <form class="card m3" method="post" action="/host">
                <label class="field"><span>{t!(lang, host.list.what)}</span>
                    <input name="title" value=typed required maxlength="40" autocomplete="off" placeholder=t!(lang, host.list.example)/></label>
                <fieldset class="picks m3"><legend>{t!(lang, host.list.when)}</legend>
                    {choices.into_iter().map(|(minutes, words)| view! {
                        <label><input class="sr" type="radio" name="minutes_from_now" value=minutes checked={minutes == "0"}/><span class="opt">{words}</span></label>
                    }).collect_view()}
                </fieldset>
                <button class="btn go big full m4"><Icon glyph=Glyph::VIDEO/>{t!(lang, host.list.plan)}</button>
            </form>
        </section>
    }
    .into_any()
}

fn line(context: &Context, live: &LiveCard) -> AnyView {
    let lang = context.lang;
    let (class, state) = match live.state {
        LiveState::Live => ("tag k", t!(lang, live.state.live)),
        LiveState::Scheduled => ("tag", t!(lang, live.state.scheduled)),
        LiveState::Ended => ("tag n", t!(lang, live.state.ended)),
    };
    let at = live.started_at.unwrap_or(live.starts_at);
    view! {
        <li><a class="row full" href=format!("/host/{}", live.code)>
            <span class="grow"><b>{live.title.get(lang).to_owned()}</b><br/><span class="note"><time datetime=moment::machine(at)>{moment::moment(lang, at, context.now)}</time></span></span>
            <span class=class>{state}</span><Icon glyph=Glyph::NEXT/>
        </a></li>
    }
    .into_any()
}

/// The console of one session.
pub fn host_page(context: &Context, view: HostPage) -> String {
    crate::render(context, || {
        let lang = context.lang;
        let title = view.card.title.get(lang).to_owned();
        Document {
            description: t!(lang, host.description),
            title,
            json_ld: None,
            islands: true,
            private: true,
            body: console(context, &view),
        }
    })
}

fn console(context: &Context, view: &HostPage) -> AnyView {
    let lang = context.lang;
    let facts = StudioFacts {
        code: view.card.code.clone(),
        lang,
        picture: view.picture.clone(),
        started_at: view.card.started_at.map(|at| at.0),
        whip: view.whip.clone(),
        ticket: view.ticket.clone(),
        words: words::studio(lang),
    };
    let title = view.card.title.get(lang).to_owned();
    let over = view.picture.state == LiveState::Ended;
    view! {
        <main class="host" id="main">
            <header class="bar"><a class="ic" href="/host" aria-label=t!(lang, host.back)><Icon glyph=Glyph::BACK/></a><h1>{title}</h1>
                <a class="ic" href=format!("/live/{}", view.card.code) aria-label=t!(lang, host.as_viewer)><Icon glyph=Glyph::EYE/></a></header>
            {(over || view.picture.state == LiveState::Scheduled).then(|| view.problem.clone().map(|problem| view! { <div class="wrap m2"><ErrorCard problem/></div> }))}
            <noscript><p class="noscript">{t!(lang, host.noscript)}</p></noscript>
            <HostStudio facts/>
            {(!over).then(|| encoder(lang, view))}
            {(!over).then(|| sheets::all(lang, view))}
        </main>
    }
    .into_any()
}

/// What to copy into an encoder that is no browser (OBS, a camera): an address and a bearer token.
fn encoder(lang: Lang, view: &HostPage) -> AnyView {
    view! {
        <section class="wrap m4" id="encoder">
            <details class="card fold">
                <summary><Icon glyph=Glyph::VIDEO/><h2>{t!(lang, host.encoder.title)}</h2><Icon glyph=Glyph::DOWN size="s"/></summary>
                <p class="note">{t!(lang, host.encoder.note)}</p>
                <label class="field m3"><span>{t!(lang, host.encoder.server)}</span><input class="link" name="server" readonly value=view.encoder.clone()/></label>
                <label class="field m3"><span>{t!(lang, host.encoder.key)}</span><input class="link" name="token" readonly autocomplete="off" value=view.ticket.clone()/></label>
                <p class="note m2">{t!(lang, host.encoder.secret)}</p>
            </details>
        </section>
    }
    .into_any()
}
