//! Figures for Prometheus: counts and times by route, never by person or address.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use tokio::time::Instant;

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// The process's recorder; installed once, however many servers a test starts.
pub(crate) fn recorder() -> PrometheusHandle {
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another recorder of metrics was there first");
            }
            handle
        })
        .clone()
}

/// Counts and times every request.
#[allow(clippy::disallowed_methods)] // measuring, not deciding
pub(crate) async fn count(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    let method = request.method().as_str().to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let labels = [
        ("method", method),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels[..2]).record(begun.elapsed().as_secs_f64());
    response
}

/// `GET /metrics`, with the rooms' figures of this moment.
pub(crate) async fn metrics(State(state): State<crate::AppState>) -> Response {
    let mut text = recorder().render();
    // written here and not kept: a room that is gone must not leave its last figure behind
    for room in state.live.rooms().await {
        let (code, publishing, viewers) = (&room.code, u8::from(room.publishing), room.viewers);
        text.push_str(&format!(
            "live_publishing{{room=\"{code}\"}} {publishing}\nlive_room_viewers{{room=\"{code}\"}} {viewers}\n"
        ));
    }
    ([("content-type", "text/plain; version=0.0.4")], text).into_response()
}
