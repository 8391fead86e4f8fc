//! The server's time, as a page knows it without trusting the phone's clock.
//!
//! Every picture says when it was made, and it always arrives later than that: what a picture says
//! minus this page's own stopwatch is a lower bound of the true distance, and the largest bound seen
//! is the best one. A stamp that is old (a picture replayed after a break) does no harm.

use leptos::prelude::window;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// The server's milliseconds minus the stopwatch's.
    static DISTANCE: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// Milliseconds since the page was asked for, on a clock nobody can set.
pub(crate) fn stopwatch() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The stamp `server_ms` has just arrived.
pub(crate) fn learn(server_ms: i64) {
    learn_at(server_ms, stopwatch());
}

/// The stamp `server_ms` came with the page itself: it arrived with the page's first byte, long
/// before the island woke.
pub(crate) fn learn_from_page(server_ms: i64) {
    learn_at(server_ms, first_byte().unwrap_or_else(stopwatch));
}

fn learn_at(server_ms: i64, arrived: f64) {
    DISTANCE.with(|distance| distance.set(distance.get().max(server_ms as f64 - arrived)));
}

/// The server's time now, in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    (DISTANCE.with(Cell::get) + stopwatch()) as i64
}

/// When the page's first byte arrived, by the stopwatch.
fn first_byte() -> Option<f64> {
    let performance = window().performance()?;
    let entries = js_sys::Reflect::get(&performance, &JsValue::from_str("getEntriesByType")).ok()?;
    let entries: &js_sys::Function = entries.dyn_ref()?;
    let found = entries.call1(&performance, &JsValue::from_str("navigation")).ok()?;
    let entry = found.dyn_ref::<js_sys::Array>()?.get(0);
    let at = js_sys::Reflect::get(&entry, &JsValue::from_str("responseStart"))
        .ok()?
        .as_f64()?;
    (at > 0.0).then_some(at)
}
