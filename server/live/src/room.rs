//! A room: at most one publisher, any number of viewers, and what must be
//! remembered between them. It holds names of sessions, not their connections.

use crate::codec::VideoCodec;
use crate::id::SessionId;
use crate::layer::Layer;
use crate::outbox::Outbox;
use crate::track::Epoch;
use crate::viewer::{Feed, Passing};
use bytes::Bytes;
use rtc::rtp;
use serde::Serialize;
use std::time::{Duration, Instant};

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
    /// Packets sent to viewers once more, because they had missed them.
    pub packets_again: u64,
    /// Keyframes asked of publishers.
    pub keyframe_requests: u64,
}

/// Packets from `begun` to `ends` have gone to the first `fed` viewers.
#[derive(Default)]
struct Progress {
    begun: usize,
    ends: usize,
    fed: usize,
}

/// Bytes written before they are sent: much longer would leave the cache, and a
/// keyframe to a thousand viewers would fill memory.
pub(crate) const CHUNK: usize = 256 << 10;

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
    /// Of all that was published here, the last; and the publisher's sound.
    pub(crate) last_epoch: Epoch,
    pub(crate) sound_epoch: Epoch,
    /// The encodings of the picture that have come, and the epochs of those that come now, the
    /// smallest first.
    pub(crate) layers: Vec<Layer>,
    pub(crate) rungs: Vec<Epoch>,
    pub(crate) looked_at: Option<Instant>,
    /// Keyframes asked of publishers.
    pub(crate) keyframe_requests: u64,
    /// The fast halves of connected viewers, by their sessions' order.
    pub(crate) feeds: Vec<Feed>,
    /// Packets that are still to be passed on, and how far that has got.
    pub(crate) pending: Vec<Passing>,
    progress: Progress,
    /// Since when nobody publishes.
    pub(crate) vacant_since: Option<Instant>,
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    pub(crate) bytes_out: u64,
    pub(crate) packets_again: u64,
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
        let asks = self.layers.iter().filter_map(|layer| layer.keyframe.due_at()).min();
        let keyframe = self.publisher.and(asks);
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

    /// The fast half of the viewer `id`, once it stands.
    pub(crate) fn feed(&mut self, id: SessionId) -> Option<&mut Feed> {
        let at = self.feed_at(id)?;
        self.feeds.get_mut(at)
    }

    /// Where that is.
    pub(crate) fn feed_at(&self, id: SessionId) -> Option<usize> {
        self.feeds.binary_search_by_key(&id, |feed| feed.id).ok()
    }

    /// The publisher is gone, or another begins: its pictures are nobody's any more.
    pub(crate) fn forget_layers(&mut self) {
        self.layers.clear();
        self.rungs.clear();
        self.looked_at = None;
    }

    /// A viewer stands.
    pub(crate) fn add_feed(&mut self, feed: Feed) {
        let at = self.feeds.partition_point(|other| other.id < feed.id);
        self.feeds.insert(at, feed);
    }

    /// A viewer goes. Whoever is being passed packets just now may miss some.
    pub(crate) fn remove_feed(&mut self, id: SessionId) {
        self.feeds.retain(|feed| feed.id != id);
    }

    /// Passes on what is pending until about a chunk is written; whether there
    /// is more. One viewer gets a run of equally long packets side by side: one
    /// message for the kernel.
    pub(crate) fn fan_out(&mut self, now: Instant, out: &mut Outbox) -> bool {
        while self.progress.begun < self.pending.len() {
            if self.progress.fed == 0 {
                self.progress.ends = self.progress.begun + run(&self.pending[self.progress.begun..]);
            }
            let passing = &self.pending[self.progress.begun..self.progress.ends];
            while let Some(feed) = self.feeds.get_mut(self.progress.fed) {
                out.begin(feed.to);
                for passing in passing {
                    if feed.forward(now, passing, out) {
                        self.packets_out += 1;
                        self.bytes_out += passing.packet.payload.len() as u64;
                    }
                }
                self.progress.fed += 1;
                if out.length() >= CHUNK {
                    return true;
                }
            }
            self.progress.begun = self.progress.ends;
            self.progress.fed = 0;
        }
        self.pending.clear();
        self.progress = Progress::default();
        false
    }

    pub(crate) fn stats(&self, code: &str) -> RoomStats {
        RoomStats {
            code: code.to_owned(),
            publishing: self.publisher.is_some(),
            viewers: self.connected_viewers,
            packets_in: self.packets_in,
            packets_out: self.packets_out,
            bytes_out: self.bytes_out,
            packets_again: self.packets_again,
            keyframe_requests: self.keyframe_requests,
        }
    }
}

/// How many packets from the first on have its length; one shorter ends them.
fn run(pending: &[Passing]) -> usize {
    let shape = |passing: &Passing| (passing.packet.payload.len(), passing.orientation.is_some());
    let Some(first) = pending.first().map(shape) else {
        return 0;
    };
    let same = pending.iter().take_while(|passing| shape(passing) == first).count();
    let shorter = pending
        .get(same)
        .is_some_and(|next| shape(next).0 < first.0 && !shape(next).1);
    same + usize::from(shorter)
}
