//! A session's own URL: PATCH trickles or restarts ICE, DELETE ends (RFC 9725 §4.2, §4.3).
//! A publisher's needs the ticket again; a viewer's is its own secret.

use super::{reply, room_code, text_of, whip};
use crate::driver::{Live, Place};
use crate::refusal::Refusal;
use crate::sdpfrag;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

type Names = Path<(String, String)>;
type Body = Result<Bytes, BytesRejection>;

pub(super) async fn patch_publisher(
    State(live): State<Live>,
    names: Names,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let at = publishers_place(&live, names, &headers)?;
    patch(live, at, headers, body).await
}

pub(super) async fn patch_viewer(
    State(live): State<Live>,
    names: Names,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let at = place(names, None)?;
    patch(live, at, headers, body).await
}

pub(super) async fn delete_publisher(
    State(live): State<Live>,
    names: Names,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    let at = publishers_place(&live, names, &headers)?;
    live.leave(at).await.map(|()| StatusCode::OK)
}

pub(super) async fn delete_viewer(State(live): State<Live>, names: Names) -> Result<StatusCode, Refusal> {
    let at = place(names, None)?;
    live.leave(at).await.map(|()| StatusCode::OK)
}

async fn patch(live: Live, at: Place, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    let fragment = text_of(&headers, body, sdpfrag::MEDIA_TYPE)?;
    let etag = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
        .ok_or(Refusal::NoPrecondition)?
        .trim()
        .to_owned();
    let restarted = live.trickle(at, etag, fragment).await?;
    Ok(match restarted {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(restarted) => reply::restarted(restarted),
    })
}

fn publishers_place(live: &Live, names: Names, headers: &HeaderMap) -> Result<Place, Refusal> {
    let Path((code, _)) = &names;
    let ticket = whip::admit(live, headers, code)?;
    place(names, Some(ticket.publisher))
}

pub(super) fn place(Path((code, session)): Names, owner: Option<String>) -> Result<Place, Refusal> {
    Ok(Place {
        room: room_code(code)?,
        session: session.parse().map_err(|_| Refusal::NoSession)?,
        owner,
    })
}
