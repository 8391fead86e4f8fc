//! Showing a clip round and round: what is due when, and as which packets.

use super::{Clip, FarmerError};
use crate::client::{Client, Media};
use crate::clip::Piece;
use crate::engine::{AUDIO_CLOCK, VIDEO_CLOCK};
use crate::track::Kind;
use bytes::Bytes;
use rtc::rtp::codec::vp8::Vp8Payloader;
use rtc::rtp::packetizer::Payloader;
use std::time::{Duration, Instant};

/// Payload bytes in a packet: leaves room for headers below 1200 (RFC 8835 §3.5
/// advises to stay under what every path carries).
const PAYLOAD: usize = 1_100;
/// One kind's way through the clip, round and round.
struct Reel<'a> {
    kind: Kind,
    pieces: &'a [Piece],
    at: usize,
    due: Instant,
    clock_hz: u32,
    sequence: u16,
    /// Since the show began; the RTP timestamp grows with it over every loop.
    passed: Duration,
}

impl Reel<'_> {
    fn timestamp(&self) -> u32 {
        (self.passed.as_micros() * u128::from(self.clock_hz) / 1_000_000) as u32
    }

    fn next(&mut self) -> &Piece {
        let piece = &self.pieces[self.at];
        self.at = (self.at + 1) % self.pieces.len();
        self.due += piece.lasts;
        self.passed += piece.lasts;
        piece
    }
}

/// Picture and sound of a clip as packets, in real time.
pub(super) struct Show<'a> {
    pictures: Reel<'a>,
    sounds: Reel<'a>,
    payloader: Vp8Payloader,
}

impl<'a> Show<'a> {
    /// A show of `clip` from `begins` on.
    pub(super) fn new(clip: &'a Clip, begins: Instant) -> Self {
        let reel = |kind, pieces, clock_hz| Reel {
            kind,
            pieces,
            at: 0,
            due: begins,
            clock_hz,
            sequence: 0,
            passed: Duration::ZERO,
        };
        let mut payloader = Vp8Payloader::default();
        payloader.enable_picture_id = true;
        Self {
            pictures: reel(Kind::Video, &clip.pictures, VIDEO_CLOCK),
            sounds: reel(Kind::Audio, &clip.sounds, AUDIO_CLOCK),
            payloader,
        }
    }

    /// When something is to be sent next.
    pub(super) fn due(&self) -> Instant {
        self.pictures.due.min(self.sounds.due)
    }

    /// Sends what is due.
    pub(super) fn send_due(&mut self, now: Instant, client: &mut Client) -> Result<(), FarmerError> {
        while self.pictures.due <= now {
            let timestamp = self.pictures.timestamp();
            let data = self.pictures.next().data.clone();
            let parts = self.payloader.payload(PAYLOAD, &data)?;
            send(client, now, &mut self.pictures, timestamp, parts)?;
        }
        while self.sounds.due <= now {
            let timestamp = self.sounds.timestamp();
            let data = self.sounds.next().data.clone();
            send(client, now, &mut self.sounds, timestamp, vec![data])?;
        }
        Ok(())
    }
}

fn send(
    client: &mut Client,
    now: Instant,
    reel: &mut Reel<'_>,
    timestamp: u32,
    parts: Vec<Bytes>,
) -> Result<(), FarmerError> {
    let last = parts.len().saturating_sub(1);
    for (at, payload) in parts.into_iter().enumerate() {
        let media = Media {
            kind: reel.kind,
            sequence_number: reel.sequence,
            timestamp,
            marker: at == last && reel.kind == Kind::Video,
            orientation: None,
            payload,
        };
        client.send(now, media)?;
        reel.sequence = reel.sequence.wrapping_add(1);
    }
    Ok(())
}
