//! A core in the middle of a live, for `crate::fuzz`.

use super::Sfu;
use crate::id::SessionId;
use std::time::Instant;

impl Sfu {
    /// Takes the publisher `id` to stand, without its handshake.
    pub(crate) fn pretend_live(&mut self, now: Instant, id: SessionId) {
        self.publisher_stands(now, id);
    }
}
