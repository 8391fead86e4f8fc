//! How much picture a viewer keeps in hand, so that a lost packet can be asked for, and asked for once
//! more when the answer is lost too, before its frame is due: else every such loss is a freeze. It is
//! set at the start and not while watching, because a cushion that grows is a freeze itself.

use wasm_bindgen::JsValue;
use web_sys::{RtcPeerConnection, RtcRtpReceiver, RtcRtpTransceiver};

/// The cushion before anything is known of the way, in milliseconds; also the smallest.
const LEAST_MS: f64 = 200.0;
/// The largest: a viewer still hears the farmer within the second.
const MOST_MS: f64 = 600.0;
/// Round trips that it covers: two questions and their answers, and the time to notice.
const ROUND_TRIPS: f64 = 3.0;

/// For round trips of `round_trip` milliseconds; 0 when none was measured.
fn target(round_trip: f64) -> f64 {
    (round_trip * ROUND_TRIPS + LEAST_MS / 4.0).clamp(LEAST_MS, MOST_MS)
}

/// Sets the cushion of everything `peer` receives, sound too, or lips and words part. A browser that
/// has no such setting keeps its own.
pub(super) fn fit(peer: &RtcPeerConnection, round_trip: f64) {
    for line in peer.get_transceivers().iter() {
        let receiver: RtcRtpReceiver = RtcRtpTransceiver::from(line).receiver();
        let _ = js_sys::Reflect::set(
            &receiver,
            &"jitterBufferTarget".into(),
            &JsValue::from_f64(target(round_trip)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_neither_too_small_to_help_nor_so_large_that_the_field_is_far() {
        let cases = [(0.0, LEAST_MS), (20.0, LEAST_MS), (100.0, 350.0), (400.0, MOST_MS)];
        for (round_trip, milliseconds) in cases {
            assert_eq!(target(round_trip), milliseconds, "{round_trip}");
        }
    }
}
