//! Which layer a viewer gets: what it asked for, or what its path carries. Pure: time, layers and
//! what is known of the path come in; a layer, and perhaps a probe, comes out.
//!
//! - Down at once when the path is full, to the largest layer that fits what still arrives.
//! - Up by one layer at a time, and only after a probe: for a moment so much more is sent (packets the
//!   viewer has already) that the larger layer is simulated. A probe ends at the first sign of a queue.
//! - A probe that fails is tried again after a wait that doubles up to `LONGEST_WAIT`, so that a path
//!   that recovers is used within ten seconds. A layer that was reached and could not be held is left
//!   alone for longer each time: at the boundary nobody sees the picture change to and fro.

use super::downlink::Sight;
use std::time::{Duration, Instant};

/// Before the first and between failed probes.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// How long a probe lasts.
const PROBE: Duration = Duration::from_millis(700);
/// What a probe adds to the layer it simulates, so that there is room when it is there.
const HEADROOM: f64 = 1.1;
/// A path that is believed to carry so many times the next layer needs no probe.
const ENOUGH: f64 = 1.2;
/// A probe that so long a queue meets, or so much more loss, has failed.
const PROBE_QUEUE_MS: f64 = 60.0;
const PROBE_LOSS: f64 = 0.05;
/// A layer lost so soon after it was reached was not held.
const SOON: Duration = Duration::from_secs(15);
/// For how long it is left alone, the first time and at most.
const FIRST_PENALTY: Duration = Duration::from_secs(10);
const LONGEST_PENALTY: Duration = Duration::from_secs(80);
/// After a step down the queue drains first.
const DRAIN: Duration = Duration::from_millis(1_200);
/// What a viewer of whom nothing is known yet is believed to carry.
const BELIEVED: f64 = 1_200_000.0;

/// What a viewer wishes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Wish {
    /// What its path carries.
    #[default]
    Automatic,
    /// The layer of this name, whatever the path says; while it is not there, the next smaller.
    Layer(String),
    /// No picture.
    SoundOnly,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Turn {
    /// Go on.
    Stay,
    /// Show this layer from its next keyframe on. `at_once`: until then the present one is not sent,
    /// for it only fills the path.
    To { layer: usize, at_once: bool },
    /// Send so many bits a second more, until `until` or another step.
    Probe { bits: f64, until: Instant },
}

#[derive(Debug, Clone, Copy)]
struct Probe {
    layer: usize,
    until: Instant,
    /// Bits a second that should arrive.
    aim: f64,
    loss_before: f64,
}

/// The layer of one viewer.
#[derive(Debug)]
pub(crate) struct Choice {
    probe: Option<Probe>,
    probe_at: Instant,
    wait: Duration,
    /// The layer last reached by a step up, and when.
    reached: Option<(usize, Instant)>,
    penalty: Duration,
    /// Down before this only if it is worse still.
    draining_until: Instant,
}

impl Choice {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            probe: None,
            probe_at: now + FIRST_WAIT,
            wait: FIRST_WAIT,
            reached: None,
            penalty: FIRST_PENALTY,
            draining_until: now,
        }
    }

    /// The layer to begin with, of layers that take `rates` bits a second, the smallest first.
    pub(crate) fn first(rates: &[f64]) -> usize {
        rates.iter().rposition(|rate| *rate <= BELIEVED).unwrap_or_default()
    }

    /// Something was heard of the path. `current` is the layer that is shown, of those that take
    /// `rates`; `beside` are the bits that go out beside the picture.
    pub(crate) fn step(&mut self, now: Instant, rates: &[f64], current: usize, beside: f64, sight: &Sight) -> Turn {
        let Some(rate) = rates.get(current).copied() else {
            return Turn::Stay;
        };
        if let Some((_, at)) = self.reached
            && now.saturating_duration_since(at) >= 2 * SOON
        {
            self.reached = None;
            self.penalty = FIRST_PENALTY;
        }
        if let Some(probe) = self.probe {
            return self.probing(now, probe, sight);
        }
        let fits = sight.estimate - beside;
        if sight.congested && fits < rate {
            return self.down(now, rates, current, fits);
        }
        let Some(next) = rates.get(current + 1).copied() else {
            return Turn::Stay;
        };
        if now >= self.probe_at && fits >= next * ENOUGH {
            return self.up(now, current + 1);
        }
        let calm = !sight.congested && sight.queue_ms < PROBE_QUEUE_MS;
        if !calm || now < self.probe_at {
            return Turn::Stay;
        }
        let until = now + PROBE;
        self.probe = Some(Probe {
            layer: current + 1,
            until,
            aim: (next * HEADROOM + beside) * 0.85,
            loss_before: sight.loss,
        });
        Turn::Probe {
            bits: (next * HEADROOM - rate).max(0.0),
            until,
        }
    }

    fn probing(&mut self, now: Instant, probe: Probe, sight: &Sight) -> Turn {
        let queued = sight.congested || sight.queue_ms > PROBE_QUEUE_MS;
        if queued || sight.loss > probe.loss_before + PROBE_LOSS {
            return self.failed(now);
        }
        if now < probe.until {
            return Turn::Stay;
        }
        if sight.received >= probe.aim {
            return self.up(now, probe.layer);
        }
        // What left at the end of the probe is heard of a little later.
        if now >= probe.until + PROBE / 2 {
            return self.failed(now);
        }
        Turn::Stay
    }

    fn up(&mut self, now: Instant, layer: usize) -> Turn {
        self.probe = None;
        self.wait = FIRST_WAIT;
        self.probe_at = now + FIRST_WAIT;
        self.reached = Some((layer, now));
        Turn::To { layer, at_once: false }
    }

    fn failed(&mut self, now: Instant) -> Turn {
        self.probe = None;
        // What queues now is the probe's, not the picture's.
        self.draining_until = self.draining_until.max(now + DRAIN);
        self.probe_at = now + self.wait.max(DRAIN);
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        Turn::Stay
    }

    fn down(&mut self, now: Instant, rates: &[f64], current: usize, fits: f64) -> Turn {
        let layer = rates[..current]
            .iter()
            .rposition(|rate| *rate <= fits)
            .unwrap_or_default();
        if layer == current || now < self.draining_until {
            return Turn::Stay;
        }
        self.draining_until = now + DRAIN;
        self.probe_at = now + DRAIN + FIRST_WAIT;
        if let Some((reached, at)) = self.reached.take()
            && layer < reached
            && now.saturating_duration_since(at) < SOON
        {
            self.probe_at = now + self.penalty;
            self.penalty = (self.penalty * 2).min(LONGEST_PENALTY);
        }
        Turn::To {
            layer,
            at_once: fits < rates[current] * 0.6,
        }
    }

    /// Whether a probe is on.
    pub(crate) fn is_probing(&self) -> bool {
        self.probe.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    const RATES: [f64; 3] = [150_000.0, 500_000.0, 1_500_000.0];
    const SOUND: f64 = 40_000.0;

    /// A path of so many bits a second, as its [`Sight`] would show it, ten times a second.
    struct Path {
        now: Instant,
        choice: Choice,
        layer: usize,
        probe: Option<(Instant, f64)>,
        queue: f64,
        steps: Vec<(Duration, usize)>,
        begun: Instant,
    }

    impl Path {
        fn new(layer: usize) -> Self {
            let now = some_moment();
            Self {
                now,
                choice: Choice::new(now),
                layer,
                probe: None,
                queue: 0.0,
                steps: Vec::new(),
                begun: now,
            }
        }

        fn run(&mut self, time: Duration, carries: f64) {
            let end = self.now + time;
            while self.now < end {
                self.now += Duration::from_millis(100);
                // a probe begins gently
                let ramp = |(begun, bits): (Instant, f64)| bits * (self.now - begun).as_secs_f64().min(0.3) / 0.3;
                let sent = RATES[self.layer] + SOUND + self.probe.map_or(0.0, ramp);
                let arrives = sent.min(carries);
                let drained = (sent - carries) / carries * 100.0;
                self.queue = (self.queue + drained).clamp(0.0, 400.0);
                let lost = if self.queue >= 400.0 { 1.0 - arrives / sent } else { 0.0 };
                let congested = self.queue > 150.0;
                let sight = Sight {
                    estimate: if congested { arrives * 0.85 } else { arrives },
                    received: arrives,
                    loss: lost,
                    queue_ms: self.queue,
                    congested,
                };
                match self.choice.step(self.now, &RATES, self.layer, SOUND, &sight) {
                    Turn::To { layer, .. } => {
                        (self.layer, self.probe) = (layer, None);
                        self.steps.push((self.now - self.begun, layer));
                    }
                    Turn::Probe { bits, .. } => self.probe = Some((self.now, bits)),
                    Turn::Stay if !self.choice.is_probing() => self.probe = None,
                    Turn::Stay => {}
                }
            }
        }
    }

    #[test]
    fn a_cut_to_300_kbits_is_followed_in_two_seconds_and_its_end_in_ten() {
        let mut path = Path::new(2);
        path.run(Duration::from_secs(5), 5_000_000.0);
        assert_eq!((path.layer, path.steps.len()), (2, 0));
        let cut = path.now;
        while path.layer != 0 {
            path.run(Duration::from_millis(100), 300_000.0);
        }
        assert!(path.now - cut <= Duration::from_secs(2), "{:?}", path.now - cut);
        // However long the cut lasts, its end is noticed as soon.
        path.run(Duration::from_secs(60), 300_000.0);
        assert_eq!((path.layer, path.steps.len()), (0, 1), "{:?}", path.steps);
        let over = path.now;
        while path.layer != 2 {
            path.run(Duration::from_millis(100), 5_000_000.0);
        }
        assert!(path.now - over <= Duration::from_secs(10), "{:?}", path.now - over);
        path.run(Duration::from_secs(60), 5_000_000.0);
        assert_eq!(path.layer, 2);
    }

    #[test]
    fn at_the_boundary_the_picture_does_not_change_to_and_fro() {
        for carries in [
            520_000.0,
            545_000.0,
            560_000.0,
            600_000.0,
            1_500_000.0,
            1_560_000.0,
            1_650_000.0,
        ] {
            let mut path = Path::new(0);
            path.run(Duration::from_secs(300), carries);
            assert!(path.steps.len() <= 8, "{carries}: {:?}", path.steps);
            let late = path
                .steps
                .iter()
                .filter(|(at, _)| *at > Duration::from_secs(60))
                .count();
            assert!(late <= 4, "{carries}: {:?}", path.steps);
        }
    }

    #[test]
    fn a_probe_that_meets_a_queue_ends_before_anybody_sees_it() {
        let mut path = Path::new(0);
        let mut worst: f64 = 0.0;
        for _ in 0..600 {
            path.run(Duration::from_millis(100), 300_000.0);
            worst = worst.max(path.queue);
        }
        assert_eq!(path.steps, []);
        assert!(worst < 200.0, "{worst} ms of queue");
    }

    #[test]
    fn it_begins_with_what_most_carry() {
        assert_eq!(Choice::first(&RATES), 1);
        assert_eq!(Choice::first(&RATES[2..]), 0);
        assert_eq!(Choice::first(&[]), 0);
    }
}
