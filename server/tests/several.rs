//! Several servers on one PostgreSQL: what changes at one is seen at all, and one that is killed takes
//! nothing with it.

mod common;

use common::{Events, FARMER, Site};
use market::db::testing;
use std::time::{Duration, Instant};

/// Changes that are looked at.
const CHANGES: usize = 10;
/// What half of the changes must reach everybody in: a poll alone, every two seconds, would take twice
/// as long.
const SOON: Duration = Duration::from_millis(500);

/// The PostgreSQL of the tests. CI always has one.
fn postgres() -> Option<String> {
    let url = testing::postgres_url();
    assert!(
        url.is_some() || std::env::var_os("CI").is_none(),
        "TIANTOU_TEST_POSTGRES is not set"
    );
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::disallowed_methods)] // measuring
async fn a_change_at_one_server_reaches_the_viewers_of_all() {
    let Some(postgres) = postgres() else { return };
    let (db, schema) = testing::fresh_schema(&postgres).await;
    db.close().await;
    let separator = if postgres.contains('?') { '&' } else { '?' };
    let url = format!("{postgres}{separator}options=-c%20search_path%3D{schema}");
    let mut sites = Vec::new();
    for _ in 0..3 {
        sites.push(Site::start_on(Some(&url), &["--secret", "of all three"]).await);
    }
    let mut listeners = Vec::new();
    for site in &sites {
        let mut events = Events::of(site.stranger().get("/live/CHEN88/events").await);
        events.next().await.expect("a picture at once");
        listeners.push(events);
    }
    let farmer = sites[0].member(FARMER).await;
    let pack = farmer.hidden("/host/CHEN88", "variant").await;
    let mut times = Vec::new();
    for change in 0..CHANGES {
        let variant = if change.is_multiple_of(2) { "" } else { pack.as_str() };
        let begun = Instant::now();
        let answer = farmer.post("/host/CHEN88/pin", &[("variant", variant)]).await;
        assert_eq!(answer.status(), reqwest::StatusCode::SEE_OTHER);
        for events in &mut listeners {
            let event = events.next().await.expect("the change");
            assert_eq!(event.contains("\"pinned\":null"), variant.is_empty(), "{event}");
        }
        times.push(begun.elapsed());
    }
    times.sort();
    println!(
        "three servers: a change reached all after {:?}, at most {:?}",
        times[CHANGES / 2],
        times[CHANGES - 1]
    );
    assert!(times[CHANGES / 2] < SOON, "{times:?}");
    drop(listeners);
    for site in sites {
        site.stop().await;
    }
    testing::drop_schema(&postgres, &schema).await;
}

#[test]
fn nothing_acknowledged_is_lost_or_sold_twice_when_one_of_three_is_killed() {
    let several = ["orders", "--quick", "--via", "api", "--servers", "3"];
    let rows = common::bench(&[&several[..], &["--orders", "400", "--clients", "24", "--need", "50"]].concat());
    for row in &rows {
        assert_eq!((&row["oversold"], &row["lost"]), (&0.into(), &0.into()), "{row}");
        for figure in ["orders_per_s", "p50_ms", "p99_ms", "floor_per_s"] {
            assert!(row[figure].as_f64().expect("a figure") > 0.0, "{figure}: {row}");
        }
    }
    let modes: Vec<_> = rows
        .iter()
        .map(|row| (row["servers"].as_i64(), row["mode"].as_str()))
        .collect();
    let mut expected = vec![(Some(1), Some("batched")), (Some(1), Some("half"))];
    if postgres().is_some() {
        expected.extend([(Some(3), Some("batched")), (Some(3), Some("half"))]);
        expected.push((Some(3), Some("killed")));
        let killed = rows.last().expect("a row");
        assert_eq!(
            (&killed["sold"], &killed["refused"]),
            (&200.into(), &200.into()),
            "{killed}"
        );
    }
    assert_eq!(modes, expected);
}
