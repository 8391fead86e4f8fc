//! The price on the screen, over HTTP: kept while its quote lives, and said anew when it is over.

mod common;

use common::{FARMER, SHOPPER, Site, location};
use market::{Money, demo, flash_sale::QUOTE_LIFE_MS};
use reqwest::StatusCode;

#[tokio::test]
async fn a_checkout_keeps_the_price_it_showed_for_as_long_as_it_promised() {
    let site = Site::start(&[]).await;
    let (farmer, shopper) = (site.member(FARMER).await, site.member(SHOPPER).await);
    let market = &site.state().market;
    let host = format!("/host/{}", demo::LIVE);
    let picture = market
        .live_picture(demo::LIVE)
        .await
        .expect("a picture")
        .expect("a picture");
    let sale = picture.sale.expect("the demonstration's sale");
    let group = market
        .find_group(&sale.groups[0].code)
        .await
        .expect("a group")
        .expect("a group");
    let (shown, quote) = (sale.price, sale.quote.expect("a quote"));
    let other = shown.plus(Money::fen(100));
    let answer = farmer
        .post(&format!("{host}/sale/price"), &[("price", &other.to_string())])
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);

    // the page the viewer comes to from the live shows what the live showed
    let shows = |price: Money| format!(r#"name="shown_fen" value="{}""#, price.as_fen());
    let address = format!("/checkout?kind=group&id={}&quantity=1", group.code);
    let page = shopper.read(&format!("{address}&quote={quote}")).await;
    assert!(page.contains(&shows(shown)) && page.contains(&quote), "{page}");
    assert!(shopper.read(&address).await.contains(&shows(other)));

    let (pickup, shown_fen) = (group.pickup.id.to_string(), shown.as_fen().to_string());
    let form = [
        ("kind", "group"),
        ("id", &group.code),
        ("quantity", "1"),
        ("pickup", &pickup),
        ("method", "cash"),
        ("shown_fen", &shown_fen),
        ("quote", &quote),
        ("request_id", "the only one"),
    ];
    site.move_clock(QUOTE_LIFE_MS + 60_000);
    let late = shopper.post("/checkout", &form).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let page = late.text().await.expect("a page");
    assert!(
        page.contains(&shows(other)) && page.contains(&other.to_string()),
        "{page}"
    );
    site.move_clock(0);
    let in_time = shopper.post("/checkout", &form).await;
    assert_eq!(in_time.status(), StatusCode::SEE_OTHER);
    let code = location(&in_time).rsplit('/').next().expect("a code").to_owned();
    let page = shopper.read(&format!("/orders/{code}")).await;
    assert!(
        page.contains(&shown.to_string()) && !page.contains(&other.to_string()),
        "{page}"
    );

    // only the host may change it, and only to a price
    for (visitor, price, status) in [
        (&shopper, "40", StatusCode::FORBIDDEN),
        (&farmer, "-1", StatusCode::UNPROCESSABLE_ENTITY),
        (&farmer, "lots", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = visitor.post(&format!("{host}/sale/price"), &[("price", price)]).await;
        assert_eq!(answer.status(), status, "{price}");
    }
    let answer = shopper.post(&format!("{host}/sale/extend"), &[("minutes", "5")]).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = farmer.post(&format!("{host}/sale/extend"), &[("minutes", "5")]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let longer = market.current_sale(demo::LIVE).await.expect("a sale").expect("a sale");
    assert_eq!(longer.ends_at, sale.ends_at.plus(5 * 60_000));
    site.stop().await;
}
