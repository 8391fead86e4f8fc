//! The demonstration village: whole, the same after a second filling, and alive.

mod village;

use market::{
    Bilingual, Clock, Market, Money,
    demo::{self, LIVE, PAST_LIVE, SCHEDULED_LIVE},
    group_buy::GroupState,
    live_session::LiveState,
    order::{self, Method, Target},
};
use village::*;

/// What the village's tables hold, but for the feed, which counts versions.
async fn counts(market: &Market) -> Vec<String> {
    let tables = [
        "people",
        "roles",
        "communities",
        "pickup_points",
        "farms",
        "products",
        "variants",
        "stock_movements",
        "lives",
        "sales",
        "groups",
        "orders",
        "balance_entries",
        "batches",
        "trace_events",
        "stories",
    ];
    let mut counts = Vec::new();
    for table in tables {
        let count = texts(market, &format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        counts.push(format!("{table} {}", count[0]));
    }
    counts
}

#[tokio::test]
async fn filling_twice_changes_nothing() {
    each_market(|market| async move {
        let first = demo::fill(&market).await.expect("filled");
        let before = counts(&market).await;
        let second = demo::fill(&market).await.expect("filled");
        assert_eq!((first.was_there, second.was_there), (false, true));
        assert_eq!(counts(&market).await, before);
        for wanted in [
            "farms 2",
            "products 8",
            "batches 3",
            "stories 2",
            "communities 2",
            "lives 3",
            "sales 1",
            "groups 2",
        ] {
            assert!(before.iter().any(|count| count == wanted), "{wanted} in {before:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_that_start_together_make_one_village() {
    each_market(|market| async move {
        let starts: Vec<_> = (0..2)
            .map(|_| {
                let market = market.clone();
                tokio::spawn(async move { demo::fill(&market).await })
            })
            .collect();
        for start in starts {
            start.await.expect("no panic").expect("filled");
        }
        let counts = counts(&market).await;
        for wanted in ["farms 2", "products 8", "people 18", "sales 1", "groups 2"] {
            assert!(counts.iter().any(|count| count == wanted), "{wanted} in {counts:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn three_lives_and_one_is_on() {
    each_village(|market| async move {
        let live = async |code: &str| market.find_live(code).await.expect("read").expect("there");
        let on = live(LIVE).await;
        assert_eq!((on.state, on.started_at), (LiveState::Live, Some(START)));
        let soon = live(SCHEDULED_LIVE).await;
        assert_eq!(soon.state, LiveState::Scheduled);
        assert!((1..2 * 24 * 3600 * 1000).contains(&soon.starts_at.since(START)));
        let past = live(PAST_LIVE).await;
        assert_eq!(past.state, LiveState::Ended);
        assert!(past.started_at < past.ended_at && past.ended_at < Some(START));

        let picture = market.live_picture(LIVE).await.expect("read").expect("a picture");
        let sale = picture.sale.expect("a sale is on");
        assert_eq!(sale.price.per_jin(sale.weight), Money::fen(1980));
        assert_eq!(picture.pinned.map(|pinned| pinned.slug).as_deref(), Some("strawberry"));
        let groups: Vec<_> = sale
            .groups
            .iter()
            .map(|group| (group.leader.as_str(), group.joined, group.need))
            .collect();
        assert_eq!(groups, [("李秀英", 8, 10), ("张建国", 3, 10)]);
        assert_eq!(sale.stock, 300 - 9 - 4);
    })
    .await;
}

#[tokio::test]
async fn everything_is_said_in_both_languages() {
    each_village(|market| async move {
        let mut words: Vec<(String, Bilingual)> = Vec::new();
        for card in market.products(None, 50).await.expect("read") {
            let product = market.find_product(&card.slug).await.expect("read").expect("listed");
            let packs = product.variants.iter().map(|pack| pack.name.clone());
            let whole = [
                product.about,
                product.promise,
                card.name,
                card.farm,
                card.place,
                product.farm.about,
            ];
            words.extend(whole.into_iter().chain(packs).map(|text| (card.slug.clone(), text)));
        }
        for story in market.stories().await.expect("read") {
            let all = [story.title, story.byline, story.body.clone(), story.foot];
            words.extend(all.map(|text| (story.slug.clone(), text)));
            let paragraphs = |text: &str| {
                text.split("\n\n")
                    .map(|part| part.starts_with("> "))
                    .collect::<Vec<_>>()
            };
            assert_eq!(paragraphs(&story.body.zh), paragraphs(&story.body.en), "{}", story.slug);
            assert!(
                paragraphs(&story.body.zh).contains(&true),
                "a quotation in {}",
                story.slug
            );
        }
        for code in demo::BATCHES {
            for event in market.find_batch(code).await.expect("read").expect("a batch").events {
                let facts = event.facts.expect("facts");
                let lines = facts
                    .report
                    .iter()
                    .flat_map(|report| &report.lines)
                    .flat_map(|line| [line.item.clone(), line.result.clone()]);
                let all = [facts.title.clone(), facts.place.clone(), facts.actor.clone()]
                    .into_iter()
                    .chain(facts.note.clone())
                    .chain(lines);
                words.extend(all.map(|text| (code.to_owned(), text)));
            }
        }
        for code in [LIVE, SCHEDULED_LIVE, PAST_LIVE] {
            words.push((
                code.into(),
                market.find_live(code).await.expect("read").expect("there").title,
            ));
        }
        for point in market.pickup_points().await.expect("read") {
            words.extend([point.name, point.address].map(|text| ("pick-up point".to_owned(), text)));
        }
        assert!(words.len() > 150);
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for (of, text) in words {
            assert!(
                !text.zh.trim().is_empty() && !text.en.trim().is_empty(),
                "{of}: {text:?}"
            );
            assert!(!chinese(&text.en), "{of}: {text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_picture_is_there() {
    let pictures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/img");
    each_village(|market| async move {
        let mut named = Vec::new();
        for card in market.products(None, 50).await.expect("read") {
            named.push(card.photo);
        }
        for story in market.stories().await.expect("read") {
            named.extend([story.photo, story.photo_foot]);
        }
        for farm in market.farms().await.expect("read") {
            named.push(farm.portrait);
        }
        for code in demo::BATCHES {
            let batch = market.find_batch(code).await.expect("read").expect("a batch");
            named.extend(
                batch
                    .events
                    .into_iter()
                    .filter_map(|event| event.facts)
                    .flat_map(|facts| facts.photos),
            );
        }
        for &state in LiveState::ALL {
            let lives = market.lives(state, 10).await.expect("read");
            named.extend(lives.into_iter().map(|live| live.photo));
        }
        for name in named {
            let file = format!("{pictures}/{name}.webp");
            assert!(std::path::Path::new(&file).exists(), "{file}");
        }
    })
    .await;
}

#[tokio::test]
async fn shoppers_have_something_to_spend() {
    each_village(|market| async move {
        for villager in demo::PEOPLE {
            let person = sign_in(&market, villager.phone).await;
            assert_eq!(
                (person.name.as_str(), person.roles.as_slice()),
                (villager.name, villager.role.as_slice())
            );
            let due = if villager.role.is_none() {
                Money::fen(20_000)
            } else {
                Money::ZERO
            };
            assert_eq!(market.balance(&person.id).await.expect("read"), due);
        }
    })
    .await;
}

/// A visitor's order in the first group of the live, which is 李秀英's.
async fn join_first(market: &Market, phone: &str) -> order::Order {
    let sale = market.current_sale(LIVE).await.expect("read").expect("a sale");
    let group = market
        .find_group(&sale.groups[0].code)
        .await
        .expect("read")
        .expect("a group");
    let wanted = order::Wanted {
        request_id: format!("{phone} {}", group.code),
        target: Target::Group(group.id),
        quantity: 1,
        pickup: group.pickup.id,
        method: Method::Balance,
        shown_price: group.price,
    };
    market
        .place(&sign_in(market, phone).await, wanted)
        .await
        .expect("joined")
        .order
}

#[tokio::test]
async fn two_visitors_fill_the_group_and_another_opens() {
    each_village(|market| async move {
        let first = join_first(&market, HE).await.group.expect("in a group");
        let last = join_first(&market, ZHAO).await.group.expect("in a group");
        assert_eq!(
            (last.code.as_str(), last.state, last.joined),
            (first.code.as_str(), GroupState::Formed, 10)
        );
        demo::keep_live(&market).await.expect("kept");
        let sale = market.current_sale(LIVE).await.expect("read").expect("a sale");
        let fresh = sale
            .groups
            .iter()
            .find(|group| group.leader == "李秀英")
            .expect("she opened another");
        assert_ne!(fresh.code, last.code);
        assert_eq!((fresh.joined, sale.formed), (8, 1));
        let before = counts(&market).await;
        demo::keep_live(&market).await.expect("kept");
        assert_eq!(counts(&market).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_sale_that_ended_is_followed_by_another() {
    market::db::testing::each_db(|db| async {
        let clock = Clock::manual(START);
        let market = Market::new(db, clock.clone(), b"a secret of tests");
        demo::fill(&market).await.expect("filled");
        for round in 1..=40 {
            clock.advance(3 * 3600 * 1000 + 1);
            // The timer may come before or after the settling.
            if round % 2 == 0 {
                market.settle_due().await.expect("settled");
            }
            demo::keep_live(&market).await.expect("kept");
            market.settle_due().await.expect("settled");
            let sale = market.current_sale(LIVE).await.expect("read").expect("a sale");
            assert_eq!(
                sale.groups.iter().map(|group| group.joined).collect::<Vec<_>>(),
                [8, 3],
                "round {round}"
            );
        }
        assert_eq!(market.audit().await.expect("read"), []);
    })
    .await;
}

#[tokio::test]
async fn a_live_its_host_ended_stays_so_until_the_next_start() {
    each_village(|market| async move {
        let chen = sign_in(&market, CHEN).await;
        market.end_live(&chen, LIVE).await.expect("ended");
        demo::keep_live(&market).await.expect("kept");
        let state = async || market.find_live(LIVE).await.expect("read").expect("there").state;
        assert_eq!(state().await, LiveState::Ended);
        assert_eq!(market.current_sale(LIVE).await.expect("read"), None);
        demo::fill(&market).await.expect("filled again");
        assert_eq!(state().await, LiveState::Live);
        assert!(market.current_sale(LIVE).await.expect("read").is_some());
    })
    .await;
}
