//! Forms that are posted without leaving the page: while a host is on air, a page that loads anew
//! would tear the picture.
//!
//! A form marked `data-stay` is an ordinary form; only where this code runs it is sent by fetch.
//! Its `data-fault` is the sentence for a network that failed. Sentences of the server appear in
//! the form's `[data-problem]`, and what was typed stays. The feed brings what changed.

use super::net;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// From now on forms marked `data-stay` are sent in place.
pub(crate) fn stay_on_this_page() {
    let submitted = Closure::<dyn Fn(SubmitEvent)>::new(|event: SubmitEvent| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| form.has_attribute("data-stay")) else {
            return;
        };
        event.prevent_default();
        let button = event
            .submitter()
            .and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        leptos::task::spawn_local(async move { send(form, button).await });
    });
    let listener = submitted.into_js_value();
    let _ = document().add_event_listener_with_callback("submit", listener.unchecked_ref());
}

async fn send(form: HtmlFormElement, button: Option<HtmlButtonElement>) {
    if form.has_attribute("aria-busy") {
        return;
    }
    let body = body(&form, button.as_ref());
    let _ = form.set_attribute("aria-busy", "true");
    let answer = post(&form.action(), &body).await;
    let _ = form.remove_attribute("aria-busy");
    let problem = match answer {
        Ok(()) => None,
        Err(problem) if problem.is_empty() => form.get_attribute("data-fault"),
        Err(problem) => Some(problem),
    };
    let done = problem.is_none();
    show(&form, problem);
    if done {
        close_sheet();
    }
}

/// What the form says, and which of its buttons was pressed.
fn body(form: &HtmlFormElement, button: Option<&HtmlButtonElement>) -> String {
    let Ok(fields) = FormData::new_with_form(form) else {
        return String::new();
    };
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        let _ = fields.append_with_str(&button.name(), &button.value());
    }
    UrlSearchParams::new_with_str_sequence_sequence(&fields)
        .map(|pairs| String::from(pairs.to_string()))
        .unwrap_or_default()
}

/// Posts form fields and waits for the verdict. The error is the server's sentence, or empty where
/// nothing sensible came back.
pub(crate) async fn post(address: &str, body: &str) -> Result<(), String> {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
    ];
    let answer = net::send("POST", address, &headers, Some(&JsValue::from_str(body)))
        .await
        .map_err(|_| String::new())?;
    if answer.ok() {
        return Ok(());
    }
    let text = net::text(&answer).await;
    let said = js_sys::JSON::parse(&text).ok();
    let problem = said.and_then(|said| js_sys::Reflect::get(&said, &"problem".into()).ok());
    Err(problem.and_then(|problem| problem.as_string()).unwrap_or_default())
}

fn show(form: &HtmlFormElement, problem: Option<String>) {
    let Ok(Some(card)) = form.query_selector("[data-problem]") else {
        return;
    };
    let Ok(card) = card.dyn_into::<HtmlElement>() else {
        return;
    };
    card.set_hidden(problem.is_none());
    let words = card
        .query_selector("b")
        .ok()
        .flatten()
        .unwrap_or_else(|| Element::from(card));
    words.set_text_content(problem.as_deref());
}

/// Closes the sheet that the address's fragment has opened, and one that the server sent open.
fn close_sheet() {
    let _ = window().location().set_hash("on-air");
    if let Ok(Some(sheet)) = document().query_selector(".sheet.open") {
        let _ = sheet.class_list().remove_1("open");
    }
}
