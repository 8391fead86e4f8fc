//! Signing in and out over HTTP.

mod common;

use common::{SHOPPER, Site, location};
use reqwest::StatusCode;

#[tokio::test]
async fn the_cookie_is_drawn_anew_at_sign_in_and_worth_nothing_after_sign_out() {
    let site = Site::start(&[]).await;
    let member = site.member(SHOPPER).await;
    let page = member.get("/me").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["cache-control"], "private, no-store");

    // a copy of the cookie, as somebody else might hold it
    let code = site.stranger().ask_code(SHOPPER).await;
    let raw = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let answer = raw
        .post(format!("{}/sign-in/code", site.origin))
        .form(&[("phone", SHOPPER), ("code", &code), ("next", "/me")])
        .send()
        .await
        .expect("an answer");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let me = |cookie: String| raw.get(format!("{}/me", site.origin)).header("cookie", cookie).send();
    assert_eq!(me(cookie.clone()).await.expect("an answer").status(), StatusCode::OK);
    let out = raw
        .post(format!("{}/sign-out", site.origin))
        .header("cookie", &cookie)
        .send()
        .await
        .expect("an answer");
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    let after = me(cookie).await.expect("an answer");
    assert_eq!(after.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&after), "/sign-in?next=%2Fme");
    site.stop().await;
}

#[tokio::test]
async fn a_wrong_or_old_code_is_told_and_what_was_typed_stays() {
    let site = Site::start(&[]).await;
    let visitor = site.stranger();
    let code = visitor.ask_code(SHOPPER).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answer = visitor
        .post(
            "/sign-in/code",
            &[("phone", SHOPPER), ("code", wrong), ("next", "/leader")],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.expect("text");
    assert_eq!(common::field(&page, "phone").as_deref(), Some(SHOPPER));
    assert_eq!(common::field(&page, "next").as_deref(), Some("/leader"));
    assert!(page.contains("role=\"alert\""));

    site.move_clock(6 * 60 * 1000);
    let answer = visitor
        .post("/sign-in/code", &[("phone", SHOPPER), ("code", &code), ("next", "/me")])
        .await;
    assert_eq!(
        answer.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "five minutes are over"
    );
    let answer = visitor.post("/sign-in", &[("phone", "123"), ("next", "/me")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.expect("text").contains("value=\"123\""));
    site.stop().await;
}

#[tokio::test]
async fn codes_are_limited_for_each_phone() {
    let site = Site::start(&[]).await;
    let visitor = site.stranger();
    for _ in 0..market::people::CODES_PER_PHONE {
        visitor.ask_code("13900000099").await;
    }
    let answer = visitor
        .post("/sign-in", &[("phone", "13900000099"), ("next", "/me")])
        .await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    site.stop().await;
}
