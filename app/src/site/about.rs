//! `/about`.

use crate::{
    Context, Document, Tab, render, t,
    ui::{Layout, bar},
};
use leptos::prelude::*;

/// The page about the site needs nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {}

/// `/about`.
pub fn about_page(context: &Context, _view: About) -> String {
    let lang = context.lang;
    let title = t!(lang, site.about_page.title);
    let parts = [
        (t!(lang, site.about_page.price_title), t!(lang, site.about_page.price)),
        (t!(lang, site.about_page.group_title), t!(lang, site.about_page.group)),
        (t!(lang, site.about_page.trace_title), t!(lang, site.about_page.trace)),
        (t!(lang, site.about_page.people_title), t!(lang, site.about_page.people)),
        (
            t!(lang, site.about_page.pictures_title),
            t!(lang, site.about_page.pictures),
        ),
    ];
    render(context, || Document {
        title: title.clone(),
        description: t!(lang, site.description),
        json_ld: None,
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Home),
            wide: false,
            head: bar(context, &title, "/", None),
            main: view! {
                <div class="wrap">
                    <p class="story">{t!(lang, site.about_page.lead)}</p>
                    {parts.into_iter().map(|(title, words)| view! {
                        <section class="sec"><div class="sec-h"><h2>{title}</h2></div><p>{words}</p></section>
                    }).collect_view()}
                </div>
            }
            .into_any(),
            buy: None,
        }
        .show(context),
    })
}
