//! Whether a request is decided or withdrawn: whichever comes first, never both.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering::SeqCst},
};

const OPEN: u8 = 0;
const DECIDED: u8 = 1;
const WITHDRAWN: u8 = 2;

/// Shared by whoever asks and whoever decides.
#[derive(Debug, Clone, Default)]
pub(in crate::order) struct Claim(Arc<AtomicU8>);

impl Claim {
    /// From now on the request is decided, whatever its asker does; `false` if it was withdrawn.
    pub(super) fn decide(&self) -> bool {
        match self.0.compare_exchange(OPEN, DECIDED, SeqCst, SeqCst) {
            Ok(_) => true,
            Err(stands) => stands == DECIDED,
        }
    }

    /// The asker goes: nothing will be decided; `false` if that is being done.
    pub(in crate::order) fn withdraw(&self) -> bool {
        self.0.compare_exchange(OPEN, WITHDRAWN, SeqCst, SeqCst).is_ok()
    }

    /// Withdraws when the asker's side is dropped: a client that hung up, a time-out around it.
    pub(in crate::order) fn leaving(&self) -> Leaving {
        Leaving(self.clone())
    }
}

/// See [`Claim::leaving`].
#[derive(Debug)]
pub(in crate::order) struct Leaving(Claim);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.withdraw();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_first_holds() {
        let claim = Claim::default();
        assert!(claim.withdraw());
        assert!(!claim.decide());
        let claim = Claim::default();
        assert!(claim.decide() && claim.decide(), "a batch may be done again");
        assert!(!claim.withdraw());
        let claim = Claim::default();
        drop(claim.leaving());
        assert!(!claim.decide());
    }
}
