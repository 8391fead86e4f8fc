//! Keys for programs, made and taken back on a page without scripts.

mod common;

use common::{LEADER, SHOPPER, Site, field, location};
use market::api_token::MOST_TOKENS;
use reqwest::StatusCode;

/// How the door answers this token.
async fn door(site: &Site, token: &str) -> StatusCode {
    let request = reqwest::Client::new().get(format!("{}/api/v1/orders", site.origin));
    request.bearer_auth(token).send().await.expect("an answer").status()
}

#[tokio::test]
async fn a_key_is_shown_once_and_opens_the_door_until_it_is_taken_back() {
    let site = Site::start(&[]).await;
    let member = site.member(SHOPPER).await;
    assert!(member.read("/me").await.contains("href=\"/me/apps\""));
    let fields = [("name", "记账本"), ("orders:read", "on"), ("sneaky:write", "on")];
    let made = member.post("/me/apps", &fields).await;
    assert_eq!(made.status(), StatusCode::OK);
    assert_eq!(made.headers()["cache-control"], "private, no-store");
    let page = made.text().await.expect("text");
    let at = page.find("id=\"key\"").expect("the key");
    let token = page[at..].split("value=\"").nth(1).expect("a value");
    let token = token[..token.find('"').expect("its end")].to_owned();
    assert_eq!(door(&site, &token).await, StatusCode::OK);

    let again = member.read("/me/apps").await;
    assert!(again.contains("记账本") && again.contains("看我的订单"), "{again}");
    assert!(!again.contains("替我下单、取消订单</p>"), "only what was ticked");
    let secret = token.rsplit('_').next().expect("a secret");
    assert!(!again.contains(secret), "shown once");
    let revoke = again
        .split("action=\"")
        .find(|part| part.starts_with("/me/apps/"))
        .expect("a form");
    let revoke = revoke[..revoke.find('"').expect("its end")].to_owned();

    let other = site.member(LEADER).await;
    assert!(!other.read("/me/apps").await.contains("记账本"));
    assert_eq!(
        other.post(&revoke, &[]).await.status(),
        StatusCode::NOT_FOUND,
        "another's key"
    );
    let stranger = site.stranger();
    assert_eq!(location(&stranger.get("/me/apps").await), "/sign-in?next=%2Fme%2Fapps");
    assert_eq!(stranger.post(&revoke, &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(door(&site, &token).await, StatusCode::OK, "nobody else took it back");

    assert_eq!(location(&member.post(&revoke, &[]).await), "/me/apps");
    assert_eq!(door(&site, &token).await, StatusCode::UNAUTHORIZED);
    assert!(!member.read("/me/apps").await.contains("记账本"));
    site.stop().await;
}

#[tokio::test]
async fn a_key_that_cannot_be_made_says_why_and_keeps_what_was_typed() {
    let site = Site::start(&[]).await;
    let member = site.member(SHOPPER).await;
    let answer = member.post("/me/apps", &[("name", "记账本")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.expect("text");
    assert!(page.contains("至少勾一样"), "{page}");
    assert_eq!(field(&page, "name").as_deref(), Some("记账本"));
    let answer = member.post("/me/apps", &[("name", ""), ("orders:read", "on")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.expect("text");
    let tick = page
        .split("<input")
        .find(|tag| tag.contains("name=\"orders:read\""))
        .expect("a box");
    assert!(tick[..tick.find('>').expect("its end")].contains("checked"), "{tick}");
    for _ in 0..MOST_TOKENS {
        let made = member
            .post("/me/apps", &[("name", "一把"), ("orders:read", "on")])
            .await;
        assert_eq!(made.status(), StatusCode::OK);
    }
    let over = member
        .post("/me/apps", &[("name", "一把"), ("orders:read", "on")])
        .await;
    assert_eq!(over.status(), StatusCode::CONFLICT);
    let forged = member
        .client
        .post(format!("{}/me/apps", site.origin))
        .header("sec-fetch-site", "cross-site");
    let forged = forged
        .form(&[("name", "一把"), ("orders:read", "on")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(forged.status(), StatusCode::FORBIDDEN, "another site makes no keys");
    site.stop().await;
}
