//! Reading an address, a query and a body; what cannot be read is a problem that says why.

use super::problem::Problem;
use crate::AppState;
use app::text::api::Wrong;
use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

/// The code or slug in a path. One that cannot be read names nothing.
pub(super) struct Named(pub String);

impl FromRequestParts<AppState> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(name)) if !name.contains(char::is_control) => Ok(Named(name)),
            _ => Err(Problem::NOT_FOUND),
        }
    }
}

/// What a query asks for.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        let Query(asked) = read.map_err(|rejection| Wrong::Invalid(rejection.body_text()))?;
        Ok(Asked(asked))
    }
}

/// A body of JSON.
pub(super) struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let read: Result<Json<T>, JsonRejection> = Json::from_request(request, state).await;
        let Json(sent) = read.map_err(|rejection| match rejection {
            JsonRejection::JsonDataError(error) => Wrong::Invalid(error.body_text()),
            JsonRejection::JsonSyntaxError(error) => Wrong::Unreadable(error.body_text()),
            JsonRejection::MissingJsonContentType(_) => Wrong::NotJson,
            other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Wrong::TooLarge,
            other => Wrong::Unreadable(other.body_text()),
        })?;
        Ok(Sent(sent))
    }
}
