//! The door's lists, and how it speaks: pages to the end, languages, statuses, limits.

mod common;
#[path = "common/program.rs"]
mod program;

use common::{LEADER, SHOPPER, Site};
use market::api_token::Scope;
use program::{Answer, Program, order_of, problem, strawberry};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};
use tokio::time::timeout;

#[tokio::test]
async fn every_list_is_read_to_its_end_without_loss_or_doubles() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let (pack, point) = strawberry(&program).await;
    for n in 0..5 {
        let placed = program
            .place(&format!("k{n}"), &order_of("variant", &pack, &point, 1))
            .await;
        assert_eq!(placed.status, StatusCode::CREATED, "{placed:?}");
    }
    let lists = [
        "/products",
        "/farms",
        "/pickup-points",
        "/lives",
        "/sales",
        "/groups",
        "/orders",
    ];
    for path in lists {
        let whole = program.get(&format!("{path}?limit=100")).await;
        let whole = whole.body["items"].as_array().expect("items").clone();
        assert!(!whole.is_empty(), "{path}");
        for limit in [1, 2, 3] {
            assert_eq!(program.to_the_end(path, limit).await, whole, "{path} by {limit}");
        }
    }
    let market = &site.state().market;
    let products = market.products(None, 1000).await.expect("read");
    let slugs = |items: &[Value]| -> Vec<String> {
        items
            .iter()
            .map(|item| item["slug"].as_str().expect("a slug").to_owned())
            .collect()
    };
    let listed = slugs(&program.to_the_end("/products", 2).await);
    assert_eq!(listed, products.into_iter().map(|card| card.slug).collect::<Vec<_>>());
    let found = slugs(&program.to_the_end("/products?q=caomei", 1).await);
    assert!(
        found.contains(&"strawberry".to_owned()) && found.len() < listed.len(),
        "{found:?}"
    );
    let produce = program.to_the_end("/products?category=produce", 1).await;
    assert!(produce.iter().all(|card| card["category"] == "produce") && !produce.is_empty());
    let live = program.to_the_end("/lives?state=live", 1).await;
    assert!(live.iter().all(|card| card["state"] == "live") && !live.is_empty());
    site.stop().await;
}

#[tokio::test]
async fn what_comes_while_one_turns_pages_is_neither_lost_nor_doubled() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let (pack, point) = strawberry(&program).await;
    let place = async |n: i32| {
        let placed = program
            .place(&format!("k{n}"), &order_of("variant", &pack, &point, 1))
            .await;
        placed.body["code"].as_str().expect("a code").to_owned()
    };
    let mut before = BTreeSet::new();
    for n in 0..4 {
        before.insert(place(n).await);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for n in 0.. {
        let page = program.get(&format!("/orders?limit=1{cursor}")).await;
        let code = page.body["items"][0]["code"].as_str().expect("a code").to_owned();
        seen.push(code.clone());
        let late = place(100 + n).await;
        assert!(!before.contains(&late));
        // one that is called off stays where it is
        assert_eq!(
            program.post(&format!("/orders/{code}/cancel")).await.status,
            StatusCode::OK
        );
        match page.body["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), before.len());
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), before);
    site.stop().await;
}

#[tokio::test]
async fn a_problem_is_told_in_the_askers_language() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let cases = [
        ("zh-CN,zh;q=0.9", "zh-CN", "没有这样东西"),
        ("en-GB,en;q=0.9", "en", "There is no such thing"),
        ("fr", "zh-CN", "没有这样东西"),
    ];
    for (asked, tag, title) in cases {
        let headers = [("accept-language", asked), ("cookie", "lang=en")];
        let answer = program.send(Method::GET, "/products/nothing", None, &headers).await;
        problem(&answer, StatusCode::NOT_FOUND, "not_found");
        assert_eq!(
            (&answer.body["title"], answer.headers["content-language"].as_bytes()),
            (&json!(title), tag.as_bytes())
        );
        assert_eq!(
            answer.body["type"], "tag:tiantou,2026:problem/not_found",
            "the same in every language"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn what_cannot_be_understood_gets_the_status_that_says_so() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    for path in [
        "/nothing",
        "",
        "/products/",
        "/products/%FF",
        "/products/a%00b",
        "/products?cursor=x",
    ] {
        let answer = program.get(path).await;
        let code = if path.contains("cursor") {
            "no_such_page"
        } else {
            "not_found"
        };
        problem(&answer, StatusCode::NOT_FOUND, code);
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "sort=up",
        "category=gold",
        "limit=1&limit=2",
    ] {
        let answer = program.get(&format!("/products?{query}")).await;
        problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert!(
            answer.body["reason"].as_str().is_some_and(|reason| !reason.is_empty()),
            "{query}"
        );
    }
    for (method, path, allow) in [
        (Method::DELETE, "/orders", "GET,HEAD,POST"),
        (Method::OPTIONS, "/products", "GET,HEAD"),
    ] {
        let answer = program.send(method, path, None, &[]).await;
        problem(&answer, StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
        assert_eq!(answer.headers["allow"], allow);
        assert!(
            answer
                .headers
                .keys()
                .all(|name| !name.as_str().starts_with("access-control"))
        );
    }
    let html = program
        .send(Method::GET, "/products", None, &[("accept", "text/html")])
        .await;
    problem(&html, StatusCode::NOT_ACCEPTABLE, "not_acceptable");

    let raw = async |kind: &'static str, body: String| Answer::of(program.raw("/orders", kind, body).await).await;
    problem(
        &raw("text/plain", "{}".into()).await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not_json",
    );
    problem(
        &raw("application/json", "{".into()).await,
        StatusCode::BAD_REQUEST,
        "unreadable",
    );
    problem(
        &raw("application/json", "{}".into()).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid",
    );
    let large = format!("\"{}\"", "x".repeat(20_000));
    problem(
        &raw("application/json", large).await,
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
    );
    site.stop().await;
}

#[tokio::test]
async fn every_answer_says_how_much_may_still_be_asked() {
    let site = Site::start(&["--api-requests-per-minute", "3"]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let other = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    for left in ["r=2", "r=1", "r=0"] {
        let answer = program.get("/farms").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["ratelimit-policy"], "\"asker\";q=3;w=60");
        assert!(
            answer.headers["ratelimit"].to_str().expect("text").contains(left),
            "{answer:?}"
        );
        assert_eq!(answer.headers["cache-control"], "private, no-store");
    }
    let refused = program.get("/farms").await;
    problem(&refused, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .expect("text")
        .parse()
        .expect("seconds");
    assert!((1..=21).contains(&wait), "{wait}");
    let more = other.get("/farms").await;
    problem(&more, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    let leader = Program::of(&site, LEADER, Scope::ALL.to_vec()).await;
    let answer = leader.get("/farms").await;
    assert_eq!(answer.status, StatusCode::OK, "another person's program loses nothing");
    for n in 0..4 {
        let answer = site.stranger().get("/api/v1/farms").await.status();
        let expected = if n < 3 {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        assert_eq!(answer, expected, "an address without a token");
    }
    site.stop().await;
}

#[tokio::test]
async fn who_asks_too_often_costs_no_look_up() {
    let site = Site::start(&["--api-requests-per-minute", "1"]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    assert_eq!(program.get("/farms").await.status, StatusCode::OK);
    // nobody can be looked up: every reader of the database is taken
    let db = site.state().market.db();
    let mut readers = Vec::new();
    while let Ok(reader) = timeout(Duration::from_millis(200), db.read()).await {
        readers.push(reader.expect("a reader"));
    }
    let refused = timeout(Duration::from_secs(5), program.get("/farms")).await;
    problem(
        &refused.expect("at once"),
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_requests",
    );
    drop(readers);
    site.stop().await;
}

#[tokio::test]
async fn the_door_itself_is_no_page() {
    let site = Site::start(&[]).await;
    for path in ["/api/v1", "/api/v1/", "/api/v1/nothing"] {
        let answer = Answer::of(site.stranger().get(path).await).await;
        problem(&answer, StatusCode::NOT_FOUND, "not_found");
    }
    site.stop().await;
}
