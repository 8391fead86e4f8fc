//! What protects every address: same-site forms, headers, and limits.

use crate::{
    AppState,
    context::{self, Cx},
    failure::Failure,
};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

/// How long a request may take. The event stream's answer begins at once and is not cut. An order is
/// told within `market::order::PATIENCE`, which is less, whether it will be decided.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Seconds after which whoever found us too busy may ask again.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("5");

/// Only our own scripts and the wasm run; a style attribute may set the length of a progress bar.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers that every answer carries. The referrer is kept inside the site: forms come back by it.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), geolocation=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Puts the security headers on every answer.
pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // a house's own authority must not bind a machine's name to https for a year
    if state.secure() && state.authority.is_none() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// Refuses a form that another site posts. Browsers say where a request comes from in
/// `Sec-Fetch-Site`, older ones in `Origin`; a program that says neither carries no cookies of a
/// browser to be misused. Encoders with a ticket are not browsers: their doors stand outside.
pub(crate) async fn same_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_ours(request.headers()) {
        return next.run(request).await;
    }
    refuse(state, request, StatusCode::FORBIDDEN).await
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Forms per network address.
pub(crate) type Limiter = Arc<DefaultKeyedRateLimiter<IpAddr>>;

/// A limiter of `per_minute` forms for each address.
pub(crate) fn limiter(per_minute: u32) -> Limiter {
    let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
    Arc::new(RateLimiter::keyed(quota))
}

/// Refuses more forms from one address than the settings allow.
pub(crate) async fn limit(
    State((state, limiter)): State<(AppState, Limiter)>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST || limiter.check_key(&address(request.extensions())).is_ok() {
        return next.run(request).await;
    }
    let mut response = refuse(state, request, StatusCode::TOO_MANY_REQUESTS).await;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// The other end's network address.
pub(crate) fn address(extensions: &axum::http::Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip())
}

/// Ends a request that takes too long, with a page (or JSON) that says how to find out what became of it.
pub(crate) async fn in_time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (lang, json) = (
        context::language(request.headers()),
        context::wants_json(request.headers()),
    );
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => too_slow(&Cx::bare(&state, lang, json)),
    }
}

fn too_slow(cx: &Cx) -> Response {
    let mut response = cx.again(StatusCode::SERVICE_UNAVAILABLE, app::text::too_slow(cx.lang()), |_| {
        app::site::error_page(&cx.page, app::site::Problem::TooSlow)
    });
    response.headers_mut().insert(header::RETRY_AFTER, ASK_AGAIN);
    response
}

async fn refuse(state: AppState, request: Request, status: StatusCode) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(cx) = Cx::from_request_parts(&mut parts, &state).await;
    let problem = match status {
        StatusCode::TOO_MANY_REQUESTS => app::site::Problem::TooMany,
        _ => app::site::Problem::Forbidden,
    };
    (status, axum::response::Html(app::site::error_page(&cx.page, problem))).into_response()
}

/// A page for what has none.
pub(crate) async fn not_found(cx: Cx) -> Response {
    cx.clone().answer(async { Err(Failure::NOT_FOUND) }).await
}

/// What is left of a handler that panicked.
pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let detail = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let detail = detail
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(detail, "a handler panicked");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        "500\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn a_form_of_another_site_is_told_apart() {
        assert!(is_ours(&said(&[("sec-fetch-site", "same-origin")])));
        assert!(is_ours(&said(&[("sec-fetch-site", "none")])));
        assert!(!is_ours(&said(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_ours(&said(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://a.example"),
            ("host", "a.example")
        ])));
        assert!(is_ours(&said(&[
            ("origin", "https://a.example"),
            ("host", "a.example")
        ])));
        assert!(!is_ours(&said(&[
            ("origin", "https://b.example"),
            ("host", "a.example")
        ])));
        assert!(!is_ours(&said(&[("origin", "null"), ("host", "a.example")])));
        assert!(is_ours(&said(&[("host", "a.example")])));
    }
}
