//! What buyers will see of a flash sale, while the host types it: the price per 斤, large, and the
//! line below it. Only a look ahead: what is allowed is the market's to say.

use super::{
    browser::feed,
    facts::{PreviewFacts, PreviewWords, Typed},
    part,
    phrase::fill,
};
use crate::ui::{Price, PriceSize};
use leptos::{either::Either, prelude::*};
use market::{
    Lang, Money,
    live_session::{LivePicture, Pinned},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlFormElement, HtmlInputElement};

/// The card of a sale that is not there yet.
#[island]
pub(super) fn SalePreview(
    /// What the server knew.
    facts: PreviewFacts,
) -> impl IntoView {
    let typed = RwSignal::new(facts.typed.clone());
    let pinned = RwSignal::new(facts.pinned.clone());
    let (code, newest) = (facts.code.clone(), StoredValue::new(facts.version));
    Effect::new(move |_| {
        feed::follow(&code, move |picture: &LivePicture| {
            if picture.version > newest.get_value() {
                newest.set_value(picture.version);
                pinned.set(picture.pinned.clone());
            }
        });
        read_along(typed);
    });
    move || preview(&facts.words, facts.lang, pinned.get(), typed.get())
}

/// Lets `typed` follow the sheet's form.
fn read_along(typed: RwSignal<Typed>) {
    let Some(form) = document().query_selector("#sale form").ok().flatten() else {
        return;
    };
    let Ok(form) = form.dyn_into::<HtmlFormElement>() else {
        return;
    };
    let read = move || {
        let field = |name: &str| {
            let input = form.query_selector(&format!("[name={name}")).ok().flatten();
            input
                .and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
                .map(|input| input.value())
                .unwrap_or_default()
        };
        typed.set(Typed {
            price: field("price]"),
            quota: field("quota]"),
            per_person: field("per_person]"),
            need: field("need]"),
            minutes: field("minutes]"),
            rounds: field("rounds]:checked"),
        });
    };
    // a browser may have kept what was typed before the page was loaded anew
    read();
    let listener = Closure::<dyn Fn()>::new(read).into_js_value();
    if let Ok(Some(sheet)) = document().query_selector("#sale form") {
        let _ = sheet.add_event_listener_with_callback("input", listener.unchecked_ref());
    }
}

fn preview(words: &PreviewWords, lang: Lang, pinned: Option<Pinned>, typed: Typed) -> impl IntoView + use<> {
    let Some(pinned) = pinned else {
        return Either::Left(view! { <p class="note" role="status">{words.first_pin.clone()}</p> });
    };
    let usual = pinned.price;
    let line = match Money::parse_yuan(&typed.price).filter(|price| *price > Money::ZERO) {
        None => words.unreadable.clone(),
        Some(price) if price >= usual => fill(&words.not_cheaper, &[("usual", &usual.to_string())]),
        Some(_) => {
            let whole = fill(
                &words.line,
                &[
                    ("need", &typed.need),
                    ("quota", &typed.quota),
                    ("limit", &typed.per_person),
                    ("minutes", &typed.minutes),
                ],
            );
            match typed.rounds.as_str() {
                "" | "1" => whole,
                rounds => format!("{whole} {}", fill(&words.divided, &[("rounds", rounds)])),
            }
        }
    };
    let price = Money::parse_yuan(&typed.price).map(|price| price.per_jin(pinned.weight));
    Either::Right(part(view! {
        <div class="card flat tight" role="status">
            <b>{pinned.title(lang).to_owned()}</b>
            <p class="m1">
                {price.map(|price| view! { <Price amount=price size=PriceSize::Large/><span class="per">{words.per_jin.clone()}</span>" " })}
                <s class="was">{usual.per_jin(pinned.weight).to_string()}</s>
            </p>
            <p class="note m1">{line}</p>
        </div>
    }))
}
