//! Watching: a viewer's connection that comes back by itself.

use super::{
    backoff::Backoff,
    clock, cushion,
    door::{Denied, Session},
    line::Line,
    net, stats,
};
use leptos::prelude::window_event_listener_untyped;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{MediaStream, RtcPeerConnection, RtcRtpTransceiverDirection, RtcRtpTransceiverInit};

/// How often the connection is looked at, in milliseconds.
const LOOK_MS: i32 = 500;
/// Nothing has come in for so long: the farmer's signal is gone.
const SILENT_MS: f64 = 3_000.0;
/// Nothing for so long: this connection is given up and asked for anew.
const GIVE_UP_MS: f64 = 20_000.0;

/// What a viewer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Media is coming in.
    Flowing,
    /// Nobody publishes yet.
    Waiting,
    /// There was something, and it stopped.
    Lost,
    /// No room for more viewers.
    Full,
    /// This browser cannot take what is published.
    Unable,
    /// So many tenths of a megabyte a minute are coming in.
    Rate(i64),
}

/// One viewer's connection.
#[derive(Clone)]
pub(crate) struct Watcher(Rc<Inner>);

struct Inner {
    door: String,
    line: Line,
    show: Box<dyn Fn(&MediaStream)>,
    tell: Box<dyn Fn(Told)>,
}

impl Watcher {
    /// A viewer at `door`. `show` gets the stream as soon as there is one, `tell` how it goes.
    pub(crate) fn new(door: String, show: impl Fn(&MediaStream) + 'static, tell: impl Fn(Told) + 'static) -> Self {
        let inner = Inner {
            door,
            line: Line::default(),
            show: Box::new(show),
            tell: Box::new(tell),
        };
        let watcher = Watcher(Rc::new(inner));
        let leaving = watcher.clone();
        let _ = window_event_listener_untyped("pagehide", move |_| leaving.stop());
        watcher
    }

    /// Begins, or begins anew; without a picture if `video` is false.
    pub(crate) fn start(&self, video: bool) {
        let (watcher, run) = (self.clone(), self.0.line.renew());
        leptos::task::spawn_local(async move { watcher.keep_going(run, video).await });
    }

    /// Goes, by the wish of whoever sits here.
    pub(crate) fn stop(&self) {
        self.0.line.leave();
    }

    /// The session is over on the server: nothing is left to give back.
    pub(crate) fn finish(&self) {
        self.0.line.finish();
    }

    async fn keep_going(&self, run: u32, video: bool) {
        let mut backoff = Backoff::default();
        let mut seen = false;
        while self.0.line.is_current(run) {
            let wait = match self.open(run, video).await {
                Ok(()) => {
                    if self.stay(run).await {
                        seen = true;
                        backoff.reset();
                    }
                    (Told::Lost, None)
                }
                Err(Denied::Status(409, wait)) => (if seen { Told::Lost } else { Told::Waiting }, wait),
                Err(Denied::Status(503, wait)) => (Told::Full, wait),
                Err(Denied::Status(406 | 415 | 400, _)) => {
                    self.tell(run, Told::Unable);
                    return;
                }
                Err(Denied::Status(_, wait)) => (Told::Waiting, wait),
                Err(Denied::Unreachable) => (Told::Lost, None),
            };
            self.tell(run, wait.0);
            if self.0.line.is_current(run) {
                net::pause(backoff.next(wait.1, js_sys::Math::random())).await;
            }
        }
    }

    async fn open(&self, run: u32, video: bool) -> Result<(), Denied> {
        let peer = RtcPeerConnection::new()?;
        let stream = MediaStream::new()?;
        for kind in if video { &["video", "audio"][..] } else { &["audio"] } {
            let wish = RtcRtpTransceiverInit::new();
            wish.set_direction(RtcRtpTransceiverDirection::Recvonly);
            let line = peer.add_transceiver_with_str_and_init(kind, &wish);
            stream.add_track(&line.receiver().track());
        }
        cushion::fit(&peer, 0.0);
        let session = Session::open(peer, &self.0.door, None).await?;
        if self.0.line.keep(run, session) {
            (self.0.show)(&stream);
        }
        Ok(())
    }

    /// Until the connection breaks or somebody wants something else. Whether anything came in.
    async fn stay(&self, run: u32) -> bool {
        let (mut bytes, mut last_news, mut flowing) = (0.0, clock::stopwatch(), false);
        let (mut minute_bytes, mut minute_from) = (0.0, last_news);
        let mut fitted = false;
        loop {
            net::pause(LOOK_MS).await;
            let Some(peer) = self.0.line.living_peer(run) else {
                return bytes > 0.0;
            };
            let reading = stats::read(&peer).await;
            let (received, now) = (reading.received, clock::stopwatch());
            if !fitted && reading.round_trip > 0.0 {
                fitted = true;
                cushion::fit(&peer, reading.round_trip);
            }
            if received > bytes {
                (bytes, last_news) = (received, now);
                if !flowing {
                    flowing = true;
                    self.tell(run, Told::Flowing);
                }
            } else if flowing && now - last_news > SILENT_MS {
                flowing = false;
                self.tell(run, Told::Lost);
            } else if now - last_news > GIVE_UP_MS {
                return bytes > 0.0;
            }
            if now - minute_from >= 3_000.0 {
                let tenths = (received - minute_bytes) / (now - minute_from) * 60_000.0 / 100_000.0;
                self.tell(run, Told::Rate(tenths.round() as i64));
                (minute_bytes, minute_from) = (received, now);
            }
        }
    }

    fn tell(&self, run: u32, news: Told) {
        if self.0.line.is_current(run) {
            (self.0.tell)(news);
        }
    }
}

/// Puts `stream` on `video` and plays it. Muted video may always play; with sound a browser may
/// refuse until it is touched.
pub(crate) fn play(video: &web_sys::HtmlMediaElement, stream: Option<&MediaStream>) {
    video.set_src_object(stream);
    again(video);
}

/// Plays, where the browser had stopped.
pub(crate) fn again(video: &web_sys::HtmlMediaElement) {
    if let Ok(playing) = video.play() {
        leptos::task::spawn_local(async move {
            // refused: the still picture stays, and the sound button is there to be tapped
            let _: Result<JsValue, JsValue> = wasm_bindgen_futures::JsFuture::from(playing).await;
        });
    }
}
