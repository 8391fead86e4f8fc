//! Requests to our own server, and waiting.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Sends a request; an error means that nothing came back.
pub(crate) async fn send(
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: Option<&JsValue>,
) -> Result<Response, JsValue> {
    let wish = wish(method, headers, body)?;
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, &wish)).await?;
    answer.dyn_into()
}

/// Sends a request at once, one that outlives the page; the future is only to wait for its end.
pub(crate) fn send_on_leaving(
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
) -> impl Future<Output = ()> + use<> {
    let sent = wish(method, headers, None).map(|wish| {
        let _ = js_sys::Reflect::set(&wish, &"keepalive".into(), &JsValue::TRUE);
        window().fetch_with_str_and_init(address, &wish)
    });
    async move {
        if let Ok(sent) = sent {
            // whatever comes back: the server drops a silent session by itself
            let _ = JsFuture::from(sent).await;
        }
    }
}

fn wish(method: &str, headers: &[(&str, &str)], body: Option<&JsValue>) -> Result<RequestInit, JsValue> {
    let list = Headers::new()?;
    for (name, value) in headers {
        list.set(name, value)?;
    }
    let wish = RequestInit::new();
    wish.set_method(method);
    wish.set_headers(&list);
    if let Some(body) = body {
        wish.set_body(body);
    }
    Ok(wish)
}

/// The text of an answer; empty when it broke off.
pub(crate) async fn text(answer: &Response) -> String {
    let Ok(text) = answer.text() else { return String::new() };
    JsFuture::from(text)
        .await
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Waits.
pub(crate) async fn pause(milliseconds: i32) {
    let timer = js_sys::Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    });
    let _ = JsFuture::from(timer).await;
}
