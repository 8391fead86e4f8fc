//! The only place that reads the machine's clock. Everything else is given the time.

use serde::{Deserialize, Serialize};
#[cfg(feature = "sql")]
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// This moment and `ms` milliseconds.
    pub const fn plus(self, ms: i64) -> Self {
        Millis(self.0 + ms)
    }
    /// Milliseconds from `earlier` to this moment; negative when it is later.
    pub const fn since(self, earlier: Millis) -> i64 {
        self.0 - earlier.0
    }
}

/// Where the time comes from.
#[cfg(feature = "sql")]
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock and the milliseconds written in a file: how a test in a browser moves
    /// the time of a running server. Nothing on the network can reach it.
    Shifted(PathBuf),
    /// A time that stands still until a test moves it.
    Manual(Arc<AtomicI64>),
}

/// Without storage there is no clock: a browser is told the server's time.
#[cfg(not(feature = "sql"))]
#[derive(Debug, Clone, Copy)]
pub enum Clock {}

#[cfg(feature = "sql")]
impl Clock {
    /// A clock that stands at `start` until [`Clock::advance`].
    pub fn manual(start: Millis) -> Self {
        Clock::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    /// The time now.
    pub fn now(&self) -> Millis {
        match self {
            Clock::System => system(),
            Clock::Shifted(file) => {
                let shift = std::fs::read_to_string(file)
                    .ok()
                    .and_then(|text| text.trim().parse().ok());
                system().plus(shift.unwrap_or(0))
            }
            Clock::Manual(at) => Millis(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock by `ms`; the others do not move.
    pub fn advance(&self, ms: i64) {
        if let Clock::Manual(at) = self {
            at.fetch_add(ms, Ordering::SeqCst);
        }
    }
}

#[cfg(feature = "sql")]
#[allow(clippy::disallowed_methods)] // the one place
fn system() -> Millis {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
