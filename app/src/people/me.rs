//! `/me`: the pick-up codes first, then orders, balance, messages and settings.

use super::{orders, settings, told};
use crate::{
    Context, Document, Tab, render, t,
    text::state,
    ui::{EmptyCard, ErrorCard, Glyph, Icon, Layout, SurnameSeal},
};
use leptos::prelude::*;
use market::{
    Lang, Money,
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
    /// What they were told last, newest first.
    pub notices: Vec<Notice>,
    /// Of all they were told, so many are new.
    pub unread: i64,
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
            body: Layout {
                tab: Some(Tab::Me),
                wide: false,
                head,
                main,
                buy: None,
            }
            .show(context),
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
    let roles = person
        .roles
        .iter()
        .map(|&role| state::role(lang, role))
        .collect::<Vec<_>>();
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
        {told::notices(lang, now, view.notices, view.unread)}
        {told::entries(lang, now, view.entries)}
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
        (
            person.is(Role::Leader),
            "/leader",
            Glyph::SHOP,
            t!(lang, me.leader_desk),
        ),
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
