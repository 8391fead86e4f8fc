//! The connection of one who watches, made of the stack's parts (STUN, DTLS,
//! SRTP, RTCP) because a whole peer connection costs three times as much a
//! packet and four times the memory. This is its slow half: joining, control,
//! goodbye. The fast half is the [`Feed`], which the room keeps once it stands.
//!
//! Who may enter: the core. Invariant: it sends where its path leads, and
//! listens to nobody from elsewhere.

mod again;
mod answer;
mod choice;
mod choose;
mod control;
mod downlink;
mod feed;
mod handshake;
mod identity;
#[cfg(any(test, fuzzing))]
pub(crate) mod inputs;
mod path;
mod seal;
mod stream;

use crate::codec::VideoCodec;
use crate::engine::{AUDIO_CLOCK, Engine, VIDEO_CLOCK};
use crate::id::{IceCredentials, SessionId};
use crate::offer::Offer;
use crate::outbox::Outbox;
use crate::path::Path;
use crate::peer::{Notice, is_dtls};
use crate::refusal::Refusal;
use crate::sdpfrag;
use crate::stun;
use crate::track::Kind;
use answer::{Sending, Transport, answer, numbered_by, orientation_of};
pub(crate) use choice::{Choice, Turn, Wish};
use choose::{choose_audio, choose_video, stream};
use feed::Parts;
pub(crate) use feed::{Feed, Passing};
use handshake::{Handshake, Keys, Step};
pub(crate) use identity::Identity;
pub(crate) use path::{News, Probing};
use rand::Rng;
use rtc::shared::error::Result as StackResult;
use rtc::srtp::context::Context;
use seal::Seal;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use stream::Stream;

/// Between two sender reports (RFC 3550 §6.2 allows more often than 5 s to small groups).
const REPORT_EVERY: Duration = Duration::from_secs(2);
/// Between two questions whether the pictures are still wanted (RFC 7675 §5.1).
const CONSENT_EVERY: Duration = Duration::from_secs(5);
/// Senders of control messages that one viewer may have.
const MOST_SENDERS: usize = 16;

pub(crate) struct Viewer {
    /// What this viewer's decoder announced, if it watches at all.
    pub(crate) codec: Option<VideoCodec>,
    /// What it wishes to see once it stands.
    pub(crate) wish: Wish,
    identity: Arc<Identity>,
    path: Path,
    /// Its media sections: what the first is, and all their names.
    first: &'static str,
    mids: Vec<String>,
    handshake: Handshake,
    video_ssrc: Option<u32>,
    /// What the feed will be made of.
    streams: [Option<Stream>; 2],
    orientation: Option<u8>,
    /// The id of the header extension that numbers all packets.
    numbered: Option<u8>,
    control: Option<(Context, Context)>,
    /// Whose control messages came, by SSRC.
    senders: Vec<[u8; 4]>,
    /// The seal that waits for the room to take it, in a feed.
    seal: Option<Seal>,
    opened_at: Instant,
    report_at: Option<Instant>,
    notices: Vec<Notice>,
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
        let video = choose_video(offer, published)?;
        let audio = choose_audio(offer)?;
        let identity = engine.identity();
        let handshake = Handshake::new(&identity, offer.dtls_client, &offer.fingerprint)
            .map_err(|_| Refusal::Unacceptable("this offer cannot be set up".into()))?;
        let streams = [
            video.as_ref().map(|(_, format)| stream(rng, format, VIDEO_CLOCK)),
            audio.as_ref().map(|format| stream(rng, format, AUDIO_CLOCK)),
        ];
        let formats = [video.as_ref().map(|(_, format)| format), audio.as_ref()];
        let sending: Vec<Sending<'_>> = [Kind::Video, Kind::Audio]
            .into_iter()
            .zip(formats)
            .zip(&streams)
            .filter_map(|((kind, format), stream)| {
                let stream = stream.as_ref()?;
                Some(Sending {
                    kind,
                    format: format?,
                    ssrc: stream.ssrc,
                    rtx_ssrc: stream.rtx_ssrc(),
                })
            })
            .collect();
        // Without retransmissions of their own, packets are sent again as they were, and a number that
        // differs would seal two things in one place (RFC 7714 §8.1).
        let repairs = streams[0].as_ref().is_none_or(|video| video.rtx_ssrc().is_some());
        let numbered = numbered_by(offer).filter(|_| repairs);
        let transport = Transport {
            identity: &identity,
            own: &own,
            candidates: engine.candidates(),
            session: rng.random(),
            numbered,
        };
        let answer = answer(offer, &transport, &sending);
        let [sent_video, _] = &streams;
        let viewer = Self {
            codec: video.as_ref().map(|(codec, _)| *codec),
            video_ssrc: sent_video.as_ref().map(|stream| stream.ssrc),
            wish: Wish::default(),
            handshake,
            path: Path::new(Arc::clone(&identity), now, own, offer.ice.clone(), CONSENT_EVERY, rng),
            first: offer.first(),
            mids: offer.mids(),
            streams,
            orientation: offer.video_section().and_then(orientation_of),
            numbered,
            control: None,
            senders: Vec::new(),
            seal: None,
            opened_at: now,
            report_at: None,
            notices: Vec::new(),
            identity,
        };
        Ok((viewer, answer))
    }

    /// An ICE restart by the other side; what to answer.
    pub(crate) fn restart(&mut self, engine: &Engine, own: IceCredentials, theirs: IceCredentials) -> String {
        let fragment = sdpfrag::restarted(&own, engine.candidates(), self.first, &self.mids);
        self.path.restart(own, theirs);
        fragment
    }

    /// Where this viewer is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes in a datagram.
    pub(crate) fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        let taken = match () {
            () if stun::is_stun(datagram) => self.on_path(now, from, datagram),
            // Only who proved to know the password is listened to.
            () if self.path.to() != Some(from) => Ok(()),
            () if is_dtls(datagram) => self.on_handshake(now, datagram),
            () => self.on_control(now, from, datagram),
        };
        if let Err(error) = taken {
            // Anyone can send us bytes: what does not decode is dropped.
            tracing::trace!(%error, "datagram dropped");
        }
    }

    fn on_path(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) -> StackResult<()> {
        let news = self.path.receive(now, from, datagram)?;
        if news.begins {
            self.handshake.begin(now);
        } else if news.nominated {
            self.handshake.hurry(now);
        }
        if news.moved {
            self.notices.push(Notice::Moved(from));
        }
        Ok(())
    }

    fn on_handshake(&mut self, now: Instant, datagram: &[u8]) -> StackResult<()> {
        match self.handshake.receive(now, &self.identity, datagram)? {
            Step::On => {}
            Step::Closed => self.notices.push(Notice::Gone),
            Step::Keyed(keys) => {
                let Keys {
                    seal,
                    control_out,
                    control_in,
                } = *keys;
                self.control = Some((control_out, control_in));
                self.seal = Some(seal);
                self.report_at = Some(now + REPORT_EVERY);
                // A handshake went to and fro: who is there wants it.
                self.path.consent(now);
                self.notices.push(Notice::Connected);
            }
        }
        Ok(())
    }

    fn on_control(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) -> StackResult<()> {
        let Some((_, open)) = &mut self.control else {
            return Ok(());
        };
        // The stack keeps a window for every sender it is shown, before it knows whether that is the
        // viewer: a browser has one or two.
        let Some(sender) = datagram.get(4..8).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()) else {
            return Ok(());
        };
        if !self.senders.contains(&sender) {
            if self.senders.len() == MOST_SENDERS {
                return Ok(());
            }
            self.senders.push(sender);
        }
        let since = now.saturating_duration_since(self.opened_at);
        let asked = control::read(since, &mut open.decrypt_rtcp(datagram)?)?;
        self.path.heard(now, from);
        self.notices.extend(asked.news.into_iter().map(Notice::Heard));
        if asked.keyframe {
            self.notices.push(Notice::KeyframeWanted);
        }
        let ours = |ssrc: &u32| Some(*ssrc) == self.video_ssrc;
        let lost = asked.lost.iter().filter(|(ssrc, _)| ours(ssrc));
        let lost: Vec<u16> = lost.map(|(_, sequence)| *sequence).collect();
        if !lost.is_empty() {
            self.notices.push(Notice::Missed(lost));
        }
        Ok(())
    }

    /// The fast half, once: when the connection stands.
    pub(crate) fn take_feed(&mut self, now: Instant, id: SessionId) -> Option<Feed> {
        let to = self.path.to()?;
        let seal = self.seal.take()?;
        let [video, audio] = std::mem::take(&mut self.streams);
        let parts = Parts {
            seal,
            video,
            audio,
            orientation: self.orientation,
            transport: self.numbered,
        };
        Some(Feed::new(id, to, now, parts, self.wish.clone()))
    }

    /// Lets time pass. With the `feed` of one who watches, it is told what was
    /// sent when that is due.
    pub(crate) fn timeout(&mut self, now: Instant, feed: Option<&Feed>, out: &mut Outbox) {
        self.path.timeout(now);
        self.handshake.timeout(now);
        if self.report_at.is_none_or(|at| at > now) {
            return;
        }
        self.report_at = Some(now + REPORT_EVERY);
        let (Some(feed), Some((seal, _)), Some(to)) = (feed, &mut self.control, self.path.to()) else {
            return;
        };
        let report = control::reports(now, self.opened_at, feed.sent());
        let sealed = report.and_then(|report| report.map(|r| seal.encrypt_rtcp(&r)).transpose());
        match sealed {
            Ok(sealed) => sealed.into_iter().for_each(|report| out.push(to, &report)),
            Err(error) => tracing::debug!(%error, "report not sent"),
        }
    }

    /// When time must pass next.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        let due = [self.handshake.next_timeout(), self.report_at, self.path.next_timeout()];
        due.into_iter().flatten().min()
    }

    /// Says goodbye (a DTLS close_notify) and stops.
    pub(crate) fn close(&mut self, now: Instant) {
        self.handshake.close(now);
    }

    /// Moves out everything: notices, and what is to be sent. Answers to checks
    /// go first: without them the other side would not take the rest.
    pub(crate) fn drain(&mut self, notices: &mut Vec<Notice>, out: &mut Outbox) {
        notices.append(&mut self.notices);
        for (to, message) in self.path.drain() {
            out.push(to, &message);
        }
        while let Some(datagram) = self.handshake.poll() {
            if let Some(to) = self.path.to() {
                out.push(to, &datagram);
            }
        }
    }
}
