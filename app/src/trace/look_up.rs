//! `/trace`: a code from a parcel leads to its batch.

use crate::{
    Context, Document, Tab, render, t,
    ui::{ErrorCard, Glyph, Icon, Layout, Section},
};
use leptos::prelude::*;
use market::{Bilingual, Lang};

/// Looking a batch up.
#[derive(Debug, Clone)]
pub struct LookUpPage {
    /// What was typed.
    pub code: String,
    /// Why it led nowhere: a finished sentence.
    pub problem: Option<String>,
    /// Batches to look at: their code and product.
    pub recent: Vec<(String, Bilingual)>,
}

/// `/trace`.
pub fn look_up_page(context: &Context, view: LookUpPage) -> String {
    let lang = context.lang;
    render(context, || Document {
        title: t!(lang, trace.look_up),
        description: t!(lang, trace.look_up_note),
        json_ld: None,
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Trace),
            wide: false,
            head: view! { <header class="bar"><h1>{t!(lang, trace.look_up)}</h1></header> }.into_any(),
            main: main(lang, view),
            buy: None,
        }
        .show(context),
    })
}

fn main(lang: Lang, view: LookUpPage) -> AnyView {
    let LookUpPage { code, problem, recent } = view;
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class="wrap stack">
            {problem.map(|problem| view! { <ErrorCard problem/> })}
            <form class="card verdict stack" action="/trace">
                <label class="field">
                    <span>{t!(lang, trace.code)}</span>
                    <input name="code" value=code required maxlength="40" autocapitalize="characters" autocomplete="off" spellcheck="false" placeholder="DG-1122-03" aria-invalid=invalid aria-describedby="code-note"/>
                </label>
                <p class="note" id="code-note">{t!(lang, trace.look_up_note)}</p>
                <button class="btn leaf big full"><Icon glyph=Glyph::SEARCH/>{t!(lang, trace.look)}</button>
            </form>
        </div>
        {(!recent.is_empty()).then(|| latest(lang, recent))}
    }
    .into_any()
}

fn latest(lang: Lang, recent: Vec<(String, Bilingual)>) -> AnyView {
    let ways: Vec<AnyView> = recent.into_iter().map(|(code, product)| view! {
        <li><a class="row grow gap" href=format!("/t/{code}")><Icon glyph=Glyph::SHIELD/><span class="grow"><b>{product.get(lang).to_owned()}</b><br/><span class="note">{code.clone()}</span></span><Icon glyph=Glyph::NEXT size="s"/></a></li>
    }.into_any()).collect();
    view! { <Section title=t!(lang, trace.recent)><ul class="card list">{ways}</ul></Section> }.into_any()
}
