//! `/me`: the pick-up codes first, then orders, balance, messages and settings.

use super::{orders, settings};
use crate::{
    Context, Document, Tab, render, t,
    text::state,
    ui::{EmptyCard, ErrorCard, Glyph, Icon, Layout, Section, SurnameSeal, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Millis, Money,
    balance::Entry,
    catalog::Farm,
    order::Order,
    people::{Notice, Person, Role},
};

/// What somebody's own page shows.
#[derive(Debug, Clone)]
pub struct MePage {
    /// Stored value.
    pub balance: Money,
    /// How it came about, newest first.
    pub entries: Vec<Entry>,
    /// Their orders, newest first.
    pub orders: Vec<Order>,
    /// What they were told, newest first.
    pub notices: Vec<Notice>,
    /// Their farm, if they are a farmer.
    pub farm: Option<Farm>,
    /// Why a name or a photo was not taken, as a finished sentence.
    pub problem: Option<String>,
    /// The name in the form: the one typed, or the one there is.
    pub name_typed: String,
}

/// `/me`. Somebody must be signed in: without, it says how.
pub fn me_page(context: &Context, view: MePage) -> String {
    let lang = context.lang;
    render(context, || {
        let (head, main) = match context.person.clone() {
            Some(person) => (head(lang, &person), signed_in(context, person, view)),
            None => (().into_any(), nobody(lang)),
        };
        Document {
            title: t!(lang, me.title),
            description: t!(lang, me.about),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout { tab: Some(Tab::Me), wide: false, head, main, buy: None }.show(context),
        }
    })
}

fn nobody(lang: Lang) -> AnyView {
    view! {
        <div class="wrap m5">
            <EmptyCard title=t!(lang, me.welcome) note=t!(lang, sign_in.lead) level=1>
                <a class="btn leaf" href="/sign-in?next=/me">{t!(lang, sign_in.title)}</a>
            </EmptyCard>
        </div>
    }
    .into_any()
}

fn head(lang: Lang, person: &Person) -> AnyView {
    let roles = person.roles.iter().map(|&role| state::role(lang, role)).collect::<Vec<_>>();
    view! {
        <header class="me">
            <div class="row">
                <SurnameSeal face=person.face() medium=true/>
                <div class="grow">
                    <h1>{person.name.clone()}</h1>
                    <p class="sm mu">{person.masked_phone()}</p>
                </div>
                {roles.into_iter().map(|role| view! { <span class="tag s">{role}</span> }).collect_view()}
            </div>
        </header>
    }
    .into_any()
}

fn signed_in(context: &Context, person: Person, view: MePage) -> AnyView {
    let (lang, now) = (context.lang, context.now);
    let failed = view.problem.is_some();
    let problem = view.problem.map(|problem| view! { <ErrorCard problem/> });
    // Where something was wrong the form comes first: without a script nobody scrolls there.
    let form = settings::settings(lang, view.name_typed, view.farm);
    let (above, below) = if failed { (Some(form), None) } else { (None, Some(form)) };
    view! {
        <div class="wrap stack over">
            {problem}
            {above}
            {orders::summary(lang, &view.orders, view.balance)}
            {desks(lang, &person)}
        </div>
        {orders::all(context, view.orders)}
        {notices(lang, now, view.notices)}
        {entries(lang, now, view.entries)}
        {below}
        <form class="wrap m5" method="post" action="/sign-out">
            <button class="btn line full">{t!(lang, me.sign_out)}</button>
        </form>
    }
    .into_any()
}

/// Where farmers and leaders work.
fn desks(lang: Lang, person: &Person) -> Option<AnyView> {
    let desks = [
        (person.is(Role::Farmer), "/host", Glyph::VIDEO, t!(lang, me.host_desk)),
        (person.is(Role::Leader), "/leader", Glyph::SHOP, t!(lang, me.leader_desk)),
    ];
    let open: Vec<_> = desks.into_iter().filter(|(open, ..)| *open).collect();
    (!open.is_empty()).then(|| {
        view! {
            <div class="card list slim">
                {open.into_iter().map(|(_, href, glyph, words)| view! {
                    <a href=href><Icon glyph/><b class="grow">{words}</b><Icon glyph=Glyph::NEXT size="s"/></a>
                }).collect_view()}
            </div>
        }
        .into_any()
    })
}

fn notices(lang: Lang, now: Millis, notices: Vec<Notice>) -> Option<AnyView> {
    (!notices.is_empty()).then(|| {
        view! {
            <Section title=t!(lang, me.notices)>
                <ul class="card list slim">
                    {notices.into_iter().map(|notice| notice_line(lang, now, notice)).collect_view()}
                </ul>
            </Section>
        }
        .into_any()
    })
}

fn notice_line(lang: Lang, now: Millis, notice: Notice) -> AnyView {
    let words = state::notice(lang, &notice);
    let words = match notice.order {
        Some((code, _)) => view! { <a class="to" href=format!("/orders/{code}")>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    view! {
        <li>
            <Icon glyph=Glyph::BELL/>
            <div class="grow">
                {words}
                <p class="note"><moment::When at=notice.at words=moment::moment(lang, notice.at, now)/></p>
            </div>
            {notice.unread.then(|| view! { <span class="tag k">{t!(lang, me.unread)}</span> })}
        </li>
    }
    .into_any()
}

fn entries(lang: Lang, now: Millis, entries: Vec<Entry>) -> AnyView {
    let lines = entries.into_iter().map(|entry| {
        let words = state::cause(lang, entry.cause);
        let words = match entry.order {
            Some(code) => view! { <a class="to" href=format!("/orders/{code}")>{format!("{words} · {code}")}</a> }.into_any(),
            None => words.into_any(),
        };
        let (class, delta) = signed(entry.delta);
        view! {
            <li>
                <div class="grow">{words}<p class="note"><moment::When at=entry.at words=moment::moment(lang, entry.at, now)/></p></div>
                <b class=class>{delta}</b>
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    view! {
        <section class="wrap m4" id="balance">
            <details class="card fold">
                <summary><Icon glyph=Glyph::WALLET/><h2>{t!(lang, me.balance_lines)}</h2><Icon glyph=Glyph::DOWN size="s"/></summary>
                {if lines.is_empty() {
                    view! { <p class="note">{t!(lang, me.no_entries)}</p> }.into_any()
                } else {
                    view! { <ul class="list">{lines.collect_view()}</ul> }.into_any()
                }}
            </details>
        </section>
    }
    .into_any()
}

/// `+¥5` in green, `−¥59.4` in ink: the sign says it, the colour only helps.
fn signed(delta: Money) -> (&'static str, String) {
    if delta < Money::ZERO {
        ("nw", format!("−¥{}", Money::ZERO.minus(delta)))
    } else {
        ("nw leafc", format!("+¥{delta}"))
    }
}
