//! The fair door over HTTP: more ask than can be served; everybody is told at once what becomes of
//! them, nobody gains by asking often, and a place survives a reload and another server.

mod common;
#[path = "common/program.rs"]
mod program;

use common::{LEADER, OTHER_FARMER, SHOPPER, Site, Visitor, field, location, until};
use market::{
    catalog::Variant,
    crowd,
    db::Tx,
    order::{Method, OrderState},
};
use program::{Answer, order_of};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinSet;

/// The strawberries' first pack.
async fn pack(site: &Site) -> Variant {
    let product = site.state().market.find_product("strawberry").await.expect("read");
    product.expect("strawberries").variants.remove(0)
}

/// The fields of a checkout of one pack, as the page has them.
async fn checkout(visitor: &Visitor, pack: &Variant) -> Vec<(&'static str, String)> {
    let page = visitor
        .read(&format!("/checkout?kind=solo&id={}&quantity=1", pack.id))
        .await;
    let value = |name: &str| field(&page, name).unwrap_or_else(|| panic!("no field {name}"));
    vec![
        ("request_id", value("request_id")),
        ("kind", "solo".into()),
        ("id", pack.id.to_string()),
        ("quantity", "1".into()),
        ("pickup", value("pickup")),
        ("method", "cash".into()),
        ("shown_fen", value("shown_fen")),
    ]
}

async fn send(visitor: &Visitor, fields: &[(&'static str, String)]) -> Response {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post("/checkout", &fields).await
}

/// Keeps every order waiting: SQLite has one writer.
async fn hold_up(site: &Site) -> Tx {
    site.state().market.db().write().await.expect("the writer")
}

/// Codes of what the person with this phone has ordered here.
async fn orders(site: &Site, phone: &str) -> usize {
    let market = &site.state().market;
    let person = market.find_person_by_phone(phone).await.expect("read").expect("there");
    let orders = market.orders_of(&person, 50).await.expect("read");
    orders
        .iter()
        .filter(|order| order.method == Method::Cash && order.state == OrderState::Confirmed)
        .count()
}

#[tokio::test]
async fn a_place_in_line_is_told_kept_and_served_without_scripts() {
    let site = Site::start(&["--orders-at-once", "1"]).await;
    let pack = pack(&site).await;
    let (first, second, third) = (
        site.member(LEADER).await,
        site.member(SHOPPER).await,
        site.member(OTHER_FARMER).await,
    );
    let mut forms = Vec::new();
    for visitor in [&first, &second, &third, &second] {
        forms.push(checkout(visitor, &pack).await);
    }
    let before = orders(&site, SHOPPER).await;
    let held = hold_up(&site).await;
    let inside = {
        let (client, origin, fields) = (first.client.clone(), site.origin.clone(), forms[0].clone());
        tokio::spawn(async move { client.post(format!("{origin}/checkout")).form(&fields).send().await })
    };
    let line = site.state().line.clone();
    until("somebody is inside", || async { line.inside() == 1 }).await;

    let answer = send(&second, &forms[1]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let place = location(&answer).to_owned();
    assert!(place.starts_with("/line/"), "{place}");
    let last = location(&send(&third, &forms[2]).await).to_owned();

    let page = second.get(&place).await;
    assert_eq!(page.status(), StatusCode::OK);
    let refresh = page.headers()["refresh"].to_str().expect("text").to_owned();
    assert!(refresh.contains("url=/line/"), "it comes again by itself: {refresh}");
    assert!(
        page.text().await.expect("text").contains("轮到你了"),
        "nobody is before"
    );
    assert!(third.read(&last).await.contains("前面还有 1 单"));
    // asking often changes nothing
    for _ in 0..5 {
        assert!(location(&send(&second, &forms[1]).await).starts_with("/line/"));
        assert!(third.read(&last).await.contains("前面还有 1 单"));
    }
    assert_eq!(
        third.get(&place).await.status(),
        StatusCode::NOT_FOUND,
        "another's ticket"
    );
    assert_eq!(
        site.stranger().get(&place).await.status(),
        StatusCode::SEE_OTHER,
        "sign in first"
    );
    let other = forms[1].iter().map(|(name, value)| match *name {
        "quantity" => (*name, "2".to_owned()),
        _ => (*name, value.clone()),
    });
    let other = send(&second, &other.collect::<Vec<_>>()).await;
    assert_eq!(other.status(), StatusCode::CONFLICT, "the key is another order's");
    let more = send(&second, &forms[3]).await;
    assert_eq!(more.status(), StatusCode::CONFLICT, "one after the other");
    assert!(more.text().await.expect("text").contains("正在排队"));

    drop(held);
    let done = inside.await.expect("it ran").expect("an answer");
    assert!(location(&done).starts_with("/orders/"), "{done:?}");
    for (visitor, place) in [(&second, &place), (&third, &last)] {
        until("its turn comes", || async {
            location(&visitor.get(place).await).starts_with("/orders/")
        })
        .await;
    }
    assert_eq!(orders(&site, SHOPPER).await, before + 1, "once");
    site.stop().await;
}

#[tokio::test]
async fn another_server_takes_a_place_over() {
    let site = Site::start(&["--orders-at-once", "1", "--secret", "of both"]).await;
    let url = format!("sqlite:{}", site.folder.join("t.db").display());
    let other = Site::start_on(Some(&url), &["--orders-at-once", "1", "--secret", "of both"]).await;
    let pack = pack(&site).await;
    let (first, second) = (site.member(LEADER).await, site.member(SHOPPER).await);
    let forms = [checkout(&first, &pack).await, checkout(&second, &pack).await];
    let before = orders(&site, SHOPPER).await;
    let held = hold_up(&site).await;
    let inside = {
        let (client, origin, fields) = (first.client.clone(), site.origin.clone(), forms[0].clone());
        tokio::spawn(async move { client.post(format!("{origin}/checkout")).form(&fields).send().await })
    };
    until("somebody is inside", || async { site.state().line.inside() == 1 }).await;
    let place = location(&send(&second, &forms[1]).await).to_owned();
    drop(held);
    // the same browser: cookies know no ports
    let elsewhere = Visitor {
        client: second.client.clone(),
        origin: other.origin.clone(),
    };
    until("it is served there", || async {
        location(&elsewhere.get(&place).await).starts_with("/orders/")
    })
    .await;
    inside.await.expect("it ran").expect("an answer");
    until("and found here", || async {
        location(&second.get(&place).await).starts_with("/orders/")
    })
    .await;
    assert_eq!(orders(&site, SHOPPER).await, before + 1, "one key is one order");
    other.stop().await;
    site.stop().await;
}

/// Asks until it is told something else than its place; whether it ever waited, and the last answer.
async fn ask(client: &Client, site: &str, token: &str, order: &Value) -> (bool, Answer) {
    let (mut waited, mut ticket) = (false, String::new());
    loop {
        let request = client
            .post(format!("{site}/api/v1/orders"))
            .bearer_auth(token)
            .header("idempotency-key", "one")
            .header("line-ticket", &ticket);
        let answer = Answer::of(request.json(order).send().await.expect("an answer")).await;
        if answer.status != StatusCode::ACCEPTED {
            return (waited, answer);
        }
        waited = true;
        assert!(
            answer.body["ahead"].is_u64() && answer.headers.contains_key("retry-after"),
            "{answer:?}"
        );
        ticket = answer.body["ticket"].as_str().expect("a ticket").to_owned();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_is_answered_to_the_last_and_stock_is_sold_to_the_last() {
    let site = Site::start(&["--orders-at-once", "8", "--api-requests-per-minute", "1000000"]).await;
    let market = site.state().market.clone();
    let pack = pack(&site).await;
    let people = crowd::shoppers(&market, 400).await.expect("a crowd");
    let tokens = crowd::tokens(&market, &people).await.expect("tokens");
    let leader = market.find_person_by_phone(LEADER).await.expect("read").expect("there");
    let point = market
        .pickup_of_leader(&leader.id)
        .await
        .expect("read")
        .expect("a point");
    let shown = json!({ "id": pack.id, "price_fen": pack.price.as_fen() });
    let order = order_of("variant", &shown, point.id.as_str(), 5);
    let client = Client::new();
    let mut asking = JoinSet::new();
    for token in tokens {
        let (client, origin, order) = (client.clone(), site.origin.clone(), order.clone());
        asking.spawn(async move { ask(&client, &origin, &token, &order).await });
    }
    let answers = asking.join_all().await;
    let count = |status| answers.iter().filter(|(_, answer)| answer.status == status).count();
    let sold = i64::try_from(count(StatusCode::CREATED)).expect("few");
    assert_eq!(sold, pack.stock / 5, "every whole order");
    assert_eq!(count(StatusCode::CREATED) + count(StatusCode::CONFLICT), people.len());
    assert!(answers.iter().any(|(waited, _)| *waited), "there was a line");
    for (_, answer) in answers
        .iter()
        .filter(|(_, answer)| answer.status == StatusCode::CONFLICT)
    {
        assert_eq!(answer.body["code"], "sold_out");
    }
    assert_eq!(site.state().line.inside(), 0);
    site.stop().await;
}
