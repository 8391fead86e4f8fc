//! A connection that may be asked for anew: what watching and publishing have in common.

use super::door::Session;
use std::cell::{Cell, RefCell};
use web_sys::RtcPeerConnection;

/// One island's connection to the live door, or none.
#[derive(Default)]
pub(super) struct Line {
    /// Counts what was asked for: whoever finds another number than its own stops.
    run: Cell<u32>,
    session: RefCell<Option<Session>>,
}

impl Line {
    /// Leaves what stood; answers the number of the run that begins.
    pub(super) fn renew(&self) -> u32 {
        self.leave();
        self.run.get()
    }

    /// Goes, by the wish of whoever sits here: the server is told.
    pub(super) fn leave(&self) {
        self.run.set(self.run.get() + 1);
        if let Some(session) = self.session.take() {
            session.leave();
        }
    }

    /// The session is over on the server: nothing is left to give back.
    pub(super) fn finish(&self) {
        self.run.set(self.run.get() + 1);
        if let Some(session) = self.session.take() {
            session.hang_up();
        }
    }

    /// Whether `run` is what was asked for last.
    pub(super) fn is_current(&self, run: u32) -> bool {
        self.run.get() == run
    }

    /// Keeps a session opened by `run`, or gives it back if nobody wants it any more. Whether it was kept.
    pub(super) fn keep(&self, run: u32, session: Session) -> bool {
        let wanted = self.is_current(run);
        if wanted {
            *self.session.borrow_mut() = Some(session);
        } else {
            session.leave();
        }
        wanted
    }

    /// The connection, if there is one.
    pub(super) fn peer(&self) -> Option<RtcPeerConnection> {
        self.session.borrow().as_ref().map(|session| session.peer.clone())
    }

    /// The connection, while it is this run's and whole; a broken one is put away.
    pub(super) fn living_peer(&self, run: u32) -> Option<RtcPeerConnection> {
        if !self.is_current(run) {
            return None;
        }
        let mut slot = self.session.borrow_mut();
        let session = slot.as_mut()?;
        if session.is_broken() {
            session.hang_up();
            *slot = None;
            return None;
        }
        Some(session.peer.clone())
    }
}
