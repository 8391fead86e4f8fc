//! What of an offer is taken, and the streams that come of it.

use super::stream::Stream;
use crate::codec::VideoCodec;
use crate::offer::{Format, Offer};
use crate::refusal::Refusal;
use crate::track::Stamp;
use rand::Rng;

/// A stream of that format, with numbers of its own.
pub(super) fn stream(rng: &mut impl Rng, format: &Format, clock_hz: u32) -> Stream {
    // RFC 3711 §3.3.1: the first number in the lower half, so that the loss of
    // the first packets cannot set sender and receiver a turn apart.
    let mut first = || rng.random::<u16>() >> 1;
    let (sequence, rtx_first) = (first(), first());
    let origin = Stamp {
        sequence,
        timestamp: rng.random(),
        ..Stamp::default()
    };
    let rtx = format.rtx.map(|payload_type| (rng.random(), payload_type, rtx_first));
    Stream::new(rng.random(), format.payload_type, clock_hz, origin, rtx)
}

/// The video this viewer is sent, if it offers to take any.
pub(super) fn choose_video(offer: &Offer, published: &VideoCodec) -> Result<Option<(VideoCodec, Format)>, Refusal> {
    let Some(section) = offer.video.as_ref() else {
        return Ok(None);
    };
    if !section.direction.receives {
        return Err(Refusal::Unacceptable("a viewer receives".into()));
    }
    // The very same form if it is offered, else the first that shows it.
    let same = section.video_formats().find(|(codec, _)| codec == published);
    same.or_else(|| section.video_formats().find(|(codec, _)| codec.decodes(published)))
        .map(|(codec, format)| Some((codec, format.clone())))
        .ok_or_else(|| Refusal::Unacceptable(format!("the video here is {published}")))
}

/// And the sound.
pub(super) fn choose_audio(offer: &Offer) -> Result<Option<Format>, Refusal> {
    let Some(section) = offer.audio.as_ref() else {
        return Ok(None);
    };
    if !section.direction.receives {
        return Err(Refusal::Unacceptable("a viewer receives".into()));
    }
    section
        .opus()
        .cloned()
        .map(Some)
        .ok_or_else(|| Refusal::Unacceptable("the audio here is Opus".into()))
}
