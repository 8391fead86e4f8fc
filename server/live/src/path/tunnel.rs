//! A whole connection of the stack (rtc 0.21.1) behind a [`Path`].
//!
//! The stack's own agent believes any check, moves where it says, and knows no
//! restart by the answering side that keeps the room. It is therefore shown one
//! other side that never moves: this one plays it, in memory, once. What the
//! real other side sends is handed in as from there, and what the stack sends
//! there goes where the path leads.

use super::Path;
use super::check::{Part, answer, ask, asked};
use crate::id::IceCredentials;
use rtc::shared::error::Result;
use rtc::stun::message::TransactionId;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where the stack believes itself to be: its one candidate.
pub(crate) const NEAR_END: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 2);
/// Where the stack believes the other side to be.
pub(crate) const FAR_END: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

pub(crate) struct Tunnel {
    path: Path,
    /// The names the stack knows, whatever restarts come.
    own: IceCredentials,
    theirs: IceCredentials,
}

impl Tunnel {
    pub(crate) fn new(path: Path) -> Self {
        Self {
            own: path.own.clone(),
            theirs: path.theirs.clone(),
            path,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn path_mut(&mut self) -> &mut Path {
        &mut self.path
    }

    /// The check by which the stack's agent is told that there is a path. It
    /// asks back, and takes the path with the second one.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub(crate) fn knock(&self, turn: u8) -> Result<Vec<u8>> {
        let crypto = self.path.identity.crypto();
        ask(
            &self.theirs,
            &self.own,
            crypto,
            TransactionId([turn; 12]),
            Part::Nominating,
        )
    }

    /// The far end's answer, if what the stack's agent sent asks for one.
    pub(crate) fn reply(&self, sent: &[u8]) -> Option<Vec<u8>> {
        answer(&self.theirs, self.path.identity.crypto(), asked(sent)?, NEAR_END).ok()
    }
}
