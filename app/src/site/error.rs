//! What went wrong, said as a neighbour would, with a way on; every one says what became of the money.

use crate::{
    Context, Document, render, t,
    ui::{EmptyCard, Layout, frame::Logo},
};
use leptos::prelude::*;

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no such thing: 404.
    NotFound,
    /// It belongs to somebody else: 403.
    Forbidden,
    /// Asked too often: 429.
    TooMany,
    /// It took too long: 503.
    TooSlow,
    /// The market refused, outside a form that could say so.
    Refused {
        /// Why, in words.
        sentence: String,
    },
    /// Our fault: 500.
    Fault {
        /// What to tell us, so that we find it in the log.
        reference: String,
    },
}

/// A page instead of the one that was asked for.
pub fn error_page(context: &Context, problem: Problem) -> String {
    let lang = context.lang;
    let (title, note) = match problem {
        Problem::NotFound => (t!(lang, site.error.not_found), t!(lang, site.error.not_found_note)),
        Problem::Forbidden => (t!(lang, site.error.forbidden), t!(lang, site.error.forbidden_note)),
        Problem::TooMany => (t!(lang, site.error.too_many), t!(lang, site.error.too_many_note)),
        Problem::TooSlow => (t!(lang, site.error.too_slow), t!(lang, site.error.too_slow_note)),
        Problem::Refused { sentence } => (t!(lang, site.error.refused), sentence),
        Problem::Fault { reference } => (
            t!(lang, site.error.fault),
            format!("{} {reference}", t!(lang, site.error.fault_note)),
        ),
    };
    let way = view! { <a class="btn leaf" href="/">{t!(lang, site.error.home)}</a> }.into_any();
    alone(context, title, note, way)
}

/// What a browser shows when there is no network; the service worker keeps it.
pub fn offline_page(context: &Context) -> String {
    let lang = context.lang;
    let way = view! { <a class="btn leaf" href="">{t!(lang, site.offline.retry)}</a> }.into_any();
    alone(context, t!(lang, site.offline.title), t!(lang, site.offline.note), way)
}

fn alone(context: &Context, title: String, note: String, way: AnyView) -> String {
    let lang = context.lang;
    render(context, || Document {
        title: title.clone(),
        description: note.clone(),
        json_ld: None,
        islands: false,
        private: true,
        body: Layout {
            tab: None,
            wide: false,
            head: view! { <header class="bar"><a class="logo" href="/"><Logo lang/></a></header> }.into_any(),
            main: view! { <div class="wrap m4"><EmptyCard title note level=1>{way}</EmptyCard></div> }.into_any(),
            buy: None,
        }
        .show(context),
    })
}
