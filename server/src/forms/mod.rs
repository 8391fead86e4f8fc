//! POST: read a form, call one verb, go on. A form that cannot be done comes back with what was
//! typed and a sentence; nothing was changed.

pub(crate) mod apps;
pub(crate) mod group;
pub(crate) mod host;
pub(crate) mod order;
pub(crate) mod people;
pub(crate) mod photo;

use crate::{AppState, context::Cx};
use app::site::{Problem, error_page};
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use std::collections::HashMap;

/// A form's fields as they were typed.
#[derive(Debug)]
pub(crate) struct Fields(HashMap<String, String>);

impl FromRequest<AppState> for Fields {
    type Rejection = Response;

    /// A form that is too long or is none gets a page that says so, not a line for programmers.
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(cx) = Cx::from_request_parts(&mut parts, state).await;
        match Form::from_request(Request::from_parts(parts, body), state).await {
            Ok(Form(fields)) => Ok(Fields(fields)),
            Err(rejection) => {
                let status = rejection.status();
                let sentence = match status {
                    StatusCode::PAYLOAD_TOO_LARGE => app::text::form_too_large(cx.lang()),
                    _ => app::text::form_unreadable(cx.lang()),
                };
                Err((status, Html(error_page(&cx.page, Problem::Refused { sentence }))).into_response())
            }
        }
    }
}

impl Fields {
    /// A field without blanks at its ends; "" when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// A whole number; anything else is −1, which every rule refuses.
    pub fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(-1)
    }
}
