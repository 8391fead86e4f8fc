//! The live door as the site hands it out.

mod common;

use common::{FARMER, Site, until};
use reqwest::StatusCode;

#[tokio::test]
async fn only_the_host_of_a_live_may_publish_in_it() {
    let site = Site::start(&[]).await;
    let visitor = site.stranger();
    let whip = |code: &str, token: Option<String>| {
        let request = visitor
            .client
            .post(format!("{}/whip/{code}", site.origin))
            .header("content-type", "application/sdp");
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.body("v=0\r\n").send()
    };
    assert_eq!(
        whip("CHEN88", None).await.expect("an answer").status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        whip("CHEN88", Some("forged".into())).await.expect("an answer").status(),
        StatusCode::UNAUTHORIZED
    );
    let farmer = site.member(FARMER).await;
    let page = farmer.read("/host/CHEN88").await;
    let at = page
        .find("\"ticket\":\"")
        .or(page.find("&quot;ticket&quot;:&quot;"))
        .expect("a ticket for the host");
    let ticket: String = page[at..]
        .trim_start_matches("\"ticket\":\"")
        .trim_start_matches("&quot;ticket&quot;:&quot;")
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
        .collect();
    let elsewhere = whip("WANG66", Some(ticket.clone())).await.expect("an answer").status();
    assert!(
        matches!(elsewhere, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
        "a ticket is for one live: {elsewhere}"
    );
    let nonsense = whip("CHEN88", Some(ticket)).await.expect("an answer").status();
    assert_eq!(nonsense, StatusCode::BAD_REQUEST, "the ticket is good, the SDP is not");
    site.stop().await;
}

#[tokio::test]
async fn ending_a_live_ends_its_sale_and_its_picture() {
    let site = Site::start(&[]).await;
    let on_air = || async {
        site.state()
            .live
            .rooms()
            .await
            .iter()
            .any(|room| room.code == "CHEN88" && room.publishing)
    };
    until("the virtual farmer is on air", on_air).await;
    let farmer = site.member(FARMER).await;
    assert_eq!(
        farmer.post("/host/CHEN88/end", &[]).await.status(),
        StatusCode::SEE_OTHER
    );
    let picture = site
        .state()
        .market
        .live_picture("CHEN88")
        .await
        .expect("an answer")
        .expect("a live");
    assert_eq!(picture.state, market::live_session::LiveState::Ended);
    assert!(picture.sale.is_none());
    until("the room is empty", || async { !on_air().await }).await;
    let page = site.stranger().read("/live/CHEN88").await;
    assert!(page.contains("/live/WANG66"), "what comes next");
    site.stop().await;
}
