//! Flash sales through the public door: starting, ending, bad wishes.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, PRICE, each_village, group_refused, refused};
use market::{
    Error, Money, Refusal, VariantId,
    flash_sale::{self, Wanted},
    group_buy::{self, GroupState},
    live_session,
    order::{OrderState, Wanted as Order},
};

#[tokio::test]
async fn a_sale_takes_its_quota_off_the_shelf_and_is_shown() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        let id = village.sale(30, 4, 5).await;
        assert_eq!(village.shelf().await, shelf - 30);
        let sale = village.market.current_sale(&village.live.code).await.unwrap().unwrap();
        assert_eq!(
            (sale.id.clone(), sale.price, sale.solo, sale.quota, sale.stock),
            (id, PRICE, village.pack.price, 30, 30)
        );
        assert_eq!(
            (sale.per_person, sale.need, sale.formed, sale.weight),
            (4, 5, 0, village.pack.weight)
        );
        let group = village.group().await;
        village.join(&village.shopper(1).await, &group).await;
        let today = village.market.sales_today(50).await.unwrap();
        let card = today.iter().find(|card| card.live_code == village.live.code).unwrap();
        assert_eq!(
            (card.sale.stock, card.product.variant.id.clone()),
            (29, village.pack.id.clone())
        );
        assert_eq!(card.sale.groups.len(), 1);
        assert_eq!(
            (card.sale.groups[0].code.clone(), card.sale.groups[0].joined),
            (group.code, 1)
        );
        assert_eq!(village.market.current_sale("NOPE").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn bad_wishes_are_refused_and_leave_the_shelf_as_it_was() {
    each_village(|village| async move {
        let (shelf, good) = (village.shelf().await, village.sale_of(10, 2, 3));
        let usual = village.pack.price;
        let now = village.market.now();
        let cases = [
            (
                Wanted {
                    price: Money::ZERO,
                    ..good.clone()
                },
                flash_sale::Refusal::BadPrice,
            ),
            (
                Wanted {
                    price: Money::fen(-5),
                    ..good.clone()
                },
                flash_sale::Refusal::BadPrice,
            ),
            (
                Wanted {
                    price: usual,
                    ..good.clone()
                },
                flash_sale::Refusal::NotCheaper { usual },
            ),
            (
                Wanted {
                    quota: 0,
                    ..good.clone()
                },
                flash_sale::Refusal::BadQuota,
            ),
            (
                Wanted {
                    quota: -10,
                    ..good.clone()
                },
                flash_sale::Refusal::BadQuota,
            ),
            (
                Wanted {
                    quota: shelf + 1,
                    ..good.clone()
                },
                flash_sale::Refusal::NotEnough { left: shelf },
            ),
            (
                Wanted {
                    per_person: 11,
                    ..good.clone()
                },
                flash_sale::Refusal::BadLimit,
            ),
            (
                Wanted {
                    need: 1,
                    ..good.clone()
                },
                flash_sale::Refusal::BadNeed,
            ),
            (
                Wanted {
                    ends_at: now.plus(-MINUTE),
                    ..good.clone()
                },
                flash_sale::Refusal::BadTime,
            ),
            (
                Wanted {
                    starts_at: now.plus(-60 * MINUTE),
                    ends_at: now,
                    ..good.clone()
                },
                flash_sale::Refusal::BadTime,
            ),
            (
                Wanted {
                    starts_at: now.plus(MINUTE),
                    ..good.clone()
                },
                flash_sale::Refusal::BadTime,
            ),
        ];
        let start = async |host, variant: &VariantId, wanted| {
            refused(
                village
                    .market
                    .start_sale(host, &village.live.code, variant, wanted)
                    .await,
            )
        };
        for (wanted, refusal) in cases {
            assert_eq!(
                start(&village.host, &village.pack.id, wanted).await,
                Refusal::FlashSale(refusal)
            );
        }
        assert_eq!(
            start(&village.other_host, &village.pack.id, good.clone()).await,
            Refusal::NotYours
        );
        assert_eq!(
            start(&village.host, &VariantId("x".into()), good.clone()).await,
            Refusal::NotFound
        );
        let theirs = village.market.farm_of(&village.other_host.id).await.unwrap().unwrap();
        let theirs = village
            .market
            .farm_products(&theirs.id)
            .await
            .unwrap()
            .remove(0)
            .variant
            .id;
        let not_this_farms = Refusal::LiveSession(live_session::Refusal::NotThisFarms);
        assert_eq!(start(&village.host, &theirs, good.clone()).await, not_this_farms);
        assert_eq!(village.shelf().await, shelf);
        village.sale(10, 2, 3).await;
        assert_eq!(
            start(&village.host, &village.pack.id, good).await,
            Refusal::FlashSale(flash_sale::Refusal::AlreadyOn)
        );
    })
    .await;
}

#[tokio::test]
async fn a_sale_needs_a_session_on_air() {
    each_village(|village| async move {
        let planned = village
            .market
            .plan_live(&village.host, "明天见", village.market.now())
            .await
            .unwrap();
        let wanted = village.sale_of(10, 2, 3);
        let sale = village
            .market
            .start_sale(&village.host, &planned.code, &village.pack.id, wanted.clone())
            .await;
        assert_eq!(refused(sale), Refusal::LiveSession(live_session::Refusal::NotLive));
        village
            .market
            .end_live(&village.host, &village.live.code)
            .await
            .unwrap();
        let sale = village
            .market
            .start_sale(&village.host, &village.live.code, &village.pack.id, wanted)
            .await;
        assert_eq!(refused(sale), Refusal::LiveSession(live_session::Refusal::Ended));
    })
    .await;
}

#[tokio::test]
async fn ending_a_sale_returns_the_rest_and_fails_open_groups() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        village.sale(30, 4, 2).await;
        let people = village.shoppers(3).await;
        let formed = village.group().await;
        village.join(&people[0], &formed).await;
        village.join(&people[1], &formed).await;
        let open = village.group().await;
        let waiting = village.join(&people[2], &open).await;
        assert_eq!(
            refused(village.market.end_sale(&village.other_host, &village.live.code).await),
            Refusal::NotYours
        );
        village
            .market
            .end_sale(&village.host, &village.live.code)
            .await
            .unwrap();
        assert_eq!(village.market.current_sale(&village.live.code).await.unwrap(), None);
        let over = refused(village.market.end_sale(&village.host, &village.live.code).await);
        assert_eq!(over, Refusal::FlashSale(flash_sale::Refusal::Ended));
        assert_eq!(
            (village.look(&formed).await.state, village.look(&open).await.state),
            (GroupState::Formed, GroupState::Failed)
        );
        assert_eq!(village.order(&people[2], &waiting).await.state, OrderState::Cancelled);
        assert_eq!(village.shelf().await, shelf - 2, "two packs are sold, the rest is back");
        let late = group_refused(
            village
                .place(
                    &people[2],
                    Order {
                        ..village.in_group(&open, 1, "late")
                    },
                )
                .await,
        );
        assert_eq!(late, group_buy::Refusal::Failed);
        // And another sale may begin.
        village.sale(10, 2, 2).await;
    })
    .await;
}

#[tokio::test]
async fn a_sale_whose_time_is_over_gives_way_to_the_next_even_before_the_timer() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        village.sale(30, 4, 2).await;
        village.clock.advance(60 * MINUTE);
        assert_eq!(village.market.current_sale(&village.live.code).await.unwrap(), None);
        let late: Result<_, Error> = village.market.open_group(&village.leader, &village.live.code).await;
        assert_eq!(refused(late), Refusal::FlashSale(flash_sale::Refusal::Ended));
        village.sale(10, 4, 2).await;
        assert_eq!(village.shelf().await, shelf - 10);
    })
    .await;
}
