//! The fast half of a viewer: everything a packet to it needs, side by side
//! with every other viewer's, so that a fan-out walks through memory once.
//! A packet costs a header, one sealing into the send buffer, and its share of
//! a system call: no lock, no allocation, no look-up.

use super::again::Again;
use super::choice::{Choice, Wish};
use super::downlink::Downlink;
use super::path::Path;
use super::seal::Seal;
use super::stream::{Head, Sent, Stream};
use crate::history::History;
use crate::id::SessionId;
use crate::layer::Layer;
use crate::outbox::Outbox;
use crate::track::{Epoch, Kind, Stamp};
use crate::vp8::Counts;
use bytes::Bytes;
use rtc::rtp;
use std::net::SocketAddr;
use std::time::Instant;

/// A packet on its way from a publisher to viewers.
#[derive(Debug, Clone)]
pub(crate) struct Passing {
    pub(crate) kind: Kind,
    pub(crate) epoch: Epoch,
    /// A picture that needs no earlier one begins here.
    pub(crate) begins_keyframe: bool,
    /// The camera's orientation, if the packet carries it.
    pub(crate) orientation: Option<Bytes>,
    /// The counts of pictures in its payload, which run on over a change of layers.
    pub(crate) counts: Option<Counts>,
    pub(crate) packet: rtp::Packet,
}

impl Passing {
    fn stamp(&self) -> Stamp {
        let counts = self.counts.unwrap_or_default();
        Stamp {
            sequence: self.packet.header.sequence_number,
            timestamp: self.packet.header.timestamp,
            picture: counts.picture,
            base: counts.base,
        }
    }

    /// Adds the payload to `bytes`, with the counts of pictures that `stamp` says.
    fn write(&self, bytes: &mut Vec<u8>, stamp: Stamp) {
        let at = bytes.len();
        bytes.extend_from_slice(&self.packet.payload);
        if let Some(counts) = &self.counts {
            counts.write(&mut bytes[at..], stamp.picture, stamp.base);
        }
    }
}

/// Bytes of UDP, IP and the seal around a packet, which a path carries too.
const AROUND: usize = 44;

/// What a feed is made of.
pub(super) struct Parts {
    pub(super) seal: Seal,
    pub(super) video: Option<Stream>,
    pub(super) audio: Option<Stream>,
    /// Ids of header extensions: the camera's orientation, and the number among all packets.
    pub(super) orientation: Option<u8>,
    pub(super) transport: Option<u8>,
}

/// A viewer's fast half.
pub(crate) struct Feed {
    pub(crate) id: SessionId,
    pub(crate) to: SocketAddr,
    parts: Parts,
    /// The layer this viewer shall see, from its next keyframe on; none for sound only.
    target: Option<Epoch>,
    again: Again,
    /// What is known of its way, and what it wishes.
    pub(crate) path: Box<Path>,
}

impl Feed {
    pub(super) fn new(id: SessionId, to: SocketAddr, now: Instant, parts: Parts, wish: Wish) -> Self {
        Self {
            id,
            to,
            parts,
            target: None,
            again: Again::new(now),
            path: Box::new(Path {
                downlink: Downlink::new(now),
                choice: Choice::new(now),
                wish,
                probe: None,
                figures: Default::default(),
            }),
        }
    }

    /// Whether this viewer takes a picture at all.
    pub(crate) fn takes_video(&self) -> bool {
        self.parts.video.is_some()
    }

    /// Whether what it has can be sent again beside what it gets: a probe needs that.
    pub(crate) fn can_probe(&self) -> bool {
        self.parts.transport.is_some() && self.parts.video.as_ref().is_some_and(|video| video.rtx.is_some())
    }

    /// The layer it shall see.
    pub(crate) fn target(&self) -> Option<Epoch> {
        self.target
    }

    /// From its next keyframe on this layer is shown; until then the present one, unless that ends
    /// `at_once`. Whether a keyframe is needed.
    pub(crate) fn show(&mut self, target: Option<Epoch>, at_once: bool) -> bool {
        self.target = target;
        let waits = self.awaits_keyframe();
        if let Some(video) = &mut self.parts.video
            && (target.is_none() || at_once && waits)
        {
            video.numbers.end();
        }
        waits
    }

    /// Whether this viewer waits for a keyframe of its layer.
    pub(crate) fn awaits_keyframe(&self) -> bool {
        let Some(video) = &self.parts.video else { return false };
        self.target.is_some_and(|epoch| !video.numbers.runs(epoch))
    }

    pub(super) fn sent(&self) -> impl Iterator<Item = Sent> {
        let Parts { video, audio, .. } = &self.parts;
        [video, audio].into_iter().flatten().map(|s| s.sent)
    }

    /// Packets and bytes of payloads that went to it.
    pub(crate) fn counted(&self) -> (u64, u64) {
        self.sent().fold((0, 0), |(packets, bytes), sent| {
            (packets + u64::from(sent.packets), bytes + u64::from(sent.octets))
        })
    }

    /// Cached pictures of its layer, whose timestamps were drawn together.
    pub(crate) fn replay(&mut self, now: Instant, epoch: Epoch, cached: &[Passing], out: &mut Outbox) {
        if let Some(video) = &mut self.parts.video {
            let stamps = cached.iter().map(Passing::stamp);
            video.draws(epoch, stamps.map(|s| (s.sequence, s.timestamp)).collect());
        }
        out.begin(self.to);
        for passing in cached {
            self.forward(now, passing, out);
        }
        if let Some(video) = &mut self.parts.video {
            video.drawn();
        }
    }

    /// Passes a packet on, to where `out` was told to begin; false when this
    /// viewer has no use for it. A layer begins with a keyframe: what
    /// comes before would only make the decoder ask for one.
    pub(crate) fn forward(&mut self, now: Instant, passing: &Passing, out: &mut Outbox) -> bool {
        let stream = match passing.kind {
            Kind::Video => &mut self.parts.video,
            Kind::Audio => &mut self.parts.audio,
        };
        let Some(stream) = stream else { return false };
        if passing.kind == Kind::Video {
            let begins = passing.begins_keyframe && self.target == Some(passing.epoch);
            if !begins && !stream.numbers.runs(passing.epoch) {
                return false;
            }
        }
        let Some(stamp) = stream.numbers.next(now, passing.epoch, passing.stamp()) else {
            return false;
        };
        let Some(index) = stream.index(stamp.sequence) else {
            return false;
        };
        if !stream.claim(index) {
            return false;
        }
        let length = passing.packet.payload.len();
        stream.sent.packets = stream.sent.packets.wrapping_add(1);
        stream.sent.octets = stream.sent.octets.wrapping_add(length as u32);
        stream.sent.newest = Some((stamp.timestamp, now));
        let path = &mut self.path;
        let head = Head {
            payload_type: stream.payload_type,
            ssrc: stream.ssrc,
            index,
            timestamp: stamp.timestamp,
            marker: passing.packet.header.marker,
            orientation: self.parts.orientation.zip(passing.orientation.as_ref()),
            transport: self
                .parts
                .transport
                .map(|id| (id, path.downlink.departs(now, length + AROUND))),
        };
        let seal = &mut self.parts.seal;
        out.datagram(|bytes| {
            let start = bytes.len();
            let header = head.write(bytes);
            passing.write(bytes, stamp);
            seal.seal(bytes, start, header, head.ssrc, head.index)
        })
    }

    /// Sends a packet of the video again that the viewer has missed. False when it
    /// is not known any more, or the viewer has had its share.
    pub(crate) fn again(&mut self, now: Instant, sequence: u16, layers: &[Layer], out: &mut Outbox) -> bool {
        let Some(video) = &self.parts.video else { return false };
        let Some((epoch, came_in)) = video.numbers.came_in_as(sequence) else {
            return false;
        };
        let Some(passing) = layers.iter().find_map(|layer| layer.history.find(epoch, came_in)) else {
            return false;
        };
        self.again.granted(now, sequence) && self.repeat(now, passing, out).is_some()
    }

    /// Sends something that the viewer has, to see whether its path carries more: the bytes it took,
    /// or none when there is nothing to send.
    pub(crate) fn probe(&mut self, now: Instant, back: usize, history: &History, out: &mut Outbox) -> Option<usize> {
        let passing = history.before(back)?;
        let video = self.parts.video.as_ref().filter(|video| video.rtx.is_some())?;
        // Nothing from before this viewer's time, and no number twice in its own stream.
        let went = video.numbers.again(passing.epoch, passing.stamp())?;
        video
            .numbers
            .came_in_as(went.sequence)
            .filter(|(epoch, _)| *epoch == passing.epoch)?;
        self.repeat(now, passing, out)
    }

    /// Sends a packet once more, in the retransmission stream (RFC 4588) where there is one, else as
    /// it was; its length.
    fn repeat(&mut self, now: Instant, passing: &Passing, out: &mut Outbox) -> Option<usize> {
        let video = self.parts.video.as_mut()?;
        let mut stamp = passing.stamp();
        if let Some(drawn) = video.drawn_at(passing.epoch, stamp.sequence) {
            stamp.timestamp = drawn;
        }
        let stamp = video.numbers.again(passing.epoch, stamp)?;
        let length = passing.packet.payload.len() + AROUND;
        let path = &mut self.path;
        let mut head = Head {
            payload_type: video.payload_type,
            ssrc: video.ssrc,
            index: video.index(stamp.sequence)?,
            timestamp: stamp.timestamp,
            marker: passing.packet.header.marker,
            orientation: self.parts.orientation.zip(passing.orientation.as_ref()),
            transport: None,
        };
        let mut original = None;
        if let Some(rtx) = &mut video.rtx {
            head.payload_type = rtx.payload_type;
            head.ssrc = rtx.ssrc;
            head.index = rtx.next;
            // A packet sent again as it was must be the same to the bit, and so bears no new number.
            head.transport = self.parts.transport.map(|id| (id, path.downlink.departs(now, length)));
            rtx.next += 1;
            original = Some(stamp.sequence.to_be_bytes());
        }
        let seal = &mut self.parts.seal;
        out.begin(self.to);
        let sent = out.datagram(|bytes| {
            let start = bytes.len();
            let header = head.write(bytes);
            bytes.extend_from_slice(original.as_ref().map_or(&[], |n| n));
            passing.write(bytes, stamp);
            seal.seal(bytes, start, header, head.ssrc, head.index)
        });
        sent.then_some(length)
    }
}
