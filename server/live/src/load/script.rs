//! The stream that is measured: 25 pictures and 50 sounds a second, 1.5 Mbit/s.

use super::LoadError;
use crate::client::Media;
use crate::track::Kind;
use bytes::Bytes;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

const PICTURE_EVERY: Duration = Duration::from_millis(40);
const SOUND_EVERY: Duration = Duration::from_millis(20);
/// Payload bytes of a full packet, as browsers make them.
pub(super) const PAYLOAD: usize = 1_150;
const SOUND: usize = 80;
/// Pictures between keyframes, unless one is asked for.
const KEY_EVERY: u32 = 50;
/// Bytes of pictures: 49 small ones and a keyframe make 1.5 Mbit/s with the sound.
const KEY_BYTES: usize = 30_000;
const DELTA_BYTES: usize = 6_900;

/// How the packets of one picture leave the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// All at once, as most encoders' WHIP clients do on a LAN.
    Burst,
    /// Spread over the time till the next picture, as a browser's pacer does.
    Spread,
    /// At once, and of a picture only its first packet: for tests on unoptimised builds, which ask
    /// whether everything comes and not what it costs.
    Thin,
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Burst => "burst",
            Self::Spread => "spread",
            Self::Thin => "thin",
        })
    }
}

impl FromStr for Pace {
    type Err = LoadError;

    fn from_str(text: &str) -> Result<Self, LoadError> {
        let all = [Self::Burst, Self::Spread, Self::Thin];
        let found = all.into_iter().find(|pace| pace.to_string() == text);
        found.ok_or_else(|| "burst, spread or thin".into())
    }
}

/// The sizes of the packets of a second, for who only wants their number and length.
pub(super) fn picture_sizes(key: bool) -> impl Iterator<Item = usize> {
    let bytes = if key { KEY_BYTES } else { DELTA_BYTES };
    (0..bytes.div_ceil(PAYLOAD)).map(move |n| PAYLOAD.min(bytes - n * PAYLOAD))
}

/// What is due when.
pub(super) struct Script {
    pace: Pace,
    begun: Instant,
    pictures: u32,
    sounds: u32,
    key_wanted: bool,
    /// Packets of the running picture still to go, last first.
    left: Vec<Media>,
    picture_packets: u32,
    video_sequence: u16,
}

impl Script {
    pub(super) fn new(begun: Instant, pace: Pace) -> Self {
        Self {
            pace,
            begun,
            pictures: 0,
            sounds: 0,
            key_wanted: true,
            left: Vec::new(),
            picture_packets: 0,
            video_sequence: 0,
        }
    }

    /// The next picture shall be a keyframe.
    pub(super) fn want_key(&mut self) {
        self.key_wanted = true;
    }

    /// When something is due next.
    pub(super) fn due(&self) -> Instant {
        let sound = self.begun + SOUND_EVERY * self.sounds;
        sound.min(self.picture_due())
    }

    fn picture_due(&self) -> Instant {
        let picture = self.begun + PICTURE_EVERY * self.pictures;
        match (self.pace, self.left.len() as u32) {
            (Pace::Spread, left @ 1..) => {
                let gone = self.picture_packets - left;
                picture - PICTURE_EVERY + PICTURE_EVERY * gone / self.picture_packets
            }
            _ => picture,
        }
    }

    /// What is due, packet by packet.
    pub(super) fn next(&mut self, now: Instant) -> Option<Media> {
        if self.begun + SOUND_EVERY * self.sounds <= now {
            self.sounds += 1;
            return Some(media(
                Kind::Audio,
                self.sounds as u16,
                self.sounds * 960,
                vec![0xf8; SOUND],
            ));
        }
        let burst = self.pace != Pace::Spread && !self.left.is_empty();
        if !burst && self.picture_due() > now {
            return None;
        }
        if self.left.is_empty() {
            self.picture();
        }
        self.left.pop()
    }

    fn picture(&mut self) {
        let key = std::mem::take(&mut self.key_wanted) || self.pictures.is_multiple_of(KEY_EVERY);
        let timestamp = self.pictures * 3_600;
        self.pictures += 1;
        let most = if self.pace == Pace::Thin { 1 } else { usize::MAX };
        for (n, size) in picture_sizes(key).take(most).enumerate() {
            let mut payload = vec![0; size];
            // RFC 7741: the start of a partition, and the frame tag's key bit
            payload[0] = if n == 0 { 0x10 } else { 0 };
            payload[1] = u8::from(!key);
            self.video_sequence = self.video_sequence.wrapping_add(1);
            self.left
                .push(media(Kind::Video, self.video_sequence, timestamp, payload));
        }
        if let Some(last) = self.left.last_mut() {
            last.marker = true;
        }
        self.left.reverse();
        self.picture_packets = self.left.len() as u32;
    }
}

fn media(kind: Kind, sequence_number: u16, timestamp: u32, payload: Vec<u8>) -> Media {
    Media {
        kind,
        sequence_number,
        timestamp,
        marker: false,
        orientation: None,
        payload: Bytes::from(payload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    fn ten_seconds(pace: Pace) -> (usize, usize) {
        let begun = some_moment();
        let mut script = Script::new(begun, pace);
        let (mut packets, mut bytes) = (0, 0);
        while script.due() < begun + Duration::from_secs(10) {
            let due = script.due();
            let media = script.next(due).expect("what is due is there");
            packets += 1;
            bytes += media.payload.len();
        }
        (packets, bytes)
    }

    #[test]
    fn it_is_a_megabit_and_a_half_however_it_is_paced() {
        for pace in [Pace::Burst, Pace::Spread] {
            let (packets, bytes) = ten_seconds(pace);
            let bits = bytes * 8 / 10;
            assert!((1_450_000..1_550_000).contains(&bits), "{pace:?}: {bits} bit/s");
            assert!((2_100..2_400).contains(&packets), "{pace:?}: {packets}");
        }
    }

    #[test]
    fn a_keyframe_comes_when_it_is_asked_for() {
        let begun = some_moment();
        let mut script = Script::new(begun, Pace::Burst);
        let end = begun + Duration::from_millis(100);
        while script.next(end).is_some() {}
        script.want_key();
        let later = end + Duration::from_millis(40);
        let mut made = std::iter::from_fn(|| script.next(later));
        assert!(made.any(|m| m.kind == Kind::Video && m.payload[..2] == [0x10, 0]));
    }
}
