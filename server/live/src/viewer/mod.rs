//! The connection of one who watches, made of the stack's parts (STUN, DTLS,
//! SRTP, RTCP) because a whole peer connection costs three times as much a
//! packet and four times the memory. This is its slow half: joining, control,
//! goodbye. The fast half is the [`Feed`], which the room keeps once it stands.
//!
//! Who may enter: the core. Invariant: it sends to no address that has not
//! proven to know the password, and changes the address only for such proof.

mod again;
mod answer;
mod check;
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
use crate::peer::{Notice, is_dtls};
use crate::refusal::Refusal;
use crate::stun;
use crate::track::Kind;
use answer::{Sending, Transport, answer, fragment, mids, numbered_by, orientation_of};
use check::{check, is_stun};
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
/// A viewer whose address has been silent for so long is believed to be at
/// another from which a good check came, even if the check does not insist.
const MOVED_AFTER: Duration = Duration::from_secs(1);
/// Senders of control messages that one viewer may have.
const MOST_SENDERS: usize = 16;

pub(crate) struct Viewer {
    /// What this viewer's decoder announced, if it watches at all.
    pub(crate) codec: Option<VideoCodec>,
    /// What it wishes to see once it stands.
    pub(crate) wish: Wish,
    identity: Arc<Identity>,
    own: IceCredentials,
    /// Before an ICE restart that has not led to a check yet: the old path
    /// lives until then.
    before: Option<IceCredentials>,
    /// Its media sections: what the first is, and all their names.
    first: Kind,
    mids: Vec<String>,
    handshake: Handshake,
    /// Where it is, once a check said so, and when it was last heard there.
    at: Option<(SocketAddr, Instant)>,
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
    answers: Vec<(SocketAddr, Vec<u8>)>,
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
            own,
            before: None,
            first: match offer.media().first() {
                Some(media) if media.media_name.media == "audio" => Kind::Audio,
                _ => Kind::Video,
            },
            mids: mids(offer),
            at: None,
            streams,
            orientation: offer.video_section().and_then(orientation_of),
            numbered,
            control: None,
            senders: Vec::new(),
            seal: None,
            opened_at: now,
            report_at: None,
            answers: Vec::new(),
            notices: Vec::new(),
            identity,
        };
        Ok((viewer, answer))
    }

    /// An ICE restart: from now on `own` names this side, and so does what it
    /// was called until the first check by the new name. What to answer.
    pub(crate) fn restart(&mut self, engine: &Engine, own: IceCredentials) -> String {
        let fragment = fragment(&own, engine.candidates(), self.first, &self.mids);
        let former = std::mem::replace(&mut self.own, own);
        // Of two restarts in a row only the path that works keeps its name.
        self.before.get_or_insert(former);
        fragment
    }

    /// What this side was called before a restart, while that still counts.
    pub(crate) fn former_ufrag(&self) -> Option<&str> {
        self.before.as_ref().map(|before| before.ufrag.as_str())
    }

    /// Takes in a datagram.
    pub(crate) fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        let taken = match () {
            () if is_stun(datagram) => self.on_check(now, from, datagram),
            // Only who proved to know the password is listened to.
            () if !self.is_at(from) => Ok(()),
            () if is_dtls(datagram) => self.on_handshake(now, datagram),
            () => self.on_control(now, datagram),
        };
        match taken {
            Ok(()) => self.heard(now, from),
            // Anyone can send us bytes: what does not decode is dropped.
            Err(error) => tracing::trace!(%error, "datagram dropped"),
        }
    }

    fn is_at(&self, from: SocketAddr) -> bool {
        self.at.is_some_and(|(at, _)| at == from)
    }

    fn heard(&mut self, now: Instant, from: SocketAddr) {
        if let Some((at, heard)) = &mut self.at
            && *at == from
        {
            *heard = now;
        }
    }

    fn on_check(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) -> StackResult<()> {
        let crypto = self.identity.crypto();
        let before = self
            .before
            .as_ref()
            .filter(|before| stun::addressed_to(datagram) == Some(&before.ufrag));
        let renewed = before.is_none() && self.before.is_some();
        let checked = check(before.unwrap_or(&self.own), crypto, from, datagram)?;
        self.answers.push((from, checked.answer));
        if renewed {
            self.before = None;
        }
        let moves = match self.at {
            // Its first good check is a path already (RFC 8445 §12.1); to wait
            // for the nomination would cost a joining viewer a fifth of a second.
            None => true,
            Some((at, heard)) => {
                at != from && (renewed || checked.nominates || now.duration_since(heard) >= MOVED_AFTER)
            }
        };
        if moves {
            if self.at.replace((from, now)).is_some() {
                self.notices.push(Notice::Moved(from));
            }
            self.handshake.begin(now);
        } else if checked.nominates {
            self.handshake.hurry(now);
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
                self.notices.push(Notice::Connected);
            }
        }
        Ok(())
    }

    fn on_control(&mut self, now: Instant, datagram: &[u8]) -> StackResult<()> {
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
        let (seal, (to, _)) = (self.seal.take()?, self.at?);
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
        self.handshake.timeout(now);
        if self.report_at.is_none_or(|at| at > now) {
            return;
        }
        self.report_at = Some(now + REPORT_EVERY);
        let (Some(feed), Some((seal, _)), Some((to, _))) = (feed, &mut self.control, self.at) else {
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
        let due = [self.handshake.next_timeout(), self.report_at];
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
        for (to, answer) in self.answers.drain(..) {
            out.push(to, &answer);
        }
        while let Some(datagram) = self.handshake.poll() {
            if let Some((to, _)) = self.at {
                out.push(to, &datagram);
            }
        }
    }
}
