//! One encoding of the picture that a publisher sends, of one or of several (simulcast): what is kept
//! of it for who joins late or missed some, and what it costs to send on.

use crate::codec::VideoCodec;
use crate::demand::KeyframeDemand;
use crate::gop::Gop;
use crate::history::History;
use crate::keyframe;
use crate::track::{Epoch, ahead};
use crate::viewer::Passing;
use std::time::{Duration, Instant};

/// A layer from which nothing came for so long is not there: a browser whose uplink is narrow stops
/// the large ones.
const SILENCE: Duration = Duration::from_millis(1_500);
/// Over how long bits are counted.
const WINDOW: Duration = Duration::from_millis(500);

/// One layer.
pub(crate) struct Layer {
    /// Its name in the offer, where there are several.
    pub(crate) rid: Option<String>,
    pub(crate) ssrc: u32,
    /// Its packets' numbers have nothing to do with those of other layers.
    pub(crate) epoch: Epoch,
    pub(crate) keyframe: KeyframeDemand,
    pub(crate) gop: Gop,
    pub(crate) history: History,
    /// Width and height, as the last keyframe said.
    pub(crate) size: Option<(u16, u16)>,
    pub(crate) heard_at: Instant,
    meter: Meter,
    pub(crate) received: Received,
}

/// What came of a stream, and what did not.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Received {
    pub(crate) packets: u64,
    first: Option<u16>,
    newest: u16,
    turns: u64,
}

impl Received {
    fn add(&mut self, sequence: u16) {
        self.packets += 1;
        if self.first.is_none() {
            (self.first, self.newest) = (Some(sequence), sequence);
        } else if ahead(sequence, self.newest) > 0 {
            self.turns += u64::from(sequence < self.newest);
            self.newest = sequence;
        }
    }

    /// Packets that never came, not even when they were sent again.
    pub(crate) fn lost(&self) -> u64 {
        let Some(first) = self.first else { return 0 };
        let expected = (self.turns << 16 | u64::from(self.newest)) + 1 - u64::from(first);
        expected.saturating_sub(self.packets)
    }
}

/// Counts bits a second.
#[derive(Debug)]
struct Meter {
    since: Instant,
    bytes: usize,
    bits: Option<f64>,
}

impl Meter {
    fn add(&mut self, now: Instant, bytes: usize) {
        self.bytes += bytes;
        let passed = now.saturating_duration_since(self.since);
        if passed >= WINDOW {
            let bits = self.bytes as f64 * 8.0 / passed.as_secs_f64();
            // Half of what was: a keyframe in one window must not look like a change of the stream.
            self.bits = Some(self.bits.map_or(bits, |before| (before + bits) / 2.0));
            (self.since, self.bytes) = (now, 0);
        }
    }
}

impl Layer {
    pub(crate) fn new(now: Instant, ssrc: u32, rid: Option<String>, epoch: Epoch) -> Self {
        Self {
            rid,
            ssrc,
            epoch,
            keyframe: KeyframeDemand::default(),
            gop: Gop::default(),
            history: History::default(),
            size: None,
            heard_at: now,
            meter: Meter {
                since: now,
                bytes: 0,
                bits: None,
            },
            received: Received::default(),
        }
    }

    /// A packet of it goes to viewers.
    pub(crate) fn pass(&mut self, now: Instant, codec: &VideoCodec, passing: &Passing) {
        let payload = &passing.packet.payload;
        self.heard_at = now;
        self.received.add(passing.packet.header.sequence_number);
        self.meter.add(now, payload.len());
        if passing.begins_keyframe {
            self.keyframe.satisfied();
            self.size = keyframe::size(codec, payload).or(self.size);
        }
        self.gop.push(passing);
        self.history.push(passing);
    }

    /// Whether it comes in at this time.
    pub(crate) fn is_alive(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard_at) < SILENCE
    }

    /// Bits a second, once they were counted.
    pub(crate) fn bits(&self) -> Option<f64> {
        self.meter.bits
    }

    /// By what layers are put in order, the smallest first. A picture's size tells, for a still scene
    /// may cost more in a small layer; without sizes the bits do.
    pub(crate) fn rank(&self) -> (u32, u64) {
        let pixels = self
            .size
            .map_or(0, |(width, height)| u32::from(width) * u32::from(height));
        (pixels, self.meter.bits.unwrap_or_default() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    #[test]
    fn what_never_came_is_counted_over_the_turn_of_numbers() {
        let mut received = Received::default();
        assert_eq!(received.lost(), 0);
        for n in 65_000..66_000_u32 {
            if n % 100 != 0 {
                received.add(n as u16);
            }
        }
        assert_eq!(received.lost(), 9, "not the one before the first");
        received.add((65_700 - 65_536) as u16);
        assert_eq!(received.lost(), 8, "one came late");
    }

    #[test]
    fn bits_are_counted_and_even_out() {
        let start = some_moment();
        let mut meter = Meter {
            since: start,
            bytes: 0,
            bits: None,
        };
        for n in 0..=500 {
            meter.add(start + Duration::from_millis(10 * n), 1_250);
        }
        let bits = meter.bits.unwrap();
        assert!((990_000.0..1_020_000.0).contains(&bits), "{bits}");
    }
}
