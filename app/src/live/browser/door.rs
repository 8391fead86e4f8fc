//! A session at a WHIP or WHEP door (RFC 9725, draft-ietf-wish-whep): one POST with an offer, one
//! answer, one DELETE.
//!
//! The offer goes out at once, without candidates: the server answers with its own (it is ICE-lite)
//! and learns this side's address from its first check. Waiting for gathering would only delay the
//! first frame.

use super::{clock, net};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, RtcPeerConnection, RtcPeerConnectionState, RtcSdpType, RtcSessionDescriptionInit, Url};

/// For how long a connection may say "disconnected" before it counts as broken, in milliseconds.
const PATIENCE_MS: f64 = 3_000.0;

/// A session that the door let in.
pub(super) struct Session {
    pub(super) peer: RtcPeerConnection,
    address: Option<String>,
    ticket: Option<String>,
    /// Since when the connection is not there, by the stopwatch.
    doubtful_since: Option<f64>,
}

/// Why there is no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// Nothing came back, or nothing that makes sense.
    Unreachable,
    /// The door said no: the HTTP status, and after how many milliseconds to ask again.
    Status(u16, Option<i32>),
}

impl From<JsValue> for Denied {
    fn from(_: JsValue) -> Self {
        Denied::Unreachable
    }
}

impl Session {
    /// Offers what `peer` holds at `door`, with `ticket` where the door wants one.
    ///
    /// The peer is closed when it is not let in.
    pub(super) async fn open(peer: RtcPeerConnection, door: &str, ticket: Option<&str>) -> Result<Session, Denied> {
        let mut session = Session {
            peer,
            address: None,
            ticket: ticket.map(str::to_owned),
            doubtful_since: None,
        };
        match session.negotiate(door).await {
            Ok(()) => Ok(session),
            Err(denied) => {
                session.hang_up();
                Err(denied)
            }
        }
    }

    async fn negotiate(&mut self, door: &str) -> Result<(), Denied> {
        let offer = JsFuture::from(self.peer.create_offer()).await?;
        let offer: RtcSessionDescriptionInit = offer.unchecked_into();
        JsFuture::from(self.peer.set_local_description(&offer)).await?;
        let offer = offer.get_sdp().ok_or(Denied::Unreachable)?;
        let bearer = self.bearer();
        let mut headers = vec![("content-type", "application/sdp")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let answer = net::send("POST", door, &headers, Some(&offer.into())).await?;
        if answer.status() != 201 {
            return Err(Denied::Status(answer.status(), retry_after(&answer)));
        }
        self.address = header(&answer, "location")
            .and_then(|place| Url::new_with_base(&place, &answer.url()).ok())
            .map(|address| address.href());
        let description = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
        description.set_sdp(&net::text(&answer).await);
        JsFuture::from(self.peer.set_remote_description(&description)).await?;
        Ok(())
    }

    fn bearer(&self) -> Option<String> {
        self.ticket.as_ref().map(|ticket| format!("Bearer {ticket}"))
    }

    /// Whether the connection is lost for good: failed, closed, or doubtful for too long.
    pub(super) fn is_broken(&mut self) -> bool {
        match self.peer.connection_state() {
            RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed => true,
            RtcPeerConnectionState::Disconnected => {
                let since = *self.doubtful_since.get_or_insert_with(clock::stopwatch);
                clock::stopwatch() - since > PATIENCE_MS
            }
            _ => {
                self.doubtful_since = None;
                false
            }
        }
    }

    /// Goes by choice: gives the session back, then hangs up. In this order, for a server that hears
    /// the connection close has forgotten the session already. May be called on a page that is
    /// leaving.
    pub(super) fn leave(mut self) {
        let Some(address) = self.address.take() else {
            return self.hang_up();
        };
        let bearer = self.bearer();
        let headers: Vec<_> = bearer
            .as_deref()
            .map(|bearer| ("authorization", bearer))
            .into_iter()
            .collect();
        let given_back = net::send_on_leaving("DELETE", &address, &headers);
        leptos::task::spawn_local(async move {
            given_back.await;
            self.hang_up();
        });
    }

    /// Hangs up where the other side is gone already, or will go by itself.
    pub(super) fn hang_up(&self) {
        self.peer.close();
    }
}

fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).ok().flatten()
}

/// Retry-After in milliseconds; only the form in seconds is used here.
fn retry_after(answer: &Response) -> Option<i32> {
    let seconds: i32 = header(answer, "retry-after")?.trim().parse().ok()?;
    seconds.checked_mul(1000)
}
