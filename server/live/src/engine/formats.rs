//! The formats a connection speaks, in the stack's words.

use crate::codec::VideoCodec;
use crate::offer::Format;
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_H264, MIME_TYPE_OPUS, MIME_TYPE_RTX, MIME_TYPE_VP8, MediaEngine,
};
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::sdp::extmap::VIDEO_ORIENTATION_URI;
use rtc::shared::error::Result;

/// RTP clock ticks in a second.
pub(crate) const VIDEO_CLOCK: u32 = 90_000;
/// Opus is always 48 kHz on the wire (RFC 7587 §4.1).
pub(crate) const AUDIO_CLOCK: u32 = 48_000;

/// The formats one connection speaks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Formats {
    pub(crate) video: Option<(VideoCodec, Format)>,
    pub(crate) audio: Option<Format>,
}

/// An engine that knows these formats and no others.
pub(super) fn media_engine(formats: &Formats) -> Result<MediaEngine> {
    let mut media = MediaEngine::default();
    if let Some((codec, format)) = &formats.video {
        for codec in video_codecs(codec, format) {
            media.register_codec(codec, RtpCodecKind::Video)?;
        }
        media.register_header_extension(
            RTCRtpHeaderExtensionCapability {
                uri: VIDEO_ORIENTATION_URI.into(),
            },
            RtpCodecKind::Video,
            None,
        )?;
    }
    if let Some(format) = &formats.audio {
        media.register_codec(
            RTCRtpCodecParameters {
                rtp_codec: opus(format),
                payload_type: format.payload_type,
            },
            RtpCodecKind::Audio,
        )?;
    }
    Ok(media)
}

/// The codec description of an Opus format.
pub(crate) fn opus(format: &Format) -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: MIME_TYPE_OPUS.into(),
        clock_rate: AUDIO_CLOCK,
        channels: 2,
        sdp_fmtp_line: format.fmtp.clone(),
        rtcp_feedback: vec![],
    }
}

/// The codec description of a video format.
pub(crate) fn video(codec: &VideoCodec, format: &Format) -> RTCRtpCodec {
    let feedback = |typ: &str, parameter: &str| RTCPFeedback {
        typ: typ.into(),
        parameter: parameter.into(),
    };
    RTCRtpCodec {
        mime_type: match codec {
            VideoCodec::Vp8 => MIME_TYPE_VP8.into(),
            VideoCodec::H264 { .. } => MIME_TYPE_H264.into(),
        },
        clock_rate: VIDEO_CLOCK,
        channels: 0,
        sdp_fmtp_line: format.fmtp.clone(),
        rtcp_feedback: vec![
            feedback("goog-remb", ""),
            feedback("ccm", "fir"),
            feedback("nack", ""),
            feedback("nack", "pli"),
        ],
    }
}

fn video_codecs(codec: &VideoCodec, format: &Format) -> Vec<RTCRtpCodecParameters> {
    let mut codecs = vec![RTCRtpCodecParameters {
        rtp_codec: video(codec, format),
        payload_type: format.payload_type,
    }];
    if let Some(payload_type) = format.rtx {
        codecs.push(RTCRtpCodecParameters {
            rtp_codec: RTCRtpCodec {
                mime_type: MIME_TYPE_RTX.into(),
                clock_rate: VIDEO_CLOCK,
                channels: 0,
                sdp_fmtp_line: format!("apt={}", format.payload_type),
                rtcp_feedback: vec![],
            },
            payload_type,
        });
    }
    codecs
}
