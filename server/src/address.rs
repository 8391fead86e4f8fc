//! What an address says: its name of a thing, and its query. One that cannot be read leads nowhere,
//! and gets the same page as any that does.

use crate::{AppState, context::Cx, failure::Failure};
use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
    response::Response,
};
use serde::de::DeserializeOwned;

/// The code, slug or id in a path. Control characters are in none of ours.
pub(crate) struct Named(pub String);

impl FromRequestParts<AppState> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(name)) if !name.contains(char::is_control) => Ok(Named(name)),
            _ => Err(nowhere(parts, state).await),
        }
    }
}

/// What a query asks for.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let asked = Query::<T>::from_request_parts(parts, state).await.ok();
        match asked {
            Some(Query(asked)) => Ok(Asked(asked)),
            None => Err(nowhere(parts, state).await),
        }
    }
}

async fn nowhere(parts: &mut Parts, state: &AppState) -> Response {
    let Ok(cx) = Cx::from_request_parts(parts, state).await;
    Failure::NOT_FOUND.respond(&cx)
}
