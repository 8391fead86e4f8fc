//! The host's camera and microphone.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, MediaStream, MediaStreamConstraints, MediaStreamTrack};

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The person, or the phone's settings, said no.
    Refused,
    /// There is no camera.
    Absent,
    /// Another program holds it.
    Busy,
    /// Browsers give the camera only to pages on https or localhost.
    Insecure,
}

/// Opens the camera: the one on the back, or the one towards the farmer.
pub(crate) async fn open(towards_me: bool) -> Result<MediaStream, Trouble> {
    match ask(towards_me, true).await {
        // a camera without a microphone is better than nothing
        Err(Trouble::Absent) => ask(towards_me, false).await,
        answer => answer,
    }
}

async fn ask(towards_me: bool, sound: bool) -> Result<MediaStream, Trouble> {
    // not there at all outside of secure pages
    let devices = js_sys::Reflect::get(&window().navigator(), &"mediaDevices".into()).ok();
    let devices = devices.filter(|devices| devices.is_object()).ok_or(Trouble::Insecure)?;
    let devices: web_sys::MediaDevices = devices.unchecked_into();
    let wish = MediaStreamConstraints::new();
    wish.set_video(&picture_wish(towards_me));
    wish.set_audio(&JsValue::from_bool(sound));
    let opened = devices
        .get_user_media_with_constraints(&wish)
        .map_err(|why| trouble(&why))?;
    JsFuture::from(opened)
        .await
        .map(JsCast::unchecked_into)
        .map_err(|why| trouble(&why))
}

/// Portrait, 720 px wide: what a village uplink carries and a phone shows. All of it is a wish, so
/// that a desktop's camera does too.
fn picture_wish(towards_me: bool) -> JsValue {
    let wish = js_sys::Object::new();
    let facing = if towards_me { "user" } else { "environment" };
    let wishes = [
        ("width", 720.0.into()),
        ("height", 1280.0.into()),
        ("frameRate", 30.0.into()),
        ("facingMode", JsValue::from_str(facing)),
    ];
    for (name, value) in wishes {
        let ideal = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&ideal, &"ideal".into(), &value);
        let _ = js_sys::Reflect::set(&wish, &name.into(), &ideal);
    }
    wish.into()
}

fn trouble(why: &JsValue) -> Trouble {
    match why.dyn_ref::<DomException>().map(|why| why.name()).as_deref() {
        Some("NotFoundError" | "OverconstrainedError") => Trouble::Absent,
        Some("NotReadableError" | "AbortError") => Trouble::Busy,
        _ => Trouble::Refused,
    }
}

/// Switches the microphone.
pub(crate) fn set_sound(stream: &MediaStream, on: bool) {
    for track in stream.get_audio_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().set_enabled(on);
    }
}

/// Gives camera and microphone back.
pub(crate) fn close(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}
