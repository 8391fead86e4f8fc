//! A room: at most one publisher, any number of viewers, and what must be
//! remembered between them. It holds names of sessions, not their connections.

use crate::codec::VideoCodec;
use crate::gop::Gop;
use crate::id::SessionId;
use crate::track::Epoch;
use bytes::Bytes;
use rtc::rtp;
use serde::Serialize;
use std::time::{Duration, Instant};

/// Least time between two keyframe requests to one publisher, however many
/// viewers ask.
pub const KEYFRAME_INTERVAL: Duration = Duration::from_secs(1);
/// How long viewers are kept when their publisher has gone.
pub const VACANCY: Duration = Duration::from_secs(60);

/// Something happened in a room that viewers should hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomEvent {
    /// The room's code.
    pub room: String,
    /// What happened.
    pub kind: RoomEventKind,
}

/// What happened in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomEventKind {
    /// The publisher's media can flow.
    Active,
    /// The publisher is gone; viewers are kept for [`VACANCY`].
    Inactive,
    /// So many viewers are connected now.
    Viewers(u32),
}

/// A room's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoomStats {
    /// The room's code.
    pub code: String,
    /// Whether a publisher is connected.
    pub publishing: bool,
    /// Viewers connected.
    pub viewers: u32,
    /// Media packets received from publishers.
    pub packets_in: u64,
    /// Media packets passed to viewers.
    pub packets_out: u64,
    /// Their payload bytes.
    pub bytes_out: u64,
    /// Keyframes asked of publishers.
    pub keyframe_requests: u64,
}

#[derive(Default)]
pub(crate) struct Room {
    /// The publisher whose media passes.
    pub(crate) publisher: Option<SessionId>,
    /// A publisher that is still connecting. It replaces the other only when
    /// it is connected, so that a failed attempt costs the viewers nothing.
    pub(crate) successor: Option<SessionId>,
    pub(crate) viewers: Vec<SessionId>,
    pub(crate) connected_viewers: u32,
    /// What the publisher sends, or the last one sent.
    pub(crate) codec: Option<VideoCodec>,
    /// Header extension id of the camera's orientation in its packets.
    pub(crate) orientation: Option<u8>,
    pub(crate) epoch: Epoch,
    pub(crate) keyframe: KeyframeDemand,
    pub(crate) gop: Gop,
    /// Since when nobody publishes.
    pub(crate) vacant_since: Option<Instant>,
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    pub(crate) bytes_out: u64,
}

impl Room {
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_claimed() && self.viewers.is_empty()
    }

    /// Whether somebody publishes or is about to.
    pub(crate) fn is_claimed(&self) -> bool {
        self.publisher.is_some() || self.successor.is_some()
    }

    /// When this room must be looked at again.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        let keyframe = self.publisher.and(self.keyframe.due_at());
        let vacancy = match self.publisher {
            Some(_) => None,
            None => self.vacant_since.map(|since| since + VACANCY),
        };
        [keyframe, vacancy].into_iter().flatten().min()
    }

    /// The camera's orientation that `packet` carries.
    pub(crate) fn orientation_of(&self, packet: &rtp::Packet) -> Option<Bytes> {
        packet.header.get_extension(self.orientation?)
    }

    pub(crate) fn stats(&self, code: &str) -> RoomStats {
        RoomStats {
            code: code.to_owned(),
            publishing: self.publisher.is_some(),
            viewers: self.connected_viewers,
            packets_in: self.packets_in,
            packets_out: self.packets_out,
            bytes_out: self.bytes_out,
            keyframe_requests: self.keyframe.asked,
        }
    }
}

/// Whether a keyframe is wanted, and when it may be asked for.
#[derive(Debug, Default)]
pub(crate) struct KeyframeDemand {
    /// Wanted, and not to be asked for before this.
    due: Option<Instant>,
    asked_at: Option<Instant>,
    asked: u64,
}

impl KeyframeDemand {
    /// Somebody cannot show a picture without one.
    pub(crate) fn want(&mut self, now: Instant) {
        let soonest = self.asked_at.map_or(now, |at| at + KEYFRAME_INTERVAL);
        self.due.get_or_insert(soonest.max(now));
    }

    /// One has come.
    pub(crate) fn satisfied(&mut self) {
        self.due = None;
    }

    /// When to ask next.
    pub(crate) fn due_at(&self) -> Option<Instant> {
        self.due
    }

    /// Notes that it is being tried now; the next time is an interval later,
    /// unless one comes. Only a request that was `sent` counts.
    pub(crate) fn tried(&mut self, now: Instant, sent: bool) {
        self.due = Some(now + KEYFRAME_INTERVAL);
        if sent {
            self.asked_at = Some(now);
            self.asked += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    #[test]
    fn many_wants_are_one_request_a_second_until_it_comes() {
        let start = some_moment();
        let mut demand = KeyframeDemand::default();
        let mut asked = 0;
        for ms in (0..3_500).step_by(10) {
            let now = start + Duration::from_millis(ms);
            demand.want(now);
            if demand.due_at().is_some_and(|due| due <= now) {
                demand.tried(now, true);
                asked += 1;
            }
        }
        assert_eq!(asked, 4, "at 0, 1, 2 and 3 s");
        demand.satisfied();
        assert_eq!(demand.due_at(), None);
    }

    #[test]
    fn a_keyframe_does_not_shorten_the_interval() {
        let start = some_moment();
        let mut demand = KeyframeDemand::default();
        demand.want(start);
        demand.tried(start, true);
        demand.satisfied();
        demand.want(start + Duration::from_millis(100));
        assert_eq!(demand.due_at(), Some(start + KEYFRAME_INTERVAL));
    }
}
