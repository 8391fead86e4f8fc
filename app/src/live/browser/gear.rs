//! What a host's page has in its hands: one camera's stream, one connection. They belong to the
//! page, not to a view of it, and cannot leave the browser's one thread.

use super::{
    broadcast::{Broadcast, Told},
    camera,
};
use std::cell::RefCell;
use web_sys::MediaStream;

#[derive(Default)]
struct Gear {
    stream: Option<MediaStream>,
    broadcast: Option<Broadcast>,
}

thread_local! {
    static GEAR: RefCell<Gear> = RefCell::default();
}

/// Makes a connection to `door` ready; `tell` hears how it goes.
pub(crate) fn prepare(door: String, ticket: String, tell: impl Fn(Told) + 'static) {
    GEAR.with_borrow_mut(|gear| gear.broadcast = Some(Broadcast::new(door, ticket, tell)));
}

/// Takes a camera's stream in the place of the one there was.
pub(crate) fn hold(stream: MediaStream) {
    if let Some(broadcast) = broadcast() {
        broadcast.set_stream(stream.clone());
    }
    GEAR.with_borrow_mut(|gear| gear.stream = Some(stream));
}

/// Gives the camera back.
pub(crate) fn let_go() {
    if let Some(stream) = GEAR.with_borrow_mut(|gear| gear.stream.take()) {
        camera::close(&stream);
    }
}

/// Switches the microphone.
pub(crate) fn set_sound(on: bool) {
    if let Some(stream) = GEAR.with_borrow(|gear| gear.stream.clone()) {
        camera::set_sound(&stream, on);
    }
}

/// Goes on air.
pub(crate) fn start() {
    if let Some(broadcast) = broadcast() {
        broadcast.start();
    }
}

/// The session is over: hangs up and gives the camera back.
pub(crate) fn finish() {
    if let Some(broadcast) = broadcast() {
        broadcast.finish();
    }
    let_go();
}

fn broadcast() -> Option<Broadcast> {
    GEAR.with_borrow(|gear| gear.broadcast.clone())
}
