//! About, offline, and the map for search engines (R13).

use crate::{context::Cx, failure::Failure};
use app::site::About;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use std::fmt::Write;

/// Addresses of each kind in the map.
const MAPPED: i64 = 1_000;

pub(crate) async fn about(cx: Cx) -> Response {
    cx.html(app::site::about_page(&cx.page, About {}))
}

/// What a phone in the house needs to know; only where our own authority vouches for the server.
pub(crate) async fn lan(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            cx.state.authority.as_ref().ok_or(Failure::NOT_FOUND)?;
            Ok(cx.html(app::site::lan_page(&cx.page)))
        })
        .await
}

/// The house's authority, in the form that phones offer to take in.
pub(crate) async fn authority(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let pem = cx.state.authority.as_ref().ok_or(Failure::NOT_FOUND)?;
            let kind = [(header::CONTENT_TYPE, "application/x-x509-ca-cert")];
            Ok((kind, pem.to_string()).into_response())
        })
        .await
}

pub(crate) async fn offline(cx: Cx) -> Response {
    cx.html(app::site::offline_page(&cx.page))
}

/// What search engines may read: the built file, and where the map is (it needs the site's own address).
pub(crate) async fn robots(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let file = cx.state.site.join("robots.txt");
            let rules = tokio::fs::read_to_string(&file).await;
            let rules = rules.map_err(|error| Failure::Fault(format!("{}: {error}", file.display())))?;
            let text = format!("{rules}\nSitemap: {}/sitemap.xml\n", cx.page.origin);
            Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
        })
        .await
}

pub(crate) async fn sitemap(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let market = &cx.state.market;
            let mut paths: Vec<String> = ["", "groups", "live", "trace", "about"]
                .map(|path| format!("/{path}"))
                .to_vec();
            paths.extend(
                market
                    .products(None, MAPPED)
                    .await?
                    .into_iter()
                    .map(|card| format!("/p/{}", card.slug)),
            );
            paths.extend(
                market
                    .stories()
                    .await?
                    .into_iter()
                    .map(|story| format!("/story/{}", story.slug)),
            );
            paths.extend(
                market
                    .recent_batches(MAPPED)
                    .await?
                    .into_iter()
                    .map(|(code, _)| format!("/t/{code}")),
            );
            Ok((
                [(header::CONTENT_TYPE, "application/xml; charset=utf-8")],
                map(&cx.page.origin, &paths)?,
            )
                .into_response())
        })
        .await
}

/// sitemaps.org 0.9. Slugs and codes are letters, digits and hyphens: nothing needs escaping.
fn map(origin: &str, paths: &[String]) -> Result<String, Failure> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in paths {
        writeln!(xml, "<url><loc>{origin}{path}</loc></url>").map_err(|error| Failure::Fault(error.to_string()))?;
    }
    xml.push_str("</urlset>\n");
    Ok(xml)
}
