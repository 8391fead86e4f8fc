//! What the core tells of itself.

use super::Sfu;
use crate::figures::{LayerFigures, Part, PeerFigures, RoomFigures};
use crate::layer::Layer;
use crate::room::Room;
use crate::viewer::Feed;
use std::time::Instant;

impl Sfu {
    /// Everything there is to know, by room.
    pub fn figures(&self, now: Instant) -> Vec<RoomFigures> {
        let mut rooms: Vec<RoomFigures> = self
            .rooms
            .iter()
            .map(|(code, room)| RoomFigures {
                room: room.stats(code),
                layers: layers(now, room),
                peers: peers(room),
            })
            .collect();
        rooms.sort_by(|a, b| a.room.code.cmp(&b.room.code));
        rooms
    }
}

fn layers(now: Instant, room: &Room) -> Vec<LayerFigures> {
    let mut ranked: Vec<&Layer> = room.layers.iter().collect();
    ranked.sort_by_key(|layer| layer.rank());
    let figures = |layer: &Layer| LayerFigures {
        rid: layer.rid.clone(),
        active: layer.is_alive(now),
        size: layer.size,
        bits: layer.bits().map(|bits| bits as u64),
        packets: layer.received.packets,
        lost: layer.received.lost(),
        viewers: room
            .feeds
            .iter()
            .filter(|feed| feed.target() == Some(layer.epoch))
            .count() as u32,
    };
    ranked.into_iter().map(figures).collect()
}

fn peers(room: &Room) -> Vec<PeerFigures> {
    let publisher = room.publisher.map(|_| {
        let (packets, lost) = room.layers.iter().fold((0, 0), |(packets, lost), layer| {
            (packets + layer.received.packets, lost + layer.received.lost())
        });
        PeerFigures {
            number: 0,
            part: Part::Publisher,
            packets: room.packets_in,
            bytes: 0,
            lost_percent: lost as f64 / (packets + lost).max(1) as f64 * 100.0,
            nacks: 0,
            again: 0,
            keyframe_requests: room.keyframe_requests,
            round_trip_ms: None,
            layer: None,
            estimate_bits: None,
            queue_ms: None,
        }
    });
    let viewers = (1..).zip(&room.feeds).map(|(number, feed)| viewer(room, number, feed));
    publisher.into_iter().chain(viewers).collect()
}

fn viewer(room: &Room, number: u32, feed: &Feed) -> PeerFigures {
    let counted = feed.path.figures;
    let sight = feed.path.downlink.sight();
    let (packets, bytes) = feed.counted();
    let layer = room.layers.iter().find(|layer| Some(layer.epoch) == feed.target());
    PeerFigures {
        number,
        part: Part::Viewer,
        packets,
        bytes,
        lost_percent: counted.loss * 100.0,
        nacks: counted.nacks,
        again: counted.again,
        keyframe_requests: counted.keyframes_wanted,
        round_trip_ms: counted.round_trip.map(|trip| trip.as_secs_f64() * 1_000.0),
        layer: layer.and_then(|layer| layer.rid.clone()),
        estimate_bits: sight.map(|sight| sight.estimate as u64),
        queue_ms: sight.map(|sight| sight.queue_ms),
    }
}
