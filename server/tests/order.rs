//! Buying over HTTP without scripts: real forms, redirects, messages, nothing lost.

mod common;

use common::{FARMER, LEADER, OTHER_FARMER, SHOPPER, Site, Visitor, field, location};
use reqwest::StatusCode;

/// The leader's group in the demonstration's running sale.
async fn group(site: &Site) -> String {
    let picture = site
        .state()
        .market
        .live_picture(market::demo::LIVE)
        .await
        .expect("an answer")
        .expect("a live");
    picture
        .sale
        .expect("a sale is on")
        .groups
        .first()
        .expect("an open group")
        .code
        .clone()
}

/// The checkout's fields as its page has them, with the chosen method.
async fn checkout(visitor: &Visitor, code: &str, quantity: &str, method: &str) -> Vec<(&'static str, String)> {
    let page = visitor
        .read(&format!("/checkout?kind=group&id={code}&quantity={quantity}"))
        .await;
    let value = |name: &str| field(&page, name).unwrap_or_else(|| panic!("no field {name}"));
    vec![
        ("request_id", value("request_id")),
        ("kind", "group".into()),
        ("id", code.into()),
        ("quantity", quantity.into()),
        ("pickup", value("pickup")),
        ("method", method.into()),
        ("shown_fen", value("shown_fen")),
    ]
}

fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn a_choice_survives_signing_in_and_a_repeated_tap_gets_the_first_receipt() {
    let site = Site::start(&[]).await;
    let code = group(&site).await;
    let stranger = site.stranger();
    assert!(stranger.read(&format!("/g/{code}")).await.contains("/checkout"));
    let fields = checkout(&stranger, &code, "2", "cash").await;
    let answer = stranger.post("/checkout", &pairs(&fields)).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let to = location(&answer).to_owned();
    let next = url::Url::parse(&format!("http://x{to}")).expect("an address");
    let next = next
        .query_pairs()
        .find(|(name, _)| name == "next")
        .expect("a way back")
        .1
        .into_owned();
    assert!(next.contains("quantity=2") && next.contains(&code), "{next}");

    let one_time = stranger.ask_code(SHOPPER).await;
    let answer = stranger
        .post(
            "/sign-in/code",
            &[("phone", SHOPPER), ("code", &one_time), ("next", &next)],
        )
        .await;
    assert_eq!(location(&answer), next, "back at the choice");
    let fields = checkout(&stranger, &code, "2", "cash").await;
    let first = stranger.post("/checkout", &pairs(&fields)).await;
    let second = stranger.post("/checkout", &pairs(&fields)).await;
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    assert!(location(&first).starts_with("/orders/"));
    assert_eq!(location(&first), location(&second));
    let receipt = stranger.read(location(&first)).await;
    assert!(receipt.contains("柳树沟"), "where it is fetched");
    assert_eq!(
        site.member(OTHER_FARMER).await.get(location(&first)).await.status(),
        StatusCode::NOT_FOUND,
        "not another's"
    );
    site.stop().await;
}

#[tokio::test]
async fn what_cannot_be_bought_is_said_and_leaves_no_trace() {
    let site = Site::start(&[]).await;
    let code = group(&site).await;
    let member = site.member(SHOPPER).await;
    let before = site
        .state()
        .market
        .live_picture(market::demo::LIVE)
        .await
        .expect("an answer")
        .expect("a live");
    let good = checkout(&member, &code, "1", "balance").await;
    let change = |name: &str, value: &str| {
        let mut fields = good.clone();
        fields
            .iter_mut()
            .filter(|field| field.0 == name)
            .for_each(|field| field.1 = value.into());
        fields
    };
    for (fields, status) in [
        (change("quantity", "0"), StatusCode::UNPROCESSABLE_ENTITY),
        (change("quantity", "-3"), StatusCode::UNPROCESSABLE_ENTITY),
        (change("quantity", "many"), StatusCode::UNPROCESSABLE_ENTITY),
        (change("quantity", "9999"), StatusCode::CONFLICT),
        (change("pickup", "nowhere"), StatusCode::UNPROCESSABLE_ENTITY),
        (change("shown_fen", "1"), StatusCode::CONFLICT),
        (change("request_id", ""), StatusCode::UNPROCESSABLE_ENTITY),
        (change("id", "NOSUCH"), StatusCode::NOT_FOUND),
        (change("kind", "gift"), StatusCode::NOT_FOUND),
    ] {
        let answer = member.post("/checkout", &pairs(&fields)).await;
        assert_eq!(answer.status(), status, "{fields:?}");
        let page = answer.text().await.expect("text");
        if status != StatusCode::NOT_FOUND {
            assert!(page.contains("role=\"alert\""), "{fields:?}");
        }
    }
    let after = site
        .state()
        .market
        .live_picture(market::demo::LIVE)
        .await
        .expect("an answer")
        .expect("a live");
    // but for the quote, whose life begins when the picture is drawn
    let unsigned = |sale: Option<market::live_session::SalePicture>| {
        sale.map(|sale| market::live_session::SalePicture { quote: None, ..sale })
    };
    assert_eq!(unsigned(before.sale), unsigned(after.sale));
    assert_eq!(before.version, after.version);
    site.stop().await;
}

#[tokio::test]
async fn an_order_is_paid_from_the_balance_called_off_and_paid_back() {
    let site = Site::start(&[]).await;
    let code = group(&site).await;
    let member = site.member(SHOPPER).await;
    let person = site
        .state()
        .market
        .orders_of(&person(&site, SHOPPER).await, 10)
        .await
        .expect("orders");
    assert!(person.is_empty(), "the demonstration's shopper has bought nothing yet");
    let me = self::person(&site, SHOPPER).await;
    let had = site.state().market.balance(&me.id).await.expect("a balance");
    let answer = member
        .post("/checkout", &pairs(&checkout(&member, &code, "1", "balance").await))
        .await;
    let order = location(&answer).to_owned();
    assert!(site.state().market.balance(&me.id).await.expect("a balance") < had);
    let answer = member.post(&format!("{order}/cancel"), &[]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.state().market.balance(&me.id).await.expect("a balance"), had);
    let again = member.post(&format!("{order}/cancel"), &[]).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    site.stop().await;
}

async fn person(site: &Site, phone: &str) -> market::people::Person {
    let sent = site
        .state()
        .market
        .request_code(phone, "127.0.0.1")
        .await
        .expect("a code");
    site.state().market.sign_in(phone, &sent.code).await.expect("a person")
}

#[tokio::test]
async fn a_product_off_the_shelf_is_bought_by_its_own_page() {
    let site = Site::start(&[]).await;
    let member = site.member(SHOPPER).await;
    let page = member.read("/c/produce").await;
    let at = page.find("/checkout?kind=solo").expect("a way to buy it alone");
    let path: String = page[at..]
        .chars()
        .take_while(|c| *c != '"')
        .collect::<String>()
        .replace("&amp;", "&");
    let page = member.read(&path).await;
    let value = |name: &str| field(&page, name).unwrap_or_else(|| panic!("no field {name}"));
    let (request_id, id, pickup, shown) = (value("request_id"), value("id"), value("pickup"), value("shown_fen"));
    let points = page.split('<').filter(|tag| tag.contains("name=\"pickup\""));
    assert!(
        points.clone().count() >= 2 && points.clone().all(|tag| !tag.contains("checked")),
        "nobody is sent to a village they did not choose"
    );
    let fields = [
        ("request_id", request_id.as_str()),
        ("kind", "solo"),
        ("id", &id),
        ("quantity", "1"),
        ("pickup", &pickup),
        ("method", "cash"),
        ("shown_fen", &shown),
    ];
    let answer = member.post("/checkout", &fields).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{}",
        answer.text().await.expect("text")
    );
    site.stop().await;
}

#[tokio::test]
async fn a_poster_leads_to_its_group() {
    let site = Site::start(&[]).await;
    let code = group(&site).await;
    let answer = site.stranger().get(&format!("/g/{code}/poster.png")).await;
    assert_eq!(answer.headers()["content-type"], "image/png");
    let picture = image::load_from_memory(&answer.bytes().await.expect("bytes"))
        .expect("a picture")
        .to_luma8();
    assert_eq!(picture.dimensions(), (1080, 1440));
    let mut scanner =
        rqrr::PreparedImage::prepare_from_greyscale(1080, 1440, |x, y| picture.get_pixel(x as u32, y as u32).0[0]);
    let (_, text) = scanner
        .detect_grids()
        .first()
        .expect("a code")
        .decode()
        .expect("readable");
    assert_eq!(text, format!("{}/g/{code}", site.state().origin));
    site.stop().await;
}

#[tokio::test]
async fn a_sale_that_makes_no_sense_comes_back_with_what_was_typed() {
    let site = Site::start(&[]).await;
    let farmer = site.member(FARMER).await;
    // the running sale ends first, so that only the form is judged
    assert_eq!(
        farmer.post("/host/CHEN88/sale/end", &[]).await.status(),
        StatusCode::SEE_OTHER
    );
    let fine = [
        ("price", "39.6"),
        ("quota", "20"),
        ("per_person", "2"),
        ("need", "2"),
        ("minutes", "10"),
    ];
    for (name, bad) in [
        ("price", "0"),
        ("price", "abc"),
        ("quota", "-5"),
        ("per_person", "0"),
        ("need", "1"),
        ("minutes", "-1"),
    ] {
        let fields: Vec<_> = fine
            .iter()
            .map(|&(field, value)| (field, if field == name { bad } else { value }))
            .collect();
        let answer = farmer.post("/host/CHEN88/sale", &fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{name}={bad}");
        let page = answer.text().await.expect("text");
        assert!(page.contains("role=\"alert\""));
        assert_eq!(field(&page, name).as_deref(), Some(bad));
    }
    assert_eq!(
        farmer.post("/host/CHEN88/sale", &fine).await.status(),
        StatusCode::SEE_OTHER
    );
    let leader = site.member(LEADER).await;
    let opened = leader.post("/live/CHEN88/groups", &[]).await;
    assert!(location(&opened).starts_with("/g/"), "{}", location(&opened));
    let again = leader.post("/live/CHEN88/groups", &[]).await;
    assert_eq!(location(&again), location(&opened), "one open group a sale");
    site.stop().await;
}

/// A sale in rounds: by one field of the form, and the next one by a button.
#[tokio::test]
async fn a_host_divides_a_sale_and_releases_the_next_round() {
    let site = Site::start(&[]).await;
    let farmer = site.member(FARMER).await;
    farmer.post("/host/CHEN88/start", &[]).await;
    farmer.post("/host/CHEN88/sale/end", &[]).await;
    let none = farmer.post("/host/CHEN88/sale/release", &[]).await;
    assert_eq!(none.status(), StatusCode::CONFLICT, "no sale is on");
    let asked = |rounds| {
        [
            ("price", "39.6"),
            ("quota", "21"),
            ("per_person", "2"),
            ("need", "2"),
            ("minutes", "30"),
            ("rounds", rounds),
        ]
    };
    let many = farmer.post("/host/CHEN88/sale", &asked("9")).await;
    assert_eq!(many.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        farmer.post("/host/CHEN88/sale", &asked("3")).await.status(),
        StatusCode::SEE_OTHER
    );
    let page = site.stranger().read("/live/CHEN88").await;
    assert!(
        page.contains("第 1 批，共 3 批，还剩 7 份") && page.contains("下一批放 7 份"),
        "{page}"
    );
    let console = farmer.read("/host/CHEN88").await;
    assert!(console.contains("/host/CHEN88/sale/release"), "{console}");
    let stranger = site.member(LEADER).await;
    let theirs = stranger.post("/host/CHEN88/sale/release", &[]).await;
    assert_eq!(theirs.status(), StatusCode::FORBIDDEN);
    for left in ["第 2 批，共 3 批，还剩 14 份", "第 3 批，共 3 批，还剩 21 份"] {
        let released = farmer.post("/host/CHEN88/sale/release", &[]).await;
        assert_eq!(released.status(), StatusCode::SEE_OTHER);
        let page = site.stranger().read("/live/CHEN88").await;
        assert!(page.contains(left), "{page}");
    }
    let all = farmer.post("/host/CHEN88/sale/release", &[]).await;
    assert_eq!(all.status(), StatusCode::CONFLICT);
    let said = all.text().await.expect("text");
    assert!(said.contains("各批都放完了"), "{said}");
    site.stop().await;
}
