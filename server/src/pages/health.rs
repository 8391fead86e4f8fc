//! Whether the server is there, and whether it can be asked.

use crate::AppState;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: pages can be made (the database answers) and the door for pictures is open; in the
/// demonstration also that its live is on air.
pub(crate) async fn readyz(State(state): State<AppState>) -> Response {
    if let Err(error) = state.market.products(None, 1).await {
        tracing::warn!(%error, "not ready: the database does not answer");
        return (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response();
    }
    let rooms = state.live.rooms().await;
    let on_air = rooms
        .iter()
        .any(|room| room.code == market::demo::LIVE && room.publishing);
    if state.demonstration && !on_air {
        return (StatusCode::SERVICE_UNAVAILABLE, "live\n").into_response();
    }
    "ready\n".into_response()
}
