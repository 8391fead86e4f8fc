//! Building one peer connection that speaks exactly the accepted formats, and
//! answering an offer with it.

mod formats;

use crate::feedback::{KeyframeRequests, SLOT};
use crate::id::IceCredentials;
use crate::path::NEAR_END;
use crate::refusal::Refusal;
use crate::repair::{self, Repairs};
use crate::sdpfrag;
use crate::viewer::Identity;
use formats::media_engine;
use rtc::crypto::SignatureScheme;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::interceptor::{Registry, Slot};
use rtc::peer_connection::certificate::RTCCertificate;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::{
    CandidateConfig, CandidateHostConfig, RTCDtlsRole, RTCIceCandidate, RTCIceCandidateInit,
};
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::sdp::extmap::VIDEO_ORIENTATION_URI;
use rtc::shared::error::{Error, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use formats::{AUDIO_CLOCK, Formats, VIDEO_CLOCK, opus, video};

/// What every connection of this process shares.
pub(crate) struct Engine {
    certificate: RTCCertificate,
    /// Our host candidates, best first.
    candidates: Vec<SocketAddr>,
    identity: Arc<Identity>,
}

/// A client of ours checks as often as browsers do while it connects: its
/// stack nominates only with the check after the first answer.
const CHECK_EVERY: Duration = Duration::from_millis(30);
const CHECKS: u16 = 50;

/// Who this side is in ICE.
pub(crate) enum IceRole {
    /// A server at known addresses, which only answers checks (RFC 8445 §2.5).
    Lite {
        /// Our name and password.
        own: IceCredentials,
        /// The other side is the DTLS client; else we are, which saves a trip.
        dtls_server: bool,
    },
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
            identity: Arc::new(Identity::new()?),
        })
    }

    /// Our host candidates, best first.
    pub(crate) fn candidates(&self) -> &[SocketAddr] {
        &self.candidates
    }

    /// Who we are towards viewers.
    pub(crate) fn identity(&self) -> Arc<Identity> {
        Arc::clone(&self.identity)
    }

    pub(crate) fn connection(&self, now: Instant, ice: IceRole, formats: &Formats) -> Result<RTCPeerConnection> {
        let mut media = media_engine(formats)?;
        let registry = register_default_interceptors(Registry::new(), &mut media)?
            .with(Slot::from(SLOT), KeyframeRequests::default())
            .with(Slot::from(repair::SLOT), Repairs::default());
        let settings = SettingEngineBuilder::new()
            .with_include_loopback_candidate(true)
            .with_multicast_dns_mode(MulticastDnsMode::Disabled);
        let candidates = match &ice {
            IceRole::Lite { .. } => &[NEAR_END][..],
            IceRole::Full => &self.candidates,
        };
        let settings = match ice {
            IceRole::Lite { own, dtls_server } => settings
                .with_lite(true)
                // whether the other side is there is the path's to know
                .with_ice_timeouts(Some(Duration::ZERO), Some(Duration::ZERO), Some(Duration::ZERO))
                .with_ice_credentials(own.ufrag, own.password)
                .with_answering_dtls_role(match dtls_server {
                    true => RTCDtlsRole::Server,
                    false => RTCDtlsRole::Client,
                }),
            IceRole::Full => settings.with_ice_connection_attempts(Some(CHECK_EVERY), Some(CHECKS)),
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
        for candidate in candidates {
            connection.add_local_candidate(host(*candidate)?)?;
        }
        connection.add_local_candidate(RTCIceCandidateInit::default())?;
        Ok(connection)
    }
}

/// Answers `offer`, naming `candidates` as ours.
pub(crate) fn answer(
    connection: &mut RTCPeerConnection,
    now: Instant,
    offer: String,
    candidates: &[SocketAddr],
) -> std::result::Result<String, Refusal> {
    let refuse = |error: Error| {
        tracing::debug!(%error, "offer refused");
        Refusal::Unacceptable("this offer cannot be answered".into())
    };
    let settle = || -> Result<Option<String>> {
        connection.set_remote_description(now, RTCSessionDescription::offer(offer)?)?;
        let answer = connection.create_answer(None)?;
        connection.set_local_description(now, answer)?;
        Ok(connection.local_description().map(|d| told(&d.sdp, candidates)))
    };
    settle()
        .map_err(refuse)?
        .ok_or_else(|| Refusal::Unacceptable("this offer has no answer".into()))
}

/// The stack's answer with the door's candidates in the place of the stack's own.
fn told(sdp: &str, candidates: &[SocketAddr]) -> String {
    let mut lines = String::new();
    sdpfrag::candidates(&mut lines, candidates);
    let own = |line: &str| line.starts_with("a=candidate:") || line.starts_with("a=end-of-candidates");
    let mut out = String::new();
    for line in sdp.split_inclusive('\n') {
        match own(line) {
            // the first section's speak for those bundled with it
            true => out.push_str(&std::mem::take(&mut lines)),
            false => out.push_str(line),
        }
    }
    out
}

/// The RTP header extension id of the camera's orientation, if `sdp` has one.
pub(crate) fn orientation_id(sdp: &str) -> Option<u8> {
    extension_id(sdp, VIDEO_ORIENTATION_URI)
}

/// The id of the RTP header extension `wanted`, if `sdp` has it.
pub(crate) fn extension_id(sdp: &str, wanted: &str) -> Option<u8> {
    sdp.lines().find_map(|line| {
        let (id, uri) = line.strip_prefix("a=extmap:")?.split_once(' ')?;
        if uri.trim() != wanted {
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
