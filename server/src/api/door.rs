//! What every request at the door passes: who asks, how much may still be asked, whether JSON is
//! wanted; and on the way out the words of what is wrong.

use super::{
    caller::Asker,
    idempotency::InFlight,
    limit::Limit,
    problem::{self, PROBLEM_JSON, Problem},
};
use crate::{AppState, context::asked_language, guard};
use app::text::api::Wrong;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use market::{ApiTokenId, Market, Millis};
use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the door remembers. All of it may be lost with the process: limits begin anew, some seconds
/// of last uses are missing, and the market itself knows which requests it has answered.
#[derive(Clone)]
pub struct Door {
    limit: Arc<Limit>,
    used: Arc<Mutex<HashMap<ApiTokenId, Millis>>>,
    pub(super) in_flight: InFlight,
}

impl Door {
    /// A door where each token, and each network address without one, may ask so often.
    pub fn new(requests_per_minute: u32) -> Self {
        Door {
            limit: Arc::new(Limit::new(requests_per_minute)),
            used: Arc::default(),
            in_flight: InFlight::default(),
        }
    }

    /// Writes down when tokens were last used, and forgets askers that have gone.
    ///
    /// # Errors
    /// When the database does not answer; the uses are kept for the next time.
    pub(crate) async fn tidy(&self, market: &Market) -> Result<(), market::Error> {
        self.limit.forget_idle();
        let uses = mem::take(&mut *self.uses());
        let written = market.note_api_tokens_used(uses.clone().into_iter().collect()).await;
        if written.is_err() {
            let mut newer = self.uses();
            for (token, at) in uses {
                newer.entry(token).or_insert(at);
            }
        }
        written
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<ApiTokenId, Millis>> {
        // a map is whole whatever happened to whoever held it
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

/// Keeps the door.
pub(super) async fn keep(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let lang = asked_language(request.headers());
    let asker = match Asker::of(&state.market, request.headers()).await {
        Ok(asker) => asker,
        Err(error) => return problem::spoken(lang, Problem::from(error).into_response()),
    };
    if let Asker::Program(program) = &asker {
        state.api.uses().insert(program.token.id.clone(), state.market.now());
    }
    let name = match &asker {
        Asker::Program(program) => program.token.id.to_string(),
        Asker::Nobody | Asker::Stranger => guard::address(request.extensions()).to_string(),
    };
    let (left, verdict) = state.api.limit.count(name);
    let wanted = verdict.and_then(|()| acceptable(request.headers()));
    let mut response = match wanted {
        Ok(()) => {
            request.extensions_mut().insert(asker);
            next.run(request).await
        }
        Err(wrong) => Problem::from(wrong).into_response(),
    };
    let headers = response.headers_mut();
    left.write(headers);
    // an answer is for whoever asked it, in their language
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Authorization"));
    problem::spoken(lang, response)
}

/// Whether the asker takes JSON (RFC 9110, 12.5.1).
fn acceptable(headers: &HeaderMap) -> Result<(), Wrong> {
    let mut lines = headers.get_all(header::ACCEPT).iter().peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    let mut ranges = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    let taken = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let known = ["*/*", "application/*", "application/json", PROBLEM_JSON].contains(&name.as_str());
        // a weight of zero means: anything but this
        known && !parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)))
    };
    ranges.any(taken).then_some(()).ok_or(Wrong::NotAcceptable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_what_there_is() {
        for (accept, fits) in [
            ("application/json", true),
            ("*/*", true),
            ("text/html, application/*;q=0.1", true),
            ("APPLICATION/JSON; charset=utf-8", true),
            ("application/problem+json", true),
            ("text/html", false),
            ("application/json;q=0, text/html", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(acceptable(&headers).is_ok(), fits, "{accept}");
        }
        assert_eq!(acceptable(&HeaderMap::new()), Ok(()));
    }
}
