//! What every request at the door passes: who asks, how much may still be asked, whether JSON is
//! wanted; and on the way out the words of what is wrong.

use super::{
    caller::{Asker, Claimed},
    idempotency::InFlight,
    limit::{Left, Limit},
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
use market::{ApiTokenId, Market, Millis, PersonId};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    mem,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// SHA-256 of a token's text.
type Fingerprint = [u8; 32];
/// Owners of tokens that are remembered, and for how long.
const OWNERS_KEPT: u64 = 100_000;
const OWNER_KEPT: Duration = Duration::from_secs(600);

/// What the door remembers. All of it may be lost with the process: limits begin anew, some seconds
/// of last uses are missing, and the market itself knows which requests it has answered.
#[derive(Clone)]
pub struct Door {
    limit: Arc<Limit>,
    /// Whose token was good a while ago, by the token's hash: whose requests are counted before it is
    /// looked up again. It opens nothing.
    owners: Cache<Fingerprint, PersonId>,
    used: Arc<Mutex<HashMap<ApiTokenId, Millis>>>,
    pub(super) in_flight: InFlight,
}

impl Door {
    /// A door where each owner of tokens, and each network address without one, may ask so often.
    pub fn new(requests_per_minute: u32) -> Self {
        Door {
            limit: Arc::new(Limit::new(requests_per_minute)),
            owners: Cache::builder()
                .max_capacity(OWNERS_KEPT)
                .time_to_live(OWNER_KEPT)
                .build(),
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
pub(super) async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let lang = asked_language(request.headers());
    let serving = tokio::time::timeout(guard::PATIENCE, serve(&state, request, next));
    let too_slow = |_| Problem::from(Wrong::TooSlow).into_response();
    let mut response = serving.await.unwrap_or_else(too_slow);
    let headers = response.headers_mut();
    // an answer is for whoever asked it, in their language
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Authorization"));
    problem::spoken(lang, response)
}

async fn serve(state: &AppState, mut request: Request, next: Next) -> Response {
    let address = guard::address(request.extensions());
    let (left, admitted) = match admit(state, request.headers(), address).await {
        Ok(verdict) => verdict,
        Err(error) => return Problem::from(error).into_response(),
    };
    let mut response = match admitted.and_then(|asker| acceptable(request.headers()).map(|()| asker)) {
        Ok(asker) => {
            request.extensions_mut().insert(asker);
            next.run(request).await
        }
        Err(wrong) => Problem::from(wrong).into_response(),
    };
    left.write(response.headers_mut());
    response
}

/// Who asks, if they may: counted before anything is looked up, so that whoever asks too often costs
/// no query. A token that was good a while ago counts for its owner; any other counts among the new ones
/// of its network address, and then for the owner it turns out to have.
async fn admit(
    state: &AppState,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<(Left, Result<Asker, Wrong>), market::Error> {
    let (door, claimed) = (&state.api, Claimed::by(headers));
    let fingerprint = match claimed {
        Claimed::Token(text) => Some(Fingerprint::from(Sha256::digest(text))),
        Claimed::Nothing | Claimed::Junk => None,
    };
    let known = match &fingerprint {
        Some(fingerprint) => door.owners.get(fingerprint).await,
        None => None,
    };
    let (left, verdict) = match &known {
        Some(owner) => door.limit.count(owner.to_string()),
        None if fingerprint.is_some() => door.limit.count(format!("{address} with new tokens")),
        None => door.limit.count(address.to_string()),
    };
    if let Err(wrong) = verdict {
        return Ok((left, Err(wrong)));
    }
    let asker = Asker::of(&state.market, claimed).await?;
    let (Asker::Program(program), Some(fingerprint)) = (&asker, fingerprint) else {
        return Ok((left, Ok(asker)));
    };
    door.uses().insert(program.token.id.clone(), state.market.now());
    if known.is_some() {
        return Ok((left, Ok(asker)));
    }
    door.owners.insert(fingerprint, program.owner.id.clone()).await;
    let (left, verdict) = door.limit.count(program.owner.id.to_string());
    Ok((left, verdict.map(|()| asker)))
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
