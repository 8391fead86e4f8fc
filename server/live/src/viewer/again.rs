//! How much a viewer may have sent again: losses are mended, but a broken path
//! must not cost more than a good one.

use std::time::{Duration, Instant};

/// Packets a viewer may have sent again at once, and how fast more are granted:
/// a viewer on a broken path must not double what everybody's sending costs.
const MOST_AGAIN: u32 = 128;
const AGAIN_EVERY: Duration = Duration::from_millis(8);
/// How often one packet is sent again: at 20 % loss five times leave one in
/// three thousand, and a client that asks for ever is not answered for ever.
const MOST_TIMES: u8 = 5;
/// Packets of which the times are counted, the newest ones.
const COUNTED: usize = 128;

/// What a viewer may still have sent again.
pub(super) struct Again {
    left: u32,
    since: Instant,
    /// Numbers sent again and how often, overwritten in turn.
    times: Vec<(u16, u8)>,
    oldest: usize,
}

impl Again {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            left: MOST_AGAIN,
            since: now,
            times: Vec::new(),
            oldest: 0,
        }
    }

    /// Takes one from what is left; with time it fills up again.
    pub(super) fn granted(&mut self, now: Instant, sequence: u16) -> bool {
        let passed = now.saturating_duration_since(self.since);
        let more = (passed.as_micros() / AGAIN_EVERY.as_micros()).min(MOST_AGAIN.into()) as u32;
        if more > 0 {
            self.left = (self.left + more).min(MOST_AGAIN);
            self.since = now;
        }
        if self.left == 0 {
            return false;
        }
        match self.times.iter().position(|(n, _)| *n == sequence) {
            Some(at) if self.times[at].1 >= MOST_TIMES => return false,
            Some(at) => self.times[at].1 += 1,
            None if self.times.len() < COUNTED => self.times.push((sequence, 1)),
            None => {
                self.times[self.oldest] = (sequence, 1);
                self.oldest = (self.oldest + 1) % COUNTED;
            }
        }
        self.left -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    #[test]
    fn what_is_sent_again_is_bounded_and_grows_back() {
        let start = some_moment();
        let mut again = Again::new(start);
        let mut grants = |now| (0..1_000).filter(|n| again.granted(now, *n)).count();
        assert_eq!(grants(start), 128);
        let later = start + Duration::from_millis(80);
        assert_eq!(grants(later), 10);
        assert_eq!(grants(later + Duration::from_secs(60)), 128);
    }

    #[test]
    fn one_packet_is_sent_again_a_few_times_only() {
        let start = some_moment();
        let mut again = Again::new(start);
        let granted = (0..20).filter(|_| again.granted(start, 7)).count();
        assert_eq!(granted, usize::from(MOST_TIMES));
        assert!(again.granted(start, 8), "another one is");
    }
}
