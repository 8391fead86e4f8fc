//! Publishing: the host's connection that comes back by itself.

use super::{
    Uplink,
    backoff::Backoff,
    clock,
    door::{Denied, Session},
    line::Line,
    net, stats,
};
use leptos::prelude::window_event_listener_untyped;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, MediaStreamTrack, RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit,
};

/// How often the connection is looked at, in milliseconds.
const LOOK_MS: i32 = 1_000;
/// A browser feels its way up to the bitrate; until then few kilobits say nothing of the network.
const WARMING_MS: f64 = 8_000.0;
/// The most a picture may take, in bits a second: what 4G in a valley carries upwards.
const MOST_BITS: f64 = 1_800_000.0;

/// What a host is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The way is being opened.
    Opening,
    /// Buyers see the picture.
    OnAir(Uplink),
    /// The connection is gone and being made again.
    Lost,
    /// Somebody else is on air here.
    Taken,
    /// The ticket of this page is no longer good.
    Stale,
    /// No room for more hosts.
    Full,
    /// This browser sends nothing that the server takes.
    Unable,
}

/// One host's connection.
#[derive(Clone)]
pub(crate) struct Broadcast(Rc<Inner>);

struct Inner {
    door: String,
    ticket: String,
    line: Line,
    stream: RefCell<Option<MediaStream>>,
    tell: Box<dyn Fn(Told)>,
}

impl Broadcast {
    /// A host at `door` with `ticket`.
    pub(crate) fn new(door: String, ticket: String, tell: impl Fn(Told) + 'static) -> Self {
        let inner = Inner {
            door,
            ticket,
            line: Line::default(),
            stream: RefCell::new(None),
            tell: Box::new(tell),
        };
        let broadcast = Broadcast(Rc::new(inner));
        let leaving = broadcast.clone();
        let _ = window_event_listener_untyped("pagehide", move |_| leaving.stop());
        broadcast
    }

    /// What is to be sent from now on; a connection that stands goes on with it.
    pub(crate) fn set_stream(&self, stream: MediaStream) {
        if let Some(peer) = self.0.line.peer() {
            replace_tracks(&peer, &stream);
        }
        *self.0.stream.borrow_mut() = Some(stream);
    }

    /// Goes on air, and stays there.
    pub(crate) fn start(&self) {
        let (broadcast, run) = (self.clone(), self.0.line.renew());
        leptos::task::spawn_local(async move { broadcast.keep_going(run).await });
    }

    /// Goes, by the wish of whoever sits here.
    pub(crate) fn stop(&self) {
        self.0.line.leave();
    }

    /// The session is over on the server: nothing is left to give back.
    pub(crate) fn finish(&self) {
        self.0.line.finish();
    }

    async fn keep_going(&self, run: u32) {
        let mut backoff = Backoff::default();
        self.tell(run, Told::Opening);
        while self.0.line.is_current(run) {
            let (news, wait) = match self.open(run).await {
                Ok(()) => {
                    if self.stay(run).await {
                        backoff.reset();
                    }
                    (Told::Lost, None)
                }
                Err(Denied::Status(401 | 403 | 404, _)) => return self.tell(run, Told::Stale),
                Err(Denied::Status(406 | 415 | 400, _)) => return self.tell(run, Told::Unable),
                Err(Denied::Status(409, wait)) => (Told::Taken, wait),
                Err(Denied::Status(503, wait)) => (Told::Full, wait),
                Err(_) => (Told::Lost, None),
            };
            self.tell(run, news);
            if self.0.line.is_current(run) {
                net::pause(backoff.next(wait, js_sys::Math::random())).await;
            }
        }
    }

    async fn open(&self, run: u32) -> Result<(), Denied> {
        let stream = self.0.stream.borrow().clone().ok_or(Denied::Unreachable)?;
        let peer = RtcPeerConnection::new()?;
        for track in stream.get_tracks().iter() {
            let wish = RtcRtpTransceiverInit::new();
            wish.set_direction(RtcRtpTransceiverDirection::Sendonly);
            let line = peer.add_transceiver_with_media_stream_track_and_init(track.unchecked_ref(), &wish);
            limit(&line.sender());
        }
        let session = Session::open(peer, &self.0.door, Some(&self.0.ticket)).await?;
        self.0.line.keep(run, session);
        Ok(())
    }

    /// Until the connection breaks or somebody wants something else. Whether it ever stood.
    async fn stay(&self, run: u32) -> bool {
        let from = clock::stopwatch();
        let (mut earlier, mut at, mut stood) = (stats::Reading::default(), from, false);
        loop {
            net::pause(LOOK_MS).await;
            let Some(peer) = self.0.line.living_peer(run) else {
                return stood;
            };
            let reading = stats::read(&peer).await;
            let now = clock::stopwatch();
            if peer.connection_state() == RtcPeerConnectionState::Connected {
                stood = true;
                let narrow = reading.narrow && now - from > WARMING_MS;
                let reading = stats::Reading { narrow, ..reading };
                self.tell(run, Told::OnAir(Uplink::between(earlier, reading, now - at)));
            }
            (earlier, at) = (reading, now);
        }
    }

    fn tell(&self, run: u32, news: Told) {
        if self.0.line.is_current(run) {
            (self.0.tell)(news);
        }
    }
}

/// Puts the tracks of `stream` in the place of those that are sent, kind by kind, without a new
/// offer: viewers see the other camera.
fn replace_tracks(peer: &RtcPeerConnection, stream: &MediaStream) {
    let tracks: Vec<MediaStreamTrack> = stream.get_tracks().iter().map(JsCast::unchecked_into).collect();
    for sender in peer.get_senders().iter() {
        let sender: RtcRtpSender = sender.unchecked_into();
        let kind = sender.track().map(|track| track.kind());
        if let Some(track) = tracks.iter().find(|track| Some(track.kind()) == kind) {
            let replaced = sender.replace_track(Some(track));
            leptos::task::spawn_local(async move {
                // a closed connection refuses; the next one takes the new tracks anyway
                let _ = JsFuture::from(replaced).await;
            });
        }
    }
}

/// Keeps a picture within [`MOST_BITS`].
fn limit(sender: &RtcRtpSender) {
    if sender.track().is_none_or(|track| track.kind() != "video") {
        return;
    }
    let parameters = sender.get_parameters();
    let encodings = js_sys::Reflect::get(&parameters, &"encodings".into()).unwrap_or_default();
    let Some(first) = encodings
        .dyn_ref::<js_sys::Array>()
        .map(|list| list.get(0))
        .filter(JsValue::is_object)
    else {
        return;
    };
    let _ = js_sys::Reflect::set(&first, &"maxBitrate".into(), &MOST_BITS.into());
    let set = sender.set_parameters_with_parameters(&parameters);
    leptos::task::spawn_local(async move {
        // a browser that has no such limit sends what it likes
        let _ = JsFuture::from(set).await;
    });
}
