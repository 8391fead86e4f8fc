//! The door for programs over HTTP: who may enter, what is answered, nothing twice.

mod common;
#[path = "common/program.rs"]
mod program;

use common::{FARMER, LEADER, OTHER_FARMER, SHOPPER, Site, until};
use market::api_token::Scope;
use program::{Answer, Program, order_of, problem, strawberry};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Every operation of the description: method, path with something in its gaps, scope.
async fn operations(site: &Site) -> Vec<(Method, String, String)> {
    let answer = site.stranger().get("/api/v1/openapi.json").await;
    assert_eq!(answer.status(), StatusCode::OK, "anybody may read it");
    let document: Value = serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let method = method.to_uppercase().parse().expect("a method");
            let path = path.replace("{slug}", "x").replace("{code}", "x");
            let scope = operation["security"][0]["token"][0].as_str().expect("a scope");
            all.push((method, path, scope.to_owned()));
        }
    }
    assert!(all.len() >= 14, "{all:?}");
    all
}

#[tokio::test]
async fn every_address_asks_for_the_scope_it_names() {
    let site = Site::start(&[]).await;
    let market = &site.state().market;
    let owner = market
        .find_person_by_phone(SHOPPER)
        .await
        .expect("read")
        .expect("there");
    for (method, path, scope) in operations(&site).await {
        let scope = Scope::try_from(scope).expect("a known scope");
        let others: Vec<_> = Scope::ALL.iter().copied().filter(|other| *other != scope).collect();
        let with = |scopes: Vec<Scope>| Program::of(&site, SHOPPER, scopes);

        let lacking = with(others).await.send(method.clone(), &path, None, &[]).await;
        problem(&lacking, StatusCode::FORBIDDEN, "scope_missing");
        assert_eq!(lacking.body["scope"], scope.as_str(), "{method} {path}");
        let challenge = lacking.headers["www-authenticate"].to_str().expect("text");
        assert!(challenge.contains("insufficient_scope") && challenge.contains(scope.as_str()));

        let having = with(vec![scope]).await.send(method.clone(), &path, None, &[]).await;
        assert!(
            having.status != StatusCode::FORBIDDEN || having.body["code"] == "leaders_only",
            "{method} {path}: {having:?}"
        );
        assert_ne!(having.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        for token in market.api_tokens(&owner).await.expect("read") {
            market.revoke_api_token(&owner, &token.id).await.expect("taken back");
        }
    }
    site.stop().await;
}

#[tokio::test]
async fn no_cookie_and_no_token_that_was_taken_back_opens_the_door() {
    let site = Site::start(&[]).await;
    let member = site.member(SHOPPER).await;
    for (method, path, _) in operations(&site).await {
        let request = member.client.request(method, format!("{}/api/v1{path}", site.origin));
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        problem(&answer, StatusCode::UNAUTHORIZED, "token_missing");
        assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"tiantou\"");
        assert!(answer.headers.get("set-cookie").is_none());
    }
    let program = Program::of(&site, SHOPPER, vec![Scope::OrdersRead]).await;
    assert_eq!(program.get("/orders").await.status, StatusCode::OK);
    let market = &site.state().market;
    let owner = market
        .find_person_by_phone(SHOPPER)
        .await
        .expect("read")
        .expect("there");
    until("its use is written down", || async {
        market.api_tokens(&owner).await.expect("read")[0].last_used_at.is_some()
    })
    .await;
    let token = market.api_tokens(&owner).await.expect("read").remove(0);
    market.revoke_api_token(&owner, &token.id).await.expect("taken back");
    let refused = program.get("/orders").await;
    problem(&refused, StatusCode::UNAUTHORIZED, "token_unknown");
    for text in ["", "Bearer", "Basic eDp5", "Bearer tt_x_y", "Bearer \u{9f}"] {
        let request = site.stranger().client.get(format!("{}/api/v1/orders", site.origin));
        let request = request.header("authorization", text.as_bytes());
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        problem(&answer, StatusCode::UNAUTHORIZED, "token_unknown");
    }
    site.stop().await;
}

#[tokio::test]
async fn an_order_is_placed_once_however_often_it_is_sent() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let (pack, point) = strawberry(&program).await;
    let order = order_of("variant", &pack, &point, 1);

    let missing = program.send(Method::POST, "/orders", Some(&order), &[]).await;
    problem(&missing, StatusCode::BAD_REQUEST, "key_missing");
    for key in ["a b", "\"open", &"x".repeat(256)] {
        let answer = program.place(key, &order).await;
        problem(&answer, StatusCode::BAD_REQUEST, "key_unreadable");
    }

    let first = program.place("key-1", &order).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    let code = first.body["code"].as_str().expect("a code").to_owned();
    assert_eq!(first.headers["location"], format!("/api/v1/orders/{code}"));
    assert!(first.headers.get("idempotency-replayed").is_none());
    let again = program.place("\"key-1\"", &order).await;
    assert_eq!(
        (again.status, &again.body),
        (StatusCode::CREATED, &first.body),
        "quotes or not"
    );
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let mut other = order.clone();
    other["quantity"] = json!(2);
    let reused = program.place("key-1", &other).await;
    problem(&reused, StatusCode::UNPROCESSABLE_ENTITY, "key_reused");

    let read = program.get(&format!("/orders/{code}")).await;
    assert_eq!((read.status, &read.body), (StatusCode::OK, &first.body));
    let listed = program.get("/orders").await;
    assert_eq!(listed.body["items"][0], first.body);
    let cancelled = program.post(&format!("/orders/{code}/cancel")).await;
    assert_eq!(
        (cancelled.status, &cancelled.body["state"]),
        (StatusCode::OK, &json!("cancelled"))
    );
    let twice = program.post(&format!("/orders/{code}/cancel")).await;
    problem(&twice, StatusCode::CONFLICT, "wrong_state");
    assert_eq!(twice.body["state"], "cancelled");
    site.stop().await;
}

#[tokio::test]
async fn while_a_request_is_on_its_way_its_key_is_refused() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let (pack, point) = strawberry(&program).await;
    let order = order_of("variant", &pack, &point, 1);
    // nobody can write until the test lets them: whichever comes first is on its way
    let held = site.state().market.db().write().await.expect("a transaction");
    let (one, two) = (program.clone(), program.clone());
    let (one_order, two_order) = (order.clone(), order.clone());
    let mut first = tokio::spawn(async move { one.place("key-1", &one_order).await });
    let mut second = tokio::spawn(async move { two.place("key-1", &two_order).await });
    let (refused, waiting) = tokio::select! {
        refused = &mut first => (refused, second),
        refused = &mut second => (refused, first),
    };
    problem(&refused.expect("no panic"), StatusCode::CONFLICT, "key_in_flight");
    drop(held);
    let placed = waiting.await.expect("no panic");
    assert_eq!(placed.status, StatusCode::CREATED, "{placed:?}");
    let again = program.place("key-1", &order).await;
    assert_eq!((again.status, again.body), (StatusCode::CREATED, placed.body));
    site.stop().await;
}

#[tokio::test]
async fn a_refused_order_changes_nothing_and_says_why() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let (pack, point) = strawberry(&program).await;
    let order = order_of("variant", &pack, &point, 1);
    let changed = |field: &str, value: Value| {
        let mut changed = order.clone();
        changed[field] = value;
        changed
    };
    let dear = program.place("k", &changed("price_fen", json!(1))).await;
    problem(&dear, StatusCode::CONFLICT, "price_changed");
    assert_eq!(dear.body["price_fen"], order["price_fen"]);
    let many = program.place("k", &changed("quantity", json!(100))).await;
    problem(&many, StatusCode::CONFLICT, "over_limit");
    assert_eq!(many.body["limit"], 99);
    for (field, value, status, code) in [
        ("quantity", json!(0), StatusCode::UNPROCESSABLE_ENTITY, "bad_quantity"),
        ("quantity", json!("1"), StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        ("method", json!("gold"), StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        (
            "pickup_point",
            json!("nowhere"),
            StatusCode::CONFLICT,
            "unknown_pickup_point",
        ),
        ("surprise", json!(1), StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        (
            "item",
            json!({"kind": "group", "id": "NONE"}),
            StatusCode::NOT_FOUND,
            "not_found",
        ),
        (
            "item",
            json!({"kind": "variant", "id": "a\u{0}b"}),
            StatusCode::NOT_FOUND,
            "not_found",
        ),
    ] {
        let answer = program.place("k", &changed(field, value)).await;
        problem(&answer, status, code);
        assert_eq!(answer.body.get("reason").is_some(), code == "invalid", "{answer:?}");
    }
    assert_eq!(program.get("/orders").await.body["items"], json!([]));
    assert_eq!(
        program.place("k", &order).await.status,
        StatusCode::CREATED,
        "its key is free"
    );
    site.stop().await;
}

#[tokio::test]
async fn a_program_sees_its_owners_orders_only() {
    let site = Site::start(&[]).await;
    let program = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let (pack, point) = strawberry(&program).await;
    let placed = program.place("k", &order_of("variant", &pack, &point, 1)).await;
    let code = placed.body["code"].as_str().expect("a code");
    for phone in [LEADER, OTHER_FARMER] {
        let other = Program::of(&site, phone, Scope::ALL.to_vec()).await;
        problem(
            &other.get(&format!("/orders/{code}")).await,
            StatusCode::NOT_FOUND,
            "not_found",
        );
        let cancelled = other.post(&format!("/orders/{code}/cancel")).await;
        problem(&cancelled, StatusCode::NOT_FOUND, "not_found");
        let listed = other.get("/orders?limit=100").await;
        assert!(!listed.body.to_string().contains(code));
        let own = other.place("k", &order_of("variant", &pack, &point, 1)).await;
        assert_eq!(own.status, StatusCode::CREATED, "another's key is another key");
    }
    let mine = program.get(&format!("/orders/{code}")).await;
    assert_eq!(mine.body["state"], "confirmed");
    assert!(!mine.body.to_string().contains("138000000"), "no phone number");
    site.stop().await;
}

#[tokio::test]
async fn leaders_open_groups_and_shoppers_order_in_them() {
    let site = Site::start(&[]).await;
    let shopper = Program::of(&site, SHOPPER, Scope::ALL.to_vec()).await;
    let refused = shopper.post("/lives/CHEN88/groups").await;
    problem(&refused, StatusCode::FORBIDDEN, "leaders_only");
    let leader = Program::of(&site, LEADER, Scope::ALL.to_vec()).await;
    problem(
        &leader.post("/lives/NONE/groups").await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
    // the demonstration's leader has one open: the refusal names it
    let open = leader.post("/lives/CHEN88/groups").await;
    let code = match open.status {
        StatusCode::CREATED => open.body["code"].clone(),
        _ => {
            problem(&open, StatusCode::CONFLICT, "group_already_open");
            open.body["group"].clone()
        }
    };
    let code = code.as_str().expect("a code");
    let group = leader.get(&format!("/groups/{code}")).await;
    assert_eq!(
        (group.status, &group.body["state"]),
        (StatusCode::OK, &json!("open")),
        "{group:?}"
    );
    let live = leader.get("/lives/CHEN88").await;
    let groups = live.body["sale"]["groups"].as_array().expect("groups");
    assert!(groups.contains(&json!(code)), "{live:?}");
    let mut order = json!({
        "item": { "kind": "group", "id": code }, "quantity": 1, "method": "cash",
        "pickup_point": group.body["pickup_point"]["id"], "price_fen": group.body["price_fen"],
    });
    // the host changes the price: what was shown holds with the quote that came with it only
    let farmer = site.member(FARMER).await;
    let changed = farmer.post("/host/CHEN88/sale/price", &[("price", "61.3")]).await;
    assert_eq!(changed.status(), StatusCode::SEE_OTHER);
    problem(&shopper.place("k", &order).await, StatusCode::CONFLICT, "price_changed");
    order["quote"] = json!("a quote that nobody wrote");
    problem(&shopper.place("k", &order).await, StatusCode::CONFLICT, "price_changed");
    order["quote"] = live.body["sale"]["quote"].clone();
    let placed = shopper.place("k", &order).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{placed:?}");
    assert_eq!(placed.body["unit_fen"], order["price_fen"]);
    assert_eq!(placed.body["group"]["code"], code);
    let again = shopper.place("k2", &order).await;
    problem(&again, StatusCode::CONFLICT, "already_in_group");
    assert_eq!(again.body["order"], placed.body["code"]);
    site.stop().await;
}
