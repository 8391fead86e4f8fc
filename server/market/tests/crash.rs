//! `kill -9` in the middle of a run of orders: everything that was acknowledged is there, and the
//! books add up. This program starts itself again as the one that is killed.
#![cfg(feature = "sql")]

mod common;

use common::{START, Village};
use market::{
    Clock, Error, Market, PersonId, PickupPointId,
    db::{Db, testing},
    group_buy::Group,
    order::{Method, Order, OrderState, Target, Wanted},
    people::Person,
};
use sqlx::{Connection, Executor, PgConnection};
use std::{collections::BTreeMap, os::unix::process::ExitStatusExt, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    task::JoinSet,
};

/// What the child is told: its database, the session, who orders, who leads.
const DATABASE: &str = "TIANTOU_CRASH_DATABASE";
const LIVE: &str = "TIANTOU_CRASH_LIVE";
const SHOPPERS: &str = "TIANTOU_CRASH_SHOPPERS";
const LEADER: &str = "TIANTOU_CRASH_LEADER";
/// Begins a line of the child that acknowledges an order: its code and state follow.
const ACKNOWLEDGED: &str = "acknowledged";
/// People who order at once in the child; a group needs half of them.
const HANDS: usize = 16;
/// Acknowledgements after which the child is killed, one run each.
const KILL_AFTER: [usize; 4] = [1, 10, 35, 90];
/// Beyond this a run hangs.
const PATIENCE: Duration = Duration::from_secs(120);
const SIGKILL: i32 = 9;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    for count in KILL_AFTER {
        let file = std::env::temp_dir().join(format!("tiantou-crash-{}.db", market::request_id()));
        let url = format!("sqlite:{}", file.display());
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        run(db, &url, count).await.close().await;
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
        let Some(postgres) = testing::postgres_url() else {
            continue;
        };
        let (db, schema) = testing::fresh_schema(&postgres).await;
        let separator = if postgres.contains('?') { '&' } else { '?' };
        let url = format!("{postgres}{separator}options=-c%20search_path%3D{schema}");
        run(db, &url, count).await.close().await;
        let mut connection = PgConnection::connect(&postgres).await.unwrap();
        connection
            .execute(format!("DROP SCHEMA {schema} CASCADE").as_str())
            .await
            .unwrap();
    }
}

/// One run: a village, a child that orders, its death after `count` acknowledgements, and the check
/// by a program that opens the database anew. Answers that program's database.
async fn run(db: Db, url: &str, count: usize) -> Db {
    let village = Village::found(db.clone(), Clock::manual(START)).await;
    village.sale(60, 20, i64::try_from(HANDS / 2).unwrap()).await;
    let mut shoppers = Vec::new();
    for n in 0..HANDS {
        shoppers.push(village.rich_shopper(n, 1_000_000).await.id.0);
    }
    db.close().await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child", "--ignored", "--nocapture"]);
    child
        .env(DATABASE, url)
        .env(LIVE, &village.live.code)
        .env(SHOPPERS, shoppers.join(" "))
        .env(LEADER, &village.leader.id.0);
    let said = tokio::time::timeout(PATIENCE, kill_after(child, count))
        .await
        .expect("the child orders in time");

    let db = Db::open(url).await.unwrap();
    let market = Market::new(db.clone(), Clock::manual(START), b"a secret of tests");
    for (code, state) in &said {
        let order = market
            .find_order(&village.operator, code)
            .await
            .unwrap_or_else(|error| panic!("{code} is lost: {error}"));
        assert!(
            stands(*state, order.state),
            "{code} was acknowledged as {state}, is {}",
            order.state
        );
    }
    assert_eq!(market.audit().await.unwrap(), vec![]);
    // And the village goes on: an order, the end of the sale, all money where it belongs.
    let village = Village { market, ..village };
    let shopper = village.shopper(50).await;
    village
        .place(&shopper, village.solo(1, "after the crash"))
        .await
        .unwrap();
    village
        .market
        .end_live(&village.host, &village.live.code)
        .await
        .unwrap();
    assert_eq!(village.market.audit().await.unwrap(), vec![]);
    db
}

/// Whether an order that was acknowledged as `said` may stand as `now`: the child may have moved it
/// on without living to say so, but never back.
fn stands(said: OrderState, now: OrderState) -> bool {
    said == now || said.may_become(now) || (said == OrderState::Waiting && now == OrderState::Confirmed)
}

/// Starts the child and kills it once it has acknowledged `count` times. Answers each order's last
/// acknowledged state, with those that were still on their way when it died.
async fn kill_after(mut child: Command, count: usize) -> BTreeMap<String, OrderState> {
    let mut child = child
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("this program starts again");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let (mut said, mut heard) = (BTreeMap::new(), 0);
    while let Some(line) = lines.next_line().await.expect("the child's words") {
        let words: Vec<_> = line.split_whitespace().collect();
        // The test harness may have begun the line.
        let Some(at) = words.iter().position(|word| *word == ACKNOWLEDGED) else {
            continue;
        };
        let (Some(code), Some(state)) = (words.get(at + 1), words.get(at + 2)) else {
            continue;
        };
        said.insert(
            (*code).to_owned(),
            OrderState::try_from((*state).to_owned()).expect("a state"),
        );
        heard += 1;
        if heard == count {
            child.start_kill().expect("kill -9");
        }
    }
    let end = child.wait().await.expect("its end");
    assert_eq!(end.signal(), Some(SIGKILL), "killed, not ended by itself: {end}");
    assert!(heard >= count);
    said
}

/// The child: people order as fast as they can, each order is said once it is acknowledged, until
/// the program is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "started by the test above, to be killed"]
async fn child() {
    let told = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: the parent starts this"));
    let db = Db::open(&told(DATABASE)).await.unwrap();
    let market = Market::new(db, Clock::manual(START), b"a secret of tests");
    let find = async |id: &str| market.find_person(&PersonId(id.to_owned())).await.unwrap().unwrap();
    let (live, leader) = (told(LIVE), find(&told(LEADER)).await);
    let mut hands = JoinSet::new();
    for id in told(SHOPPERS).split_whitespace() {
        let hand = Hand {
            market: market.clone(),
            person: find(id).await,
            leader: leader.clone(),
            live: live.clone(),
        };
        hands.spawn(async move {
            for turn in 0.. {
                hand.turn(turn).await;
            }
        });
    }
    while let Some(hand) = hands.join_next().await {
        hand.unwrap();
    }
}

/// Somebody who orders.
struct Hand {
    market: Market,
    person: Person,
    leader: Person,
    live: String,
}

impl Hand {
    /// A seat in the group that is open, then a pack off the shelf that is called off again, so that
    /// stock, seats and money move both ways and nothing runs out.
    async fn turn(&self, turn: usize) {
        let method = if turn.is_multiple_of(2) {
            Method::Balance
        } else {
            Method::Cash
        };
        let Some(group) = self.open_group().await else { return };
        let seat = self.wanted(&group, Target::Group(group.id.clone()), method, group.code.clone());
        let seat = self.place(seat).await;
        let shelf = self.wanted(
            &group,
            Target::Solo(group.variant.id.clone()),
            method,
            format!("{}-{turn}", group.code),
        );
        let off_the_shelf = self.place(shelf).await;
        for order in seat.into_iter().chain(off_the_shelf) {
            match self.market.cancel(&self.person, &order.code).await {
                Ok(order) => acknowledge(&order),
                Err(Error::Refused(_)) => {} // its group has formed meanwhile: it stands
                Err(fault) => panic!("{fault}"),
            }
        }
    }

    fn wanted(&self, group: &Group, target: Target, method: Method, request_id: String) -> Wanted {
        let shown_price = if matches!(target, Target::Solo(_)) {
            group.variant.price
        } else {
            group.price
        };
        let pickup: PickupPointId = group.pickup.id.clone();
        Wanted {
            request_id,
            target,
            quantity: 1,
            pickup,
            method,
            shown_price,
        }
    }

    /// The open group with the leader's name on it, opened when there is none.
    async fn open_group(&self) -> Option<Group> {
        let code = match self.market.open_group(&self.leader, &self.live).await {
            Ok(group) => return Some(group),
            Err(Error::Refused(market::Refusal::GroupBuy(market::group_buy::Refusal::AlreadyOpen { group }))) => group,
            Err(Error::Refused(_)) => return None,
            Err(fault) => panic!("{fault}"),
        };
        self.market.find_group(&code).await.expect("a group")
    }

    async fn place(&self, wanted: Wanted) -> Option<Order> {
        match self.market.place(&self.person, wanted).await {
            Ok(receipt) if receipt.repeated => None,
            Ok(receipt) => {
                acknowledge(&receipt.order);
                Some(receipt.order)
            }
            Err(Error::Refused(_)) => None,
            Err(fault) => panic!("{fault}"),
        }
    }
}

/// Says it in one write, so that no half line is left behind.
fn acknowledge(order: &Order) {
    println!("{ACKNOWLEDGED} {} {}", order.code, order.state);
}
