//! The HTTP door. Handlers check what HTTP can check (type, size, token, name),
//! send one message to the media thread and turn its answer into a response.
//! Answers to what went wrong are short English text: programs read them.

mod layer;
mod reply;
mod session;
mod whep;
mod whip;

use crate::driver::Live;
use crate::refusal::Refusal;
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::map_response;
use axum::routing::post;

/// The largest body taken, bytes. A browser's offer is 5 to 10 KB.
pub const LARGEST_BODY: usize = 64 * 1024;

/// The longest room code.
const LONGEST_CODE: usize = 64;

/// `POST`/`OPTIONS` on `/whip/{code}` and `/whep/{code}`, `PATCH`/`DELETE`/
/// `OPTIONS` on their sessions. Any site may call it: what opens `/whip` is a
/// bearer token, never a cookie, and viewing is public.
pub fn router(live: Live) -> Router {
    Router::new()
        .route("/whip/{code}", post(whip::publish).options(reply::options))
        .route("/whep/{code}", post(whep::view).options(reply::options))
        .route(
            "/whip/{code}/{session}",
            axum::routing::patch(session::patch_publisher)
                .delete(session::delete_publisher)
                .options(reply::session_options),
        )
        .route(
            "/whep/{code}/{session}",
            axum::routing::patch(session::patch_viewer)
                .delete(session::delete_viewer)
                .options(reply::session_options),
        )
        .route(
            "/whep/{code}/{session}/layer",
            post(layer::choose).options(reply::layer_options),
        )
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(map_response(reply::allow_everybody))
        .with_state(live)
}

/// The text of a body of type `wanted`.
fn text_of(headers: &HeaderMap, body: Result<Bytes, BytesRejection>, wanted: &'static str) -> Result<String, Refusal> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(wanted) {
        return Err(Refusal::WrongType(wanted));
    }
    let body = body.map_err(|rejected| match rejected.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::Malformed("the body broke off"),
    })?;
    String::from_utf8(body.into()).map_err(|_| Refusal::Malformed("the body is not UTF-8"))
}

/// A room's code as it may stand in a URL.
fn room_code(code: String) -> Result<String, Refusal> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if code.is_empty() || code.len() > LONGEST_CODE || !code.bytes().all(plain) {
        return Err(Refusal::NoSession);
    }
    Ok(code)
}
