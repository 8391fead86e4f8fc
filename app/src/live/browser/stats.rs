//! What a connection says of itself.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

/// One reading of a connection's counters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Reading {
    /// Bytes that came in.
    pub(super) received: f64,
    /// Bytes that went out.
    pub(super) sent: f64,
    /// The share of our packets that did not arrive, as the other side reports, 0 to 1.
    pub(super) loss: f64,
    /// Milliseconds to the server and back.
    pub(super) round_trip: f64,
    /// The picture is made worse because the network carries no more.
    pub(super) narrow: bool,
}

/// How the way up is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Uplink {
    /// Kilobits a second.
    pub(crate) kilobits: i64,
    /// Percent of packets lost.
    pub(crate) loss: i64,
    /// The network carries no more than this. Without it, few kilobits only mean a still scene.
    pub(crate) narrow: bool,
}

/// Three words for a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Buyers see a clear picture.
    Good,
    /// It will do.
    Fair,
    /// The picture stutters.
    Poor,
}

impl Uplink {
    /// Between two readings `milliseconds` apart.
    pub(super) fn between(earlier: Reading, later: Reading, milliseconds: f64) -> Self {
        let bits = (later.sent - earlier.sent).max(0.0) * 8.0;
        Uplink {
            kilobits: (bits / milliseconds.max(1.0)) as i64,
            loss: (later.loss * 100.0).round() as i64,
            narrow: later.narrow,
        }
    }

    /// In a word. Below 250 kbit/s a phone's picture is a slide show, below 700 it is soft.
    pub(crate) fn quality(self) -> Quality {
        match self {
            Uplink { kilobits, loss, narrow } if (narrow && kilobits < 250) || loss > 10 => Quality::Poor,
            Uplink { kilobits, loss, narrow } if (narrow && kilobits < 700) || loss > 3 => Quality::Fair,
            _ => Quality::Good,
        }
    }

    /// Bars lit, of four.
    pub(crate) fn bars(self) -> usize {
        match self.quality() {
            Quality::Good if !self.narrow => 4,
            Quality::Good => 3,
            Quality::Fair => 2,
            Quality::Poor => 1,
        }
    }
}

/// Reads the counters; all zero when the connection is gone.
pub(super) async fn read(peer: &RtcPeerConnection) -> Reading {
    let Ok(report) = JsFuture::from(peer.get_stats()).await else {
        return Reading::default();
    };
    let mut reading = Reading::default();
    // the report is map-like: the same methods by the same names
    for entry in report.unchecked_ref::<js_sys::Map>().values().into_iter().flatten() {
        let field = |name: &str| js_sys::Reflect::get(&entry, &JsValue::from_str(name)).ok();
        let number = |name: &str| field(name).and_then(|value| value.as_f64()).unwrap_or_default();
        match field("type").and_then(|kind| kind.as_string()).as_deref() {
            Some("inbound-rtp") => {
                reading.received += number("bytesReceived") + number("headerBytesReceived");
            }
            Some("candidate-pair") => {
                reading.round_trip = reading.round_trip.max(number("currentRoundTripTime") * 1_000.0);
            }
            Some("outbound-rtp") => {
                reading.sent += number("bytesSent") + number("headerBytesSent");
                reading.narrow |= field("qualityLimitationReason")
                    .and_then(|why| why.as_string())
                    .as_deref()
                    == Some("bandwidth");
            }
            Some("remote-inbound-rtp") => reading.loss = reading.loss.max(number("fractionLost")),
            _ => {}
        }
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_in_a_word() {
        let cases = [
            (1700, 0, false, Quality::Good, 4),
            (100, 0, false, Quality::Good, 4),
            (900, 1, true, Quality::Good, 3),
            (900, 5, false, Quality::Fair, 2),
            (400, 0, true, Quality::Fair, 2),
            (100, 0, true, Quality::Poor, 1),
            (1700, 30, false, Quality::Poor, 1),
        ];
        for (kilobits, loss, narrow, quality, bars) in cases {
            let uplink = Uplink { kilobits, loss, narrow };
            assert_eq!((uplink.quality(), uplink.bars()), (quality, bars), "{uplink:?}");
        }
    }

    #[test]
    fn bits_between_two_readings() {
        let earlier = Reading {
            sent: 1_000.0,
            ..Reading::default()
        };
        let later = Reading {
            sent: 251_000.0,
            loss: 0.034,
            ..Reading::default()
        };
        assert_eq!(
            Uplink::between(earlier, later, 2_000.0),
            Uplink {
                kilobits: 1000,
                loss: 3,
                narrow: false
            }
        );
        assert_eq!(
            Uplink::between(later, earlier, 2_000.0).kilobits,
            0,
            "a new connection counts from zero"
        );
    }
}
