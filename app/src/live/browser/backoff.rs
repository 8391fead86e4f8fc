//! How long to wait before trying again.

/// The longest wait, in milliseconds: a viewer who looks at a still picture should not look longer.
const LONGEST_MS: i32 = 8_000;
/// The longest wait a server may ask for.
const LONGEST_ASKED_MS: i32 = 30_000;

/// Waits that double, with a quarter of chance in them so that a crowd does not come back at once.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// It worked: the next failure waits shortly again.
    pub(super) fn reset(&mut self) {
        self.tries = 0;
    }

    /// Milliseconds to wait now. `asked` is the server's Retry-After; `chance` is between 0 and 1.
    pub(super) fn next(&mut self, asked: Option<i32>, chance: f64) -> i32 {
        let own = (500 << self.tries.min(4)).min(LONGEST_MS);
        self.tries += 1;
        let wait = asked.map_or(own, |asked| asked.clamp(250, LONGEST_ASKED_MS));
        wait + (f64::from(wait) * 0.25 * chance) as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_a_limit_and_start_anew() {
        let mut backoff = Backoff::default();
        let waits: Vec<i32> = (0..6).map(|_| backoff.next(None, 0.0)).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000]);
        backoff.reset();
        assert_eq!(backoff.next(None, 1.0), 625);
    }

    #[test]
    fn the_server_s_wish_counts_within_limits() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.next(Some(2000), 0.0), 2000);
        assert_eq!(backoff.next(Some(0), 0.0), 250);
        assert_eq!(backoff.next(Some(3_600_000), 0.0), 30_000);
    }
}
