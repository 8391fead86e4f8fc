//! The event stream of a live session.

mod common;

use common::{Events, FARMER, Site};

fn id(event: &str) -> i64 {
    let line = event
        .lines()
        .find_map(|line| line.strip_prefix("id: ").or(line.strip_prefix("id:")));
    line.and_then(|id| id.trim().parse().ok()).expect("an id")
}

#[tokio::test]
async fn a_change_reaches_viewers_and_a_phone_that_slept_gets_one_whole_picture() {
    let site = Site::start(&[]).await;
    let (viewer, farmer) = (site.stranger(), site.member(FARMER).await);
    let mut events = Events::of(viewer.get("/live/CHEN88/events").await);
    let first = events.next().await.expect("a picture at once");
    assert!(first.contains("\"sale\":{"), "{first}");

    let answer = farmer.post("/host/CHEN88/pin", &[("variant", "")]).await;
    assert_eq!(answer.status(), reqwest::StatusCode::SEE_OTHER);
    let second = events.next().await.expect("the change");
    assert!(
        id(&second) > id(&first) && second.contains("\"pinned\":null"),
        "{second}"
    );
    drop(events);

    let again = viewer
        .client
        .get(format!("{}/live/CHEN88/events", site.origin))
        .header("last-event-id", id(&first).to_string());
    let mut events = Events::of(again.send().await.expect("an answer"));
    let resumed = events.next().await.expect("one picture");
    assert_eq!(id(&resumed), id(&second));
    for private in ["1380000", "138****"] {
        assert!(!resumed.contains(private), "no phone number in a public event");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_server_that_goes_tells_viewers_to_connect_again() {
    let mut site = Site::start(&[]).await;
    let mut events = Events::of(site.stranger().get("/live/CHEN88/events").await);
    events.next().await.expect("a picture at once");
    let running = site.running.take().expect("it runs");
    let going = tokio::spawn(running.stop());
    let last = events.next().await.expect("a word before it goes");
    assert!(
        last.contains("event: reconnect") || last.contains("event:reconnect"),
        "{last}"
    );
    assert!(events.next().await.is_none(), "the stream ends");
    going.await.expect("it went");
    site.stop().await;
}

#[tokio::test]
async fn there_is_no_stream_of_a_live_that_is_not() {
    let site = Site::start(&[]).await;
    assert_eq!(
        site.stranger().get("/live/NOSUCH/events").await.status(),
        reqwest::StatusCode::NOT_FOUND
    );
    site.stop().await;
}
