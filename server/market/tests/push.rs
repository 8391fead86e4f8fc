//! Messages to browsers: written with what they tell of, taken once, tried again, given up.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, Village, each_village};
use market::{
    Lang,
    people::{NoticeKind, Person},
    push::{LEASE_MS, LIFE_MS, MOST_BROWSERS, MOST_TRIES, Refusal, Subscription},
};

fn browser(n: i64) -> Subscription {
    Subscription {
        endpoint: format!("https://push.example/{n}"),
        p256dh: "BNcR".into(),
        auth: "tBHI".into(),
        lang: Lang::Zh,
    }
}

/// Somebody who is told something on each of their two browsers.
async fn told(village: &Village) -> Person {
    let person = village.shopper(0).await;
    for n in 0..2 {
        village
            .market
            .subscribe(&person, &browser(n))
            .await
            .expect("subscribed");
    }
    let order = village
        .market
        .place(&person, village.solo(1, "k"))
        .await
        .expect("placed")
        .order;
    village
        .market
        .collect(&village.leader, &order.code)
        .await
        .expect("handed over");
    person
}

#[tokio::test]
async fn a_notice_is_queued_for_each_browser_and_taken_once() {
    each_village(|village| async move {
        told(&village).await;
        // somebody without a browser is told, too, and queues nothing
        let other = village.shopper(1).await;
        let order = village
            .market
            .place(&other, village.solo(1, "k"))
            .await
            .expect("placed")
            .order;
        village
            .market
            .collect(&village.leader, &order.code)
            .await
            .expect("handed over");

        let taken = village.market.take_pushes(10).await.expect("taken");
        assert_eq!(taken.len(), 2);
        assert!(taken.iter().all(|message| message.kind == NoticeKind::OrderCollected));
        assert_eq!(taken[0].ttl_s, LIFE_MS / 1000);
        assert_eq!(
            village.market.take_pushes(10).await.expect("taken").len(),
            0,
            "they are taken"
        );
        village.market.push_sent(&taken[0]).await.expect("settled");
        // whoever took the other one died
        village.clock.advance(LEASE_MS);
        let again = village.market.take_pushes(10).await.expect("taken");
        assert_eq!(
            again.iter().map(|message| &message.id).collect::<Vec<_>>(),
            [&taken[1].id]
        );
    })
    .await;
}

#[tokio::test]
async fn a_message_that_is_not_taken_is_tried_again_and_in_the_end_given_up() {
    each_village(|village| async move {
        told(&village).await;
        let (mut tries, begun) = (0, village.market.now());
        while village.market.now().since(begun) <= LIFE_MS {
            for message in village.market.take_pushes(10).await.expect("taken") {
                tries += 1;
                village
                    .market
                    .push_failed(&message, Some(30_000))
                    .await
                    .expect("written");
            }
            let early = village.market.take_pushes(10).await.expect("taken");
            assert_eq!(early.len(), 0, "not before it is asked for");
            village.clock.advance(5 * MINUTE);
        }
        assert_eq!(tries, 2 * MOST_TRIES, "each browser's message so often, and no more");
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten_with_what_was_on_its_way() {
    each_village(|village| async move {
        let person = told(&village).await;
        let taken = village.market.take_pushes(1).await.expect("taken");
        village.market.push_gone(&taken[0]).await.expect("forgotten");
        assert_eq!(village.market.subscriptions(&person).await.expect("read"), 1);
        village.market.unsubscribe(&person, None).await.expect("forgotten");
        village.clock.advance(LEASE_MS);
        assert_eq!(village.market.take_pushes(10).await.expect("taken").len(), 0);
        assert_eq!(
            village.market.unread_notices(&person).await.expect("read"),
            1,
            "the inbox has it"
        );
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_one_persons_and_a_person_has_few() {
    each_village(|village| async move {
        let (one, two) = (village.shopper(0).await, village.shopper(1).await);
        for n in 0..MOST_BROWSERS {
            village.market.subscribe(&one, &browser(n)).await.expect("subscribed");
        }
        village
            .market
            .subscribe(&one, &browser(0))
            .await
            .expect("the same again");
        let more = village.market.subscribe(&one, &browser(99)).await;
        assert!(
            matches!(
                more,
                Err(market::Error::Refused(market::Refusal::Push(Refusal::TooManyBrowsers)))
            ),
            "{more:?}"
        );
        village
            .market
            .subscribe(&two, &browser(0))
            .await
            .expect("it changed hands");
        assert_eq!(
            village.market.subscriptions(&one).await.expect("read"),
            MOST_BROWSERS - 1
        );
        village
            .market
            .unsubscribe(&one, Some("https://push.example/0"))
            .await
            .expect("not theirs");
        assert_eq!(village.market.subscriptions(&two).await.expect("read"), 1);
    })
    .await;
}
