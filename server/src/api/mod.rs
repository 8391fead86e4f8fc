//! `/api/v1`: the door for programs. Thin: it reads a request, calls one of the market's verbs, as a
//! page does, and writes what that answered as JSON.
//!
//! Who may enter: a request with a token (`Authorization: Bearer tt_…`) whose scopes name what it
//! asks for; its owner's roles decide the rest, in the verbs. Cookies are not looked at: the door
//! stands outside the session layer, so a page of another site can borrow nobody's sign-in here, and
//! no CSRF protection is wanted. No CORS header is sent: a token belongs on a program's own server,
//! not in a browser, where every script of the page could read it; so pages of other origins can
//! neither send one nor read an answer.
//!
//! Everything that is wrong is a problem document (RFC 9457, `problem.rs`) with a stable code and a
//! sentence in the asker's language. Every answer says how much may still be asked (`limit.rs`). Lists
//! come in pages (`page.rs`) that begin after a key, not at a number. The description at
//! `/api/v1/openapi.json` (OpenAPI 3.1) is made of the handlers: utoipa, because it registers a
//! handler and describes it in one step, so that no address can be described and not served, and
//! because answers keep their own types; aide would have asked every type of the market for a schema.

mod caller;
mod catalog;
mod door;
mod extract;
mod groups;
mod idempotency;
mod limit;
mod lives;
mod openapi;
mod orders;
mod page;
mod problem;
mod shared;

pub use door::Door;

use crate::AppState;
use app::text::api::Wrong;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{any, get},
};
use problem::Problem;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Where the door stands.
pub(crate) const PREFIX: &str = "/api/v1";
/// Bytes a request's body may have.
const MOST_BYTES: usize = 16 << 10;

/// Every address of the door: [`PREFIX`] and what is below it.
pub(crate) fn router(state: AppState) -> Router<AppState> {
    let (router, document) = OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(catalog::products))
        .routes(routes!(catalog::product))
        .routes(routes!(catalog::farms))
        .routes(routes!(catalog::farm))
        .routes(routes!(catalog::pickup_points))
        .routes(routes!(lives::lives))
        .routes(routes!(lives::live))
        .routes(routes!(lives::sales))
        .routes(routes!(groups::groups))
        .routes(routes!(groups::group))
        .routes(routes!(groups::open))
        .routes(routes!(orders::orders, orders::place))
        .routes(routes!(orders::order))
        .routes(routes!(orders::cancel))
        .split_for_parts();
    let document = openapi::finish(document);
    let inside = router
        .route("/openapi.json", get(|| async move { openapi::serve(document) }))
        .fallback(|| async { Problem::NOT_FOUND })
        .method_not_allowed_fallback(|| async { Problem::from(Wrong::MethodNotAllowed) });
    Router::new()
        .nest(PREFIX, inside)
        // the prefix with a slash is in no nest: it would be a page of the site
        .route(&format!("{PREFIX}/"), any(|| async { Problem::NOT_FOUND }))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(state, door::keep))
                .layer(CatchPanicLayer::custom(problem::panicked))
                .layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
}
