//! WHIP: publishing into a room (RFC 9725 §4.2), with a ticket.

use super::reply::created;
use super::{room_code, text_of};
use crate::admission::{self, Ticket};
use crate::driver::Live;
use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;

pub(super) async fn publish(
    State(live): State<Live>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let code = room_code(code)?;
    let ticket = admit(&live, &headers, &code)?;
    let offer = text_of(&headers, body, "application/sdp")?;
    let opened = live.publish(code.clone(), ticket.publisher, offer).await?;
    Ok(created("whip", &code, opened))
}

/// The ticket in the request, if it opens this room.
pub(super) fn admit(live: &Live, headers: &HeaderMap, code: &str) -> Result<Ticket, Refusal> {
    let missing = || Refusal::Unauthorized("a bearer token is required".into());
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.split_once(' '))
        .ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    let ticket = admission::verify(token.trim(), live.key(), live.now_ms())
        .map_err(|invalid| Refusal::Unauthorized(invalid.to_string()))?;
    if ticket.room != code {
        return Err(Refusal::Forbidden("this ticket is for another room"));
    }
    Ok(ticket)
}
