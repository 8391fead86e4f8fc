//! `/line/…`: an order waits for its turn. The page comes again by itself, with or without scripts.

use crate::{
    Context, Document, render, t,
    ui::{Layout, frame::Logo},
};
use leptos::prelude::*;

/// Where an order stands in line.
#[derive(Debug, Clone, Copy)]
pub struct LinePage {
    /// People before, at most.
    pub ahead: u64,
    /// Milliseconds until its turn, as far as one can tell.
    pub estimate_ms: u64,
}

/// The waiting page.
pub fn line_page(context: &Context, view: LinePage) -> String {
    let lang = context.lang;
    let ahead = match view.ahead {
        0 => t!(lang, line.next),
        n => t!(lang, line.ahead, n = n),
    };
    let wait = match view.estimate_ms.div_ceil(1000) {
        0..=1 => t!(lang, line.at_once),
        seconds @ 2..=90 => t!(lang, line.seconds, n = seconds),
        seconds => t!(lang, line.minutes, n = seconds.div_ceil(60)),
    };
    render(context, || Document {
        title: t!(lang, line.title),
        description: t!(lang, line.note),
        json_ld: None,
        islands: false,
        private: true,
        body: Layout {
            tab: None,
            wide: false,
            head: view! { <header class="bar"><a class="logo" href="/"><Logo lang/></a></header> }.into_any(),
            main: view! {
                <div class="wrap m4">
                    <div class="card queue" role="status">
                        <h1>{t!(lang, line.title)}</h1>
                        <p class="ahead">{ahead}</p>
                        <p>{wait}</p>
                        <p class="note">{t!(lang, line.note)}</p>
                        <a class="btn line full" href="">{t!(lang, line.look)}</a>
                    </div>
                </div>
            }
            .into_any(),
            buy: None,
        }
        .show(context),
    })
}
