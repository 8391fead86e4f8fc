//! Names and secrets: everything random in this crate is made here, from a
//! generator that is passed in, so that a test can seed it.

use rand::distr::Alphanumeric;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::fmt;
use std::str::FromStr;

/// A generator seeded by the system, cryptographically strong.
#[allow(clippy::disallowed_methods)] // this is the module the rule names
pub(crate) fn generator() -> StdRng {
    StdRng::from_os_rng()
}

/// What a WHIP or WHEP session is called in its URL: 128 random bits, because
/// whoever knows the URL of a viewer's session may end it (RFC 9725 §4.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u128);

impl SessionId {
    /// A fresh name.
    pub fn random(rng: &mut impl Rng) -> Self {
        Self(rng.random())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Six digits tell sessions apart in a log and still leave the URL unguessable.
        write!(f, "SessionId({:06x}…)", self.0 >> 104)
    }
}

impl FromStr for SessionId {
    type Err = NotASession;

    fn from_str(text: &str) -> Result<Self, NotASession> {
        if text.len() != 32 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(NotASession);
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| NotASession)
    }
}

/// The text is no session's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a session")]
pub struct NotASession;

/// One side's ICE name and password (RFC 8445 §5.3 asks for at least 24 and
/// 128 bits of randomness; letters and digits carry almost six each).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IceCredentials {
    pub(crate) ufrag: String,
    pub(crate) password: String,
}

impl IceCredentials {
    pub(crate) fn random(rng: &mut impl Rng) -> Self {
        Self {
            ufrag: letters(rng, 16),
            password: letters(rng, 32),
        }
    }
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag)
    }
}

fn letters(rng: &mut impl Rng, length: usize) -> String {
    rng.sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_and_found_by_its_name() {
        let mut rng = StdRng::seed_from_u64(1);
        let id = SessionId::random(&mut rng);
        assert_eq!(id.to_string().len(), 32);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_ne!(SessionId::random(&mut rng), id);
    }

    #[test]
    fn other_spellings_of_a_name_are_no_session() {
        for text in [
            "",
            "1",
            "+0000000000000000000000000000001",
            &"F".repeat(32),
            &"0".repeat(33),
        ] {
            assert_eq!(text.parse::<SessionId>(), Err(NotASession), "{text}");
        }
    }

    #[test]
    fn a_log_does_not_give_the_name_away() {
        let id = SessionId(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(format!("{id:?}"), "SessionId(012345…)");
    }
}
