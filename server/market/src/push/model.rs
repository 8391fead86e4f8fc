//! Subscriptions, and the rules of trying again.

use crate::Lang;
use serde::{Deserialize, Serialize};

/// Browsers one person may have.
pub const MOST_BROWSERS: i64 = 10;
/// How long a message is worth delivering: a day.
pub const LIFE_MS: i64 = 24 * 60 * 60 * 1000;
/// How long whoever took a message has it alone.
pub const LEASE_MS: i64 = 60 * 1000;
/// How often a message is tried.
pub const MOST_TRIES: i64 = 8;
/// The pause after the first failure; each is four times as long as the one before.
const FIRST_PAUSE_MS: i64 = 5_000;
/// The longest pause, whatever is asked for.
const LONGEST_PAUSE_MS: i64 = 6 * 60 * 60 * 1000;
/// Characters of an endpoint, and of a key.
const MOST_ENDPOINT: usize = 1024;
const MOST_KEY: usize = 128;

/// Where a browser takes messages (RFC 8030) and how they are sealed for it (RFC 8291).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The push service's address for this browser: who knows it may send there.
    pub endpoint: String,
    /// The browser's public key, base64url.
    pub p256dh: String,
    /// The secret it shares with us, base64url.
    pub auth: String,
    /// What its reader reads.
    pub lang: Lang,
}

/// No endpoint and no key: logs must not hold them.
impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription")
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

/// Why a browser cannot be told anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// What it sent is no subscription, or leads to no public push service.
    BadSubscription,
    /// This person has as many browsers as one may have.
    TooManyBrowsers,
}

impl Subscription {
    /// The rules that need nothing but what was sent. Where the endpoint may lead is the sender's rule.
    pub fn check(&self) -> Result<(), Refusal> {
        let base64url = |text: &str| {
            (1..=MOST_KEY).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
        };
        let plain = self.endpoint.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = (1..=MOST_ENDPOINT).contains(&self.endpoint.len()) && plain;
        if fits && base64url(&self.p256dh) && base64url(&self.auth) {
            Ok(())
        } else {
            Err(Refusal::BadSubscription)
        }
    }
}

/// How long to wait after the `tries`-th failure; `asked_ms` is what the push service asks for. `None`:
/// it was tried often enough.
pub fn pause_ms(tries: i64, asked_ms: Option<i64>) -> Option<i64> {
    if tries >= MOST_TRIES {
        return None;
    }
    let doublings = u32::try_from(2 * (tries - 1).max(0)).unwrap_or(u32::MAX);
    let pause = 1i64
        .checked_shl(doublings)
        .and_then(|factor| FIRST_PAUSE_MS.checked_mul(factor));
    let pause = pause.unwrap_or(LONGEST_PAUSE_MS).max(asked_ms.unwrap_or(0));
    Some(pause.min(LONGEST_PAUSE_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=MOST_TRIES).map(|tries| pause_ms(tries, None)).collect();
        assert_eq!(pauses[..3], [Some(5_000), Some(20_000), Some(80_000)]);
        assert_eq!(pauses[6..], [Some(20_480_000), None]);
        assert_eq!(pause_ms(1, Some(120_000)), Some(120_000), "as the service asks");
        assert_eq!(pause_ms(1, Some(i64::MAX)), Some(LONGEST_PAUSE_MS), "but not for ever");
        let all: i64 = pauses.into_iter().flatten().sum();
        assert!(all < LIFE_MS, "the last try is in time");
    }

    #[test]
    fn what_is_no_subscription_is_told_apart() {
        let good = Subscription {
            endpoint: "https://push.example/abc?x=1".into(),
            p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM".into(),
            auth: "tBHItJI5svbpez7KI4CCXg".into(),
            lang: Lang::Zh,
        };
        assert_eq!(good.check(), Ok(()));
        assert!(!format!("{good:?}").contains("push.example"));
        for bad in [
            Subscription {
                endpoint: String::new(),
                ..good.clone()
            },
            Subscription {
                endpoint: "https://a b".into(),
                ..good.clone()
            },
            Subscription {
                endpoint: "x".repeat(MOST_ENDPOINT + 1),
                ..good.clone()
            },
            Subscription {
                p256dh: "+/".into(),
                ..good.clone()
            },
            Subscription {
                auth: String::new(),
                ..good
            },
        ] {
            assert_eq!(bad.check(), Err(Refusal::BadSubscription), "{}", bad.endpoint);
        }
    }
}
