//! The connection of one who watches: what the publisher sends, renumbered
//! into this viewer's own two streams.

use crate::codec::VideoCodec;
use crate::engine::{self, Engine, Formats, IceRole, orientation_id};
use crate::id::IceCredentials;
use crate::offer::{Format, Offer};
use crate::peer::Peer;
use crate::refusal::Refusal;
use crate::track::{Epoch, Kind, Renumber, Stamp};
use bytes::Bytes;
use rand::Rng;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::RTCPeerConnection;
use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use rtc::rtp_transceiver::{RTCRtpSenderId, RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use std::time::Instant;

/// A packet on its way from a publisher to viewers.
pub(crate) struct Passing {
    pub(crate) kind: Kind,
    pub(crate) epoch: Epoch,
    /// A picture that needs no earlier one begins here.
    pub(crate) begins_keyframe: bool,
    /// The camera's orientation, if the packet carries it.
    pub(crate) orientation: Option<Bytes>,
    pub(crate) packet: rtp::Packet,
}

struct Outgoing {
    sender: RTCRtpSenderId,
    ssrc: u32,
    payload_type: u8,
    numbers: Renumber,
}

impl Outgoing {
    fn add(
        connection: &mut RTCPeerConnection,
        rng: &mut impl Rng,
        kind: Kind,
        codec: RTCRtpCodec,
        format: &Format,
    ) -> Result<Self, Refusal> {
        let ssrc = rng.random();
        let clock_hz = codec.clock_rate;
        let init = RTCRtpTransceiverInit {
            direction: RTCRtpTransceiverDirection::Sendonly,
            streams: vec![],
            send_encodings: vec![],
        };
        let id = connection
            .add_transceiver_from_track(track(kind, ssrc, codec), Some(init))
            .map_err(|_| cannot_set_up())?;
        let sender = connection.rtp_transceiver(id).and_then(|t| t.sender());
        Ok(Self {
            sender: sender.ok_or_else(cannot_set_up)?,
            ssrc,
            payload_type: format.payload_type,
            numbers: Renumber::new(clock_hz, random_origin(rng)),
        })
    }
}

fn cannot_set_up() -> Refusal {
    Refusal::Unacceptable("this offer cannot be set up".into())
}

pub(crate) struct Viewer {
    pub(crate) peer: Peer,
    /// What this viewer's decoder announced, if it watches at all.
    pub(crate) codec: Option<VideoCodec>,
    video: Option<Outgoing>,
    audio: Option<Outgoing>,
    orientation: Option<u8>,
}

impl Viewer {
    /// A connection for `offer` in a room where `published` is sent.
    pub(crate) fn open(
        engine: &Engine,
        now: Instant,
        rng: &mut impl Rng,
        own: IceCredentials,
        offer: &Offer,
        published: &VideoCodec,
    ) -> Result<(Self, String), Refusal> {
        let formats = Formats {
            video: choose_video(offer, published)?,
            audio: choose_audio(offer)?,
        };
        let ice = IceRole::Lite {
            own,
            dtls_server: offer.dtls_client,
        };
        let mut connection = engine.connection(now, ice, &formats).map_err(|_| cannot_set_up())?;
        let video = match &formats.video {
            None => None,
            Some((codec, f)) => {
                let codec = engine::video(codec, f);
                Some(Outgoing::add(&mut connection, rng, Kind::Video, codec, f)?)
            }
        };
        let audio = match &formats.audio {
            None => None,
            Some(f) => {
                let codec = engine::opus(f);
                Some(Outgoing::add(&mut connection, rng, Kind::Audio, codec, f)?)
            }
        };
        let cut = offer.cut(formats.video.as_ref().map(|(_, f)| f), formats.audio.as_ref());
        let answer = engine::answer(&mut connection, now, cut)?;
        let viewer = Self {
            peer: Peer::new(now, connection, engine.local()),
            codec: formats.video.map(|(codec, _)| codec),
            video,
            audio,
            orientation: orientation_id(&answer),
        };
        Ok((viewer, answer))
    }

    /// Whether this viewer waits for a keyframe before it can show `epoch`.
    pub(crate) fn awaits_keyframe(&self, epoch: Epoch) -> bool {
        self.video.as_ref().is_some_and(|v| !v.numbers.runs(epoch))
    }

    /// Passes a packet on; false when this viewer has no use for it. Video of
    /// an epoch begins with a keyframe: what comes before would only make the
    /// decoder ask for one.
    pub(crate) fn forward(&mut self, now: Instant, passing: &Passing) -> bool {
        if !self.peer.is_connected() {
            return false;
        }
        let out = match passing.kind {
            Kind::Video => &mut self.video,
            Kind::Audio => &mut self.audio,
        };
        let Some(out) = out else { return false };
        let starts = passing.begins_keyframe || passing.kind == Kind::Audio;
        if !out.numbers.runs(passing.epoch) && !starts {
            return false;
        }
        let header = &passing.packet.header;
        let stamp = Stamp {
            sequence: header.sequence_number,
            timestamp: header.timestamp,
        };
        let Some(stamp) = out.numbers.next(now, passing.epoch, stamp) else {
            return false;
        };
        let mut own = rtp::Header {
            version: 2,
            marker: header.marker,
            payload_type: out.payload_type,
            sequence_number: stamp.sequence,
            timestamp: stamp.timestamp,
            ssrc: out.ssrc,
            ..Default::default()
        };
        if let (Some(id), Some(value)) = (self.orientation, &passing.orientation) {
            // Fails only for a value too long for the header; the picture matters more.
            let _ = own.set_extension(id, value.clone());
        }
        let packet = rtp::Packet {
            header: own,
            payload: passing.packet.payload.clone(),
        };
        let sender = self.peer.connection.rtp_sender(out.sender);
        match sender.map(|mut sender| sender.write_rtp(now, packet)) {
            Some(Ok(())) => true,
            failed => {
                tracing::trace!(?failed, "packet not written");
                false
            }
        }
    }
}

fn random_origin(rng: &mut impl Rng) -> Stamp {
    Stamp {
        sequence: rng.random(),
        timestamp: rng.random(),
    }
}

fn track(kind: Kind, ssrc: u32, codec: RTCRtpCodec) -> MediaStreamTrack {
    let (name, kind) = match kind {
        Kind::Video => ("video", RtpCodecKind::Video),
        Kind::Audio => ("audio", RtpCodecKind::Audio),
    };
    let encoding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters {
            ssrc: Some(ssrc),
            ..Default::default()
        },
        codec,
        ..Default::default()
    };
    MediaStreamTrack::new("live".into(), name.into(), name.into(), kind, vec![encoding])
}

fn choose_video(offer: &Offer, published: &VideoCodec) -> Result<Option<(VideoCodec, Format)>, Refusal> {
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

fn choose_audio(offer: &Offer) -> Result<Option<Format>, Refusal> {
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
