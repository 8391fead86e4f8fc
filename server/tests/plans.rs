//! Every statement of the journey, as the program sends it, and how SQLite finds its rows: what grows
//! with the village (people, orders, groups …) is found by an index, never by looking at all of it.

mod common;
#[path = "common/program.rs"]
mod program;

use common::{FARMER, LEADER, SHOPPER, Site, Visitor, field, location};
use market::{api_token::Scope, db::Db, demo};
use reqwest::StatusCode;
use sqlx::Row;
use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::{Arc, Mutex},
};
use tracing::{Event, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

/// Tables that hold a village's few things: its farms and goods, its communities. A scan of the rest
/// is a page that slows down with every order.
const FEW: [&str; 5] = ["communities", "pickup_points", "farms", "products", "stories"];
/// Statements of a timer that runs once an hour, behind nobody's request.
const SELDOM: [&str; 1] = ["delete from tower_sessions"];

/// The statements that were sent.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

/// A log event's text: the summary, or the whole where it is longer.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn Debug) {}

    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        let longer = value.len() > self.0.len();
        if ["summary", "db.statement"].contains(&field.name()) && longer {
            self.0 = value.trim().to_owned();
        }
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut text = Text::default();
            event.record(&mut text);
            self.0.lock().expect("not poisoned").insert(text.0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_grows_with_the_village_is_found_by_an_index() {
    let statements = Statements::default();
    tracing_subscriber::registry().with(statements.clone()).init();
    let site = Site::start(&[]).await;
    statements.0.lock().expect("not poisoned").clear(); // filling the village is done once
    walk(&site).await;
    let sent = statements.0.lock().expect("not poisoned").clone();
    assert!(
        sent.len() > 100,
        "the journey sends more than {} statements",
        sent.len()
    );

    let Db::Sqlite { read, .. } = site.state().market.db() else {
        unreachable!("started on SQLite")
    };
    let mut scans = Vec::new();
    for sql in &sent {
        let verb = sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if SELDOM.iter().any(|seldom| sql.starts_with(seldom))
            || !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb.as_str())
        {
            continue;
        }
        let plan = sqlx::query(&format!("EXPLAIN QUERY PLAN {sql}")).fetch_all(read).await;
        for step in plan.unwrap_or_else(|error| panic!("{sql}: {error}")) {
            let step: String = step.get("detail");
            if looks_at_all(&step, sql) {
                scans.push(format!("{step}: {sql}"));
            }
        }
    }
    assert!(
        scans.is_empty(),
        "{} of {}:\n{}",
        scans.len(),
        sent.len(),
        scans.join("\n")
    );
    site.stop().await;
}

/// Whether this step of a plan reads a whole table that grows. What is read in an index's order up to
/// a limit is not.
fn looks_at_all(step: &str, sql: &str) -> bool {
    let Some(rest) = step.strip_prefix("SCAN ") else {
        return false;
    };
    let name = rest.split_whitespace().next().unwrap_or_default();
    // a list of what is asked for, made by the statement itself
    let made_here = name.starts_with('(') || rest.contains("CONSTANT ROW") || is_called("asked", name, sql);
    let in_order = rest.contains("USING") && sql.contains("LIMIT");
    !made_here && !in_order && !FEW.iter().any(|few| is_called(few, name, sql))
}

/// Whether `table` is what the statement calls `name`.
fn is_called(table: &str, name: &str, sql: &str) -> bool {
    table == name || sql.contains(&format!("{table} {name} ")) || sql.ends_with(&format!("{table} {name}"))
}

/// The village's days: strangers look, a shopper buys and calls off, a leader hands over, a farmer
/// sells, a program orders, time passes.
async fn walk(site: &Site) {
    let live = demo::LIVE;
    let picture = site
        .state()
        .market
        .live_picture(live)
        .await
        .expect("read")
        .expect("a live");
    let group = picture
        .sale
        .expect("a sale")
        .groups
        .first()
        .expect("a group")
        .code
        .clone();
    let stranger = site.stranger();
    for path in [
        "/",
        "/p/strawberry",
        "/c/produce",
        "/search?q=cm",
        "/groups",
        "/live",
        "/about",
        "/trace",
    ] {
        stranger.read(path).await;
    }
    for path in [
        format!("/g/{group}"),
        format!("/live/{live}"),
        format!("/live/{}", demo::PAST_LIVE),
        format!("/t/{}", demo::BATCHES[0]),
        format!("/story/{}", demo::STORIES[0]),
        format!("/checkout?kind=group&id={group}&quantity=1"),
    ] {
        stranger.read(&path).await;
    }
    let shopper = site.member(SHOPPER).await;
    let called_off = buy(&shopper, &group, "balance").await;
    shopper.read(&called_off).await;
    assert_eq!(
        shopper.post(&format!("{called_off}/cancel"), &[]).await.status(),
        StatusCode::SEE_OTHER
    );
    let order = buy(&shopper, &group, "cash").await;
    for path in ["/me", "/me/apps", "/", &format!("/live/{live}"), &order] {
        shopper.read(path).await;
    }
    let leader = site.member(LEADER).await;
    leader.read("/leader").await;
    leader.post(&format!("/live/{live}/groups"), &[]).await;
    let farmer = site.member(FARMER).await;
    farmer.read("/host").await;
    farmer.read(&format!("/host/{live}")).await;
    let mine = program::Program::of(site, SHOPPER, Scope::ALL.to_vec()).await;
    for path in [
        "/products",
        "/farms",
        "/lives",
        "/groups",
        "/orders",
        "/pickup-points",
        &format!("/lives/{live}"),
    ] {
        assert_eq!(mine.get(path).await.status, StatusCode::OK, "{path}");
    }
    let (pack, point) = program::strawberry(&mine).await;
    let body = program::order_of("variant", &pack, &point, 1);
    assert_eq!(mine.place("plans", &body).await.status, StatusCode::CREATED);
    farmer.post(&format!("/host/{live}/sale/end"), &[]).await;
    farmer.post(&format!("/host/{live}/end"), &[]).await;
    site.state().market.settle_due().await.expect("settled");
}

/// Buys one pack in `group`; the order's page.
async fn buy(visitor: &Visitor, group: &str, method: &str) -> String {
    let page = visitor
        .read(&format!("/checkout?kind=group&id={group}&quantity=1"))
        .await;
    let value = |name: &str| field(&page, name).unwrap_or_else(|| panic!("no field {name}"));
    let (request, pickup, shown) = (value("request_id"), value("pickup"), value("shown_fen"));
    let answer = visitor
        .post(
            "/checkout",
            &[
                ("request_id", &request),
                ("kind", "group"),
                ("id", group),
                ("quantity", "1"),
                ("pickup", &pickup),
                ("method", method),
                ("shown_fen", &shown),
            ],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    location(&answer).to_owned()
}
