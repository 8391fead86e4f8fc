//! The connection of the one who publishes into a room.

use crate::codec::{Profile, VideoCodec};
use crate::engine::{Engine, Formats, IceRole, answer, orientation_id};
use crate::id::IceCredentials;
use crate::offer::{Format, Offer};
use crate::path::{Path, Tunnel};
use crate::peer::Peer;
use crate::refusal::Refusal;
use crate::sdpfrag;
use rand::Rng;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use std::time::{Duration, Instant};

pub(crate) struct Publisher {
    pub(crate) peer: Peer,
    /// Whose ticket opened it.
    pub(crate) name: String,
    pub(crate) codec: VideoCodec,
    /// Header extension id of the camera's orientation on the way in.
    pub(crate) orientation: Option<u8>,
    /// Its media sections: what the first is, and all their names.
    first: &'static str,
    mids: Vec<String>,
}

/// Between two questions whether our datagrams are still wanted: a publisher's
/// silence is noticed sooner than a viewer's.
const CONSENT_EVERY: Duration = Duration::from_secs(2);

impl Publisher {
    /// A connection for `offer`, and its answer.
    pub(crate) fn open(
        engine: &Engine,
        now: Instant,
        rng: &mut impl Rng,
        own: IceCredentials,
        offer: &Offer,
        name: &str,
    ) -> Result<(Self, String), Refusal> {
        let (codec, video) = choose_video(offer)?;
        let audio = choose_audio(offer)?;
        let formats = Formats {
            video: Some((codec, video.clone())),
            audio: audio.cloned(),
        };
        let path = Path::new(
            engine.identity(),
            now,
            own.clone(),
            offer.ice.clone(),
            CONSENT_EVERY,
            rng,
        );
        let ice = IceRole::Lite {
            own,
            dtls_server: offer.dtls_client,
        };
        let mut connection = engine
            .connection(now, ice, &formats)
            .map_err(|_| Refusal::Unacceptable("this offer cannot be set up".into()))?;
        let answer = answer(&mut connection, now, offer.cut(Some(video), audio), engine.candidates())?;
        let publisher = Self {
            peer: Peer::behind(now, connection, Tunnel::new(path)),
            name: name.to_owned(),
            codec,
            orientation: orientation_id(&answer),
            first: offer.first(),
            mids: offer.mids(),
        };
        Ok((publisher, answer))
    }

    /// An ICE restart by the other side; what to answer.
    pub(crate) fn restart(&mut self, engine: &Engine, own: IceCredentials, theirs: IceCredentials) -> String {
        let fragment = sdpfrag::restarted(&own, engine.candidates(), self.first, &self.mids);
        if let Some(path) = self.peer.path_mut() {
            path.restart(own, theirs);
        }
        fragment
    }

    /// Asks the encoder for a keyframe of the layer `ssrc` (PLI, RFC 4585 §6.3.1). Whether it
    /// could be asked.
    pub(crate) fn request_keyframe(&mut self, now: Instant, ssrc: u32) -> bool {
        let Some(receiver) = self.peer.incoming(ssrc).map(|stream| stream.receiver) else {
            return false;
        };
        let Some(mut receiver) = self.peer.connection.rtp_receiver(receiver) else {
            return false;
        };
        let request = PictureLossIndication {
            sender_ssrc: 0,
            media_ssrc: ssrc,
        };
        receiver.write_rtcp(now, vec![Box::new(request)]).is_ok()
    }
}

/// The publisher's first choice among what passes. With H.264 first, its
/// constrained baseline form is taken before others: every decoder has it.
fn choose_video(offer: &Offer) -> Result<(VideoCodec, &Format), Refusal> {
    let section = offer
        .video
        .as_ref()
        .filter(|section| section.direction.sends)
        .ok_or_else(|| Refusal::Unacceptable("publishing needs a video track".into()))?;
    let offered: Vec<_> = section.video_formats().collect();
    let first = offered
        .first()
        .ok_or_else(|| Refusal::Unacceptable("video must be H.264 or VP8".into()))?;
    let best = offered.iter().find(|(codec, _)| {
        matches!(
            codec,
            VideoCodec::H264 {
                profile: Profile::ConstrainedBaseline,
                packetization: 1
            }
        )
    });
    Ok(match first.0 {
        VideoCodec::Vp8 => *first,
        VideoCodec::H264 { .. } => *best.unwrap_or(first),
    })
}

fn choose_audio(offer: &Offer) -> Result<Option<&Format>, Refusal> {
    match &offer.audio {
        None => Ok(None),
        Some(section) => section
            .opus()
            .map(Some)
            .ok_or_else(|| Refusal::Unacceptable("audio must be Opus".into())),
    }
}
