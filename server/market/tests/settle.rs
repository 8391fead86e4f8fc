//! What time brings, also when two servers look at the same clock.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, Village, each_village};
use market::{
    Market, Money,
    group_buy::GroupState,
    order::{HOLD_MS, Method, Order, OrderState, Wanted},
    people::Person,
    settle::Settled,
};
use tokio::task::JoinSet;

/// Another server over the same database and the same clock.
fn another_server(village: &Village) -> Market {
    Market::new(village.market.db().clone(), village.clock.clone(), b"a secret of tests")
}

/// `count` servers settle at once; what they settled together.
async fn settle_at_once(village: &Village, count: usize) -> Settled {
    let servers = (0..count).map(|_| another_server(village));
    let settled = servers
        .map(|server| async move { server.settle_due().await.unwrap() })
        .collect::<JoinSet<_>>()
        .join_all()
        .await;
    settled.into_iter().fold(Settled::default(), |sum, one| Settled {
        holds: sum.holds + one.holds,
        groups: sum.groups + one.groups,
        rounds: sum.rounds + one.rounds,
        sales: sum.sales + one.sales,
    })
}

/// Lets the village's own sale run out, so that what a test counts is its own.
async fn settle_the_villages_own(village: &Village) {
    village.clock.advance(24 * 60 * MINUTE);
    village.market.settle_due().await.unwrap();
}

/// People who paid from their balance for a seat in a group that will not fill.
async fn paid_members(village: &Village, count: usize) -> Vec<(Person, Order)> {
    let group = village.group().await;
    let mut members = Vec::new();
    for n in 0..count {
        let person = village.rich_shopper(n, 20_000).await;
        let wanted = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 2, "k")
        };
        let order = village.place(&person, wanted).await.unwrap();
        assert_eq!(order.state, OrderState::Waiting);
        members.push((person, order));
    }
    members
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_servers_that_settle_at_once_each_thing_is_settled_by_one() {
    each_village(|village| async move {
        settle_the_villages_own(&village).await;
        let shelf = village.shelf().await;
        village.sale(60, 4, 20).await;
        let members = paid_members(&village, 8).await;
        let mut held = Vec::new();
        for n in 20..26 {
            let person = village.shopper(n).await;
            let wanted = Wanted {
                method: Method::Balance,
                ..village.solo(1, "k")
            };
            held.push((person.clone(), village.place(&person, wanted).await.unwrap()));
        }
        village.clock.advance(HOLD_MS);
        assert_eq!(
            settle_at_once(&village, 2).await,
            Settled {
                holds: 6,
                ..Settled::default()
            }
        );
        village.clock.advance(60 * MINUTE);
        assert_eq!(
            settle_at_once(&village, 3).await,
            Settled {
                sales: 1,
                ..Settled::default()
            }
        );
        assert_eq!(settle_at_once(&village, 2).await, Settled::default());
        for (person, order) in &members {
            let off = village.order(person, order).await;
            assert_eq!((off.state, off.refunded), (OrderState::Cancelled, off.amount));
            assert_eq!(village.balance(person).await, Money::fen(20_000));
            assert_eq!(village.told(person).await, ["group_failed"], "told once");
        }
        for (person, order) in &held {
            assert_eq!(village.order(person, order).await.state, OrderState::Expired);
            assert_eq!(village.told(person).await, ["hold_lapsed"], "told once");
        }
        assert_eq!(village.shelf().await, shelf);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_starts_later_settles_what_was_due_meanwhile() {
    each_village(|village| async move {
        settle_the_villages_own(&village).await;
        let shelf = village.shelf().await;
        village.sale(30, 4, 20).await;
        let members = paid_members(&village, 3).await;
        village.clock.advance(7 * 24 * 60 * MINUTE);
        let later = another_server(&village);
        assert_eq!(
            later.settle_due().await.unwrap(),
            Settled {
                sales: 1,
                ..Settled::default()
            }
        );
        for (person, order) in &members {
            assert_eq!(village.order(person, order).await.state, OrderState::Cancelled);
        }
        assert_eq!(village.shelf().await, shelf);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn late_payments_racing_the_timer_are_refused_or_never_lapse() {
    each_village(|village| async move {
        village.sale(60, 4, 50).await;
        let group = village.group().await;
        let mut held = Vec::new();
        for n in 0..10 {
            let person = village.shopper(n).await;
            let wanted = Wanted {
                method: Method::Balance,
                ..village.in_group(&group, 1, "k")
            };
            held.push((person.clone(), village.place(&person, wanted).await.unwrap()));
        }
        village.clock.advance(HOLD_MS - 1);
        let mut jobs = JoinSet::new();
        for (n, (person, order)) in held.iter().cloned().enumerate() {
            let (market, clock) = (another_server(&village), village.clock.clone());
            jobs.spawn(async move {
                if n == 5 {
                    clock.advance(1);
                }
                let _ = market.settle_due().await.unwrap();
                let outcome = market.pay(&person, &order.code, Method::Cash).await;
                (person, order, outcome.is_ok())
            });
        }
        let outcomes = jobs.join_all().await;
        village.market.settle_due().await.unwrap();
        let mut joined = 0;
        for (person, order, paid) in outcomes {
            let expected = if paid { OrderState::Waiting } else { OrderState::Expired };
            assert_eq!(village.order(&person, &order).await.state, expected);
            joined += i64::from(paid);
        }
        assert_eq!(
            (village.look(&group).await.joined, village.left().await),
            (joined, 60 - joined)
        );
    })
    .await;
}

#[tokio::test]
async fn a_formed_group_stays_formed_when_its_time_is_over() {
    each_village(|village| async move {
        village.sale(20, 4, 2).await;
        let group = village.group().await;
        let people = village.shoppers(2).await;
        for person in &people {
            village.join(person, &group).await;
        }
        village.clock.advance(2 * 60 * MINUTE);
        village.market.settle_due().await.unwrap();
        assert_eq!(village.look(&group).await.state, GroupState::Formed);
        for person in &people {
            let order = village.market.orders_of(person, 1).await.unwrap().remove(0);
            assert_eq!(order.state, OrderState::Confirmed);
            assert_eq!(
                village
                    .market
                    .collect(&village.leader, &order.code)
                    .await
                    .unwrap()
                    .state,
                OrderState::Collected
            );
        }
    })
    .await;
}
