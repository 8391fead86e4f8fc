//! `/me/apps`: keys (tokens) by which one's own programs act at `/api/v1`. A new one is shown on the
//! page that answers its form, once.

use crate::{
    Context, Document, Tab, render, t,
    ui::{EmptyCard, ErrorCard, Glyph, Icon, Layout, Section, bar, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Millis,
    api_token::{ApiToken, Scope},
};

/// What the page of keys shows.
#[derive(Debug, Clone, Default)]
pub struct AppsPage {
    /// The keys in use, the newest first.
    pub tokens: Vec<ApiToken>,
    /// The name and the text of a key that was made just now.
    pub made: Option<(String, String)>,
    /// The name in the form, as it was typed.
    pub name_typed: String,
    /// What is ticked in the form.
    pub ticked: Vec<Scope>,
    /// Why no key was made, as a finished sentence.
    pub problem: Option<String>,
}

/// `/me/apps`.
pub fn apps_page(context: &Context, view: AppsPage) -> String {
    let (lang, now) = (context.lang, context.now);
    render(context, || {
        let title = t!(lang, apps.title);
        let problem = view.problem.map(|problem| view! { <ErrorCard problem/> });
        let main = view! {
            <div class="wrap stack">
                {problem}
                {view.made.map(|(name, text)| made(lang, name, text))}
                <p>{t!(lang, apps.lead)}</p>
                <dl class="card kv">
                    <dt>{t!(lang, apps.address)}</dt>
                    <dd>{format!("{}/api/v1", context.origin)}</dd>
                    <dt>{t!(lang, apps.description)}</dt>
                    <dd><a class="to" href="/api/v1/openapi.json">"openapi.json"</a></dd>
                </dl>
            </div>
            {in_use(lang, now, view.tokens)}
            {form(lang, view.name_typed, &view.ticked)}
        }
        .into_any();
        Document {
            description: t!(lang, apps.about),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout {
                tab: Some(Tab::Me),
                wide: false,
                head: bar(context, &title, "/me", None),
                main,
                buy: None,
            }
            .show(context),
            title,
        }
    })
}

/// The new key, to be copied; a field, so that one tap takes all of it.
fn made(lang: Lang, name: String, text: String) -> AnyView {
    view! {
        <section class="card stack">
            <h2>{t!(lang, apps.made, name = name)}</h2>
            <div class="field">
                <label class="label" for="key">{t!(lang, apps.made_note)}</label>
                <input id="key" type="text" value=text readonly autocomplete="off" spellcheck="false"/>
            </div>
        </section>
    }
    .into_any()
}

fn in_use(lang: Lang, now: Millis, tokens: Vec<ApiToken>) -> AnyView {
    if tokens.is_empty() {
        return view! {
            <div class="wrap m4"><EmptyCard title=t!(lang, apps.none) note=t!(lang, apps.none_note)/></div>
        }
        .into_any();
    }
    let lines: Vec<_> = tokens.into_iter().map(|token| line(lang, now, token)).collect();
    view! {
        <Section title=t!(lang, apps.list)>
            <ul class="card list slim">{lines.collect_view()}</ul>
        </Section>
    }
    .into_any()
}

fn line(lang: Lang, now: Millis, token: ApiToken) -> AnyView {
    let made = t!(lang, apps.made_at, time = moment::moment(lang, token.created_at, now));
    let used = match token.last_used_at {
        Some(at) => t!(lang, apps.used_at, time = moment::moment(lang, at, now)),
        None => t!(lang, apps.never),
    };
    let scopes = token.scopes.iter().map(|&scope| may(lang, scope)).collect::<Vec<_>>();
    let label = t!(lang, apps.revoke_label, name = token.name.clone());
    view! {
        <li>
            <Icon glyph=Glyph::KEY/>
            <div class="grow">
                <b>{token.name}</b>
                {scopes.into_iter().map(|words| view! { <p class="note">{words}</p> }).collect_view()}
                <p class="note">{format!("{made} · {used}")}</p>
            </div>
            <form method="post" action=format!("/me/apps/{}/revoke", token.id)>
                <button class="btn line" aria-label=label>{t!(lang, apps.revoke)}</button>
            </form>
        </li>
    }
    .into_any()
}

fn form(lang: Lang, name: String, ticked: &[Scope]) -> AnyView {
    let boxes = Scope::ALL.iter().map(|&scope| {
        let checked = ticked.contains(&scope);
        view! {
            <label class="choice">
                <input type="checkbox" name=scope.as_str() checked=checked/>
                <span class="opt"><span class="grow"><b>{may(lang, scope)}</b><span class="note">{scope.as_str()}</span></span><i class="dot"></i></span>
            </label>
        }
    });
    let boxes: Vec<_> = boxes.collect();
    view! {
        <Section title=t!(lang, apps.new)>
            <form class="card stack" method="post" action="/me/apps">
                <div class="field">
                    <label class="label" for="name">{t!(lang, apps.name)}</label>
                    <input id="name" name="name" type="text" autocomplete="off" value=name maxlength="40" required aria-describedby="name-hint"/>
                    <p class="note" id="name-hint">{t!(lang, apps.name_hint)}</p>
                </div>
                <fieldset class="stack">
                    <legend class="label">{t!(lang, apps.may)}</legend>
                    {boxes.collect_view()}
                </fieldset>
                <button class="btn leaf full">{t!(lang, apps.make)}</button>
            </form>
        </Section>
    }
    .into_any()
}

/// What a scope lets a program do.
fn may(lang: Lang, scope: Scope) -> String {
    match scope {
        Scope::CatalogRead => t!(lang, apps.scope.catalog_read),
        Scope::LivesRead => t!(lang, apps.scope.lives_read),
        Scope::GroupsWrite => t!(lang, apps.scope.groups_write),
        Scope::OrdersRead => t!(lang, apps.scope.orders_read),
        Scope::OrdersWrite => t!(lang, apps.scope.orders_write),
    }
}
