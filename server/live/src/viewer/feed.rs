//! The fast half of a viewer: everything a packet to it needs, side by side
//! with every other viewer's, so that a fan-out walks through memory once.
//! A packet costs a header, one sealing into the send buffer, and its share of
//! a system call: no lock, no allocation, no look-up.

use super::seal::{Index, Seal};
use crate::history::History;
use crate::id::SessionId;
use crate::outbox::Outbox;
use crate::track::{Epoch, Kind, Renumber, Stamp};
use bytes::Bytes;
use rtc::rtp;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

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

/// Packets a viewer may have sent again at once, and how fast more are granted:
/// a viewer on a broken path must not double what everybody's sending costs.
const MOST_AGAIN: u32 = 128;
const AGAIN_EVERY: Duration = Duration::from_millis(8);
/// How often one packet is sent again: at 20 % loss five times leave one in
/// three thousand, and a client that asks for ever is not answered for ever.
const MOST_TIMES: u8 = 5;
/// Packets of which the times are counted, the newest ones.
const COUNTED: usize = 128;

/// Where retransmissions go (RFC 4588).
struct Rtx {
    ssrc: u32,
    payload_type: u8,
    next: Index,
}

/// One outgoing stream.
pub(super) struct Stream {
    ssrc: u32,
    payload_type: u8,
    numbers: Renumber,
    /// The place of the newest packet.
    newest: Option<Index>,
    rtx: Option<Rtx>,
    /// The timestamps under which cached pictures were replayed: sent again,
    /// they must be the same to the bit.
    replayed: Vec<(u16, u32)>,
    sent: Sent,
}

/// What a sender report tells (RFC 3550 §6.4.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) ssrc: u32,
    pub(super) clock_hz: u32,
    pub(super) packets: u32,
    pub(super) octets: u32,
    /// The newest packet's timestamp, and when it went.
    pub(super) newest: Option<(u32, Instant)>,
}

impl Stream {
    /// A stream that begins at `origin`; `rtx` are SSRC, payload type and first
    /// number of its retransmissions.
    pub(super) fn new(ssrc: u32, payload_type: u8, clock_hz: u32, origin: Stamp, rtx: Option<(u32, u8, u16)>) -> Self {
        let rtx = rtx.map(|(ssrc, payload_type, first)| Rtx {
            ssrc,
            payload_type,
            next: first.into(),
        });
        Self {
            ssrc,
            payload_type,
            numbers: Renumber::new(clock_hz, origin),
            newest: None,
            rtx,
            replayed: Vec::new(),
            sent: Sent {
                ssrc,
                clock_hz,
                packets: 0,
                octets: 0,
                newest: None,
            },
        }
    }

    pub(super) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    pub(super) fn rtx_ssrc(&self) -> Option<u32> {
        self.rtx.as_ref().map(|rtx| rtx.ssrc)
    }

    /// The place of a number, next to the newest; none before the first turn.
    fn index(&self, sequence: u16) -> Option<Index> {
        let Some(newest) = self.newest else {
            return Some(sequence.into());
        };
        let step = i64::from(sequence.wrapping_sub(newest as u16) as i16);
        newest.checked_add_signed(step)
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

/// The parts of a packet that differ from viewer to viewer.
struct Head<'a> {
    payload_type: u8,
    ssrc: u32,
    index: Index,
    timestamp: u32,
    marker: bool,
    orientation: Option<(u8, &'a Bytes)>,
}

impl Head<'_> {
    /// RFC 3550 §5.1; the extension is one of RFC 8285 §4.2. Its length.
    fn write(&self, bytes: &mut Vec<u8>) -> usize {
        let extended = self.orientation.filter(|(_, value)| value.len() == 1);
        let mut head = [0; 12];
        head[0] = 0x80 | if extended.is_some() { 0x10 } else { 0 };
        head[1] = self.payload_type | if self.marker { 0x80 } else { 0 };
        head[2..4].copy_from_slice(&(self.index as u16).to_be_bytes());
        head[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        head[8..].copy_from_slice(&self.ssrc.to_be_bytes());
        bytes.extend_from_slice(&head);
        let Some((id, value)) = extended else { return 12 };
        bytes.extend_from_slice(&[0xbe, 0xde, 0, 1, id << 4, value[0], 0, 0]);
        20
    }
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
            video.replayed = stamps.map(|s| (s.sequence, s.timestamp)).collect();
        }
        out.begin(self.to);
        for passing in cached {
            self.forward(now, passing, out);
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
        stream.newest = stream.newest.max(Some(index));
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
        if let Some((_, drawn)) = video.replayed.iter().find(|(n, _)| *n == stamp.sequence) {
            stamp.timestamp = *drawn;
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

/// What a viewer may still have sent again.
struct Again {
    left: u32,
    since: Instant,
    /// Numbers sent again and how often, overwritten in turn.
    times: Vec<(u16, u8)>,
    oldest: usize,
}

impl Again {
    fn new(now: Instant) -> Self {
        Self {
            left: MOST_AGAIN,
            since: now,
            times: Vec::new(),
            oldest: 0,
        }
    }

    /// Takes one from what is left; with time it fills up again.
    fn granted(&mut self, now: Instant, sequence: u16) -> bool {
        let passed = now.saturating_duration_since(self.since);
        let more = (passed.as_micros() / AGAIN_EVERY.as_micros()).min(MOST_AGAIN.into()) as u32;
        if more > 0 {
            self.left = (self.left + more).min(MOST_AGAIN);
            self.since = now;
        }
        if self.left == 0 {
            return false;
        }
        match self.times.iter().position(|(n, _)| *n == sequence) {
            Some(at) if self.times[at].1 >= MOST_TIMES => return false,
            Some(at) => self.times[at].1 += 1,
            None if self.times.len() < COUNTED => self.times.push((sequence, 1)),
            None => {
                self.times[self.oldest] = (sequence, 1);
                self.oldest = (self.oldest + 1) % COUNTED;
            }
        }
        self.left -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    #[test]
    fn what_is_sent_again_is_bounded_and_grows_back() {
        let start = some_moment();
        let mut again = Again::new(start);
        let mut grants = |now| (0..1_000).filter(|n| again.granted(now, *n)).count();
        assert_eq!(grants(start), 128);
        let later = start + Duration::from_millis(80);
        assert_eq!(grants(later), 10);
        assert_eq!(grants(later + Duration::from_secs(60)), 128);
    }

    #[test]
    fn one_packet_is_sent_again_a_few_times_only() {
        let start = some_moment();
        let mut again = Again::new(start);
        let granted = (0..20).filter(|_| again.granted(start, 7)).count();
        assert_eq!(granted, usize::from(MOST_TIMES));
        assert!(again.granted(start, 8), "another one is");
    }

    #[test]
    fn places_run_over_the_turn_and_never_below_the_first() {
        let origin = Stamp {
            sequence: 0,
            timestamp: 0,
        };
        let mut stream = Stream::new(1, 96, 90_000, origin, None);
        assert_eq!(stream.index(3), Some(3));
        stream.newest = Some(3);
        assert_eq!(stream.index(65_535), None, "before the first turn");
        stream.newest = Some(65_535);
        assert_eq!(stream.index(1), Some(65_537));
        stream.newest = Some(65_537);
        assert_eq!(stream.index(65_535), Some(65_535));
    }
}
