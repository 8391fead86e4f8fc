//! Random interleavings of all verbs, several hands at once: whatever people do, in whatever order,
//! nothing is a fault and the books add up.
#![cfg(feature = "sql")]

mod common;

use common::{START, Village};
use market::{
    Clock, Error, Money,
    db::Db,
    group_buy::GroupState,
    order::{HOLD_MS, Method, OrderState, Wanted},
    people::Person,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::{runtime::Handle, task::JoinSet};

/// Shoppers in play: few, so that they collide.
const PEOPLE: usize = 5;
/// What each has: enough for a few packs.
const PURSE: i64 = 30_000;

/// Something somebody does. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Deed {
    Join {
        who: usize,
        group: usize,
        packs: i64,
        method: Method,
        key: u8,
    },
    Solo {
        who: usize,
        packs: i64,
        method: Method,
        key: u8,
    },
    Pay {
        who: usize,
        order: usize,
        method: Method,
    },
    Cancel {
        who: usize,
        order: usize,
    },
    Collect {
        order: usize,
    },
    Open {
        other: bool,
    },
    StartSale {
        quota: i64,
        per_person: i64,
        need: i64,
        rounds: i64,
    },
    Release,
    EndSale,
    Pin {
        on: bool,
    },
    Wait {
        ms: i64,
    },
    Settle,
}

fn deed() -> impl Strategy<Value = Deed> {
    let (who, method) = (0..PEOPLE, prop_oneof![Just(Method::Cash), Just(Method::Balance)]);
    let joins = (who.clone(), 0..4usize, 1..4i64, method.clone(), 0..6u8);
    prop_oneof![
        8 => joins.prop_map(|(who, group, packs, method, key)| Deed::Join { who, group, packs, method, key }),
        3 => (who.clone(), 1..4i64, method.clone(), 0..6u8)
            .prop_map(|(who, packs, method, key)| Deed::Solo { who, packs, method, key }),
        3 => (who.clone(), 0..6usize, method).prop_map(|(who, order, method)| Deed::Pay { who, order, method }),
        3 => (who, 0..6usize).prop_map(|(who, order)| Deed::Cancel { who, order }),
        2 => (0..12usize).prop_map(|order| Deed::Collect { order }),
        3 => any::<bool>().prop_map(|other| Deed::Open { other }),
        2 => (4..12i64, 1..4i64, 2..4i64, 1..4i64)
            .prop_map(|(quota, per_person, need, rounds)| Deed::StartSale { quota, per_person, need, rounds }),
        2 => Just(Deed::Release),
        1 => Just(Deed::EndSale),
        1 => any::<bool>().prop_map(|on| Deed::Pin { on }),
        2 => prop_oneof![Just(HOLD_MS / 3), Just(HOLD_MS), Just(45 * common::MINUTE)].prop_map(|ms| Deed::Wait { ms }),
        3 => Just(Deed::Settle),
    ]
}

/// A refusal is an answer; only a fault is wrong.
fn answered<T>(outcome: Result<T, Error>) -> Result<(), Error> {
    match outcome {
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

async fn do_it(village: &Village, people: &[Person], deed: Deed) -> Result<(), Error> {
    let (market, live) = (&village.market, village.live.code.as_str());
    match deed {
        Deed::Join {
            who,
            group,
            packs,
            method,
            key,
        } => {
            let groups = market.groups(None, 100).await?;
            let ours: Vec<_> = groups
                .into_iter()
                .filter(|card| card.price == common::PRICE)
                .take(4)
                .collect();
            let Some(card) = ours.get(group % ours.len().max(1)) else {
                return Ok(());
            };
            let Some(group) = market.find_group(&card.code).await? else {
                return Ok(());
            };
            let wanted = Wanted {
                method,
                ..village.in_group(&group, packs, &format!("{}{key}", group.code))
            };
            answered(market.place(&people[who], wanted).await)
        }
        Deed::Solo {
            who,
            packs,
            method,
            key,
        } => {
            let wanted = Wanted {
                method,
                ..village.solo(packs, &format!("{live}{key}"))
            };
            answered(market.place(&people[who], wanted).await)
        }
        Deed::Pay { who, order, method } => match market.orders_of(&people[who], 6).await?.get(order) {
            Some(order) => answered(market.pay(&people[who], &order.code, method).await),
            None => Ok(()),
        },
        Deed::Cancel { who, order } => match market.orders_of(&people[who], 6).await?.get(order) {
            Some(order) => answered(market.cancel(&people[who], &order.code).await),
            None => Ok(()),
        },
        Deed::Collect { order } => match market.orders_for_leader(&village.leader).await?.get(order) {
            Some(order) => answered(market.collect(&village.leader, &order.code).await),
            None => Ok(()),
        },
        Deed::Open { other } => {
            let leader = if other { &village.other_leader } else { &village.leader };
            answered(market.open_group(leader, live).await)
        }
        Deed::StartSale {
            quota,
            per_person,
            need,
            rounds,
        } => {
            let wanted = village.sale_of(quota, per_person, need).divided(rounds);
            answered(market.start_sale(&village.host, live, &village.pack.id, wanted).await)
        }
        Deed::Release => answered(market.release_round(&village.host, live).await),
        Deed::EndSale => answered(market.end_sale(&village.host, live).await),
        Deed::Pin { on } => answered(market.pin(&village.host, live, on.then_some(&village.pack.id)).await),
        Deed::Wait { ms } => {
            village.clock.advance(ms);
            Ok(())
        }
        Deed::Settle => market.settle_due().await.map(|_| ()),
    }
}

/// One case: a new session, its people, and hands that work side by side.
async fn play(village: &Village, people: &[Person], hands: Vec<Vec<Deed>>) -> Result<(), TestCaseError> {
    let live = village
        .market
        .plan_live(&village.host, "一局", village.market.now())
        .await
        .map_err(failed)?;
    let live = village
        .market
        .start_live(&village.host, &live.code)
        .await
        .map_err(failed)?;
    let village = Village {
        live,
        ..village.clone()
    };
    do_it(
        &village,
        people,
        Deed::StartSale {
            quota: 8,
            per_person: 3,
            need: 2,
            rounds: 2,
        },
    )
    .await
    .map_err(failed)?;
    do_it(&village, people, Deed::Open { other: false })
        .await
        .map_err(failed)?;
    let mut playing = JoinSet::new();
    for deeds in hands {
        let (village, people) = (village.clone(), people.to_vec());
        playing.spawn(async move {
            for deed in deeds {
                let said = format!("{deed:?}");
                do_it(&village, &people, deed)
                    .await
                    .map_err(|error| format!("{said}: {error}"))?;
            }
            Ok::<(), String>(())
        });
    }
    for outcome in playing.join_all().await {
        outcome.map_err(TestCaseError::fail)?;
    }
    audited(&village).await?;
    // When the session is over and all time has passed, nothing hangs in the air.
    village
        .market
        .end_live(&village.host, &village.live.code)
        .await
        .map_err(failed)?;
    village.clock.advance(24 * 60 * common::MINUTE);
    village.market.settle_due().await.map_err(failed)?;
    audited(&village).await?;
    for person in people {
        let orders = village.market.orders_of(person, 1000).await.map_err(failed)?;
        let hanging = orders
            .iter()
            .find(|order| matches!(order.state, OrderState::Pending | OrderState::Waiting));
        prop_assert!(hanging.is_none(), "{hanging:?}");
    }
    let open = village
        .market
        .groups(Some(GroupState::Open), 10)
        .await
        .map_err(failed)?;
    prop_assert!(open.is_empty(), "{open:?}");
    Ok(())
}

async fn audited(village: &Village) -> Result<(), TestCaseError> {
    let violations = village.market.audit().await.map_err(failed)?;
    prop_assert!(violations.is_empty(), "{violations:?}");
    Ok(())
}

fn failed(error: Error) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// Cases on each database, unless `PROPTEST_CASES` asks for more.
const CASES: u32 = 24;

/// Plays all cases on one database.
async fn play_on(db: Db, hands: usize) {
    let village = Village::found(db, Clock::manual(START)).await;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(village.rich_shopper(n, PURSE).await);
    }
    let strategy = prop::collection::vec(prop::collection::vec(deed(), 4..16), hands);
    let asked = Config::default();
    let cases = std::env::var_os("PROPTEST_CASES").map_or(CASES, |_| asked.cases);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..asked
    };
    tokio::task::block_in_place(|| {
        let outcome = TestRunner::new(config).run(&strategy, |hands| {
            Handle::current().block_on(play(&village, &people, hands))
        });
        assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    });
    let spent = people.iter().map(|person| village.balance(person));
    for balance in spent {
        assert!(balance.await >= Money::ZERO);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_one_hand_does_the_books_add_up() {
    market::db::testing::each_db(|db| play_on(db, 1)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_four_hands_do_at_once_the_books_add_up() {
    market::db::testing::each_db(|db| play_on(db, 4)).await;
}
