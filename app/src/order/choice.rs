//! One of several: a radio button as large as a card, that needs no script.

use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// A choice among those of the same `name`.
#[component]
pub fn Choice(
    /// The form field.
    name: &'static str,
    /// What is sent.
    #[prop(into)]
    value: String,
    /// Its icon.
    glyph: Glyph,
    /// What it is.
    #[prop(into)]
    title: String,
    /// More on it, line by line.
    notes: Vec<String>,
    /// Chosen when the page opens.
    checked: bool,
    /// Cannot be chosen; the notes say why.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="radio" name=name value=value checked=checked disabled=disabled required/>
            <span class="opt">
                <Icon glyph size="l"/>
                <span class="grow">
                    <b>{title}</b>
                    {notes.into_iter().map(|note| view! { <span class="note">{note}</span> }).collect_view()}
                </span>
                <i class="dot"></i>
            </span>
        </label>
    }
}
