//! The vermilion seal 溯源已验. It appears only on a batch whose chain was checked and holds.

use crate::t;
use leptos::prelude::*;
use market::Lang;

const EDGE: &str = "M5 4.200 13 3.400 25 4.400 30 3.300 39 3.100 51 4.200 59.500 3.900 60.900 9 60 19 60.900 30 59.300 37 60.300 45 60.600 56 58.500 60.400 47 59.700 40 60.800 33 60.300 20 59.600 9 60.700 4 59.800 4.400 47 3.200 41 4 33 3 20 3.900 11z";

/// 溯源已验: the check of the whole chain came out well.
#[component]
pub fn VerifiedSeal(
    /// The reader's language.
    lang: Lang,
    /// Its sides, in pixels.
    size: u32,
) -> impl IntoView {
    let drawing = format!(
        r##"<path fill="currentColor" stroke="currentColor" stroke-linejoin="round" d="{EDGE}"/><path d="M7 7.5h50v49.5H7z" fill="none" stroke="#fffdf6" stroke-width="1.5"/><g fill="#fffdf6" class="seal-t"><text x="44" y="29.5">溯</text><text x="44" y="53.5">源</text><text x="20" y="29.5">已</text><text x="20" y="53.5">验</text></g>"##
    );
    view! { <svg class="seal" width=size height=size viewBox="0 0 64 64" role="img" aria-label=t!(lang, trace.seal_verified) inner_html=drawing></svg> }
}

/// 未通过: an outline only; the check failed.
#[component]
pub fn BrokenSeal(
    /// The reader's language.
    lang: Lang,
    /// Its sides, in pixels.
    size: u32,
) -> impl IntoView {
    let drawing = format!(
        r#"<path fill="none" stroke="currentColor" stroke-width="2.5" stroke-dasharray="5 3" stroke-linejoin="round" d="{EDGE}"/><g fill="currentColor" class="seal-t"><text x="32" y="28" font-size="21">未</text><text x="32" y="52" font-size="21">通过</text></g>"#
    );
    view! { <svg class="seal" width=size height=size viewBox="0 0 64 64" role="img" aria-label=t!(lang, trace.seal_broken) inner_html=drawing></svg> }
}
