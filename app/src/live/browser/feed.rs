//! The session's feed: one stream of server-sent events for all islands of the page.

use super::clock;
use leptos::prelude::{document, set_timeout, window_event_listener_untyped};
use market::live_session::LivePicture;
use std::{cell::RefCell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent, VisibilityState};

type Listener = Rc<dyn Fn(&LivePicture)>;

#[derive(Default)]
struct Feed {
    address: String,
    source: Option<EventSource>,
    listeners: Vec<Listener>,
}

thread_local! {
    static FEED: RefCell<Feed> = RefCell::default();
}

/// Calls `heard` with every picture of the session `code` that arrives. Pictures may come twice or
/// late: whoever listens compares versions.
pub(crate) fn follow(code: &str, heard: impl Fn(&LivePicture) + 'static) {
    let first = FEED.with_borrow_mut(|feed| {
        feed.listeners.push(Rc::new(heard));
        feed.address = format!("/live/{code}/events");
        feed.listeners.len() == 1
    });
    if first {
        open();
        // A phone that slept may hold a dead stream that says it is open.
        document().set_onvisibilitychange(Some(&listener(|| {
            if document().visibility_state() == VisibilityState::Visible {
                open();
            }
        })));
        let _ = window_event_listener_untyped("online", |_| open());
    }
}

/// Opens the stream anew, instead of the one there was.
fn open() {
    let address = FEED.with_borrow_mut(|feed| {
        if let Some(old) = feed.source.take() {
            old.close();
        }
        feed.address.clone()
    });
    let Ok(source) = EventSource::new(&address) else { return };
    let message = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            hear(&text);
        }
    });
    source.set_onmessage(Some(message.into_js_value().unchecked_ref()));
    // The browser reconnects by itself, except where the server answered with an error.
    let watched = source.clone();
    source.set_onerror(Some(&listener(move || {
        if watched.ready_state() == EventSource::CLOSED {
            let gone = watched.clone();
            set_timeout(move || reopen_unless_replaced(&gone), Duration::from_secs(3));
        }
    })));
    FEED.with_borrow_mut(|feed| feed.source = Some(source));
}

fn reopen_unless_replaced(gone: &EventSource) {
    if FEED.with_borrow(|feed| feed.source.as_ref() == Some(gone)) {
        open();
    }
}

fn hear(text: &str) {
    let Ok(picture) = serde_json::from_str::<LivePicture>(text) else {
        return;
    };
    clock::learn(picture.now.0);
    let listeners = FEED.with_borrow(|feed| feed.listeners.clone());
    for listener in listeners {
        listener(&picture);
    }
}

fn listener(act: impl Fn() + 'static) -> js_sys::Function {
    Closure::<dyn Fn()>::new(act).into_js_value().unchecked_into()
}
