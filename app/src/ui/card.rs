//! Cards that say how something stands: nothing here, something went wrong.

use super::glyph::{Glyph, Icon};
use leptos::prelude::*;

/// The head of a section: three ridges, its title, a note, and a way to more of it.
#[component]
pub fn Section(
    /// What is in it.
    #[prop(into)]
    title: String,
    /// A few words beside the title.
    #[prop(into, optional)]
    note: Option<String>,
    /// A link to more: its words and where it goes.
    #[prop(optional_no_strip)]
    more: Option<(String, String)>,
    /// What is in the section.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="sec wrap">
            <div class="sec-h">
                <h2>{title}</h2>
                {note.map(|note| view! { <span class="sm mu">{note}</span> })}
                {more.map(|(words, href)| view! { <a class="more" href=href>{words}<Icon glyph=Glyph::NEXT size="s"/></a> })}
            </div>
            {children()}
        </section>
    }
}

/// What went wrong, and what became of the money; read out at once. Ways on go inside.
#[component]
pub fn ErrorCard(
    /// A finished sentence.
    #[prop(into)]
    problem: String,
    /// Buttons and links below it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="err" role="alert">
            <Icon glyph=Glyph::WARNING/>
            <div class="grow"><b>{problem}</b>{children.map(|ways| ways())}</div>
        </div>
    }
}

const FURROWS: &str = r#"<path d="M4 70Q40 34 57 20M26 70Q48 38 58 20M48 70Q56 42 59.5 20M72 70Q64 42 60.5 20M94 70Q72 38 62 20M116 70Q80 34 63 20"/><path d="M60 18V6M60 10c0-5-3-7-8-7 0 5 3 7 8 7zM60 8c0-4 3-6 8-6 0 5-3 6-8 6z" fill="currentColor"/>"#;

/// Nothing here yet: a field with one sprout, a sentence, and where to go instead.
#[component]
pub fn EmptyCard(
    /// What is not there.
    #[prop(into)]
    title: String,
    /// Why, or what to do.
    #[prop(into)]
    note: String,
    /// The level of its heading: 1 where the card is the page, 2 below a page's title, 3 inside a section.
    #[prop(default = 2)]
    level: u8,
    /// A link or a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let title = match level {
        1 => view! { <h1>{title}</h1> }.into_any(),
        3 => view! { <h3>{title}</h3> }.into_any(),
        _ => view! { <h2>{title}</h2> }.into_any(),
    };
    view! {
        <div class="card empty">
            <svg width="120" height="72" viewBox="0 0 120 72" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true" inner_html=FURROWS></svg>
            {title}
            <p>{note}</p>
            {children.map(|ways| ways())}
        </div>
    }
}
