//! The wall clock, which only tickets need: media runs on the driver's
//! monotonic clock. A server that moves time for its tests passes its own.

use std::fmt;
use std::sync::Arc;

/// Answers "what time is it", in milliseconds since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that asks `now_ms`.
    pub fn new(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

impl Default for Clock {
    /// The machine's own clock.
    fn default() -> Self {
        Self::new(system_ms)
    }
}

#[allow(clippy::disallowed_methods)] // this is the module the rule names
fn system_ms() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A moment from which a test counts its virtual time.
#[cfg(test)]
#[allow(clippy::disallowed_methods)] // an Instant cannot be made otherwise
pub(crate) fn some_moment() -> std::time::Instant {
    std::time::Instant::now()
}
