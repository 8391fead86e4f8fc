//! What a client offers.

use crate::codec::{Profile, VideoCodec};
use crate::engine::{self, Formats};
use crate::offer::Format;
use crate::track::Kind;
use rand::Rng;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::RTCPeerConnection;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use rtc::rtp_transceiver::{RTCRtpSenderId, RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use rtc::shared::error::{Error, Result};

pub(crate) const VIDEO_TYPE: u8 = 96;
const RTX_TYPE: u8 = 97;
const AUDIO_TYPE: u8 = 111;

/// Where packets of one kind go out.
pub(super) struct Sender {
    pub(super) id: RTCRtpSenderId,
    /// The layers' names and SSRCs; of a single one the name is empty.
    pub(super) layers: Vec<(String, u32)>,
    pub(super) payload_type: u8,
}

pub(super) fn media_kind(kind: Kind) -> RtpCodecKind {
    match kind {
        Kind::Video => RtpCodecKind::Video,
        Kind::Audio => RtpCodecKind::Audio,
    }
}

pub(super) fn sender(
    connection: &mut RTCPeerConnection,
    kind: Kind,
    codec: VideoCodec,
    names: &[&str],
    rng: &mut impl Rng,
) -> Result<Sender> {
    let formats = formats(codec);
    let (description, payload_type): (RTCRtpCodec, u8) = match (kind, &formats.video, &formats.audio) {
        (Kind::Video, Some((codec, format)), _) => (engine::video(codec, format), format.payload_type),
        (Kind::Audio, _, Some(format)) => (engine::opus(format), format.payload_type),
        _ => return Err(Error::ErrSenderWithNoCodecs),
    };
    let names = if names.is_empty() { &[""] } else { names };
    let layers: Vec<(String, u32)> = names.iter().map(|name| ((*name).to_owned(), rng.random())).collect();
    let encoding = |(rid, ssrc): &(String, u32)| RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters {
            rid: rid.clone(),
            ssrc: Some(*ssrc),
            ..Default::default()
        },
        codec: description.clone(),
        ..Default::default()
    };
    let encodings = layers.iter().map(encoding).collect();
    let name = format!("{kind:?}").to_lowercase();
    let track = MediaStreamTrack::new("farm".into(), name.clone(), name, media_kind(kind), encodings);
    let init = RTCRtpTransceiverInit {
        direction: RTCRtpTransceiverDirection::Sendonly,
        streams: vec![],
        send_encodings: vec![],
    };
    let transceiver = connection.add_transceiver_from_track(track, Some(init))?;
    let id = connection
        .rtp_transceiver(transceiver)
        .and_then(|t| t.sender())
        .ok_or(Error::ErrSenderWithNoSSRCs)?;
    Ok(Sender {
        id,
        layers,
        payload_type,
    })
}

pub(super) fn formats(codec: VideoCodec) -> Formats {
    let fmtp = match codec {
        VideoCodec::Vp8 => String::new(),
        VideoCodec::H264 { profile, packetization } => {
            let id = match profile {
                Profile::ConstrainedBaseline => "42e01f",
                Profile::Baseline => "42001f",
                Profile::Main => "4d001f",
                Profile::High => "64001f",
            };
            format!("level-asymmetry-allowed=1;packetization-mode={packetization};profile-level-id={id}")
        }
    };
    let video = Format {
        payload_type: VIDEO_TYPE,
        fmtp,
        rtx: Some(RTX_TYPE),
    };
    let audio = Format {
        payload_type: AUDIO_TYPE,
        fmtp: "minptime=10;useinbandfec=1".into(),
        rtx: None,
    };
    Formats {
        video: Some((codec, video)),
        audio: Some(audio),
    }
}
