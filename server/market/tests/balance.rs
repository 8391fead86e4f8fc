//! Stored value: gifts, payments, refunds, and races for it.

mod village;

use market::{
    Market, Money, Refusal,
    balance::Cause,
    order::{self, Method, OrderState, Target},
    people::Person,
};
use village::*;

/// An order for `packs` of oranges (¥39) off the shelf.
async fn oranges(market: &Market, key: &str, packs: i64, method: Method) -> order::Wanted {
    let product = market.find_product("citrus").await.expect("read").expect("listed");
    let pickup = market.pickup_points().await.expect("read").remove(0);
    order::Wanted {
        request_id: key.into(),
        target: Target::Solo(product.card.variant.id),
        quantity: packs,
        pickup: pickup.id,
        method,
        shown_price: Money::fen(3900),
    }
}

async fn level(market: &Market, person: &Person) -> i64 {
    market.balance(&person.id).await.expect("read").as_fen()
}

#[tokio::test]
async fn a_gift_is_given_once_for_its_cause() {
    each_market(|market| async move {
        let (he, zhao) = (sign_in(&market, HE).await, sign_in(&market, ZHAO).await);
        assert_eq!(level(&market, &he).await, 0);
        assert!(market.gift(&he.id, Money::fen(500), "welcome").await.expect("given"));
        assert!(
            !market
                .gift(&he.id, Money::fen(900), "welcome")
                .await
                .expect("given before")
        );
        assert!(market.gift(&he.id, Money::fen(70), "sorry").await.expect("given"));
        assert!(
            market
                .gift(&zhao.id, Money::fen(500), "welcome")
                .await
                .expect("everybody has their own")
        );
        assert_eq!((level(&market, &he).await, level(&market, &zhao).await), (570, 500));
        let entries = market.balance_entries(&he.id, 10).await.expect("read");
        assert_eq!(entries.iter().map(|entry| entry.delta.as_fen()).sum::<i64>(), 570);
        assert!(
            entries
                .iter()
                .all(|entry| entry.cause == Cause::Gift && entry.order.is_none())
        );
        for nothing in [0, -100] {
            assert!(market.gift(&he.id, Money::fen(nothing), "theft").await.is_err());
        }
        assert_eq!(level(&market, &he).await, 570);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gift_at_once_from_many_sides_is_one_gift() {
    each_market(|market| async move {
        let he = sign_in(&market, HE).await;
        let gifts: Vec<_> = (0..20)
            .map(|_| {
                let (market, id) = (market.clone(), he.id.clone());
                tokio::spawn(async move { market.gift(&id, Money::fen(500), "welcome").await.expect("no fault") })
            })
            .collect();
        let mut given = 0;
        for gift in gifts {
            given += i32::from(gift.await.expect("no panic"));
        }
        assert_eq!((given, level(&market, &he).await), (1, 500));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_paid_and_paid_back_once() {
    each_village(|market| async move {
        let he = sign_in(&market, HE).await;
        let wanted = oranges(&market, "one", 2, Method::Balance).await;
        let receipt = market.place(&he, wanted.clone()).await.expect("placed");
        assert_eq!(
            (receipt.order.state, receipt.order.paid, receipt.repeated),
            (OrderState::Confirmed, true, false)
        );
        assert!(market.place(&he, wanted).await.expect("the same again").repeated);
        assert_eq!(level(&market, &he).await, 20_000 - 7800);

        let code = &receipt.order.code;
        market.cancel(&he, code).await.expect("called off");
        assert!(market.cancel(&he, code).await.is_err(), "only once");
        assert_eq!(level(&market, &he).await, 20_000);
        let entries = market.balance_entries(&he.id, 10).await.expect("read");
        let of_order: Vec<_> = entries
            .iter()
            .filter(|entry| entry.order.as_ref() == Some(code))
            .collect();
        assert_eq!(of_order.iter().map(|entry| entry.delta.as_fen()).sum::<i64>(), 0);
        assert!(
            [Cause::Pay, Cause::Refund]
                .iter()
                .all(|cause| of_order.iter().any(|entry| entry.cause == *cause))
        );
        assert_eq!(entries.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_spent() {
    each_village(|market| async move {
        let he = sign_in(&market, HE).await;
        let receipt = market
            .place(&he, oranges(&market, "dear", 6, Method::Balance).await)
            .await
            .expect("held");
        assert_eq!((receipt.order.state, receipt.order.paid), (OrderState::Pending, false));
        assert_eq!(level(&market, &he).await, 20_000);
        let again = refusal(market.pay(&he, &receipt.order.code, Method::Balance).await);
        let (have, cost) = (Money::fen(20_000), Money::fen(23_400));
        assert_eq!(again, Refusal::Order(order::Refusal::NotEnoughBalance { have, cost }));
        let paid = market.pay(&he, &receipt.order.code, Method::Cash).await.expect("cash");
        assert_eq!((paid.state, level(&market, &he).await), (OrderState::Confirmed, 20_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_spent_once_however_many_orders_ask_at_once() {
    each_village(|market| async move {
        // ¥200 is enough for one order of ¥117, not for two.
        let he = sign_in(&market, HE).await;
        let mut orders = Vec::new();
        for n in 0..8 {
            let (market, he) = (market.clone(), he.clone());
            let wanted = oranges(&market, &format!("tab {n}"), 3, Method::Balance).await;
            orders.push(tokio::spawn(async move {
                market.place(&he, wanted).await.expect("placed").order.paid
            }));
        }
        let mut paid = 0;
        for order in orders {
            paid += i32::from(order.await.expect("no panic"));
        }
        assert_eq!((paid, level(&market, &he).await), (1, 20_000 - 11_700));
    })
    .await;
}
