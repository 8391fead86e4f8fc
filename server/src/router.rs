//! Every address of the site; those of the door for programs are in `api/`. Pages and forms stand behind the same-site guard; the doors for
//! pictures (`/whip`, `/whep`) do not: encoders come with a ticket, and lives are public.

use crate::{AppState, api, feed, forms, guard, metrics, pages, photo, session::Sessions, site};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    trace::TraceLayer,
};

/// Bytes a form may have.
const MOST_FORM_BYTES: usize = 64 << 10;

/// The whole site.
pub fn router(state: AppState, sessions: Sessions) -> Router {
    let limit = from_fn_with_state((state.clone(), guard::limiter(state.posts_per_minute)), guard::limit);
    let site = pages().merge(forms()).fallback(guard::not_found).layer(
        ServiceBuilder::new()
            .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
            .layer(limit.clone())
            .layer(from_fn_with_state(state.clone(), guard::same_site))
            .layer(sessions.layer(state.secure()))
            .layer(from_fn_with_state(state.clone(), guard::in_time))
            .layer(
                CompressionLayer::new()
                    .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"))),
            ),
    );
    let plain = Router::new()
        .route("/healthz", get(pages::health::healthz))
        .route("/readyz", get(pages::health::readyz))
        .route("/metrics", get(metrics::metrics))
        .merge(api::router(state.clone()))
        .merge(site::files(&state.site));
    site.merge(plain)
        .with_state(state.clone())
        .merge(live::router(state.live.clone()).layer(limit))
        .layer(from_fn_with_state(state, guard::headers))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn(metrics::count))
        // the route, not the address: queries and codes stay out of the log
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(|request: &axum::http::Request<_>| {
                    let route = request
                        .extensions()
                        .get::<axum::extract::MatchedPath>()
                        .map_or("other", |path| path.as_str());
                    tracing::info_span!("http", method = %request.method(), route)
                })
                // a fault is logged where it is known what broke; "not ready" and "full" are answers
                .on_failure(()),
        )
}

/// What is read.
fn pages() -> Router<AppState> {
    Router::new()
        .route("/", get(pages::storefront::home))
        .route("/p/{slug}", get(pages::storefront::product))
        .route("/c/{category}", get(pages::storefront::category))
        .route("/search", get(pages::storefront::search))
        .route("/groups", get(pages::group::groups))
        .route("/g/{code}", get(pages::group::group))
        .route("/g/{code}/poster.png", get(pages::group::poster))
        .route("/trace", get(pages::origin::look_up))
        .route("/t/{code}", get(pages::origin::trace))
        .route("/story/{slug}", get(pages::origin::story))
        .route("/live", get(pages::live::list))
        .route("/live/{code}", get(pages::live::live))
        .route("/live/{code}/events", get(feed::events))
        .route("/host", get(pages::host::list).post(forms::host::plan))
        .route("/host/{code}", get(pages::host::console))
        .route("/leader", get(pages::people::leader))
        .route("/me", get(pages::people::me))
        .route("/me/inbox", get(pages::people::inbox))
        .route("/me/apps", get(pages::apps::apps).post(forms::apps::make))
        .route("/sign-in", get(pages::people::sign_in).post(forms::people::ask_code))
        .route("/checkout", get(pages::order::checkout).post(forms::order::place))
        .route("/line/{ticket}", get(forms::order::wait))
        .route("/orders/{code}", get(pages::order::order))
        .route("/photo/{id}", get(pages::photo::photo))
        .route("/about", get(pages::site::about))
        .route("/lan", get(pages::site::lan))
        .route("/lan/authority.crt", get(pages::site::authority))
        .route("/offline", get(pages::site::offline))
        .route("/sitemap.xml", get(pages::site::sitemap))
        .route("/robots.txt", get(pages::site::robots))
}

/// What changes something.
fn forms() -> Router<AppState> {
    Router::new()
        .route("/sign-in/code", post(forms::people::sign_in))
        .route("/sign-out", post(forms::people::sign_out))
        .route("/language", post(forms::people::language))
        .route("/me/name", post(forms::people::rename))
        .route("/me/apps/{id}/revoke", post(forms::apps::revoke))
        .route("/orders/{code}/pay", post(forms::order::pay))
        .route("/orders/{code}/cancel", post(forms::order::cancel))
        .route("/orders/{code}/collect", post(forms::order::collect))
        .route("/live/{code}/groups", post(forms::group::open))
        .route("/host/{code}/start", post(forms::host::start))
        .route("/host/{code}/end", post(forms::host::end))
        .route("/host/{code}/pin", post(forms::host::pin))
        .route("/host/{code}/sale", post(forms::host::sale))
        .route("/host/{code}/sale/end", post(forms::host::end_sale))
        .route("/host/{code}/sale/release", post(forms::host::release_round))
        .route("/host/{code}/sale/price", post(forms::host::sale_price))
        .route("/host/{code}/sale/extend", post(forms::host::extend_sale))
        .merge(
            Router::new()
                .route("/me/photo", post(forms::photo::portrait))
                .layer(DefaultBodyLimit::max(photo::MOST_BYTES + MOST_FORM_BYTES)),
        )
}
