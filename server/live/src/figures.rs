//! What the live door can tell of itself while it runs: each room, each layer that comes in, and each
//! connection, for the host's page, the operator's terminal and Prometheus. A connection bears a number
//! and no name: a session's name is what opens it.

use crate::room::RoomStats;
use serde::Serialize;

/// A room with all that is in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoomFigures {
    /// The room as a whole.
    pub room: RoomStats,
    /// What comes in of the picture, the smallest layer first.
    pub layers: Vec<LayerFigures>,
    /// The publisher, and every viewer that stands.
    pub peers: Vec<PeerFigures>,
}

/// One encoding of a publisher's picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerFigures {
    /// Its name in the offer; none where there is only one.
    pub rid: Option<String>,
    /// Whether it comes in at this moment.
    pub active: bool,
    /// Width and height in pixels, once a keyframe said so.
    pub size: Option<(u16, u16)>,
    /// Bits a second, once they were counted.
    pub bits: Option<u64>,
    /// Packets received, and packets that never came.
    pub packets: u64,
    /// Of its packets, those that never came.
    pub lost: u64,
    /// Viewers that are to see it.
    pub viewers: u32,
}

/// What a connection does here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// It publishes.
    Publisher,
    /// It watches.
    Viewer,
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeerFigures {
    /// Its place in this list; it says nothing of who it is.
    pub number: u32,
    /// What it does here.
    pub part: Part,
    /// Media packets from a publisher, or to a viewer.
    pub packets: u64,
    /// Bytes of their payloads; none for a publisher, whose layers tell.
    pub bytes: u64,
    /// The share lost of late, in percent: as the viewer reports, or as we see of a publisher.
    pub lost_percent: f64,
    /// Packets it said it missed.
    pub nacks: u64,
    /// Packets sent to it once more.
    pub again: u64,
    /// Keyframes it asked for, or was asked for.
    pub keyframe_requests: u64,
    /// Milliseconds there and back, once a report told.
    pub round_trip_ms: Option<f64>,
    /// The layer that a viewer is to see, by its name.
    pub layer: Option<String>,
    /// Bits a second that a viewer's path is believed to carry.
    pub estimate_bits: Option<u64>,
    /// Milliseconds that packets queue on a viewer's path.
    pub queue_ms: Option<f64>,
}
