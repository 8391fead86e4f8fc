//! Live sessions and their feed through the public door.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, each_village, refused};
use market::{
    Market, Money, Refusal, VariantId,
    db::Db,
    group_buy::GroupState,
    live_session::{self, LivePicture, LiveState},
    order::{Method, OrderState, Wanted},
};
use std::time::Duration;

#[tokio::test]
async fn a_session_is_announced_goes_on_air_and_ends() {
    each_village(|village| async move {
        let (market, host) = (&village.market, &village.host);
        let starts_at = market.now().plus(24 * 60 * MINUTE);
        let planned = market.plan_live(host, "  明早采草莓 ", starts_at).await.unwrap();
        assert_eq!(
            (planned.title.zh.as_str(), planned.state, planned.starts_at),
            ("明早采草莓", LiveState::Scheduled, starts_at)
        );
        for title in ["", "   ", "草\0莓", &"长".repeat(41)] {
            let bad = refused(market.plan_live(host, title, starts_at).await);
            assert_eq!(bad, Refusal::LiveSession(live_session::Refusal::BadTitle));
        }
        assert_eq!(
            refused(market.plan_live(&village.leader, "直播", starts_at).await),
            Refusal::NotYours
        );
        assert_eq!(
            refused(market.start_live(&village.other_host, &planned.code).await),
            Refusal::NotYours
        );
        assert_eq!(refused(market.start_live(host, "NOPE").await), Refusal::NotFound);
        let on_air = market.start_live(host, &planned.code).await.unwrap();
        assert_eq!((on_air.state, on_air.started_at), (LiveState::Live, Some(market.now())));
        village.clock.advance(MINUTE);
        assert_eq!(market.start_live(host, &planned.code).await.unwrap(), on_air);
        let ended = market.end_live(host, &planned.code).await.unwrap();
        assert_eq!((ended.state, ended.ended_at), (LiveState::Ended, Some(market.now())));
        let over = Refusal::LiveSession(live_session::Refusal::Ended);
        assert_eq!(refused(market.end_live(host, &planned.code).await), over);
        assert_eq!(refused(market.start_live(host, &planned.code).await), over);
        assert_eq!(refused(market.pin(host, &planned.code, None).await), over);
    })
    .await;
}

#[tokio::test]
async fn each_state_has_its_list_and_its_order() {
    each_village(|village| async move {
        for &state in LiveState::ALL {
            let some = village.market.lives(state, 100).await.unwrap();
            assert!(!some.is_empty() && some.iter().all(|live| live.state == state));
            assert_eq!(village.market.lives(state, 1).await.unwrap(), some[..1]);
            assert!(some.is_sorted_by_key(|live| match state {
                LiveState::Scheduled => live.starts_at.0,
                LiveState::Live => -live.started_at.unwrap().0,
                LiveState::Ended => -live.ended_at.unwrap().0,
            }));
        }
        let on_air = village.market.lives(LiveState::Live, 100).await.unwrap();
        assert!(on_air.iter().any(|live| live.code == village.live.code));
        let mine = village.market.lives_of(&village.host.id).await.unwrap();
        assert!(
            mine.iter()
                .all(|live| live.host_id == village.host.id && live.farm.farmer_id == village.host.id)
        );
    })
    .await;
}

#[tokio::test]
async fn only_the_host_publishes_and_only_until_the_end() {
    each_village(|village| async move {
        let (market, code) = (&village.market, village.live.code.as_str());
        assert_eq!(market.may_publish(&village.host, code).await.unwrap().code, code);
        assert_eq!(
            refused(market.may_publish(&village.other_host, code).await),
            Refusal::NotYours
        );
        assert_eq!(
            refused(market.may_publish(&village.host, "NOPE").await),
            Refusal::NotFound
        );
        market.end_live(&village.host, code).await.unwrap();
        let over = refused(market.may_publish(&village.host, code).await);
        assert_eq!(over, Refusal::LiveSession(live_session::Refusal::Ended));
    })
    .await;
}

#[tokio::test]
async fn a_host_pins_what_the_own_farm_grows() {
    each_village(|village| async move {
        let (market, host, code) = (&village.market, &village.host, village.live.code.as_str());
        assert_eq!(market.live_picture(code).await.unwrap().unwrap().pinned, None);
        market.pin(host, code, Some(&village.pack.id)).await.unwrap();
        let pinned = market.live_picture(code).await.unwrap().unwrap().pinned.unwrap();
        assert_eq!(
            (pinned.variant, pinned.price, pinned.slug),
            (village.pack.id.clone(), village.pack.price, village.slug().await)
        );
        assert_eq!(pinned.stock, village.shelf().await);
        let theirs = market.farm_of(&village.other_host.id).await.unwrap().unwrap();
        let theirs = market.farm_products(&theirs.id).await.unwrap().remove(0).variant.id;
        let foreign = refused(market.pin(host, code, Some(&theirs)).await);
        assert_eq!(foreign, Refusal::LiveSession(live_session::Refusal::NotThisFarms));
        assert_eq!(
            refused(market.pin(host, code, Some(&VariantId("x".into()))).await),
            Refusal::NotFound
        );
        assert_eq!(
            refused(market.pin(&village.other_host, code, None).await),
            Refusal::NotYours
        );
        market.pin(host, code, None).await.unwrap();
        assert_eq!(market.live_picture(code).await.unwrap().unwrap().pinned, None);
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_session_ends_its_sale_and_that_sales_groups() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        village.sale(20, 4, 3).await;
        let group = village.group().await;
        let person = village.rich_shopper(1, 20_000).await;
        let paid = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 2, "k")
        };
        let paid = village.place(&person, paid).await.unwrap();
        village
            .market
            .end_live(&village.host, &village.live.code)
            .await
            .unwrap();
        assert_eq!(village.look(&group).await.state, GroupState::Failed);
        assert_eq!(village.order(&person, &paid).await.state, OrderState::Cancelled);
        assert_eq!(
            (village.balance(&person).await, village.shelf().await),
            (Money::fen(20_000), shelf)
        );
        assert_eq!(village.told(&person).await, ["group_failed"]);
        let picture = village.market.live_picture(&village.live.code).await.unwrap().unwrap();
        assert_eq!((picture.state, picture.sale, picture.sold), (LiveState::Ended, None, 0));
    })
    .await;
}

#[tokio::test]
async fn every_change_is_published_whole_at_the_next_version() {
    each_village(|village| async move {
        let (market, code) = (&village.market, village.live.code.as_str());
        let topic = live_session::topic(code);
        let mut changes = market.changes();
        let before = market.topic_version(&topic).await.unwrap();
        assert_eq!(market.events_after(&topic, before).await.unwrap(), None);
        village.sale(20, 4, 2).await;
        let group = village.group().await;
        let people = village.shoppers(2).await;
        village.join(&people[0], &group).await;
        village
            .place(&people[1], village.in_group(&group, 3, "k"))
            .await
            .unwrap();
        let (version, picture) = market.events_after(&topic, before).await.unwrap().unwrap();
        assert_eq!(version, before + 4, "a sale, a group, two orders");
        let picture: LivePicture = serde_json::from_str(&picture).unwrap();
        assert_eq!(Some(picture.clone()), market.live_picture(code).await.unwrap());
        assert_eq!(
            (picture.version, picture.sold, picture.turnover),
            (version, 4, Money::fen(4 * 5000))
        );
        let sale = picture.sale.unwrap();
        assert_eq!((sale.stock, sale.formed, sale.groups.len()), (16, 1, 0));
        let recent: Vec<_> = picture
            .recent
            .iter()
            .map(|bought| (bought.who.name.as_str(), bought.quantity))
            .collect();
        assert_eq!(recent, [("新**", 3), ("新**", 1)]);
        assert_eq!(market.events_after(&topic, version).await.unwrap(), None);
        let mut woken = 0;
        while let Ok(moved) = changes.try_recv() {
            woken += usize::from(moved == topic);
        }
        assert_eq!(woken, 4);
    })
    .await;
}

#[tokio::test]
async fn the_feed_holds_no_phone_number_and_no_address() {
    each_village(|village| async move {
        let code = village.live.code.as_str();
        village
            .market
            .pin(&village.host, code, Some(&village.pack.id))
            .await
            .unwrap();
        village.sale(20, 4, 2).await;
        let (group, person) = (village.group().await, village.shopper(7).await);
        let named = village.market.rename(&person, "欧阳春晓").await.unwrap();
        village.join(&named, &group).await;
        let (_, picture) = village
            .market
            .events_after(&live_session::topic(code), 0)
            .await
            .unwrap()
            .unwrap();
        assert!(picture.contains("欧**"));
        for private in [
            "春晓",
            person.phone.as_str(),
            "0007",
            village.pickup.address.zh.as_str(),
            person.id.as_str(),
        ] {
            assert!(!picture.contains(private), "{private} in {picture}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_shelf_that_moves_is_news_where_it_is_pinned() {
    each_village(|village| async move {
        let code = village.live.code.as_str();
        village
            .market
            .pin(&village.host, code, Some(&village.pack.id))
            .await
            .unwrap();
        let topic = live_session::topic(code);
        let (before, shelf) = (
            village.market.topic_version(&topic).await.unwrap(),
            village.shelf().await,
        );
        village
            .place(&village.shopper(1).await, village.solo(2, "k"))
            .await
            .unwrap();
        let (version, picture) = village.market.events_after(&topic, before).await.unwrap().unwrap();
        let picture: LivePicture = serde_json::from_str(&picture).unwrap();
        assert_eq!((version, picture.pinned.unwrap().stock), (before + 1, shelf - 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_is_woken_where_servers_share_a_database() {
    each_village(|village| async move {
        let other = Market::new(village.market.db().clone(), village.clock.clone(), b"a secret of tests");
        if matches!(other.db(), Db::Sqlite { .. }) {
            // One program, one channel: there is nobody to listen to, and listening ends at once.
            other.listen().await.unwrap();
            return;
        }
        let topic = live_session::topic(&village.live.code);
        let mut changes = other.changes();
        let listening = tokio::spawn({
            let other = other.clone();
            async move { other.listen().await }
        });
        let waiting = async {
            loop {
                // Listening begins when it begins: something is said until it is heard.
                village
                    .market
                    .pin(&village.host, &village.live.code, None)
                    .await
                    .unwrap();
                let heard = tokio::time::timeout(Duration::from_millis(100), changes.recv()).await;
                if heard.is_ok_and(|heard| heard.is_ok_and(|moved| moved == topic)) {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .expect("the other server is woken");
        assert!(!listening.is_finished());
        let version = other.topic_version(&topic).await.unwrap();
        assert_eq!(village.market.topic_version(&topic).await.unwrap(), version);
        listening.abort();
        let _ = listening.await;
    })
    .await;
}
