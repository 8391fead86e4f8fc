//! RTCP with a viewer: what it asks of us, and the reports that let it play
//! sound and picture together.

use super::path::News;
use super::stream::Sent;
use bytes::{Bytes, BytesMut};
use rtc::interceptor::convert_twcc;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::payload_feedbacks::receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::sender_report::SenderReport;
use rtc::rtcp::source_description::{SdesType, SourceDescription, SourceDescriptionChunk, SourceDescriptionItem};
use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::TransportLayerNack;
use rtc::rtcp::{Packet, packet};
use rtc::shared::error::Result;
use std::time::{Duration, Instant};

/// Numbers taken from one message; more are a flood, not a loss.
const MOST_LOST: usize = 256;
/// Packets that one message may tell of: a few bytes can name tens of thousands.
const MOST_TOLD: u16 = 1_024;

/// What a viewer's RTCP asks for.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) keyframe: bool,
    /// SSRC and numbers of what it missed.
    pub(super) lost: Vec<(u32, u16)>,
    /// And what it tells of its way.
    pub(super) news: Vec<News>,
}

/// Reads opened RTCP, `since` the time began that our reports tell.
///
/// # Errors
/// When it is none.
pub(super) fn read(since: Duration, opened: &mut BytesMut) -> Result<Asked> {
    let mut asked = Asked::default();
    for message in packet::unmarshal(opened)? {
        let message = message.as_any();
        if message.is::<PictureLossIndication>() || message.is::<FullIntraRequest>() {
            asked.keyframe = true;
        } else if let Some(nack) = message.downcast_ref::<TransportLayerNack>() {
            let numbers = nack.nacks.iter().flat_map(|pair| pair.packet_list());
            let room = MOST_LOST.saturating_sub(asked.lost.len());
            asked.lost.extend(numbers.take(room).map(|n| (nack.media_ssrc, n)));
        } else if let Some(told) = message.downcast_ref::<TransportLayerCc>() {
            if told.packet_status_count <= MOST_TOLD {
                let mut arrived = convert_twcc(told);
                // The last chunk may have room for more than there is to tell.
                arrived.truncate(told.packet_status_count.into());
                asked.news.push(News::Arrived(arrived));
            }
        } else if let Some(remb) = message.downcast_ref::<ReceiverEstimatedMaximumBitrate>() {
            asked.news.push(News::Carries(remb.bitrate.into()));
        } else if let Some(report) = message.downcast_ref::<ReceiverReport>() {
            asked.news.extend(reported(since, report));
        }
    }
    Ok(asked)
}

/// What a receiver report says of the worst of its streams.
fn reported(since: Duration, report: &ReceiverReport) -> Option<News> {
    let worst = report.reports.iter().max_by_key(|block| block.fraction_lost)?;
    // In 1/65536 s, the middle of the time in our report (RFC 3550 §6.4.1).
    let now = (ntp(since) >> 16) as u32;
    let timed = report.reports.iter().find(|block| block.last_sender_report != 0);
    let round_trip = timed.map(|block| now.wrapping_sub(block.last_sender_report).wrapping_sub(block.delay));
    Some(News::Report {
        loss: f64::from(worst.fraction_lost) / 256.0,
        round_trip: round_trip
            .filter(|ticks| *ticks < 60 << 16)
            .map(|ticks| Duration::from_secs_f64(f64::from(ticks) / 65_536.0)),
    })
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
    use rtc::rtcp::reception_report::ReceptionReport;
    use rtc::rtcp::transport_feedbacks::transport_layer_cc::{
        PacketStatusChunk, RunLengthChunk, StatusChunkTypeTcc, SymbolTypeTcc,
    };
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
        let asked = read(Duration::ZERO, &mut message).unwrap();
        assert!(asked.keyframe);
        assert_eq!(asked.lost, [(9, 65_535), (9, 0), (9, 3)]);
        assert!(read(Duration::ZERO, &mut BytesMut::from(&b"\x81"[..])).is_err());
    }

    #[test]
    fn a_flood_of_losses_is_cut() {
        let all: Vec<u16> = (0..2_000).collect();
        let mut message = packet::marshal(&[nack(&all)]).unwrap();
        assert_eq!(read(Duration::ZERO, &mut message).unwrap().lost.len(), MOST_LOST);
    }

    #[test]
    fn a_receiver_report_tells_the_loss_and_the_way_there_and_back() {
        let sent = ntp(Duration::from_millis(4_000));
        let report = ReceiverReport {
            ssrc: 1,
            reports: vec![ReceptionReport {
                ssrc: 9,
                fraction_lost: 64,
                last_sender_report: (sent >> 16) as u32,
                delay: 65_536 / 2,
                ..Default::default()
            }],
            ..Default::default()
        };
        let mut message = packet::marshal(&[Box::new(report) as Box<dyn Packet>]).unwrap();
        let asked = read(Duration::from_millis(4_580), &mut message).unwrap();
        let [
            News::Report {
                loss,
                round_trip: Some(trip),
            },
        ] = asked.news[..]
        else {
            panic!("{asked:?}");
        };
        assert_eq!((loss, trip.as_millis()), (0.25, 79));
    }

    #[test]
    fn a_message_of_ten_thousand_arrivals_is_not_unfolded() {
        let told = |count: u16| {
            let chunk = PacketStatusChunk::RunLengthChunk(RunLengthChunk {
                type_tcc: StatusChunkTypeTcc::RunLengthChunk,
                packet_status_symbol: SymbolTypeTcc::PacketNotReceived,
                run_length: count,
            });
            Box::new(TransportLayerCc {
                packet_status_count: count,
                packet_chunks: vec![chunk],
                ..Default::default()
            }) as Box<dyn Packet>
        };
        let mut few = packet::marshal(&[told(20)]).unwrap();
        let asked = read(Duration::ZERO, &mut few).unwrap();
        assert!(
            matches!(&asked.news[..], [News::Arrived(told)] if told.len() == 20),
            "{asked:?}"
        );
        let mut many = packet::marshal(&[told(8_000)]).unwrap();
        assert_eq!(read(Duration::ZERO, &mut many).unwrap().news, []);
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
