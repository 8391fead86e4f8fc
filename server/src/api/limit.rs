//! How much may be asked: so many requests a minute for each owner of tokens, or for each network
//! address where no token is known; more tokens are not more requests. Every answer says what is left, in the fields of
//! draft-ietf-httpapi-ratelimit-headers (`RateLimit-Policy`, `RateLimit`).

use app::text::api::Wrong;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use std::num::NonZeroU32;

/// Requests by asker.
pub(super) struct Limit {
    per_minute: NonZeroU32,
    clock: DefaultClock,
    askers: RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>,
}

/// What an asker has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    /// Requests a minute.
    most: u32,
    /// Requests at once from now.
    requests: u32,
    /// Seconds until there are `most` again, or, when nothing is left, until there is one.
    seconds: u64,
}

impl Limit {
    pub fn new(per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        Limit {
            per_minute,
            clock: DefaultClock::default(),
            askers: RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware::<StateInformationMiddleware>(),
        }
    }

    /// Counts a request of `asker`; refused when nothing is left.
    pub fn count(&self, asker: String) -> (Left, Result<(), Wrong>) {
        let most = self.per_minute.get();
        match self.askers.check_key(&asker) {
            Ok(state) => {
                let requests = state.remaining_burst_capacity();
                (Left::after(most, requests), Ok(()))
            }
            Err(until) => {
                let seconds = until.wait_time_from(self.clock.now()).as_secs() + 1;
                let none = Left {
                    most,
                    requests: 0,
                    seconds,
                };
                (none, Err(Wrong::TooMany { seconds }))
            }
        }
    }

    /// Forgets askers whose whole quota is there again: nothing is to be remembered of them.
    pub fn forget_idle(&self) {
        self.askers.retain_recent();
        self.askers.shrink_to_fit();
    }
}

impl Left {
    fn after(most: u32, requests: u32) -> Self {
        let used = u64::from(most.saturating_sub(requests));
        Left {
            most,
            requests,
            seconds: (used * 60).div_ceil(u64::from(most)),
        }
    }

    /// Says it.
    pub fn write(self, headers: &mut HeaderMap) {
        let Left {
            most,
            requests,
            seconds,
        } = self;
        let fields = [
            ("ratelimit-policy", format!("\"asker\";q={most};w=60")),
            ("ratelimit", format!("\"asker\";r={requests};t={seconds}")),
        ];
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asker_is_told_what_is_left_and_others_lose_nothing() {
        let limit = Limit::new(2);
        for (requests, seconds) in [(1, 30), (0, 60)] {
            let (left, verdict) = limit.count("one".into());
            assert_eq!(
                (left.requests, left.seconds, verdict.is_ok()),
                (requests, seconds, true)
            );
        }
        let (left, verdict) = limit.count("one".into());
        assert_eq!(left.requests, 0);
        assert!((1..=31).contains(&left.seconds), "{left:?}");
        assert_eq!(verdict, Err(Wrong::TooMany { seconds: left.seconds }));
        assert_eq!(limit.count("two".into()).0.requests, 1);
        let mut headers = HeaderMap::new();
        Left::after(600, 599).write(&mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"asker\";q=600;w=60");
        assert_eq!(headers["ratelimit"], "\"asker\";r=599;t=1");
    }
}
