//! Orders that share commits: each gets the answer it would get alone, in the order they came; one
//! that cannot be stored harms no other; what was taken in is answered before the market closes.
#![cfg(feature = "sql")]

mod common;

use common::{PRICE, START, Village, each_village};
use futures::future::join_all;
use market::{
    Clock, Error, Market, Money, PersonId, Refusal,
    db::{Tx, testing::each_db},
    group_buy::{self, Group, GroupState},
    live_session::topic,
    order::{self, Batching, Method, OrderState, Receipt, Wanted},
    people::Person,
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use tokio::runtime::Handle;

/// All at once: on one thread they queue in this order, before the desk looks.
async fn together(market: &Market, asked: Vec<(Person, Wanted)>) -> Vec<Result<Receipt, Error>> {
    join_all(asked.into_iter().map(|(person, wanted)| {
        let market = market.clone();
        async move { market.place(&person, wanted).await }
    }))
    .await
}

#[tokio::test]
async fn a_batch_is_one_version_of_the_picture_and_receipts_are_what_is_stored() {
    each_village(|village| async move {
        village.sale(100, 2, 3).await;
        let group = village.group().await;
        let topic = topic(&village.live.code);
        let before = village.market.topic_version(&topic).await.unwrap();
        let mut asked = Vec::new();
        for n in 0..8 {
            let person = match n % 3 {
                0 => village.rich_shopper(n, 100_000).await,
                _ => village.shopper(n).await,
            };
            let method = if n % 2 == 0 { Method::Balance } else { Method::Cash };
            for wanted in [village.in_group(&group, 2, "seat"), village.solo(3, "shelf")] {
                asked.push((person.clone(), Wanted { method, ..wanted }));
            }
        }
        let answers = together(&village.market, asked.clone()).await;
        let mut placed = 0;
        for ((person, _), answer) in asked.iter().zip(&answers) {
            let Ok(receipt) = answer else { continue };
            assert!(!receipt.repeated);
            assert_eq!(receipt.order, village.order(person, &receipt.order).await);
            placed += 1;
        }
        // three seats and every order off the shelf; who waits for money holds a seat, too
        assert_eq!(placed, 3 + 8, "{answers:?}");
        assert_eq!(village.market.topic_version(&topic).await.unwrap(), before + 1);
        // the same requests once more: the first receipts
        for ((person, _), (first, again)) in asked
            .iter()
            .zip(answers.iter().zip(together(&village.market, asked.clone()).await))
        {
            if let (Ok(first), Ok(again)) = (first, &again) {
                assert!(again.repeated);
                assert_eq!(again.order, village.order(person, &first.order).await);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn one_that_cannot_be_stored_harms_no_other() {
    each_village(|village| async move {
        village.sale(50, 2, 50).await;
        let (group, people) = (village.group().await, village.shoppers(6).await);
        let mut asked: Vec<_> = people
            .iter()
            .map(|person| (person.clone(), village.in_group(&group, 1, "k")))
            .collect();
        let nobody = Person {
            id: PersonId("nobody".into()),
            ..people[0].clone()
        };
        asked.insert(3, (nobody, village.in_group(&group, 1, "k")));
        let answers = together(&village.market, asked).await;
        for (n, answer) in answers.iter().enumerate() {
            match n {
                3 => assert!(matches!(answer, Err(Error::Fault(_))), "{answer:?}"),
                _ => assert!(answer.is_ok(), "{answer:?}"),
            }
        }
        assert_eq!((village.left().await, village.look(&group).await.joined), (44, 6));
    })
    .await;
}

#[tokio::test]
async fn a_market_that_closes_answers_what_it_took_in() {
    each_db(|db| async move {
        let village = Village::found(db.clone(), Clock::manual(START)).await;
        village.sale(100, 1, 200).await;
        let (group, people) = (village.group().await, village.shoppers(40).await);
        let asked = people
            .iter()
            .map(|person| (person.clone(), village.in_group(&group, 1, "k")));
        let waiting = together(&village.market, asked.collect());
        let closing = village.market.close();
        let (answers, ()) = tokio::join!(waiting, closing);
        assert_eq!(
            answers.iter().filter(|answer| answer.is_ok()).count(),
            40,
            "{answers:?}"
        );
        let late = village.market.place(&people[0], village.solo(1, "late")).await;
        assert!(is_busy(&late), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn alone_or_together_the_rules_are_the_same() {
    each_village(|village| async move {
        let market = village.market.clone().with_batching(Batching::Single);
        village.sale(3, 2, 10).await;
        let (group, people) = (village.group().await, village.shoppers(3).await);
        let asked: Vec<_> = people
            .iter()
            .map(|person| (person.clone(), village.in_group(&group, 2, "k")))
            .collect();
        let answers = together(&market, asked.clone()).await;
        let sold_out = |answer: &Result<Receipt, Error>| {
            matches!(
                answer,
                Err(Error::Refused(Refusal::Order(order::Refusal::SoldOut { left: 1 })))
            )
        };
        assert_eq!(
            answers.iter().filter(|answer| sold_out(answer)).count(),
            2,
            "{answers:?}"
        );
        for ((person, wanted), answer) in asked.into_iter().zip(&answers) {
            let again = village.market.place(&person, wanted).await;
            match answer {
                Ok(first) => assert_eq!(again.unwrap().order.code, first.order.code),
                Err(_) => assert!(sold_out(&again), "{again:?}"),
            }
        }
    })
    .await;
}

fn is_busy(answer: &Result<Receipt, Error>) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::Order(order::Refusal::Busy))))
}

/// Holds up whoever orders off the shelf: on SQLite there is one writer, on PostgreSQL the shelf's row
/// is held.
async fn hold_up(village: &Village) -> Tx {
    let mut tx = village.market.db().write().await.unwrap();
    if let Tx::Postgres(open) = &mut tx {
        let shelf = sqlx::query("SELECT stock FROM variants WHERE id = $1 FOR UPDATE").bind(&village.pack.id);
        shelf.execute(&mut **open).await.unwrap();
    }
    tx
}

#[tokio::test]
async fn an_order_whose_asker_was_told_no_is_not_placed_later() {
    each_village(|village| async move {
        let (person, wanted) = (village.shopper(0).await, village.solo(1, "k"));
        let (later, shelf) = (village.shopper(1).await, village.shelf().await);
        let held = hold_up(&village).await;
        let asking = village.market.place(&person, wanted.clone());
        // the time stands still and jumps to what is awaited first: the asker's patience
        tokio::time::pause();
        let answer = asking.await;
        tokio::time::resume();
        assert!(is_busy(&answer), "{answer:?}");
        drop(held);
        // what comes after is answered after: by then the first was looked at
        village.market.place(&later, village.solo(1, "k")).await.unwrap();
        assert_eq!(village.shelf().await, shelf - 1);
        assert_eq!(village.market.orders_of(&person, 9).await.unwrap(), vec![]);
        let again = village.market.place(&person, wanted).await.unwrap();
        assert!(!again.repeated, "the key is free");
    })
    .await;
}

#[tokio::test]
async fn an_order_whose_asker_hung_up_is_not_placed_later() {
    each_village(|village| async move {
        let (person, later) = (village.shopper(0).await, village.shopper(1).await);
        let held = hold_up(&village).await;
        let mut asking = Box::pin(village.market.place(&person, village.solo(1, "k")));
        assert!(futures::poll!(&mut asking).is_pending(), "it is in the queue");
        drop(asking);
        drop(held);
        village.market.place(&later, village.solo(1, "k")).await.unwrap();
        assert_eq!(village.market.orders_of(&person, 9).await.unwrap(), vec![]);
    })
    .await;
}

#[tokio::test]
async fn a_market_closes_though_its_database_does_not_answer() {
    each_db(|db| async move {
        let village = Village::found(db, Clock::manual(START)).await;
        let person = village.shopper(0).await;
        let held = hold_up(&village).await;
        let (market, wanted) = (village.market.clone(), village.solo(1, "k"));
        let asking = tokio::spawn(async move { market.place(&person, wanted).await });
        tokio::task::yield_now().await;
        tokio::time::pause();
        village.market.close().await;
        tokio::time::resume();
        drop(held);
        // in whichever way: nobody is left waiting
        let _answered = asking.await.unwrap();
    })
    .await;
}

/// Shoppers in play: few, so that they collide.
const PEOPLE: usize = 5;
/// What each has: enough for a few packs.
const PURSE: i64 = 20_000;

/// A request in numbers that choose among what there is.
#[derive(Debug, Clone)]
struct Ask {
    who: usize,
    /// A group, or the shelf.
    group: Option<usize>,
    packs: i64,
    balance: bool,
    key: u8,
    /// With another price than the one that holds.
    stale: bool,
}

fn ask() -> impl Strategy<Value = Ask> {
    let target = prop_oneof![4 => (0..2usize).prop_map(Some), 1 => Just(None)];
    let stale = prop_oneof![9 => Just(false), 1 => Just(true)];
    (0..PEOPLE, target, 1..4i64, any::<bool>(), 0..4u8, stale).prop_map(|(who, group, packs, balance, key, stale)| {
        Ask {
            who,
            group,
            packs,
            balance,
            key,
            stale,
        }
    })
}

/// The rules once more, in the plainest words there are: one request after the other.
#[derive(Debug)]
struct Model {
    stock: i64,
    shelf: i64,
    limit: i64,
    need: i64,
    shelf_price: Money,
    taken: [i64; 2],
    joined: [i64; 2],
    seated: BTreeSet<(usize, usize)>,
    shares: BTreeMap<usize, i64>,
    purse: BTreeMap<usize, Money>,
    keys: BTreeMap<(usize, u8), String>,
}

/// What an answer comes to.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Placed { paid_or_agreed: bool },
    Repeated,
    Refused(&'static str),
}

impl Model {
    fn ask(&mut self, ask: &Ask) -> Said {
        let content = format!("{:?} {} {} {}", ask.group, ask.packs, ask.balance, ask.stale);
        match self.keys.get(&(ask.who, ask.key)) {
            Some(first) if *first == content => return Said::Repeated,
            Some(_) => return Said::Refused("key reused"),
            None => {}
        }
        if ask.stale {
            return Said::Refused("price changed");
        }
        let share = self.shares.get(&ask.who).copied().unwrap_or(0);
        let price = match ask.group {
            Some(group) => {
                if self.seated.contains(&(group, ask.who)) {
                    return Said::Refused("already in");
                } else if self.taken[group] == self.need {
                    return Said::Refused("full");
                } else if share + ask.packs > self.limit {
                    return Said::Refused("over limit");
                } else if ask.packs > self.stock {
                    return Said::Refused("sold out");
                }
                self.seated.insert((group, ask.who));
                self.shares.insert(ask.who, share + ask.packs);
                self.taken[group] += 1;
                self.stock -= ask.packs;
                PRICE
            }
            None if ask.packs > self.shelf => return Said::Refused("sold out"),
            None => {
                self.shelf -= ask.packs;
                self.shelf_price
            }
        };
        self.keys.insert((ask.who, ask.key), content);
        let cost = price.times(ask.packs).unwrap();
        let purse = self.purse.get_mut(&ask.who).unwrap();
        let agreed = !ask.balance || *purse >= cost;
        if ask.balance && agreed {
            *purse = purse.minus(cost);
        }
        if let Some(group) = ask.group.filter(|_| agreed) {
            self.joined[group] += 1;
        }
        Said::Placed { paid_or_agreed: agreed }
    }
}

fn said(answer: &Result<Receipt, Error>) -> Said {
    use group_buy::Refusal as G;
    use order::Refusal as O;
    match answer {
        Ok(receipt) if receipt.repeated => Said::Repeated,
        Ok(receipt) => Said::Placed {
            paid_or_agreed: receipt.order.state != OrderState::Pending,
        },
        Err(Error::Refused(Refusal::Order(O::KeyReused))) => Said::Refused("key reused"),
        Err(Error::Refused(Refusal::Order(O::PriceChanged { .. }))) => Said::Refused("price changed"),
        Err(Error::Refused(Refusal::Order(O::OverLimit { .. }))) => Said::Refused("over limit"),
        Err(Error::Refused(Refusal::Order(O::SoldOut { .. }))) => Said::Refused("sold out"),
        Err(Error::Refused(Refusal::GroupBuy(G::AlreadyIn { .. }))) => Said::Refused("already in"),
        Err(Error::Refused(Refusal::GroupBuy(G::Full { .. }))) => Said::Refused("full"),
        other => panic!("{other:?}"),
    }
}

/// A new sale and fresh shoppers; the batches are asked one after the other, the requests of each at
/// once; every answer is what the model says.
async fn play(village: &Village, case: usize, batches: Vec<Vec<Ask>>) -> Result<(), TestCaseError> {
    let _ = village.market.end_sale(&village.host, &village.live.code).await;
    village.sale(9, 4, 3).await;
    let other = village
        .market
        .open_group(&village.other_leader, &village.live.code)
        .await
        .unwrap();
    let groups = [village.group().await, other];
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(village.rich_shopper(case * PEOPLE + n, PURSE).await);
    }
    let mut model = Model {
        stock: 9,
        shelf: village.shelf().await,
        limit: 4,
        need: 3,
        shelf_price: village.pack.price,
        taken: [0; 2],
        joined: [0; 2],
        seated: BTreeSet::new(),
        shares: BTreeMap::new(),
        purse: (0..PEOPLE).map(|who| (who, Money::fen(PURSE))).collect(),
        keys: BTreeMap::new(),
    };
    for batch in batches {
        let asked = batch
            .iter()
            .map(|ask| (people[ask.who].clone(), wanted(village, &groups, ask)));
        let answers = together(&village.market, asked.collect()).await;
        for (ask, answer) in batch.iter().zip(&answers) {
            prop_assert_eq!(said(answer), model.ask(ask), "{:?}", ask);
        }
        prop_assert_eq!(village.left().await, model.stock);
        prop_assert_eq!(village.shelf().await, model.shelf);
        for (n, group) in groups.iter().enumerate() {
            let group = village.look(group).await;
            prop_assert_eq!(group.joined, model.joined[n]);
            let formed = model.joined[n] == model.need;
            prop_assert_eq!(group.state == GroupState::Formed, formed);
        }
        for (who, person) in people.iter().enumerate() {
            prop_assert_eq!(village.balance(person).await, model.purse[&who]);
        }
    }
    let violations = village.market.audit().await.unwrap();
    prop_assert!(violations.is_empty(), "{violations:?}");
    // what was bought off the shelf goes back: the next case finds enough
    for person in &people {
        for order in village.market.orders_of(person, 100).await.unwrap() {
            let _ = village.market.cancel(person, &order.code).await;
        }
    }
    Ok(())
}

fn wanted(village: &Village, groups: &[Group; 2], ask: &Ask) -> Wanted {
    let key = format!("k{}", ask.key);
    let wanted = match ask.group {
        Some(group) => village.in_group(&groups[group], ask.packs, &key),
        None => village.solo(ask.packs, &key),
    };
    let shown = if ask.stale {
        wanted.shown_price.plus(Money::fen(1))
    } else {
        wanted.shown_price
    };
    Wanted {
        method: if ask.balance { Method::Balance } else { Method::Cash },
        shown_price: shown,
        ..wanted
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_in_a_batch_is_what_a_plain_model_says() {
    each_db(|db| async move {
        let village = Village::found(db, Clock::manual(START)).await;
        let strategy = prop::collection::vec(prop::collection::vec(ask(), 1..14), 1..4);
        let config = ProptestConfig {
            cases: 40,
            failure_persistence: None,
            max_shrink_iters: 100,
            ..ProptestConfig::default()
        };
        let case = std::cell::Cell::new(0);
        tokio::task::block_in_place(|| {
            let outcome = TestRunner::new(config).run(&strategy, |batches| {
                case.set(case.get() + 1);
                Handle::current().block_on(play(&village, case.get(), batches))
            });
            assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        });
    })
    .await;
}
