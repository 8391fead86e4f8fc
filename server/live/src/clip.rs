//! A short recording to publish in a loop: VP8 in IVF, Opus in Ogg.

use bytes::Bytes;
use rtc::media::io::ivf_reader::IVFReader;
use std::io::Cursor;
use std::time::Duration;

/// A picture or a piece of sound, and how long it lasts.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) data: Bytes,
    pub(crate) lasts: Duration,
}

/// A clip held in memory.
#[derive(Debug, Clone)]
pub struct Clip {
    pub(crate) pictures: Vec<Piece>,
    pub(crate) sounds: Vec<Piece>,
}

/// Why a file is not a clip.
#[derive(Debug, thiserror::Error)]
pub enum NotAClip {
    /// The IVF file cannot be read.
    #[error("IVF: {0}")]
    Ivf(#[from] rtc::shared::error::Error),
    /// The Ogg file cannot be read.
    #[error("Ogg: {0}")]
    Ogg(#[from] ogg::OggReadError),
    /// Readable, but not VP8 and Opus, or nothing in it.
    #[error("{0}")]
    Content(&'static str),
}

impl Clip {
    /// Reads a VP8 IVF file and an Opus Ogg file.
    ///
    /// # Errors
    /// [`NotAClip`] says which file is wrong and how.
    pub fn parse(ivf: &[u8], ogg: &[u8]) -> Result<Self, NotAClip> {
        Ok(Self {
            pictures: pictures(ivf)?,
            sounds: sounds(ogg)?,
        })
    }

    /// How long one round of the pictures lasts.
    pub fn length(&self) -> Duration {
        self.pictures.iter().map(|p| p.lasts).sum()
    }
}

fn pictures(ivf: &[u8]) -> Result<Vec<Piece>, NotAClip> {
    let (mut reader, header) = IVFReader::new(Cursor::new(ivf))?;
    if &header.four_cc != b"VP80" {
        return Err(NotAClip::Content("the video is not VP8"));
    }
    let tick = match header.timebase_denominator {
        0 => return Err(NotAClip::Content("the video has no time base")),
        rate => f64::from(header.timebase_numerator) / f64::from(rate),
    };
    let mut frames = Vec::new();
    let mut left = ivf.len().saturating_sub(usize::from(header.header_size));
    // The reader would make room for whatever size a damaged header names.
    while left > 12 {
        let (data, frame) = reader.parse_next_frame()?;
        left = left.saturating_sub(12 + data.len());
        frames.push((frame.timestamp, data.freeze()));
    }
    let usual = match frames.as_slice() {
        [(first, _), (second, _), ..] => second.saturating_sub(*first),
        _ => return Err(NotAClip::Content("the video has fewer than two frames")),
    };
    let next = frames.iter().skip(1).map(|(at, _)| Some(*at));
    let pieces = frames.iter().zip(next.chain([None]));
    pieces
        .map(|((at, data), next)| {
            let ticks = next.map_or(usual, |next| next.saturating_sub(*at));
            let seconds = ticks as f64 * tick;
            if !(0.001..=10.0).contains(&seconds) {
                return Err(NotAClip::Content("the video's timing is broken"));
            }
            Ok(Piece {
                data: data.clone(),
                lasts: Duration::from_secs_f64(seconds),
            })
        })
        .collect()
}

fn sounds(ogg: &[u8]) -> Result<Vec<Piece>, NotAClip> {
    let mut reader = ogg::PacketReader::new(Cursor::new(ogg));
    let head = reader.read_packet()?;
    if !head.is_some_and(|p| p.data.starts_with(b"OpusHead")) {
        return Err(NotAClip::Content("the sound is not Opus"));
    }
    let mut sounds = Vec::new();
    while let Some(packet) = reader.read_packet()? {
        if packet.data.starts_with(b"OpusTags") {
            continue;
        }
        let lasts = opus_duration(&packet.data).ok_or(NotAClip::Content("a broken sound"))?;
        sounds.push(Piece {
            data: packet.data.into(),
            lasts,
        });
    }
    match sounds.is_empty() {
        true => Err(NotAClip::Content("no sound")),
        false => Ok(sounds),
    }
}

/// How long an Opus packet lasts, by its first bytes (RFC 6716 §3.1).
fn opus_duration(packet: &[u8]) -> Option<Duration> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    let frame_us = match config {
        0..=11 => [10_000, 20_000, 40_000, 60_000][usize::from(config % 4)],
        12..=15 => [10_000, 20_000][usize::from(config % 2)],
        _ => [2_500, 5_000, 10_000, 20_000][usize::from(config % 4)],
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(packet.get(1)? & 0x3f),
    };
    // RFC 6716 §3.2.5: at most 120 ms, and never nothing.
    let total = frame_us * frames;
    (1..=120_000).contains(&total).then(|| Duration::from_micros(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    const IVF: &[u8] = include_bytes!("../clip/farm.ivf");
    const OGG: &[u8] = include_bytes!("../clip/farm.ogg");

    #[test]
    fn the_bundled_clip_is_one() {
        let clip = Clip::parse(IVF, OGG).unwrap();
        let sound: Duration = clip.sounds.iter().map(|p| p.lasts).sum();
        let seconds = |d: Duration| d.as_secs_f64();
        assert!((10.0..=15.0).contains(&seconds(clip.length())), "{:?}", clip.length());
        assert!((seconds(sound) - seconds(clip.length())).abs() < 0.2, "{sound:?}");
        assert!(IVF.len() + OGG.len() <= 1_300_000);
    }

    #[test]
    fn a_late_viewer_of_it_finds_a_keyframe_soon() {
        let clip = Clip::parse(IVF, OGG).unwrap();
        let mut since = Duration::ZERO;
        for picture in &clip.pictures {
            let key = picture.data[0] & 1 == 0;
            since = if key { Duration::ZERO } else { since };
            since += picture.lasts;
            assert!(since <= Duration::from_millis(550), "{since:?}");
        }
    }

    #[test]
    fn what_is_damaged_is_refused_or_read_never_worse() {
        assert!(Clip::parse(b"", OGG).is_err());
        assert!(Clip::parse(IVF, b"").is_err());
        assert!(Clip::parse(OGG, IVF).is_err());
        for end in (0..2_000).step_by(7) {
            let _ = Clip::parse(&IVF[..end], &OGG[..end]);
        }
    }

    #[test]
    fn opus_packets_last_what_the_rfc_says() {
        let ms = |bytes: &[u8]| opus_duration(bytes).map(|d| d.as_micros());
        assert_eq!(ms(&[0b0000_1000]), Some(20_000), "SILK 20 ms");
        assert_eq!(ms(&[0b1111_1000]), Some(20_000), "CELT 20 ms");
        assert_eq!(ms(&[0b1000_0001]), Some(5_000), "two of 2.5 ms");
        assert_eq!(ms(&[0b0001_1011, 3]), None, "180 ms is too long");
        assert_eq!(ms(&[0b0001_1011]), None, "cut short");
        assert_eq!(ms(&[]), None);
    }
}
