//! When an encoder is asked for a keyframe: at most once a second for each layer, however many
//! viewers want one, and again until it comes.

use std::time::{Duration, Instant};

/// Least time between two keyframe requests for one layer of a publisher, however many viewers ask.
pub const KEYFRAME_INTERVAL: Duration = Duration::from_secs(1);

/// Whether a keyframe is wanted, and when it may be asked for.
#[derive(Debug, Default)]
pub(crate) struct KeyframeDemand {
    /// Wanted, and not to be asked for before this.
    due: Option<Instant>,
    asked_at: Option<Instant>,
}

impl KeyframeDemand {
    /// Somebody cannot show a picture without one.
    pub(crate) fn want(&mut self, now: Instant) {
        let soonest = self.asked_at.map_or(now, |at| at + KEYFRAME_INTERVAL);
        self.due.get_or_insert(soonest.max(now));
    }

    /// One has come.
    pub(crate) fn satisfied(&mut self) {
        self.due = None;
    }

    /// When to ask next.
    pub(crate) fn due_at(&self) -> Option<Instant> {
        self.due
    }

    /// Notes that it is being tried now; the next time is an interval later,
    /// unless one comes. Only a request that was `sent` counts.
    pub(crate) fn tried(&mut self, now: Instant, sent: bool) {
        self.due = Some(now + KEYFRAME_INTERVAL);
        if sent {
            self.asked_at = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    #[test]
    fn many_wants_are_one_request_a_second_until_it_comes() {
        let start = some_moment();
        let mut demand = KeyframeDemand::default();
        let mut asked = 0;
        for ms in (0..3_500).step_by(10) {
            let now = start + Duration::from_millis(ms);
            demand.want(now);
            if demand.due_at().is_some_and(|due| due <= now) {
                demand.tried(now, true);
                asked += 1;
            }
        }
        assert_eq!(asked, 4, "at 0, 1, 2 and 3 s");
        demand.satisfied();
        assert_eq!(demand.due_at(), None);
    }

    #[test]
    fn a_keyframe_does_not_shorten_the_interval() {
        let start = some_moment();
        let mut demand = KeyframeDemand::default();
        demand.want(start);
        demand.tried(start, true);
        demand.satisfied();
        demand.want(start + Duration::from_millis(100));
        assert_eq!(demand.due_at(), Some(start + KEYFRAME_INTERVAL));
    }
}
