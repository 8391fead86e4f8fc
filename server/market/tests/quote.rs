//! The price that was shown is the price that is charged, for as long as it was promised.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, PRICE, Village, each_village, order_refused, refused};
use market::{
    Money, Refusal,
    flash_sale::{self, QUOTE_LIFE_MS},
    group_buy::GroupState,
    order::{self, OrderState, Wanted},
};

const DEARER: Money = Money::fen(5600);

/// What the picture on a viewer's screen promises.
async fn quote(village: &Village) -> String {
    let picture = village.market.live_picture(&village.live.code).await.unwrap().unwrap();
    picture.sale.unwrap().quote.expect("a session's picture has one")
}

async fn change(village: &Village, price: Money) {
    let changed = village
        .market
        .change_price(&village.host, &village.live.code, price)
        .await;
    changed.expect("changed");
}

#[tokio::test]
async fn a_live_quote_gets_its_price_though_the_host_changed_it() {
    each_village(|village| async move {
        village.sale(50, 4, 10).await;
        let (group, people) = (village.group().await, village.shoppers(6).await);
        let (market, shown) = (&village.market, quote(&village).await);
        change(&village, DEARER).await;
        let wanted = |key: &str| village.in_group(&group, 1, key);
        let receipt = market.place_quoted(&people[0], wanted("a"), &shown).await.unwrap();
        assert_eq!((receipt.order.unit, receipt.order.amount), (PRICE, PRICE));
        // without it, and with what nobody signed, the old price is refused and the new one said
        let now = order::Refusal::PriceChanged { now: DEARER };
        assert_eq!(order_refused(market.place(&people[1], wanted("b")).await), now);
        let (content, signature) = shown.rsplit_once('.').unwrap();
        let cheaper = format!("{}.{signature}", content.replacen("5000", "1000", 1));
        assert_ne!(cheaper, shown);
        let asked = Wanted {
            shown_price: Money::fen(1000),
            ..wanted("c")
        };
        assert_eq!(
            order_refused(market.place_quoted(&people[2], asked, &cheaper).await),
            now
        );
        for nonsense in ["", ".", "....", "a.b.c.d.e", signature] {
            assert_eq!(
                order_refused(market.place_quoted(&people[2], wanted("d"), nonsense).await),
                now
            );
        }
        // the new price on the screen comes with its own quote
        let newer = quote(&village).await;
        let asked = Wanted {
            shown_price: DEARER,
            ..wanted("e")
        };
        let receipt = market.place_quoted(&people[3], asked, &newer).await.unwrap();
        assert_eq!(receipt.order.amount, DEARER);
        // its last millisecond, and the first beyond
        village.clock.advance(QUOTE_LIFE_MS - 1);
        let receipt = market.place_quoted(&people[4], wanted("f"), &shown).await.unwrap();
        assert_eq!(receipt.order.amount, PRICE);
        village.clock.advance(1);
        assert_eq!(
            order_refused(market.place_quoted(&people[5], wanted("g"), &shown).await),
            now
        );
    })
    .await;
}

#[tokio::test]
async fn a_quote_is_for_its_own_sale_and_an_old_one_of_the_same_price_does_no_harm() {
    each_village(|village| async move {
        village.sale(20, 4, 10).await;
        let old = quote(&village).await;
        village
            .market
            .end_sale(&village.host, &village.live.code)
            .await
            .unwrap();
        let wanted = flash_sale::Wanted {
            price: DEARER,
            ..village.sale_of(20, 4, 10)
        };
        let (host, code) = (&village.host, &village.live.code);
        village
            .market
            .start_sale(host, code, &village.pack.id, wanted)
            .await
            .unwrap();
        let (group, person) = (village.group().await, village.shopper(1).await);
        let asked = Wanted {
            shown_price: PRICE,
            ..village.in_group(&group, 1, "k")
        };
        let now = order::Refusal::PriceChanged { now: DEARER };
        assert_eq!(
            order_refused(village.market.place_quoted(&person, asked, &old).await),
            now
        );
        // over, but the price is still what was shown
        let current = quote(&village).await;
        village.clock.advance(QUOTE_LIFE_MS * 2);
        let receipt = village
            .market
            .place_quoted(&person, village.in_group(&group, 1, "k"), &current)
            .await;
        assert_eq!(receipt.unwrap().order.amount, DEARER);
    })
    .await;
}

#[tokio::test]
async fn a_checkout_shows_what_is_quoted_while_it_is() {
    each_village(|village| async move {
        village.sale(20, 4, 10).await;
        let group = village.group().await;
        let shown = quote(&village).await;
        change(&village, DEARER).await;
        let (price, text) = village.market.quoted(&group, Some(&shown)).await.unwrap();
        assert_eq!((price, text.as_str()), (PRICE, shown.as_str()));
        for other in [None, Some("made up")] {
            assert_eq!(village.market.quoted(&group, other).await.unwrap().0, DEARER);
        }
        village.clock.advance(QUOTE_LIFE_MS);
        let (price, text) = village.market.quoted(&group, Some(&shown)).await.unwrap();
        assert_eq!(price, DEARER);
        let person = village.shopper(1).await;
        let asked = Wanted {
            shown_price: DEARER,
            ..village.in_group(&group, 1, "k")
        };
        assert!(village.market.place_quoted(&person, asked, &text).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_host_changes_the_price_and_the_end_of_a_sale_that_is_on() {
    each_village(|village| async move {
        let (market, host, live) = (&village.market, &village.host, village.live.code.as_str());
        let ended = Refusal::FlashSale(flash_sale::Refusal::Ended);
        assert_eq!(refused(market.change_price(host, live, DEARER).await), ended);
        village.sale(20, 4, 2).await;
        let (group, usual) = (village.group().await, village.pack.price);
        for (price, why) in [
            (Money::ZERO, flash_sale::Refusal::BadPrice),
            (usual, flash_sale::Refusal::NotCheaper { usual }),
        ] {
            assert_eq!(
                refused(market.change_price(host, live, price).await),
                Refusal::FlashSale(why)
            );
        }
        assert_eq!(
            refused(market.change_price(&village.other_host, live, DEARER).await),
            Refusal::NotYours
        );
        let end = village.look(&group).await.deadline;
        assert_eq!(
            refused(market.extend_sale(&village.other_host, live, end.plus(1)).await),
            Refusal::NotYours
        );
        let week = village.market.now().plus(flash_sale::MOST_MINUTES * MINUTE + 1);
        for until in [end, end.plus(-1), week] {
            let why = Refusal::FlashSale(flash_sale::Refusal::BadTime);
            assert_eq!(refused(market.extend_sale(host, live, until).await), why);
        }
        // one has joined; the sale and her group go on beyond the first end
        village.join(&village.shopper(1).await, &group).await;
        market.extend_sale(host, live, end.plus(10 * MINUTE)).await.unwrap();
        village.clock.advance(61 * MINUTE);
        market.settle_due().await.unwrap();
        assert_eq!(village.look(&group).await.state, GroupState::Open);
        let order = village.join(&village.shopper(2).await, &group).await;
        assert_eq!(order.state, OrderState::Confirmed);
        village.clock.advance(10 * MINUTE);
        market.settle_due().await.unwrap();
        assert_eq!(
            refused(market.extend_sale(host, live, end.plus(90 * MINUTE)).await),
            ended
        );
    })
    .await;
}
