//! Lists read page by page, on both databases: nothing lost, nothing doubled, in one order.

mod common;

use common::{START, each_village};
use market::{Millis, OrderId, catalog::Category, group_buy::GroupState, live_session::LiveState};

/// Reads a list to its end, `limit` entries at a time: `$page` asks for what comes after a key,
/// `$key` is that of an entry.
macro_rules! to_the_end {
    ($limit:expr, $after:ident => $page:expr, $entry:ident => $key:expr) => {{
        let (mut all, mut $after) = (Vec::new(), None);
        loop {
            let page = $page.await.expect("a page");
            let Some($entry) = page.last() else { break all };
            assert!(page.len() <= $limit);
            $after = Some($key);
            all.extend(page);
        }
    }};
}

#[tokio::test]
async fn the_catalog_is_read_in_its_order() {
    each_village(|village| async move {
        let market = &village.market;
        let whole = market.products(None, 1000).await.expect("products");
        for limit in [1usize, 2, 7] {
            let n = limit as i64;
            let paged = to_the_end!(limit, after => market.products_after(None, "", after.clone(), n), last => last.0.clone());
            let cards: Vec<_> = paged.into_iter().map(|(_, card)| card).collect();
            assert_eq!(cards, whole, "by {limit}");
            let farms = to_the_end!(limit, after => market.farms_after(after.as_ref(), n), last => last.id.clone());
            assert_eq!(farms, market.farms().await.expect("farms"));
        }
        for category in Category::ALL {
            let found = to_the_end!(1, after => market.products_after(Some(*category), "", after.clone(), 1), last => last.0.clone());
            let expected = market.products(Some(*category), 1000).await.expect("products");
            assert_eq!(found.into_iter().map(|(_, card)| card).collect::<Vec<_>>(), expected);
        }
        let mut found: Vec<_> = market.products_after(None, "cm", None, 1000).await.expect("found");
        let mut expected = market.search("cm", 1000).await.expect("found");
        found.sort_by(|one, other| one.1.slug.cmp(&other.1.slug));
        expected.sort_by(|one, other| one.slug.cmp(&other.slug));
        assert!(!expected.is_empty() && expected.len() < whole.len());
        assert_eq!(found.into_iter().map(|(_, card)| card).collect::<Vec<_>>(), expected);
        let farm = &market.farms().await.expect("farms")[0];
        assert_eq!(market.find_farm(&farm.slug).await.expect("read").as_ref(), Some(farm));
        assert_eq!(market.find_farm("no-such").await.expect("read"), None);
    })
    .await;
}

#[tokio::test]
async fn lives_and_groups_are_read_newest_first() {
    each_village(|village| async move {
        let market = &village.market;
        village.sale(20, 5, 3).await;
        let mine = village.group().await;
        market
            .open_group(&village.other_leader, &village.live.code)
            .await
            .expect("a group");
        let lives = to_the_end!(1, before => market.lives_before(None, before.as_ref(), 1), last => last.id.clone());
        let mut expected = Vec::new();
        for &state in LiveState::ALL {
            expected.extend(market.lives(state, 1000).await.expect("lives"));
        }
        expected.sort_by(|one, other| other.id.cmp(&one.id));
        assert_eq!(lives, expected);
        let on_air = market
            .lives_before(Some(LiveState::Live), None, 1000)
            .await
            .expect("lives");
        assert!(!on_air.is_empty() && on_air.iter().all(|live| live.state == LiveState::Live));
        let groups = to_the_end!(1, before => market.groups_before(None, before.as_ref(), 1), last => last.0.clone());
        let mut expected = market.groups(None, 1000).await.expect("groups");
        let mut found: Vec<_> = groups.iter().map(|(_, card)| card.clone()).collect();
        assert!(groups.windows(2).all(|two| two[0].0 > two[1].0), "newest first");
        expected.sort_by(|a, b| a.code.cmp(&b.code));
        found.sort_by(|a, b| a.code.cmp(&b.code));
        assert_eq!(found, expected);
        let open = market
            .groups_before(Some(GroupState::Open), None, 1000)
            .await
            .expect("groups");
        assert!(open.len() >= 2 && open.iter().all(|(_, card)| card.state == GroupState::Open));
        assert_eq!(market.find_group_id(&mine.code).await.expect("read"), Some(mine.id));
        assert_eq!(market.find_group_id("NONE").await.expect("read"), None);
    })
    .await;
}

#[tokio::test]
async fn ones_orders_are_read_newest_first_and_nobody_elses() {
    each_village(|village| async move {
        let market = &village.market;
        let (one, other) = (village.shopper(1).await, village.shopper(2).await);
        // two at each moment: then the id decides
        for n in 0..6 {
            for person in [&one, &other] {
                village.place(person, village.solo(1, &format!("k{n}"))).await.expect("an order");
            }
            village.clock.advance(i64::from(n % 2));
        }
        assert_eq!(market.now(), START.plus(3));
        let key = |order: &market::order::Order| (order.placed_at, order.id.clone());
        let expected = market.orders_of(&one, 1000).await.expect("orders");
        assert_eq!(expected.len(), 6);
        for limit in [1usize, 2, 4] {
            let paged = to_the_end!(limit, before => market.orders_before(&one, before.clone(), limit as i64), last => key(last));
            assert_eq!(paged, expected, "by {limit}");
        }
        let (at, id): (Millis, OrderId) = key(&expected[2]);
        village.place(&one, village.solo(1, "late")).await.expect("an order");
        let rest = market.orders_before(&one, Some((at, id)), 1000).await.expect("orders");
        assert_eq!(rest, expected[3..], "what came later changes no later page");
    })
    .await;
}
