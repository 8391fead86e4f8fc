//! What a handler knows of its request: the reader, the language, and how to answer.

use crate::{AppState, failure::Failure, session, state::PageKey};
use app::text::refusal;
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use market::{Lang, Refusal, people::Person};
use std::{convert::Infallible, future::Future, sync::Arc};

/// The name of the cookie that remembers the language.
pub(crate) const LANG_COOKIE: &str = "lang";

/// A request's context.
#[derive(Clone)]
pub(crate) struct Cx {
    pub state: AppState,
    pub page: app::Context,
    /// The caller is an island that wants JSON, not a page.
    pub json: bool,
    pub session: tower_sessions::Session,
}

/// What a handler gives back inside [`Cx::answer`].
pub(crate) type Reply = Result<Response, Failure>;

impl FromRequestParts<AppState> for Cx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let session = parts.extensions.get::<tower_sessions::Session>().cloned();
        let session = session.unwrap_or_else(no_session);
        let person = match session::person_id(&session).await {
            Some(id) => state.market.find_person(&id).await.unwrap_or_else(|error| {
                tracing::error!(%error, "the signed-in person could not be read");
                None
            }),
            None => None,
        };
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let mut cx = Cx::bare(state, language(&parts.headers), wants_json(&parts.headers));
        cx.page.path = path;
        cx.page.person = person;
        cx.page.save_data = parts.headers.get("save-data").is_some_and(|value| value == "on");
        cx.session = session;
        Ok(cx)
    }
}

fn no_session() -> tower_sessions::Session {
    tower_sessions::Session::new(None, Arc::new(Nowhere), None)
}

/// Whether an island asks, that wants JSON and no page.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}

/// The language: what was chosen, else what the browser asks for, else Chinese.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    match cookie(headers, LANG_COOKIE) {
        Some("en") => return Lang::En,
        Some("zh") => return Lang::Zh,
        _ => {}
    }
    asked_language(headers)
}

/// The language a program asks for, else Chinese: cookies are not looked at.
pub(crate) fn asked_language(headers: &HeaderMap) -> Lang {
    let asked = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for tag in accept_language::parse(asked) {
        match tag.split('-').next() {
            Some("zh") => return Lang::Zh,
            Some("en") => return Lang::En,
            _ => {}
        }
    }
    Lang::Zh
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

impl Cx {
    /// Of a request of which nothing is looked up: nobody is signed in.
    pub fn bare(state: &AppState, lang: Lang, json: bool) -> Self {
        let page = app::Context {
            lang,
            path: "/".to_owned(),
            origin: state.origin.to_string(),
            person: None,
            now: state.market.now(),
            save_data: false,
            demonstration: state.demonstration,
            assets: Arc::clone(&state.assets),
        };
        Cx {
            state: state.clone(),
            page,
            json,
            session: no_session(),
        }
    }

    pub fn lang(&self) -> Lang {
        self.page.lang
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<&Person> {
        self.page.person.as_ref()
    }

    /// Who is signed in, or the way to sign in first.
    pub fn signed_in(&self) -> Result<&Person, Failure> {
        self.person().ok_or(Failure::Refused(Refusal::SignInFirst))
    }

    /// Runs a handler's body and turns its failure into a page (or JSON) in the reader's language.
    pub async fn answer(self, body: impl Future<Output = Reply>) -> Response {
        match body.await {
            Ok(response) => response,
            Err(failure) => failure.respond(&self),
        }
    }

    /// A sentence for a refusal.
    pub fn sentence(&self, why: &Refusal) -> String {
        refusal(self.lang(), why)
    }

    /// A page that is a person's own or changes all the time.
    pub fn html(&self, html: String) -> Response {
        ([(header::CACHE_CONTROL, "private, no-store")], Html(html)).into_response()
    }

    /// The page again, with a problem: its status, and for islands the sentence alone.
    pub fn again(&self, status: StatusCode, problem: String, html: impl FnOnce(String) -> String) -> Response {
        if self.json {
            return (status, axum::Json(serde_json::json!({ "problem": problem }))).into_response();
        }
        (status, self.html(html(problem))).into_response()
    }

    /// After a form that did what was asked: see `to` (islands get a word of JSON).
    pub fn done(&self, to: &str) -> Response {
        if self.json {
            return axum::Json(serde_json::json!({ "ok": true, "to": to })).into_response();
        }
        Redirect::to(to).into_response()
    }

    /// A page that is the same for everybody who is not signed in: made once, kept until something
    /// in the market changes (see `timers`) or a second has passed.
    pub async fn shared(&self, make: impl Future<Output = Result<String, Failure>>) -> Reply {
        if self.person().is_some() {
            return Ok(self.html(make.await?));
        }
        let key = PageKey {
            path: self.page.path.clone(),
            lang: self.lang(),
            save_data: self.page.save_data,
        };
        if let Some(html) = self.state.pages.get(&key).await {
            return Ok(public(html));
        }
        let html: Arc<str> = make.await?.into();
        self.state.pages.insert(key, Arc::clone(&html)).await;
        Ok(public(html))
    }
}

fn public(html: Arc<str>) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "Accept-Language, Cookie, Save-Data"),
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    ];
    (headers, axum::body::Bytes::from_owner(SharedPage(html))).into_response()
}

/// A kept page as a body, without copying it.
struct SharedPage(Arc<str>);

impl AsRef<[u8]> for SharedPage {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Where a request without the session layer keeps nothing.
#[derive(Debug)]
struct Nowhere;

#[async_trait::async_trait]
impl tower_sessions::SessionStore for Nowhere {
    async fn save(&self, _: &tower_sessions::session::Record) -> tower_sessions::session_store::Result<()> {
        Ok(())
    }
    async fn load(
        &self,
        _: &tower_sessions::session::Id,
    ) -> tower_sessions::session_store::Result<Option<tower_sessions::session::Record>> {
        Ok(None)
    }
    async fn delete(&self, _: &tower_sessions::session::Id) -> tower_sessions::session_store::Result<()> {
        Ok(())
    }
}
