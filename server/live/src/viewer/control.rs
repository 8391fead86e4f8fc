//! RTCP with a viewer: what it asks of us, and the reports that let it play
//! sound and picture together.

use super::stream::Sent;
use bytes::{Bytes, BytesMut};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::sender_report::SenderReport;
use rtc::rtcp::source_description::{SdesType, SourceDescription, SourceDescriptionChunk, SourceDescriptionItem};
use rtc::rtcp::transport_feedbacks::transport_layer_nack::TransportLayerNack;
use rtc::rtcp::{Packet, packet};
use rtc::shared::error::Result;
use std::time::{Duration, Instant};

/// Numbers taken from one message; more are a flood, not a loss.
const MOST_LOST: usize = 256;

/// What a viewer's RTCP asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) keyframe: bool,
    /// SSRC and numbers of what it missed.
    pub(super) lost: Vec<(u32, u16)>,
}

/// Reads opened RTCP.
///
/// # Errors
/// When it is none.
pub(super) fn read(opened: &mut BytesMut) -> Result<Asked> {
    let mut asked = Asked::default();
    for message in packet::unmarshal(opened)? {
        let message = message.as_any();
        if message.is::<PictureLossIndication>() || message.is::<FullIntraRequest>() {
            asked.keyframe = true;
        } else if let Some(nack) = message.downcast_ref::<TransportLayerNack>() {
            let numbers = nack.nacks.iter().flat_map(|pair| pair.packet_list());
            let room = MOST_LOST.saturating_sub(asked.lost.len());
            asked.lost.extend(numbers.take(room).map(|n| (nack.media_ssrc, n)));
        }
    }
    Ok(asked)
}

/// A sender report for every stream of which something was sent. `begun` is
/// when this process' time began: RFC 3550 §4 lets who has no wall clock count
/// from there, and the viewer only compares the streams with each other.
///
/// # Errors
/// When it cannot be written.
pub(super) fn reports(now: Instant, begun: Instant, sent: impl Iterator<Item = Sent>) -> Result<Option<BytesMut>> {
    let mut messages: Vec<Box<dyn Packet>> = Vec::new();
    for sent in sent {
        let Some((timestamp, at)) = sent.newest else { continue };
        let since = now.saturating_duration_since(at);
        let ticks = (since.as_micros() * u128::from(sent.clock_hz) / 1_000_000) as u32;
        messages.push(Box::new(SenderReport {
            ssrc: sent.ssrc,
            ntp_time: ntp(now.saturating_duration_since(begun)),
            rtp_time: timestamp.wrapping_add(ticks),
            packet_count: sent.packets,
            octet_count: sent.octets,
            ..SenderReport::default()
        }));
        messages.push(Box::new(SourceDescription {
            chunks: vec![SourceDescriptionChunk {
                source: sent.ssrc,
                items: vec![SourceDescriptionItem {
                    sdes_type: SdesType::SdesCname,
                    text: Bytes::from_static(b"live"),
                }],
            }],
        }));
    }
    match messages.is_empty() {
        true => Ok(None),
        false => packet::marshal(&messages).map(Some),
    }
}

/// Seconds in the upper half, their fraction in the lower.
fn ntp(passed: Duration) -> u64 {
    // a day ahead, so that no report says zero, which means "never"
    let seconds = passed.as_secs() + 86_400;
    (seconds << 32) | ((u64::from(passed.subsec_nanos()) << 32) / 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;
    use rtc::rtcp::transport_feedbacks::transport_layer_nack::nack_pairs_from_sequence_numbers;

    fn nack(numbers: &[u16]) -> Box<dyn Packet> {
        Box::new(TransportLayerNack {
            sender_ssrc: 1,
            media_ssrc: 9,
            nacks: nack_pairs_from_sequence_numbers(numbers),
        })
    }

    #[test]
    fn requests_are_read_out_of_a_compound() {
        let pli = PictureLossIndication {
            sender_ssrc: 1,
            media_ssrc: 9,
        };
        let mut message = packet::marshal(&[nack(&[65_535, 0, 3]), Box::new(pli)]).unwrap();
        let asked = read(&mut message).unwrap();
        assert!(asked.keyframe);
        assert_eq!(asked.lost, [(9, 65_535), (9, 0), (9, 3)]);
        assert!(read(&mut BytesMut::from(&b"\x81"[..])).is_err());
    }

    #[test]
    fn a_flood_of_losses_is_cut() {
        let all: Vec<u16> = (0..2_000).collect();
        let mut message = packet::marshal(&[nack(&all)]).unwrap();
        assert_eq!(read(&mut message).unwrap().lost.len(), MOST_LOST);
    }

    #[test]
    fn a_report_carries_the_stream_on_to_now() {
        let begun = some_moment();
        let at = begun + Duration::from_millis(1_500);
        let sent = Sent {
            ssrc: 7,
            clock_hz: 90_000,
            packets: 3,
            octets: 30,
            newest: Some((1_000, at)),
        };
        let silent = Sent { newest: None, ..sent };
        let now = at + Duration::from_millis(100);
        let mut bytes = reports(now, begun, [silent, sent].into_iter()).unwrap().unwrap();
        let read = packet::unmarshal(&mut bytes).unwrap();
        let report = read[0].as_any().downcast_ref::<SenderReport>().unwrap();
        assert_eq!((report.ssrc, report.rtp_time, report.packet_count), (7, 10_000, 3));
        assert_eq!(report.ntp_time >> 32, 86_401);
        assert!(((report.ntp_time as u32) as f64 / 2f64.powi(32) - 0.6).abs() < 1e-6);
        assert!(reports(now, begun, [silent].into_iter()).unwrap().is_none());
    }
}
