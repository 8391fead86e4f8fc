//! A sale in rounds (R34): packs are released by the clock or by the host, what is left rolls over,
//! each round has its price, and nothing is sold before its time.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, PRICE, Village, each_village, order_refused, refused};
use market::{
    Error, Money, Refusal, demo,
    flash_sale::{self, Wanted, WantedRound},
    group_buy::{self, Group},
    live_session::{self, SalePicture},
    order,
    people::Person,
};
use tokio::task::JoinSet;

/// `quotas` packs, twenty minutes apart, each round a yuan cheaper than the one before.
fn in_rounds(village: &Village, quotas: &[i64]) -> Wanted {
    let now = village.market.now();
    let rounds = (0_i64..).zip(quotas).map(|(at, quota)| WantedRound {
        quota: *quota,
        price: PRICE.minus(Money::fen(100 * at)),
        words: format!("第 {} 批", at + 1),
        starts_at: now.plus(20 * MINUTE * at),
    });
    Wanted {
        rounds: rounds.collect(),
        ..village.sale_of(quotas.iter().sum(), quotas.iter().sum::<i64>().min(10), 2)
    }
}

/// Ends the demonstration's sale, so that what is counted is a test's own.
async fn end_the_villages_own(village: &Village) {
    village.market.end_sale(&village.host, demo::LIVE).await.ok();
}

async fn start(village: &Village, wanted: Wanted) -> flash_sale::Refusal {
    let (host, code) = (&village.host, &village.live.code);
    match refused(village.market.start_sale(host, code, &village.pack.id, wanted).await) {
        Refusal::FlashSale(refusal) => refusal,
        other => panic!("not about a sale: {other:?}"),
    }
}

async fn begin(village: &Village, quotas: &[i64]) {
    let (host, code) = (&village.host, &village.live.code);
    let wanted = in_rounds(village, quotas);
    village
        .market
        .start_sale(host, code, &village.pack.id, wanted)
        .await
        .unwrap();
}

async fn sale(village: &Village) -> SalePicture {
    village.market.current_sale(&village.live.code).await.unwrap().unwrap()
}

/// Left now, released so far, the price, and how many rounds are still to come.
async fn standing(village: &Village) -> (i64, i64, Money, usize) {
    let sale = sale(village).await;
    let to_come = sale.rounds.iter().filter(|round| round.to_come).count();
    (sale.stock, sale.released, sale.price, to_come)
}

/// A group of the leader's that has a seat left.
async fn group_with_room(village: &Village) -> Group {
    match village.market.open_group(&village.leader, &village.live.code).await {
        Ok(group) => group,
        Err(Error::Refused(Refusal::GroupBuy(group_buy::Refusal::AlreadyOpen { group }))) => {
            village.market.find_group(&group).await.unwrap().unwrap()
        }
        Err(error) => panic!("no group: {error}"),
    }
}

async fn buy(village: &Village, person: &Person, packs: i64, key: &str) -> Result<order::Order, Error> {
    let group = group_with_room(village).await;
    village.place(person, village.in_group(&group, packs, key)).await
}

#[tokio::test]
async fn packs_are_released_by_the_clock_and_what_is_left_rolls_over() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        let shelf = village.shelf().await;
        begin(&village, &[5, 7, 8]).await;
        assert_eq!(village.shelf().await, shelf - 20, "all of it is set aside");
        assert_eq!(standing(&village).await, (5, 5, PRICE, 2));
        let people = village.shoppers(2).await;
        buy(&village, &people[0], 3, "first").await.unwrap();
        assert_eq!(standing(&village).await, (2, 5, PRICE, 2));

        village.clock.advance(20 * MINUTE - 1);
        assert_eq!(village.market.settle_due().await.unwrap().rounds, 0);
        village.clock.advance(1);
        assert_eq!(village.market.settle_due().await.unwrap().rounds, 1);
        assert_eq!(village.market.settle_due().await.unwrap().rounds, 0, "once");
        let second = PRICE.minus(Money::fen(100));
        assert_eq!(
            standing(&village).await,
            (9, 12, second, 1),
            "two are left over, seven come"
        );
        assert_eq!(sale(&village).await.rounds[1].words, "第 2 批");

        village.clock.advance(20 * MINUTE);
        village.market.settle_due().await.unwrap();
        assert_eq!(standing(&village).await, (17, 20, PRICE.minus(Money::fen(200)), 0));
        village.clock.advance(20 * MINUTE);
        village.market.settle_due().await.unwrap();
        assert_eq!(village.market.current_sale(&village.live.code).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn who_comes_between_two_rounds_is_told_when_the_next_begins() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        begin(&village, &[3, 4]).await;
        let next = sale(&village).await.rounds[1].starts_at;
        let people = village.shoppers(3).await;
        let few = order_refused(buy(&village, &people[0], 4, "too many").await);
        assert_eq!(few, order::Refusal::SoldOut { left: 3 });
        buy(&village, &people[0], 3, "all").await.unwrap();
        let between = refused(buy(&village, &people[1], 1, "between").await);
        assert_eq!(between, Refusal::FlashSale(flash_sale::Refusal::NextRound { at: next }));
        village.clock.advance(20 * MINUTE);
        village.market.settle_due().await.unwrap();
        buy(&village, &people[1], 4, "after").await.unwrap();
        let over = order_refused(buy(&village, &people[2], 1, "over").await);
        assert_eq!(over, order::Refusal::SoldOut { left: 0 });
    })
    .await;
}

#[tokio::test]
async fn the_host_releases_the_next_round_now() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        let (market, code) = (&village.market, village.live.code.as_str());
        let nothing = refused(market.release_round(&village.host, code).await);
        assert_eq!(nothing, Refusal::FlashSale(flash_sale::Refusal::Ended));
        begin(&village, &[3, 4]).await;
        assert_eq!(
            refused(market.release_round(&village.other_host, code).await),
            Refusal::NotYours
        );
        let version = market.live_picture(code).await.unwrap().unwrap().version;
        market.release_round(&village.host, code).await.unwrap();
        let picture = market.live_picture(code).await.unwrap().unwrap();
        assert_eq!(picture.version, version + 1, "viewers hear of it");
        assert_eq!(standing(&village).await, (7, 7, PRICE.minus(Money::fen(100)), 0));
        assert_eq!(
            picture.sale.unwrap().rounds[1].starts_at,
            market.now(),
            "it is shown from when it began"
        );
        let none = refused(market.release_round(&village.host, code).await);
        assert_eq!(none, Refusal::FlashSale(flash_sale::Refusal::NoRoundLeft));
        village.clock.advance(20 * MINUTE);
        assert_eq!(
            market.settle_due().await.unwrap().rounds,
            0,
            "its time has no second effect"
        );
    })
    .await;
}

#[tokio::test]
async fn rounds_that_were_missed_while_no_server_ran_begin_together() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        begin(&village, &[2, 3, 4]).await;
        village.clock.advance(45 * MINUTE);
        assert_eq!(village.market.settle_due().await.unwrap().rounds, 1);
        assert_eq!(standing(&village).await, (9, 9, PRICE.minus(Money::fen(200)), 0));
    })
    .await;
}

#[tokio::test]
async fn a_price_the_round_before_had_is_honoured_by_its_quote() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        begin(&village, &[3, 4]).await;
        let quote = sale(&village).await.quote.unwrap();
        let group = group_with_room(&village).await;
        village
            .market
            .release_round(&village.host, &village.live.code)
            .await
            .unwrap();
        let person = village.shopper(1).await;
        let wanted = village.in_group(&group, 1, "quoted");
        let changed = order_refused(village.market.place(&person, wanted.clone()).await);
        assert!(matches!(changed, order::Refusal::PriceChanged { .. }), "{changed:?}");
        let placed = village.market.place_quoted(&person, wanted, &quote).await.unwrap();
        assert_eq!(placed.order.unit, PRICE);
    })
    .await;
}

#[tokio::test]
async fn a_sale_that_ends_early_gives_everything_back_also_what_was_never_released() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        let shelf = village.shelf().await;
        begin(&village, &[3, 4, 5]).await;
        let people = village.shoppers(2).await;
        buy(&village, &people[0], 2, "one").await.unwrap();
        village
            .market
            .end_sale(&village.host, &village.live.code)
            .await
            .unwrap();
        assert_eq!(village.shelf().await, shelf);
        village.clock.advance(60 * MINUTE);
        assert_eq!(village.market.settle_due().await.unwrap().rounds, 0);
    })
    .await;
}

#[tokio::test]
async fn rounds_that_do_not_add_up_are_refused_and_nothing_is_set_aside() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        let shelf = village.shelf().await;
        let good = in_rounds(&village, &[3, 4]);
        let more = Wanted {
            quota: 8,
            ..good.clone()
        };
        assert_eq!(
            start(&village, more).await,
            flash_sale::Refusal::RoundsDiffer { quota: 8 }
        );
        let mut late = good.clone();
        late.rounds[0].starts_at = late.starts_at.plus(1);
        assert_eq!(start(&village, late).await, flash_sale::Refusal::BadRounds);
        assert_eq!(village.shelf().await, shelf);
        let ended: live_session::Refusal = live_session::Refusal::Ended;
        village
            .market
            .end_live(&village.host, &village.live.code)
            .await
            .unwrap();
        let over = village.market.release_round(&village.host, &village.live.code).await;
        assert_eq!(refused(over), Refusal::LiveSession(ended));
    })
    .await;
}

/// Two servers see the same round due while buyers take what there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_begin_a_round_once_and_buyers_at_that_moment_oversell_nothing() {
    each_village(|village| async move {
        end_the_villages_own(&village).await;
        begin(&village, &[4, 6]).await;
        let group = village.group().await;
        let people = village.shoppers(2).await;
        village
            .place(&people[0], village.in_group(&group, 4, "all"))
            .await
            .unwrap();
        village.clock.advance(20 * MINUTE);
        let mut settling = JoinSet::new();
        for _ in 0..4 {
            let market = village.market.clone();
            settling.spawn(async move { market.settle_due().await.unwrap().rounds });
        }
        let begun: u64 = settling.join_all().await.into_iter().sum();
        assert_eq!(begun, 1);
        assert_eq!(standing(&village).await.0, 6);
        let mut buying = JoinSet::new();
        let buyers = village.shoppers(12).await;
        for person in buyers.into_iter().skip(1) {
            let village = village.clone();
            buying.spawn(async move {
                let group = group_with_room(&village).await;
                let wanted = village.in_group(&group, 1, "race");
                village.place(&person, wanted).await.is_ok()
            });
        }
        let sold = buying.join_all().await.into_iter().filter(|sold| *sold).count();
        assert!(sold <= 6, "{sold}");
    })
    .await;
}
