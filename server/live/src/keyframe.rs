//! Where a picture begins that needs no earlier one: read from the first bytes
//! of an RTP payload, VP8 (RFC 7741 §4.2, RFC 6386 §9.1) and H.264 (RFC 6184).

use crate::codec::VideoCodec;
use crate::vp8::{self, Descriptor};
use h264_reader::nal::sps::SeqParameterSet;
use h264_reader::rbsp::{BitReader, decode_nal};

/// Whether `payload` carries the beginning of a keyframe. For H.264 that is
/// the first parameter set or IDR slice, whichever comes first, so that a
/// viewer starting here has the parameter sets too.
pub(crate) fn begins(codec: &VideoCodec, payload: &[u8]) -> bool {
    match codec {
        VideoCodec::Vp8 => vp8(payload).unwrap_or(false),
        VideoCodec::H264 { .. } => h264(payload).unwrap_or(false),
    }
}

fn vp8(payload: &[u8]) -> Option<bool> {
    let descriptor = Descriptor::read(payload)?;
    // The lowest bit of the frame tag is 0 for a key frame.
    Some(descriptor.begins && payload.get(descriptor.data)? & 1 == 0)
}

/// Width and height of the picture that begins with `payload`, if it says so.
pub(crate) fn size(codec: &VideoCodec, payload: &[u8]) -> Option<(u16, u16)> {
    match codec {
        VideoCodec::Vp8 => vp8::size(payload),
        VideoCodec::H264 { .. } => sequence_parameters(payload).and_then(h264_size),
    }
}

const IDR: u8 = 5;
const SEQUENCE_PARAMETERS: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

fn starts_picture(unit: u8) -> bool {
    matches!(unit & 0x1f, IDR | SEQUENCE_PARAMETERS)
}

fn h264(payload: &[u8]) -> Option<bool> {
    let first = *payload.first()?;
    match first & 0x1f {
        FU_A => {
            let header = *payload.get(1)?;
            Some(header & 0x80 != 0 && starts_picture(header))
        }
        STAP_A => {
            let mut rest = &payload[1..];
            while rest.len() > 2 {
                let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
                if starts_picture(rest[2]) {
                    return Some(true);
                }
                rest = rest.get(2 + length..)?;
            }
            Some(false)
        }
        _ => Some(starts_picture(first)),
    }
}

/// The sequence parameter set in a packet, alone or first of several.
fn sequence_parameters(payload: &[u8]) -> Option<&[u8]> {
    let unit = match payload.first()? & 0x1f {
        STAP_A => {
            let length = u16::from_be_bytes([*payload.get(1)?, *payload.get(2)?]);
            payload.get(3..3 + usize::from(length))?
        }
        _ => payload,
    };
    (unit.first()? & 0x1f == SEQUENCE_PARAMETERS).then_some(unit)
}

fn h264_size(unit: &[u8]) -> Option<(u16, u16)> {
    let raw = decode_nal(unit).ok()?;
    let set = SeqParameterSet::from_bits(BitReader::new(&raw[..])).ok()?;
    let (width, height) = set.pixel_dimensions().ok()?;
    Some((width.try_into().ok()?, height.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Profile;

    const H264: VideoCodec = VideoCodec::H264 {
        profile: Profile::ConstrainedBaseline,
        packetization: 1,
    };

    #[test]
    fn vp8_key_and_delta_frames() {
        let key = |payload: &[u8]| begins(&VideoCodec::Vp8, payload);
        assert!(key(&[0x10, 0x00, 0, 0]));
        assert!(!key(&[0x10, 0x01, 0, 0]), "a delta frame");
        assert!(!key(&[0x00, 0x00, 0, 0]), "the middle of a frame");
        assert!(!key(&[0x11, 0x00, 0, 0]), "a later partition");
    }

    #[test]
    fn vp8_descriptors_of_every_length() {
        let key = |payload: &[u8]| begins(&VideoCodec::Vp8, payload);
        assert!(key(&[0x90, 0x80, 0x05, 0x00]), "7-bit picture id");
        assert!(key(&[0x90, 0x80, 0x85, 0x01, 0x00]), "15-bit picture id");
        assert!(key(&[0x90, 0xe0, 0x85, 0x01, 0x09, 0x40, 0x00]), "with layers");
        assert!(!key(&[0x90, 0xe0, 0x85, 0x01, 0x09, 0x40, 0x01]));
        assert!(!key(&[0x90, 0x80, 0x85]), "cut short");
        assert!(!key(&[]));
    }

    #[test]
    fn h264_single_units() {
        assert!(begins(&H264, &[0x65, 1]), "IDR");
        assert!(begins(&H264, &[0x67, 1]), "SPS");
        assert!(!begins(&H264, &[0x68, 1]), "PPS alone");
        assert!(!begins(&H264, &[0x41, 1]), "a delta slice");
        assert!(!begins(&H264, &[]));
    }

    #[test]
    fn h264_aggregated_units() {
        assert!(begins(&H264, &[0x78, 0, 2, 0x09, 0, 0, 2, 0x67, 0]), "AUD, SPS");
        assert!(!begins(&H264, &[0x78, 0, 2, 0x41, 0, 0, 2, 0x41, 0]));
        assert!(!begins(&H264, &[0x78, 0, 200, 0x41]), "a length that lies");
        assert!(!begins(&H264, &[0x78]));
    }

    #[test]
    fn h264_fragments_only_at_their_start() {
        assert!(begins(&H264, &[0x7c, 0x85, 1]), "first of an IDR");
        assert!(!begins(&H264, &[0x7c, 0x05, 1]), "middle of an IDR");
        assert!(!begins(&H264, &[0x7c, 0x81, 1]), "first of a delta slice");
        assert!(!begins(&H264, &[0x7c]));
    }

    #[test]
    fn an_h264_picture_says_how_large_it_is() {
        // Constrained baseline, level 3.1, 1280 by 720.
        let set = [
            0x67, 0x42, 0xc0, 0x1f, 0xd9, 0x00, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00,
            0x03, 0x03, 0xc0, 0xf1, 0x83, 0x24, 0x80,
        ];
        assert_eq!(size(&H264, &set), Some((1280, 720)));
        let together = [&[STAP_A, 0, set.len() as u8], &set[..], &[0, 1, 0x68]].concat();
        assert_eq!(size(&H264, &together), Some((1280, 720)));
        for end in 0..set.len() - 4 {
            let _ = size(&H264, &set[..end]);
        }
        assert_eq!(size(&H264, &[0x65, 1, 2]), None);
    }
}
