//! The connection of the one who publishes into a room.

use crate::codec::{Profile, VideoCodec};
use crate::engine::{Engine, Formats, IceRole, answer, orientation_id};
use crate::id::IceCredentials;
use crate::offer::{Format, Offer};
use crate::peer::Peer;
use crate::refusal::Refusal;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use std::time::Instant;

pub(crate) struct Publisher {
    pub(crate) peer: Peer,
    /// Whose ticket opened it.
    pub(crate) name: String,
    pub(crate) codec: VideoCodec,
    /// Header extension id of the camera's orientation on the way in.
    pub(crate) orientation: Option<u8>,
}

impl Publisher {
    /// A connection for `offer`, and its answer.
    pub(crate) fn open(
        engine: &Engine,
        now: Instant,
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
        let ice = IceRole::Lite {
            own,
            dtls_server: offer.dtls_client,
        };
        let mut connection = engine
            .connection(now, ice, &formats)
            .map_err(|_| Refusal::Unacceptable("this offer cannot be set up".into()))?;
        let answer = answer(&mut connection, now, offer.cut(Some(video), audio))?;
        let publisher = Self {
            peer: Peer::new(now, connection, engine.local()),
            name: name.to_owned(),
            codec,
            orientation: orientation_id(&answer),
        };
        Ok((publisher, answer))
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
