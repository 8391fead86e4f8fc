//! Where a picture begins that needs no earlier one: read from the first bytes
//! of an RTP payload, VP8 (RFC 7741 §4.2, RFC 6386 §9.1) and H.264 (RFC 6184).

use crate::codec::VideoCodec;

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
    let first = *payload.first()?;
    let starts_partition = first & 0x10 != 0;
    let partition = first & 0x07;
    if !starts_partition || partition != 0 {
        return Some(false);
    }
    let mut at = 1;
    if first & 0x80 != 0 {
        let extended = *payload.get(at)?;
        at += 1;
        if extended & 0x80 != 0 {
            at += if payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        if extended & 0x40 != 0 {
            at += 1;
        }
        if extended & 0x30 != 0 {
            at += 1;
        }
    }
    // The lowest bit of the frame tag is 0 for a key frame.
    Some(payload.get(at)? & 1 == 0)
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
}
