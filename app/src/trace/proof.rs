//! How anybody can do the check again, without us.

use crate::t;
use leptos::prelude::*;
use market::{
    Lang,
    trace::{Batch, Verdict},
};

/// The chain's head, how many links hold, and every link's text and hash.
pub(super) fn proof(lang: Lang, batch: &Batch) -> AnyView {
    let whole = batch.events.len();
    let hold = match batch.verdict {
        Verdict::Intact => whole,
        Verdict::Broken { at } => usize::try_from(at - 1).unwrap_or(0).min(whole),
        Verdict::Empty => 0,
    };
    let links: Vec<AnyView> = batch.events.iter().map(|event| view! {
        <li class="m3"><b>{t!(lang, trace.link, n = event.position)}</b><code>{event.canonical.clone()}</code><code>{event.hash.clone()}</code></li>
    }.into_any()).collect();
    view! {
        <div class="proof">
            <h2>{t!(lang, trace.doubt)}</h2>
            <p class="m2">{t!(lang, trace.doubt_note)}</p>
            <code>{grouped(&batch.head)}" · "{t!(lang, trace.hold, hold = hold, whole = whole)}</code>
            <a class="btn leaf full" href=format!("/t/{}", batch.code)>{t!(lang, trace.again)}</a>
            {(whole > 0).then(|| view! {
                <details class="m2">
                    <summary>{t!(lang, trace.all_links)}</summary>
                    <p class="note">{t!(lang, trace.how)}</p>
                    <code>"printf '%s%s' \"$prev\" \"$text\" | sha256sum"</code>
                    <ol>{links}</ol>
                </details>
            })}
        </div>
    }
    .into_any()
}

/// The first 16 digits, four at a time, as people compare them.
fn grouped(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().take(16).collect();
    digits
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}
