//! Many at once: stock, seats, limits, keys and payments under parallel requests, and random
//! interleavings of all verbs. On SQLite writers queue; on PostgreSQL they truly run side by side.
#![cfg(feature = "sql")]

mod common;

use common::{PRICE, Village, each_village};
use market::{
    Error, Market, Money, Refusal,
    group_buy::{self, Group, GroupState},
    order::{self, Method, Order, OrderState, Receipt, Wanted},
    people::Person,
};
use std::future::Future;
use tokio::task::JoinSet;

/// Runs all of `jobs` side by side and answers their outcomes.
async fn at_once<T: Send + 'static>(
    jobs: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    jobs.into_iter().collect::<JoinSet<T>>().join_all().await
}

/// Each of `people` places the order that `wanted` makes for them, side by side.
async fn all_place(
    village: &Village,
    people: &[Person],
    wanted: impl Fn(usize) -> Wanted,
) -> Vec<Result<Receipt, Error>> {
    let jobs: Vec<_> = people
        .iter()
        .cloned()
        .enumerate()
        .map(|(n, person)| (person, wanted(n)))
        .collect();
    let market = &village.market;
    at_once(jobs.into_iter().map(|(person, wanted)| {
        let market = market.clone();
        async move { market.place(&person, wanted).await }
    }))
    .await
}

/// The orders that were placed; everybody else must have been refused as `expected` allows.
fn placed(outcomes: Vec<Result<Receipt, Error>>, expected: impl Fn(&Refusal) -> bool) -> Vec<Order> {
    let mut orders = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(receipt) => orders.push(receipt.order),
            Err(Error::Refused(refusal)) => assert!(expected(&refusal), "{refusal:?}"),
            Err(fault) => panic!("{fault}"),
        }
    }
    orders
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_hundred_joins_for_ten_packs_sell_exactly_ten() {
    each_village(|village| async move {
        village.sale(10, 1, 200).await;
        let (group, people) = (village.group().await, village.shoppers(100).await);
        let outcomes = all_place(&village, &people, |_| village.in_group(&group, 1, "k")).await;
        let orders = placed(outcomes, |refusal| {
            *refusal == Refusal::Order(order::Refusal::SoldOut { left: 0 })
        });
        assert_eq!(
            (orders.len(), village.left().await, village.look(&group).await.joined),
            (10, 0, 10)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_hundred_joins_for_ten_seats_seat_exactly_ten() {
    each_village(|village| async move {
        village.sale(100, 1, 10).await;
        let (group, people) = (village.group().await, village.shoppers(100).await);
        let outcomes = all_place(&village, &people, |_| village.in_group(&group, 1, "k")).await;
        let full = Refusal::GroupBuy(group_buy::Refusal::Full { other: None });
        assert_eq!(placed(outcomes, |refusal| *refusal == full).len(), 10);
        let formed = village.look(&group).await;
        assert_eq!(
            (formed.state, formed.joined, village.left().await),
            (GroupState::Formed, 10, 90)
        );
        for person in &people {
            for order in village.market.orders_of(person, 10).await.unwrap() {
                assert_eq!(order.state, OrderState::Confirmed);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn parallel_orders_off_the_shelf_never_oversell() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        let (people, each) = (village.shoppers(30).await, shelf / 10);
        assert!(
            (1..=order::MOST_PACKS).contains(&each),
            "thirty people want three times what is there: {shelf}"
        );
        let outcomes = all_place(&village, &people, |_| village.solo(each, "k")).await;
        let sold_out =
            |refusal: &Refusal| matches!(refusal, Refusal::Order(order::Refusal::SoldOut { left }) if *left < each);
        let sold = i64::try_from(placed(outcomes, sold_out).len()).unwrap() * each;
        assert_eq!(village.shelf().await, shelf - sold);
        assert!(shelf - sold < each, "nobody was refused while there was enough");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn one_key_sent_twenty_times_at_once_is_one_order() {
    each_village(|village| async move {
        village.sale(50, 4, 200).await;
        let (group, person) = (village.group().await, village.rich_shopper(1, 100_000).await);
        let shelf = village.shelf().await;
        let people = vec![person.clone(); 20];
        for wanted in [village.in_group(&group, 2, "seat"), village.solo(2, "shelf")] {
            let wanted = Wanted {
                method: Method::Balance,
                ..wanted
            };
            let outcomes = all_place(&village, &people, |_| wanted.clone()).await;
            let receipts: Vec<_> = outcomes
                .into_iter()
                .map(|outcome| outcome.expect("a receipt"))
                .collect();
            assert_eq!(receipts.iter().filter(|receipt| !receipt.repeated).count(), 1);
            assert!(
                receipts
                    .iter()
                    .all(|receipt| receipt.order.code == receipts[0].order.code)
            );
        }
        assert_eq!(village.market.orders_of(&person, 100).await.unwrap().len(), 2);
        let cost = PRICE.plus(village.pack.price).times(2).unwrap();
        assert_eq!(village.balance(&person).await, Money::fen(100_000).minus(cost));
        assert_eq!((village.left().await, village.shelf().await), (48, shelf - 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn one_key_sent_to_two_servers_is_one_order() {
    each_village(|village| async move {
        village.sale(50, 4, 200).await;
        let group = village.group().await;
        let other = Market::new(village.market.db().clone(), village.clock.clone(), b"a secret of tests");
        let mut jobs = Vec::new();
        for n in 0..20 {
            let person = village.shopper(n).await;
            for wanted in [
                village.in_group(&group, 1, &format!("seat {n}")),
                village.solo(1, &format!("shelf {n}")),
            ] {
                jobs.push((person.clone(), wanted));
            }
        }
        let outcomes = at_once(jobs.into_iter().map(|(person, wanted)| {
            let (market, other) = (village.market.clone(), other.clone());
            async move {
                tokio::join!(
                    market.place(&person, wanted.clone()),
                    other.place(&person, wanted.clone())
                )
            }
        }))
        .await;
        for (one, two) in outcomes {
            let (one, two) = (one.expect("a receipt"), two.expect("the same receipt"));
            assert_eq!(one.order.code, two.order.code);
            assert_ne!(one.repeated, two.repeated, "one of them was first");
        }
        assert_eq!(village.left().await, 30);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn one_key_with_different_contents_at_once_is_one_order_and_refusals() {
    each_village(|village| async move {
        village.sale(50, 4, 200).await;
        let (group, person) = (village.group().await, village.shopper(1).await);
        let people = vec![person.clone(); 12];
        let outcomes = all_place(&village, &people, |n| match n % 2 {
            0 => village.in_group(&group, 1 + i64::try_from(n % 4).unwrap(), "k"),
            _ => village.solo(1 + i64::try_from(n % 3).unwrap(), "k"),
        })
        .await;
        let orders = placed(outcomes, |refusal| {
            *refusal == Refusal::Order(order::Refusal::KeyReused)
        });
        assert!(!orders.is_empty() && orders.iter().all(|order| order.code == orders[0].code));
        assert_eq!(village.market.orders_of(&person, 100).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn the_limit_holds_when_one_person_taps_in_many_tabs() {
    each_village(|village| async move {
        village.sale(50, 3, 5).await;
        let groups = [
            village.group().await,
            village
                .market
                .open_group(&village.other_leader, &village.live.code)
                .await
                .unwrap(),
        ];
        let (person, neighbours) = (village.shopper(1).await, village.shoppers(60).await);
        // In each group once at most, over both groups three packs at most.
        let tabs = vec![person.clone(); 16];
        let outcomes = all_place(&village, &tabs, |n| {
            village.in_group(&groups[n % 2], 2, &format!("tab{n}"))
        })
        .await;
        let expected = |refusal: &Refusal| match refusal {
            Refusal::Order(order::Refusal::OverLimit { limit, have }) => (*limit, *have) == (3, 2),
            Refusal::GroupBuy(group_buy::Refusal::AlreadyIn { .. }) => true,
            _ => false,
        };
        assert_eq!(placed(outcomes, expected).len(), 1);
        // And meanwhile nobody else was kept out.
        assert_eq!(village.join(&neighbours[50], &groups[0]).await.quantity, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_balance_is_never_spent_twice() {
    each_village(|village| async move {
        let cost = village.pack.price.as_fen();
        let person = village.rich_shopper(1, cost * 3 + cost / 2).await;
        let people = vec![person.clone(); 10];
        let outcomes = all_place(&village, &people, |n| Wanted {
            method: Method::Balance,
            ..village.solo(1, &format!("k{n}"))
        })
        .await;
        let orders = placed(outcomes, |_| false);
        let paid = orders
            .iter()
            .filter(|order| order.state == OrderState::Confirmed)
            .count();
        assert_eq!(
            (paid, orders.len()),
            (3, 10),
            "three are paid, the others are held for cash"
        );
        assert_eq!(village.balance(&person).await, Money::fen(cost / 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn paying_and_calling_off_at_once_ends_in_one_of_the_two() {
    each_village(|village| async move {
        let cost = village.pack.price.as_fen();
        for n in 0..6 {
            let person = village.shopper(n).await;
            let wanted = Wanted {
                method: Method::Balance,
                ..village.solo(1, "k")
            };
            let order = village.place(&person, wanted).await.unwrap();
            village
                .market
                .gift(&person.id, Money::fen(cost), &format!("late-{n}"))
                .await
                .unwrap();
            let outcomes = at_once((0..8).map(|n| {
                let (market, person, code) = (village.market.clone(), person.clone(), order.code.clone());
                async move {
                    match n % 2 {
                        0 => market.pay(&person, &code, Method::Balance).await,
                        _ => market.cancel(&person, &code).await,
                    }
                }
            }))
            .await;
            for outcome in outcomes {
                assert!(
                    matches!(outcome, Ok(_) | Err(Error::Refused(Refusal::Order(_)))),
                    "{outcome:?}"
                );
            }
            // Paid and then called off, or called off at once: the money is back either way.
            assert_eq!(village.order(&person, &order).await.state, OrderState::Cancelled);
            assert_eq!(village.balance(&person).await, Money::fen(cost));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn the_last_joins_and_the_end_of_the_sale_at_once_leave_no_half_group() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        let people = village.shoppers(6).await;
        for round in 0..5 {
            village.sale(20, 4, 3).await;
            let groups = [
                village.group().await,
                village
                    .market
                    .open_group(&village.other_leader, &village.live.code)
                    .await
                    .unwrap(),
            ];
            let joins = people.iter().cloned().enumerate().map(|(n, person)| {
                let wanted = village.in_group(&groups[n % 2], 1, &format!("round{round}"));
                let market = village.market.clone();
                tokio::spawn(async move { market.place(&person, wanted).await })
            });
            let joins: Vec<_> = joins.collect();
            village
                .market
                .end_sale(&village.host, &village.live.code)
                .await
                .unwrap();
            for join in joins {
                let outcome = join.await.unwrap();
                assert!(matches!(outcome, Ok(_) | Err(Error::Refused(_))), "{outcome:?}");
            }
            for group in &groups {
                let group: Group = village.look(group).await;
                assert_ne!(group.state, GroupState::Open);
                assert_eq!(group.state == GroupState::Formed, group.joined == 3);
            }
        }
        let mut sold = 0;
        for person in &people {
            let orders = village.market.orders_of(person, 100).await.unwrap();
            sold += orders
                .iter()
                .filter(|order| order.state == OrderState::Confirmed)
                .map(|order| order.quantity)
                .sum::<i64>();
        }
        assert_eq!(village.shelf().await, shelf - sold);
    })
    .await;
}
