//! `/lan`: how a phone in the house comes to trust this server.

use crate::{
    Context, Document, render, t,
    ui::{Layout, bar},
};
use leptos::prelude::*;
use market::Lang;

/// `/lan`.
pub fn lan_page(context: &Context) -> String {
    let lang = context.lang;
    let title = t!(lang, site.lan_page.title);
    let parts = [
        (t!(lang, site.lan_page.warns_title), t!(lang, site.lan_page.warns)),
        (t!(lang, site.lan_page.android_title), t!(lang, site.lan_page.android)),
        (t!(lang, site.lan_page.iphone_title), t!(lang, site.lan_page.iphone)),
        (t!(lang, site.lan_page.only_title), t!(lang, site.lan_page.only)),
    ];
    render(context, || Document {
        title: title.clone(),
        description: t!(lang, site.lan_page.lead),
        json_ld: None,
        islands: false,
        private: true,
        body: Layout {
            tab: None,
            wide: false,
            head: bar(context, &title, "/", None),
            main: view! {
                <div class="wrap">
                    <p class="story">{t!(lang, site.lan_page.lead)}</p>
                    <p><a class="btn leaf" href="/lan/authority.crt">{t!(lang, site.lan_page.fetch)}</a></p>
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

/// What the terminal says under the address: what the phone will ask, and where to read on.
pub fn lan_words(lang: Lang, origin: &str) -> [String; 2] {
    [
        t!(lang, site.lan_page.scan),
        format!("{} {origin}/lan", t!(lang, site.lan_page.more)),
    ]
}
