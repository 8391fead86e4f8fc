//! Building one peer connection that speaks exactly the accepted formats, and
//! answering an offer with it.

use crate::codec::VideoCodec;
use crate::feedback::{KeyframeRequests, SLOT};
use crate::id::IceCredentials;
use crate::offer::Format;
use crate::refusal::Refusal;
use rtc::crypto::SignatureScheme;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::interceptor::{Registry, Slot};
use rtc::peer_connection::certificate::RTCCertificate;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_H264, MIME_TYPE_OPUS, MIME_TYPE_RTX, MIME_TYPE_VP8, MediaEngine,
};
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::{CandidateConfig, CandidateHostConfig, RTCIceCandidate, RTCIceCandidateInit};
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::sdp::extmap::VIDEO_ORIENTATION_URI;
use rtc::shared::error::{Error, Result};
use std::net::SocketAddr;
use std::time::Instant;

/// RTP clock ticks in a second.
pub(crate) const VIDEO_CLOCK: u32 = 90_000;
/// Opus is always 48 kHz on the wire (RFC 7587 §4.1).
pub(crate) const AUDIO_CLOCK: u32 = 48_000;

/// What every connection of this process shares.
pub(crate) struct Engine {
    certificate: RTCCertificate,
    /// Our host candidates, best first.
    candidates: Vec<SocketAddr>,
}

/// The formats one connection speaks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Formats {
    pub(crate) video: Option<(VideoCodec, Format)>,
    pub(crate) audio: Option<Format>,
}

/// Who this side is in ICE.
pub(crate) enum IceRole {
    /// A server at known addresses, which only answers checks (RFC 8445 §2.5).
    Lite(IceCredentials),
    /// A client that checks.
    Full,
}

impl Engine {
    /// # Errors
    /// When no certificate can be made.
    pub(crate) fn new(candidates: Vec<SocketAddr>) -> Result<Self> {
        let provider = rtc::crypto::default_provider().map_err(|e| Error::Other(e.to_string()))?;
        let certificate =
            RTCCertificate::generate(provider.crypto(), SignatureScheme::EcdsaP256Sha256, Default::default())?;
        Ok(Self {
            certificate,
            candidates,
        })
    }

    /// The address a datagram is taken to have arrived at. One socket serves
    /// all candidates and does not say which one was meant; for the agent it
    /// is only a label.
    pub(crate) fn local(&self) -> SocketAddr {
        self.candidates[0]
    }

    pub(crate) fn connection(&self, now: Instant, ice: IceRole, formats: &Formats) -> Result<RTCPeerConnection> {
        let mut media = media_engine(formats)?;
        let registry = register_default_interceptors(Registry::new(), &mut media)?
            .with(Slot::from(SLOT), KeyframeRequests::default());
        let settings = SettingEngineBuilder::new()
            .with_include_loopback_candidate(true)
            .with_multicast_dns_mode(MulticastDnsMode::Disabled);
        let settings = match ice {
            IceRole::Lite(own) => settings.with_lite(true).with_ice_credentials(own.ufrag, own.password),
            IceRole::Full => settings,
        };
        let configuration = RTCConfigurationBuilder::new()
            .with_certificates(vec![self.certificate.clone()])
            .build();
        let mut connection = RTCPeerConnectionBuilder::new()
            .with_configuration(configuration)
            .with_setting_engine(settings.build())
            .with_media_engine(media)
            .with_interceptor_registry(registry)
            .build(now)?;
        for candidate in &self.candidates {
            connection.add_local_candidate(host(*candidate)?)?;
        }
        connection.add_local_candidate(RTCIceCandidateInit::default())?;
        Ok(connection)
    }
}

/// Answers `offer`.
pub(crate) fn answer(
    connection: &mut RTCPeerConnection,
    now: Instant,
    offer: String,
) -> std::result::Result<String, Refusal> {
    let refuse = |error: Error| {
        tracing::debug!(%error, "offer refused");
        Refusal::Unacceptable("this offer cannot be answered".into())
    };
    let settle = || -> Result<Option<String>> {
        connection.set_remote_description(now, RTCSessionDescription::offer(offer)?)?;
        let answer = connection.create_answer(None)?;
        connection.set_local_description(now, answer)?;
        Ok(connection.local_description().map(|d| muxed(&d.sdp)))
    };
    settle()
        .map_err(refuse)?
        .ok_or_else(|| Refusal::Unacceptable("this offer has no answer".into()))
}

/// The stack repeats every candidate for a separate RTCP component, which
/// rtcp-mux does not have (RFC 8839 §4.1).
fn muxed(sdp: &str) -> String {
    let separate = |line: &str| line.starts_with("a=candidate:") && line.split(' ').nth(1) == Some("2");
    sdp.split_inclusive('\n').filter(|line| !separate(line)).collect()
}

/// The RTP header extension id of the camera's orientation, if `sdp` has one.
pub(crate) fn orientation_id(sdp: &str) -> Option<u8> {
    sdp.lines().find_map(|line| {
        let (id, uri) = line.strip_prefix("a=extmap:")?.split_once(' ')?;
        if !uri.starts_with(VIDEO_ORIENTATION_URI) {
            return None;
        }
        id.split('/').next()?.parse().ok()
    })
}

fn host(at: SocketAddr) -> Result<RTCIceCandidateInit> {
    let candidate = CandidateHostConfig {
        base_config: CandidateConfig {
            network: "udp".into(),
            address: at.ip().to_string(),
            port: at.port(),
            component: 1,
            ..Default::default()
        },
        ..Default::default()
    }
    .new_candidate_host()?;
    RTCIceCandidate::from(&candidate).to_json()
}

fn media_engine(formats: &Formats) -> Result<MediaEngine> {
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
