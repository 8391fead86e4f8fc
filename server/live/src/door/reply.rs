//! Responses.

use super::layer::RELATION;
use crate::refusal::Refusal;
use crate::sdpfrag;
use crate::sfu::{Opened, Restarted};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// 201 with where the session is and what names its ICE session.
pub(super) fn created(door: &str, code: &str, opened: Opened) -> Response {
    let location = format!("/{door}/{code}/{}", opened.session);
    let headers = [
        (header::CONTENT_TYPE, "application/sdp".to_owned()),
        (header::LOCATION, location),
        (header::ETAG, format!("\"{}\"", opened.etag)),
        (ACCEPT_PATCH, sdpfrag::MEDIA_TYPE.to_owned()),
    ];
    (StatusCode::CREATED, headers, opened.answer).into_response()
}

/// 200 with the new ICE session (RFC 9725 §4.3.2).
pub(super) fn restarted(restarted: Restarted) -> Response {
    let headers = [
        (header::CONTENT_TYPE, sdpfrag::MEDIA_TYPE.to_owned()),
        (header::ETAG, format!("\"{}\"", restarted.etag)),
    ];
    (StatusCode::OK, headers, restarted.fragment).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Self::Unauthorized(_)) {
            let bearer = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        (self.status(), headers, format!("{self}\n")).into_response()
    }
}

const METHODS: &str = "POST, PATCH, DELETE, OPTIONS";
const TAKES: &str = "authorization, content-type, if-match";
const SHOWS: &str = "location, etag, link, accept-patch, retry-after";
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

/// What may be asked here, without a token: a browser asks before it sends one.
pub(super) async fn options() -> Response {
    preflight((ACCEPT_POST, "application/sdp"))
}

/// The same for a session's URL.
pub(super) async fn session_options() -> Response {
    preflight((ACCEPT_PATCH, sdpfrag::MEDIA_TYPE))
}

/// The same for the choice of a layer.
pub(super) async fn layer_options() -> Response {
    preflight((ACCEPT_POST, "application/json"))
}

/// Adds what else there is to ask of a viewer's session.
pub(super) fn with_layers(mut response: Response) -> Response {
    let place = response
        .headers()
        .get(header::LOCATION)
        .and_then(|place| place.to_str().ok());
    let link = place.map(|place| format!("<{place}/layer>; rel=\"{RELATION}\""));
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().append(header::LINK, link);
    }
    response
}

fn preflight(takes: (HeaderName, &'static str)) -> Response {
    let headers = [
        takes,
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, TAKES),
        (header::ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// CORS on every answer, refusals too: a page must be able to read why.
pub(super) async fn allow_everybody(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(SHOWS));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
