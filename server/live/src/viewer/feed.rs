//! The fast half of a viewer: everything a packet to it needs, side by side
//! with every other viewer's, so that a fan-out walks through memory once.
//! A packet costs a header, one sealing into the send buffer, and its share of
//! a system call: no lock, no allocation, no look-up.

use super::again::Again;
use super::seal::Seal;
use super::stream::{Head, Sent, Stream};
use crate::history::History;
use crate::id::SessionId;
use crate::outbox::Outbox;
use crate::track::{Epoch, Kind, Stamp};
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
    pub(crate) packet: rtp::Packet,
}

impl Passing {
    fn stamp(&self) -> Stamp {
        Stamp {
            sequence: self.packet.header.sequence_number,
            timestamp: self.packet.header.timestamp,
        }
    }
}

/// A viewer's fast half.
pub(crate) struct Feed {
    pub(crate) id: SessionId,
    pub(crate) to: SocketAddr,
    seal: Seal,
    video: Option<Stream>,
    audio: Option<Stream>,
    orientation: Option<u8>,
    again: Again,
}

impl Feed {
    pub(super) fn new(
        id: SessionId,
        to: SocketAddr,
        now: Instant,
        seal: Seal,
        streams: [Option<Stream>; 2],
        orientation: Option<u8>,
    ) -> Self {
        let [video, audio] = streams;
        Self {
            id,
            to,
            seal,
            video,
            audio,
            orientation,
            again: Again::new(now),
        }
    }

    /// Whether this viewer waits for a keyframe before it can show `epoch`.
    pub(crate) fn awaits_keyframe(&self, epoch: Epoch) -> bool {
        self.video.as_ref().is_some_and(|v| !v.numbers.runs(epoch))
    }

    pub(super) fn sent(&self) -> impl Iterator<Item = Sent> {
        [&self.video, &self.audio].into_iter().flatten().map(|s| s.sent)
    }

    /// Cached pictures, whose timestamps were drawn together.
    pub(crate) fn replay(&mut self, now: Instant, cached: &[Passing], out: &mut Outbox) {
        if let Some(video) = &mut self.video {
            let stamps = cached.iter().map(Passing::stamp);
            video.draws(stamps.map(|s| (s.sequence, s.timestamp)).collect());
        }
        out.begin(self.to);
        for passing in cached {
            self.forward(now, passing, out);
        }
        if let Some(video) = &mut self.video {
            video.drawn();
        }
    }

    /// Passes a packet on, to where `out` was told to begin; false when this
    /// viewer has no use for it. Video of an epoch begins with a keyframe: what
    /// comes before would only make the decoder ask for one.
    pub(crate) fn forward(&mut self, now: Instant, passing: &Passing, out: &mut Outbox) -> bool {
        let stream = match passing.kind {
            Kind::Video => &mut self.video,
            Kind::Audio => &mut self.audio,
        };
        let Some(stream) = stream else { return false };
        let starts = passing.begins_keyframe || passing.kind == Kind::Audio;
        if !stream.numbers.runs(passing.epoch) && !starts {
            return false;
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
        let payload = &passing.packet.payload;
        stream.sent.packets = stream.sent.packets.wrapping_add(1);
        stream.sent.octets = stream.sent.octets.wrapping_add(payload.len() as u32);
        stream.sent.newest = Some((stamp.timestamp, now));
        let head = Head {
            payload_type: stream.payload_type,
            ssrc: stream.ssrc,
            index,
            timestamp: stamp.timestamp,
            marker: passing.packet.header.marker,
            orientation: self.orientation.zip(passing.orientation.as_ref()),
        };
        let seal = &mut self.seal;
        out.datagram(|bytes| {
            let start = bytes.len();
            let header = head.write(bytes);
            bytes.extend_from_slice(payload);
            seal.seal(bytes, start, header, head.ssrc, head.index)
        })
    }

    /// Sends a packet of the video again that the viewer has missed: in the
    /// retransmission stream where there is one, else as it was. False when it
    /// is not known any more, or the viewer has had its share.
    pub(crate) fn again(&mut self, now: Instant, sequence: u16, history: &History, out: &mut Outbox) -> bool {
        let Some(video) = &mut self.video else { return false };
        let found = video.numbers.came_in_as(sequence);
        let Some(passing) = found.and_then(|(epoch, came_in)| history.find(epoch, came_in)) else {
            return false;
        };
        if !self.again.granted(now, sequence) {
            return false;
        }
        let mut stamp = passing.stamp();
        if let Some(drawn) = video.drawn_at(stamp.sequence) {
            stamp.timestamp = drawn;
        }
        let (Some(index), Some(stamp)) = (video.index(sequence), video.numbers.again(stamp)) else {
            return false;
        };
        let mut head = Head {
            payload_type: video.payload_type,
            ssrc: video.ssrc,
            index,
            timestamp: stamp.timestamp,
            marker: passing.packet.header.marker,
            orientation: self.orientation.zip(passing.orientation.as_ref()),
        };
        let mut original = None;
        if let Some(rtx) = &mut video.rtx {
            head.payload_type = rtx.payload_type;
            head.ssrc = rtx.ssrc;
            head.index = rtx.next;
            rtx.next += 1;
            original = Some(sequence.to_be_bytes());
        }
        let seal = &mut self.seal;
        out.begin(self.to);
        out.datagram(|bytes| {
            let start = bytes.len();
            let header = head.write(bytes);
            bytes.extend_from_slice(original.as_ref().map_or(&[], |n| n));
            bytes.extend_from_slice(&passing.packet.payload);
            seal.seal(bytes, start, header, head.ssrc, head.index)
        })
    }
}
