//! WHEP: watching a room (draft-ietf-wish-whep-02 §4.2). Lives are public, so
//! there is no token.

use super::reply::{created, with_layers};
use super::{room_code, text_of};
use crate::driver::Live;
use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

pub(super) async fn view(
    State(live): State<Live>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let code = room_code(code)?;
    let offer = text_of(&headers, body, "application/sdp")?;
    let opened = live.view(code.clone(), offer).await?;
    Ok(with_layers(created("whep", &code, opened)))
}
