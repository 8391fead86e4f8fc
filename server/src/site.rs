//! The built files: which they are, and how they are served.

use app::Assets;
use axum::{
    Router,
    http::{HeaderValue, header},
};
use serde::Deserialize;
use std::{io, path::Path};
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// `assets.json`, written by the build.
#[derive(Deserialize)]
struct Built {
    css: String,
    own: String,
    stage: String,
    boot: String,
    js: String,
    wasm: String,
}

/// Reads the built files' addresses.
///
/// # Errors
/// When the site was not built.
pub(crate) fn assets(site: &Path) -> io::Result<Assets> {
    let text = std::fs::read_to_string(site.join("assets.json"))?;
    let Built {
        css,
        own,
        stage,
        boot,
        js,
        wasm,
    } = serde_json::from_str(&text)?;
    Ok(Assets {
        css,
        own,
        stage,
        boot,
        js,
        wasm,
    })
}

/// Serves the files: those with a hash in their name for ever, the others for a day.
pub(crate) fn files<S: Clone + Send + Sync + 'static>(site: &Path) -> Router<S> {
    let folder = |path: std::path::PathBuf, cache: &'static str| {
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(
                header::CACHE_CONTROL,
                HeaderValue::from_static(cache),
            ))
            .service(ServeDir::new(path).precompressed_br().precompressed_gzip())
    };
    let day = "public, max-age=86400";
    Router::new()
        .nest_service("/pkg", folder(site.join("pkg"), "public, max-age=31536000, immutable"))
        .nest_service("/img", folder(site.join("img"), day))
        .route_service("/favicon.svg", folder(site.to_path_buf(), day))
        // at the root, so that it may answer for every page; asked for anew, so that it can be mended
        .route_service("/offline.js", folder(site.to_path_buf(), "no-cache"))
}
