//! What a viewer's path carries, from the times at which its packets arrived.
//!
//! Every packet bears a number of its own (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2); the
//! viewer tells which came, and when. From that are read, as draft-ietf-rmcat-gcc-02 describes: whether
//! the delay grows (§5.1-5.4, the stack's arrival filter and overuse detector), how much arrives and how
//! much is lost (§6). Beside them stands how long packets queue, measured against the shortest way seen
//! lately: on a busy machine the gradient alone takes every hiccup of a scheduler for a full queue.

use rtc::interceptor::{Acknowledgement, OveruseDetector, PacketReport, SlopeEstimator, Usage};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Packets whose departure is remembered: three seconds of a picture of 2.5 Mbit/s.
const REMEMBERED: usize = 1_024;
/// Over how long arrivals are counted.
const WINDOW: Duration = Duration::from_millis(500);
/// The shortest way is that of the last two such spans: a clock that drifts, or another path, is no queue.
const BASE_SPAN: Duration = Duration::from_secs(10);
/// Standing longer in a queue than this is congestion, whatever the gradient says; with a gradient
/// that says so, less is.
const FULL_MS: f64 = 150.0;
const FILLING_MS: f64 = 60.0;
/// So many lost are more than a bad radio.
const HEAVY_LOSS: f64 = 0.15;
/// Of what arrives while the path is full, so much is asked of it next (draft-ietf-rmcat-gcc-02 §5.5).
const DECREASE: f64 = 0.85;
/// And of a path that is not full, so much more a second, but never beyond this many times what arrives.
const GROWTH: f64 = 1.08;
const MOST_GROWN: f64 = 1.5;

/// What is known of a path now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sight {
    /// Bits a second it will carry, as far as was seen.
    pub(crate) estimate: f64,
    /// Bits a second that arrive.
    pub(crate) received: f64,
    /// The share that did not arrive, 0 to 1.
    pub(crate) loss: f64,
    /// Milliseconds that packets queue on the way.
    pub(crate) queue_ms: f64,
    /// More is sent than it carries.
    pub(crate) congested: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Departure {
    /// Microseconds since the beginning.
    at: u32,
    size: u16,
    known: bool,
}

/// One viewer's path.
pub(crate) struct Downlink {
    begun: Instant,
    departures: Vec<Departure>,
    next: u16,
    slope: SlopeEstimator,
    detector: OveruseDetector,
    /// When packets arrived, by the viewer's clock, and their bits.
    arrivals: VecDeque<(Duration, f64)>,
    /// The shortest way in the span before this one, and in this one.
    shortest: [f64; 2],
    span_since: Instant,
    grown_at: Instant,
    /// The congestion seen in a row.
    full: u32,
    sight: Option<Sight>,
}

impl Downlink {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            begun: now,
            departures: Vec::new(),
            next: 0,
            slope: SlopeEstimator::new(),
            detector: OveruseDetector::new(),
            arrivals: VecDeque::new(),
            shortest: [f64::INFINITY; 2],
            span_since: now,
            grown_at: now,
            full: 0,
            sight: None,
        }
    }

    /// A packet of `size` bytes goes out now; its number.
    pub(crate) fn departs(&mut self, now: Instant, size: usize) -> u16 {
        if self.departures.is_empty() {
            self.departures.resize(REMEMBERED, Departure::default());
        }
        let number = self.next;
        self.next = number.wrapping_add(1);
        self.departures[usize::from(number) % REMEMBERED] = Departure {
            at: now.saturating_duration_since(self.begun).as_micros() as u32,
            size: size as u16,
            known: true,
        };
        number
    }

    /// What is known, once something is.
    pub(crate) fn sight(&self) -> Option<Sight> {
        self.sight
    }

    /// The viewer says so itself (REMB, draft-alvestrand-rmcat-remb-03); believed where its packets
    /// bear no numbers.
    pub(crate) fn told(&mut self, bits: f64) {
        if self.departures.is_empty() {
            self.sight = Some(Sight {
                estimate: bits,
                received: bits,
                loss: 0.0,
                queue_ms: 0.0,
                congested: true,
            });
        }
    }

    /// The viewer told what arrived.
    pub(crate) fn heard(&mut self, now: Instant, told: &[Acknowledgement]) {
        let reports: Vec<PacketReport> = told.iter().filter_map(|ack| self.report(now, ack)).collect();
        if reports.is_empty() {
            return;
        }
        let mut usage = self.detector.usage();
        let mut quickest = f64::INFINITY;
        for report in &reports {
            let Some(arrival) = report.arrival else { continue };
            self.arrivals.push_back((arrival, report.size as f64 * 8.0));
            let left = report.departure.saturating_duration_since(self.begun);
            quickest = quickest.min((arrival.as_secs_f64() - left.as_secs_f64()) * 1_000.0);
            if let Some(trend) = self.slope.accumulate(report) {
                usage = self.detector.update(trend.at, trend.estimate_ms);
            }
        }
        let lost = reports.iter().filter(|report| !report.arrived).count() as f64 / reports.len() as f64;
        let queue = self.queue(now, quickest);
        self.judge(now, usage, lost, queue);
    }

    /// What became of one packet, once: a number heard of again is of another turn.
    fn report(&mut self, now: Instant, ack: &Acknowledgement) -> Option<PacketReport> {
        let behind = self.next.wrapping_sub(ack.sequence_number);
        if behind == 0 || usize::from(behind) > REMEMBERED {
            return None;
        }
        let departure = self.departures.get_mut(usize::from(ack.sequence_number) % REMEMBERED)?;
        if !std::mem::take(&mut departure.known) {
            return None;
        }
        let passed = (now.saturating_duration_since(self.begun).as_micros() as u32).wrapping_sub(departure.at);
        Some(PacketReport {
            ssrc: 0,
            id: 0,
            rtp_sequence_number: ack.sequence_number,
            is_twcc: true,
            twcc_sequence_number: ack.sequence_number,
            size: departure.size.into(),
            arrived: ack.arrived,
            departure: now
                .checked_sub(Duration::from_micros(passed.into()))
                .unwrap_or(self.begun),
            arrival: ack.arrival,
            ecn: ack.ecn,
        })
    }

    /// Milliseconds above the shortest way of late.
    fn queue(&mut self, now: Instant, quickest: f64) -> f64 {
        if quickest.is_infinite() {
            // Nothing arrived: what queued before queues still.
            return self.sight.map_or(0.0, |sight| sight.queue_ms);
        }
        if now.saturating_duration_since(self.span_since) >= BASE_SPAN {
            self.span_since = now;
            self.shortest = [self.shortest[1], quickest];
        }
        self.shortest[1] = self.shortest[1].min(quickest);
        quickest - self.shortest[0].min(self.shortest[1])
    }

    /// Bits a second that arrived of late.
    fn received(&mut self) -> f64 {
        let newest = self.arrivals.iter().map(|(at, _)| *at).max().unwrap_or_default();
        let from = newest.saturating_sub(WINDOW);
        self.arrivals.retain(|(at, _)| *at >= from);
        self.arrivals.iter().map(|(_, bits)| bits).sum::<f64>() / WINDOW.as_secs_f64()
    }

    fn judge(&mut self, now: Instant, usage: Usage, lost: f64, queue_ms: f64) {
        let received = self.received();
        let loss = self.sight.map_or(lost, |sight| 0.7 * sight.loss + 0.3 * lost);
        let filling = usage == Usage::Over && queue_ms > FILLING_MS;
        let full = filling || queue_ms > FULL_MS || loss > HEAVY_LOSS && lost > HEAVY_LOSS;
        self.full = if full { self.full.saturating_add(1) } else { 0 };
        // One report of a full path may be a hiccup of its sender.
        let congested = self.full >= 2;
        let before = self.sight.map_or(received, |sight| sight.estimate);
        let passed = now.saturating_duration_since(self.grown_at).as_secs_f64().min(1.0);
        self.grown_at = now;
        let estimate = match congested {
            true => received * DECREASE,
            false => (before * GROWTH.powf(passed)).clamp(received, received.max(1.0) * MOST_GROWN),
        };
        self.sight = Some(Sight {
            estimate,
            received,
            loss,
            queue_ms,
            congested,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;
    use rtc::rtcp::transport_feedbacks::cc_feedback_report::Ecn;

    const DELAY: Duration = Duration::from_millis(40);
    const PACKET: usize = 1_200;

    /// A path with a queue of 300 ms, and what came out of it.
    struct Path {
        now: Instant,
        begun: Instant,
        downlink: Downlink,
        free: Duration,
        acks: Vec<Acknowledgement>,
        jitter: u32,
    }

    impl Path {
        fn new() -> Self {
            let now = some_moment();
            Self {
                now,
                begun: now,
                downlink: Downlink::new(now),
                free: Duration::ZERO,
                acks: Vec::new(),
                jitter: 1,
            }
        }

        /// Sends so many bits a second over a path of so many; feedback comes every 100 ms.
        fn run(&mut self, millis: u64, sent: f64, carries: f64) -> Sight {
            let step = Duration::from_secs_f64(PACKET as f64 * 8.0 / sent);
            let end = self.now + Duration::from_millis(millis);
            let mut report_at = self.now + Duration::from_millis(100);
            while self.now < end {
                let number = self.downlink.departs(self.now, PACKET);
                let since = self.now - self.begun;
                let start = since.max(self.free);
                let ack = if start - since > Duration::from_millis(300) {
                    Acknowledgement::lost(number)
                } else {
                    self.free = start + Duration::from_secs_f64(PACKET as f64 * 8.0 / carries);
                    // what schedulers and radios add
                    self.jitter = self.jitter.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                    let jitter = Duration::from_micros(u64::from(self.jitter >> 16) % 8_000);
                    Acknowledgement::received(number, Some(self.free + DELAY + jitter), Ecn::NotEct)
                };
                self.acks.push(ack);
                self.now += step;
                if self.now >= report_at {
                    report_at += Duration::from_millis(100);
                    let acks = std::mem::take(&mut self.acks);
                    self.downlink.heard(self.now, &acks);
                }
            }
            self.downlink.sight().unwrap()
        }
    }

    #[test]
    fn a_wide_path_is_never_full_and_grows_to_half_more_than_arrives() {
        let mut path = Path::new();
        for _ in 0..100 {
            let sight = path.run(200, 1_000_000.0, 20_000_000.0);
            assert!(!sight.congested, "{sight:?}");
        }
        let sight = path.downlink.sight().unwrap();
        assert!((950_000.0..1_050_000.0).contains(&sight.received), "{sight:?}");
        assert!((1_400_000.0..1_600_000.0).contains(&sight.estimate), "{sight:?}");
        assert!(sight.queue_ms < 10.0 && sight.loss == 0.0, "{sight:?}");
    }

    #[test]
    fn a_cut_is_seen_within_a_second_and_measured() {
        let mut path = Path::new();
        path.run(5_000, 1_500_000.0, 5_000_000.0);
        let begins = path.now;
        while !path.run(100, 1_500_000.0, 300_000.0).congested {}
        assert!(
            path.now - begins <= Duration::from_millis(800),
            "{:?}",
            path.now - begins
        );
        let sight = path.run(500, 1_500_000.0, 300_000.0);
        assert!((200_000.0..350_000.0).contains(&sight.estimate), "{sight:?}");
        // Fewer bits than it carries: the queue drains, and it is not full any more.
        let sight = path.run(2_000, 150_000.0, 300_000.0);
        assert!(!sight.congested && sight.queue_ms < 50.0, "{sight:?}");
    }

    #[test]
    fn a_number_counts_once_and_only_if_it_went_out() {
        let now = some_moment();
        let mut downlink = Downlink::new(now);
        let number = downlink.departs(now, 1_000);
        let ack = |n, ms| Acknowledgement::received(n, Some(Duration::from_millis(ms)), Ecn::NotEct);
        downlink.heard(now, &[ack(number.wrapping_add(7), 10), ack(number.wrapping_sub(9), 10)]);
        assert_eq!(downlink.sight(), None, "never sent");
        downlink.heard(now, &[ack(number, 10)]);
        let received = downlink.sight().unwrap().received;
        downlink.heard(now, &[ack(number, 20)]);
        assert_eq!(downlink.sight().unwrap().received, received);
    }
}
