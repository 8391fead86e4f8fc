//! The event stream of a live session (Server-Sent Events).
//!
//! A change in the market wakes one reader per watched topic; it reads the newest picture once and
//! hands it to all listeners through a watch: a listener that is slow skips to the newest, so that
//! memory is bounded and nobody waits for anybody. An event's id is its version; a phone that slept
//! comes back with `Last-Event-ID` and gets one whole picture.

use crate::{AppState, address::Named, context::Cx, timers::gone};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::Stream;
use market::Market;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::{broadcast, watch};

/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(1);
/// Sent when nothing else is, so that a dead connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The newest picture of a topic: its version and its JSON. Version 0: nothing happened yet.
type Newest = (i64, Arc<str>);

/// Hands the newest pictures to all who listen.
#[derive(Clone)]
pub struct Hub {
    topics: Arc<Mutex<HashMap<String, watch::Sender<Newest>>>>,
    closing: watch::Sender<bool>,
}

impl Default for Hub {
    fn default() -> Self {
        Hub {
            topics: Arc::default(),
            closing: watch::Sender::new(false),
        }
    }
}

impl Hub {
    /// Tells every listener to connect again elsewhere: the server is going.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Follows the market's changes until the server goes.
    pub async fn run(self, market: Market) {
        let mut changes = market.changes();
        let mut closing = self.closing.subscribe();
        loop {
            let topic = tokio::select! {
                () = gone(&mut closing) => return,
                topic = changes.recv() => topic,
            };
            match topic {
                Ok(topic) => self.refresh(&market, &topic).await,
                // some wake-ups were lost: every watched topic is read
                Err(broadcast::error::RecvError::Lagged(_)) => self.refresh_all(&market).await,
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Reads every watched topic: what heals a wake-up that another server's signal lost.
    pub async fn refresh_all(&self, market: &Market) {
        let watched: Vec<String> = self.with(|topics| {
            topics.retain(|_, sender| sender.receiver_count() > 0);
            topics.keys().cloned().collect()
        });
        for topic in watched {
            self.refresh(market, &topic).await;
        }
    }

    async fn refresh(&self, market: &Market, topic: &str) {
        let Some(sender) = self.with(|topics| topics.get(topic).cloned()) else {
            return;
        };
        let known = sender.borrow().0;
        match market.events_after(topic, known).await {
            Ok(Some((version, picture))) => {
                sender.send_if_modified(|newest| {
                    let newer = version > newest.0;
                    if newer {
                        *newest = (version, picture.into());
                    }
                    newer
                });
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, topic, "the feed could not be read"),
        }
    }

    fn watch(&self, topic: &str) -> watch::Receiver<Newest> {
        self.with(|topics| {
            topics
                .entry(topic.to_owned())
                .or_insert_with(|| watch::Sender::new((0, "".into())))
                .subscribe()
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, watch::Sender<Newest>>) -> T) -> T {
        // a poisoned map is still a map of senders: nothing in it can be half done
        act(&mut self.topics.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// `GET /live/{code}/events`.
pub(crate) async fn events(cx: Cx, State(state): State<AppState>, Named(code): Named, headers: HeaderMap) -> Response {
    cx.clone()
        .answer(async move {
            // Listening begins before reading: what changes in between is not missed.
            let newest = state.hub.watch(&format!("live:{code}"));
            let picture = state
                .market
                .live_picture(&code)
                .await?
                .ok_or(crate::failure::Failure::NOT_FOUND)?;
            let seen = headers
                .get("last-event-id")
                .and_then(|id| id.to_str().ok()?.parse().ok())
                .unwrap_or(-1);
            let first = (picture.version > seen).then(|| {
                let json = serde_json::to_string(&picture).unwrap_or_default();
                (picture.version, Arc::<str>::from(json))
            });
            let stream = listen(&state.hub, newest, first, picture.version.max(seen));
            let mut response = Sse::new(stream)
                .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
                .into_response();
            // proxies must not hold events back
            response
                .headers_mut()
                .insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
            Ok(response)
        })
        .await
}

struct Listener {
    newest: watch::Receiver<Newest>,
    closing: watch::Receiver<bool>,
    first: Option<Newest>,
    sent: i64,
    over: bool,
}

fn listen(
    hub: &Hub,
    newest: watch::Receiver<Newest>,
    first: Option<Newest>,
    sent: i64,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let listener = Listener {
        newest,
        closing: hub.closing.subscribe(),
        first,
        sent,
        over: false,
    };
    futures::stream::unfold(listener, |mut listener| async move {
        if listener.over {
            return None;
        }
        if let Some((version, json)) = listener.first.take() {
            return Some((Ok(event(version, &json).retry(RETRY)), listener));
        }
        let sent = listener.sent;
        let next = tokio::select! {
            () = gone(&mut listener.closing) => None,
            newest = listener.newest.wait_for(|newest| newest.0 > sent) => newest.ok().map(|newest| newest.clone()),
        };
        let Some((version, json)) = next else {
            listener.over = true;
            return Some((
                Ok(Event::default().event("reconnect").data("{}").retry(RETRY)),
                listener,
            ));
        };
        listener.sent = version;
        Some((Ok(event(version, &json)), listener))
    })
}

fn event(version: i64, json: &str) -> Event {
    Event::default().id(version.to_string()).data(json)
}
