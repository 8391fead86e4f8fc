//! What protects every address.

mod common;

use common::{FARMER, LEADER, OTHER_FARMER, SHOPPER, Site, Visitor};
use reqwest::StatusCode;

#[tokio::test]
async fn every_page_says_what_may_run_on_it() {
    let site = Site::start(&[]).await;
    let visitor = site.stranger();
    for path in ["/", "/live/CHEN88", "/no-such-page", "/sign-in", "/healthz"] {
        let answer = visitor.get(path).await;
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval'")
                && !policy.contains("script-src 'self' 'unsafe-inline'")
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let page = answer.text().await.expect("text");
        assert!(
            !page.contains("onclick=") && !page.contains("<script>"),
            "{path}: no inline script"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let site = Site::start(&[]).await;
    let member = site.member(SHOPPER).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = member
            .client
            .post(format!("{}/me/name", site.origin))
            .header(name, value);
        let answer = request.form(&[("name", "坏人")]).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}");
    }
    assert!(!member.read("/me").await.contains("坏人"));
    site.stop().await;
}

#[tokio::test]
async fn pages_of_others_stay_closed() {
    let site = Site::start(&[]).await;
    let (shopper, other) = (site.member(SHOPPER).await, site.member(OTHER_FARMER).await);
    assert_eq!(shopper.get("/leader").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(shopper.get("/host").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        other.get("/host/CHEN88").await.status(),
        StatusCode::FORBIDDEN,
        "another farmer's console"
    );
    for path in [
        "/host/CHEN88/end",
        "/host/CHEN88/pin",
        "/host/CHEN88/sale",
        "/host/CHEN88/sale/end",
    ] {
        let status = other.post(path, &[("variant", "x"), ("price", "1")]).await.status();
        assert!(
            matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND),
            "{path}: {status}"
        );
    }
    assert_eq!(
        shopper.post("/live/CHEN88/groups", &[]).await.status(),
        StatusCode::FORBIDDEN
    );
    let stranger = site.stranger();
    for path in ["/me", "/leader", "/host", "/host/CHEN88", "/orders/ABCDEFGH"] {
        assert_eq!(stranger.get(path).await.status(), StatusCode::SEE_OTHER, "{path}");
    }
    assert_eq!(
        site.member(FARMER).await.get("/host/CHEN88").await.status(),
        StatusCode::OK
    );
    assert_eq!(site.member(LEADER).await.get("/leader").await.status(), StatusCode::OK);
    site.stop().await;
}

#[tokio::test]
async fn too_much_is_refused_in_words() {
    let site = Site::start(&["--posts-per-minute", "5"]).await;
    let visitor = site.stranger();
    let huge = "x".repeat(100_000);
    assert_eq!(
        visitor.post("/sign-in", &[("phone", &huge)]).await.status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        let answer = visitor.post("/language", &[("lang", "zh"), ("back", "/")]).await;
        last = answer.status();
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.headers()["retry-after"], "60");
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    site.stop().await;
}

#[tokio::test]
async fn the_language_is_what_was_chosen_else_what_the_browser_asks_for() {
    let site = Site::start(&[]).await;
    let visitor: Visitor = site.stranger();
    assert!(visitor.read("/").await.contains("<html lang=\"zh-CN\""));
    let answer = visitor.post("/language", &[("lang", "en"), ("back", "/groups")]).await;
    assert_eq!(common::location(&answer), "/groups");
    assert!(visitor.read("/").await.contains("<html lang=\"en\""));
    let english = reqwest::Client::new()
        .get(&site.origin)
        .header("accept-language", "en-GB,en")
        .send()
        .await;
    assert!(
        english
            .expect("an answer")
            .text()
            .await
            .expect("text")
            .contains("<html lang=\"en\"")
    );
    let missing = visitor.get("/p/no-such-thing").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    site.stop().await;
}

#[tokio::test]
async fn readiness_and_figures_are_there_for_machines() {
    let site = Site::start(&[]).await;
    let visitor = site.stranger();
    assert_eq!(visitor.get("/healthz").await.status(), StatusCode::OK);
    common::until("the demonstration's live is on air", || async {
        visitor.get("/readyz").await.status() == StatusCode::OK
    })
    .await;
    let figures = visitor.read("/metrics").await;
    assert!(
        figures.contains("http_requests_total{") && figures.contains("live_publishing{room=\"CHEN88\"} 1"),
        "{figures}"
    );
    assert!(!figures.contains("13800000"), "no phone number among the figures");
    assert!(
        visitor
            .read("/robots.txt")
            .await
            .contains(&format!("Sitemap: {}/sitemap.xml", site.state().origin))
    );
    assert!(visitor.read("/sitemap.xml").await.contains("/p/strawberry</loc>"));
    site.stop().await;
}
