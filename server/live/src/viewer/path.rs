//! A viewer's way as a whole: what is known of it, what is chosen for it, and what it has cost.

use super::choice::{Choice, Wish};
use super::downlink::Downlink;
use rtc::interceptor::Acknowledgement;
use std::time::{Duration, Instant};

/// Between two portions of a probe.
const PORTION_EVERY: Duration = Duration::from_millis(10);
/// A probe begins gently and is whole after this: on a path with little room even a tenth of a second
/// of a much larger layer is a queue that somebody sees.
const RAMP: Duration = Duration::from_millis(300);
/// A portion after a late timer makes up for no more than this.
const MOST_LATE: Duration = Duration::from_millis(40);

pub(crate) struct Path {
    pub(crate) downlink: Downlink,
    pub(crate) choice: Choice,
    pub(crate) wish: Wish,
    pub(crate) probe: Option<Probing>,
    pub(crate) figures: Counted,
}

/// What a viewer's messages told and asked, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    /// Packets it said it missed.
    pub(crate) nacks: u64,
    /// Of these, sent again.
    pub(crate) again: u64,
    pub(crate) keyframes_wanted: u64,
    /// The share it lost of late, 0 to 1, and the way there and back.
    pub(crate) loss: f64,
    pub(crate) round_trip: Option<Duration>,
}

/// What a viewer's control messages say of its way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// These packets came, or did not.
    Arrived(Vec<Acknowledgement>),
    /// It believes its way to carry so many bits a second (REMB).
    Carries(f64),
    /// A receiver report (RFC 3550 §6.4.2).
    Report { loss: f64, round_trip: Option<Duration> },
}

/// A probe on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probing {
    bits: f64,
    begun: Instant,
    until: Instant,
    sent_at: Instant,
    owed: f64,
    /// Which packet is next, from the newest back.
    back: usize,
}

impl Probing {
    pub(crate) fn new(now: Instant, bits: f64, until: Instant) -> Self {
        Self {
            bits,
            begun: now,
            until,
            sent_at: now,
            owed: 0.0,
            back: 0,
        }
    }

    /// When the next portion is due; none after the end.
    pub(crate) fn due(&self) -> Option<Instant> {
        let due = self.sent_at + PORTION_EVERY;
        (due <= self.until).then_some(due)
    }

    /// What is due now, packet by packet: `send` sends one from so far back and says its bytes.
    pub(crate) fn portion(&mut self, now: Instant, mut send: impl FnMut(usize) -> Option<usize>) {
        if self.due().is_none_or(|due| due > now) {
            return;
        }
        let passed = now.saturating_duration_since(self.sent_at).min(MOST_LATE);
        self.sent_at = now;
        let ramp = now.saturating_duration_since(self.begun).as_secs_f64() / RAMP.as_secs_f64();
        self.owed += self.bits * ramp.min(1.0) * passed.as_secs_f64() / 8.0;
        let mut nothing = 0;
        while self.owed > 0.0 && nothing < 8 {
            match send(self.back) {
                Some(bytes) => self.owed -= bytes as f64,
                None => nothing += 1,
            }
            self.back += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    #[test]
    fn a_probe_sends_what_it_should_and_ends() {
        let begun = some_moment();
        let mut probe = Probing::new(begun, 800_000.0, begun + Duration::from_millis(500));
        let (mut sent, mut now) = (0, begun);
        while let Some(due) = probe.due() {
            now = due;
            probe.portion(now, |_| {
                sent += 1_000;
                Some(1_000)
            });
        }
        assert!(
            (34_000..=38_000).contains(&sent),
            "{sent} bytes in half a second, gently begun"
        );
        assert!(now <= begun + Duration::from_millis(500));
        let mut empty = Probing::new(begun, 800_000.0, begun + Duration::from_secs(1));
        let mut asked = 0;
        empty.portion(begun + Duration::from_millis(900), |_| {
            asked += 1;
            None
        });
        assert_eq!(asked, 8, "nothing to send is no reason to look for ever");
    }
}
