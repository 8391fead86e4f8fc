//! `/me/inbox`: everything somebody was told, newest first; what is new says so this once.

use super::told;
use crate::{
    Context, Document, Tab, render, t,
    ui::{EmptyCard, Layout, bar},
};
use leptos::prelude::*;
use market::people::Notice;

/// What the inbox shows.
#[derive(Debug, Clone, Default)]
pub struct InboxPage {
    /// What they were told, newest first.
    pub notices: Vec<Notice>,
}

/// `/me/inbox`.
pub fn inbox_page(context: &Context, view: InboxPage) -> String {
    let (lang, now) = (context.lang, context.now);
    render(context, || {
        let title = t!(lang, me.notices);
        let main = if view.notices.is_empty() {
            view! {
                <div class="wrap m4">
                    <EmptyCard title=t!(lang, me.no_notices) note=t!(lang, me.no_notices_hint)>
                        <a class="btn leaf" href="/">{t!(lang, me.go_shopping)}</a>
                    </EmptyCard>
                </div>
            }
            .into_any()
        } else {
            view! { <div class="wrap m3">{told::lines(lang, now, view.notices)}</div> }.into_any()
        };
        Document {
            description: t!(lang, me.inbox_about),
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
