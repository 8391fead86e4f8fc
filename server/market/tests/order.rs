//! Orders through the public door: placing, paying, calling off, handing over, lapsing.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, PRICE, each_village, order_refused, refused};
use market::{
    Money, PickupPointId, Refusal, VariantId,
    order::{self, CancelReason, HOLD_MS, Method, OrderState, Target, Wanted},
};

#[tokio::test]
async fn an_order_off_the_shelf_takes_stock_and_is_confirmed() {
    each_village(|village| async move {
        let (shopper, shelf) = (village.shopper(1).await, village.shelf().await);
        let order = village.place(&shopper, village.solo(2, "k")).await.unwrap();
        assert_eq!(
            (order.state, order.quantity, order.unit),
            (OrderState::Confirmed, 2, village.pack.price)
        );
        assert_eq!(order.amount, village.pack.price.times(2).unwrap());
        assert!(!order.paid, "cash is not there before the hand-over");
        assert_eq!(order.pickup, village.pickup);
        assert_eq!((order.group, order.live_code, order.leader_name), (None, None, None));
        assert_eq!((order.pickup_code.len(), order.phone_tail.as_str()), (6, "0001"));
        assert_eq!(village.shelf().await, shelf - 2);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_key_gets_the_first_receipt_and_other_content_is_refused() {
    each_village(|village| async move {
        let (shopper, shelf) = (village.shopper(1).await, village.shelf().await);
        let first = village.market.place(&shopper, village.solo(2, "k")).await.unwrap();
        assert!(!first.repeated);
        let again = village.market.place(&shopper, village.solo(2, "k")).await.unwrap();
        assert!(again.repeated);
        assert_eq!(again.order, first.order);
        let others = [
            village.solo(3, "k"),
            Wanted {
                method: Method::Balance,
                ..village.solo(2, "k")
            },
            Wanted {
                pickup: village.other_pickup.id.clone(),
                ..village.solo(2, "k")
            },
            Wanted {
                shown_price: Money::fen(1),
                ..village.solo(2, "k")
            },
        ];
        for other in others {
            assert_eq!(
                order_refused(village.place(&shopper, other).await),
                order::Refusal::KeyReused
            );
        }
        // Another shopper's key is another key.
        let neighbour = village.shopper(2).await;
        assert!(
            !village
                .market
                .place(&neighbour, village.solo(2, "k"))
                .await
                .unwrap()
                .repeated
        );
        assert_eq!(village.shelf().await, shelf - 4);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_key_gets_its_receipt_even_when_nothing_is_left() {
    each_village(|village| async move {
        village.sale(1, 1, 2).await;
        let (group, shopper) = (village.group().await, village.shopper(1).await);
        let wanted = village.in_group(&group, 1, "k");
        let first = village.place(&shopper, wanted.clone()).await.unwrap();
        assert_eq!(village.left().await, 0);
        village.clock.advance(2 * 60 * MINUTE);
        village.market.settle_due().await.unwrap();
        let again = village.market.place(&shopper, wanted).await.unwrap();
        assert!(again.repeated);
        assert_eq!(
            (again.order.code, again.order.state),
            (first.code, OrderState::Cancelled)
        );
    })
    .await;
}

#[tokio::test]
async fn bad_requests_are_refused_and_leave_everything_as_it_was() {
    each_village(|village| async move {
        let (shopper, shelf) = (village.shopper(1).await, village.shelf().await);
        let usual = village.pack.price;
        let cases = [
            (village.solo(1, " "), order::Refusal::BadKey),
            (village.solo(1, &"k".repeat(256)), order::Refusal::BadKey),
            (village.solo(0, "a"), order::Refusal::BadQuantity),
            (village.solo(-3, "b"), order::Refusal::BadQuantity),
            (village.solo(100, "c"), order::Refusal::OverLimit { limit: 99, have: 0 }),
            (
                Wanted {
                    shown_price: Money::fen(1),
                    ..village.solo(1, "d")
                },
                order::Refusal::PriceChanged { now: usual },
            ),
            (
                Wanted {
                    pickup: PickupPointId("x".into()),
                    ..village.solo(1, "e")
                },
                order::Refusal::UnknownPickup,
            ),
        ];
        for (wanted, refusal) in cases {
            assert_eq!(order_refused(village.place(&shopper, wanted).await), refusal);
        }
        let nothing = Wanted {
            target: Target::Solo(VariantId("x".into())),
            ..village.solo(1, "f")
        };
        assert_eq!(refused(village.place(&shopper, nothing).await), Refusal::NotFound);
        assert_eq!(village.shelf().await, shelf);
        assert_eq!(village.market.orders_of(&shopper, 10).await.unwrap(), vec![]);
        // A refused key is free again.
        assert_eq!(
            village.place(&shopper, village.solo(1, "a")).await.unwrap().state,
            OrderState::Confirmed
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_gone_between_page_and_tap_is_refused_with_what_is_left() {
    each_village(|village| async move {
        let mut left = village.shelf().await;
        let (greedy, late) = (village.shopper(1).await, village.shopper(2).await);
        for n in 0.. {
            if left <= 3 {
                break;
            }
            let packs = (left - 3).min(99);
            village
                .place(&greedy, village.solo(packs, &format!("k{n}")))
                .await
                .unwrap();
            left -= packs;
        }
        assert_eq!(
            order_refused(village.place(&late, village.solo(4, "k")).await),
            order::Refusal::SoldOut { left: 3 }
        );
        assert_eq!(village.shelf().await, 3);
    })
    .await;
}

#[tokio::test]
async fn balance_pays_at_once_and_calling_off_pays_back_once() {
    each_village(|village| async move {
        let cost = village.pack.price.as_fen();
        let (shopper, shelf) = (village.rich_shopper(1, cost + 7).await, village.shelf().await);
        let order = village
            .place(
                &shopper,
                Wanted {
                    method: Method::Balance,
                    ..village.solo(1, "k")
                },
            )
            .await
            .unwrap();
        assert!(order.paid && order.paid_at.is_some() && order.state == OrderState::Confirmed);
        assert_eq!(village.balance(&shopper).await, Money::fen(7));
        let off = village.market.cancel(&shopper, &order.code).await.unwrap();
        assert_eq!(
            (off.state, off.reason, off.refunded),
            (OrderState::Cancelled, Some(CancelReason::ByShopper), order.amount)
        );
        let again = order_refused(village.market.cancel(&shopper, &order.code).await);
        assert_eq!(
            again,
            order::Refusal::WrongState {
                state: OrderState::Cancelled
            }
        );
        assert_eq!(village.balance(&shopper).await, Money::fen(cost + 7));
        assert_eq!(village.shelf().await, shelf);
    })
    .await;
}

#[tokio::test]
async fn too_small_a_balance_leaves_the_order_pending_to_be_paid_in_cash() {
    each_village(|village| async move {
        village.sale(10, 4, 2).await;
        let (group, shopper) = (village.group().await, village.rich_shopper(1, 10).await);
        let wanted = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 2, "k")
        };
        let order = village.place(&shopper, wanted).await.unwrap();
        assert_eq!(
            (order.state, order.hold_until),
            (OrderState::Pending, Some(village.market.now().plus(HOLD_MS)))
        );
        assert_eq!((village.left().await, village.look(&group).await.joined), (8, 0));
        let cost = PRICE.times(2).unwrap();
        let refusal = order_refused(village.market.pay(&shopper, &order.code, Method::Balance).await);
        assert_eq!(
            refusal,
            order::Refusal::NotEnoughBalance {
                have: Money::fen(10),
                cost
            }
        );
        let paid = village.market.pay(&shopper, &order.code, Method::Cash).await.unwrap();
        assert_eq!(
            (paid.state, paid.method, paid.hold_until),
            (OrderState::Waiting, Method::Cash, None)
        );
        // A second tap, by whatever method, pays nothing more.
        let again = village
            .market
            .pay(&shopper, &order.code, Method::Balance)
            .await
            .unwrap();
        assert_eq!((again.state, again.method), (OrderState::Waiting, Method::Cash));
        assert_eq!((village.left().await, village.look(&group).await.joined), (8, 1));
        assert_eq!(village.balance(&shopper).await, Money::fen(10));
    })
    .await;
}

#[tokio::test]
async fn a_hold_lapses_by_itself_and_a_late_payment_is_refused() {
    each_village(|village| async move {
        village.sale(10, 4, 2).await;
        let (group, shopper) = (village.group().await, village.rich_shopper(1, 10).await);
        let wanted = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 4, "k")
        };
        let order = village.place(&shopper, wanted).await.unwrap();
        village.clock.advance(HOLD_MS - 1);
        assert_eq!(village.market.settle_due().await.unwrap().holds, 0);
        village.clock.advance(1);
        // Late is late, whether or not the timer came by.
        assert_eq!(
            order_refused(village.market.pay(&shopper, &order.code, Method::Cash).await),
            order::Refusal::Lapsed
        );
        assert_eq!(village.market.settle_due().await.unwrap().holds, 1);
        assert_eq!(village.market.settle_due().await.unwrap().holds, 0);
        let lapsed = village.order(&shopper, &order).await;
        assert_eq!(
            (lapsed.state, lapsed.closed_at),
            (OrderState::Expired, Some(village.market.now()))
        );
        assert_eq!(
            order_refused(village.market.pay(&shopper, &order.code, Method::Cash).await),
            order::Refusal::Lapsed
        );
        assert_eq!(village.told(&shopper).await, ["hold_lapsed"]);
        assert_eq!(
            (village.left().await, village.balance(&shopper).await),
            (10, Money::fen(10))
        );
        // Seat and share are free again: the same person may join with the whole limit.
        assert_eq!(
            village
                .place(&shopper, village.in_group(&group, 4, "again"))
                .await
                .unwrap()
                .state,
            OrderState::Waiting
        );
    })
    .await;
}

#[tokio::test]
async fn a_hold_on_the_shelf_lapses_too() {
    each_village(|village| async move {
        let (shopper, shelf) = (village.shopper(1).await, village.shelf().await);
        let wanted = Wanted {
            method: Method::Balance,
            ..village.solo(3, "k")
        };
        let order = village.place(&shopper, wanted).await.unwrap();
        assert_eq!((order.state, village.shelf().await), (OrderState::Pending, shelf - 3));
        village.clock.advance(HOLD_MS);
        assert_eq!(village.market.settle_due().await.unwrap().holds, 1);
        assert_eq!(
            (village.order(&shopper, &order).await.state, village.shelf().await),
            (OrderState::Expired, shelf)
        );
    })
    .await;
}

#[tokio::test]
async fn the_leader_hands_over_and_takes_the_cash() {
    each_village(|village| async move {
        let shopper = village.shopper(1).await;
        let order = village.place(&shopper, village.solo(1, "k")).await.unwrap();
        assert_eq!(
            refused(village.market.collect(&village.other_leader, &order.code).await),
            Refusal::NotFound
        );
        assert_eq!(
            refused(village.market.collect(&shopper, &order.code).await),
            Refusal::NotYours
        );
        let listed = village.market.orders_for_leader(&village.leader).await.unwrap();
        assert!(listed.iter().any(|listed| listed.code == order.code));
        village.clock.advance(MINUTE);
        let done = village.market.collect(&village.leader, &order.code).await.unwrap();
        assert_eq!(
            (done.state, done.paid, done.collected_at),
            (OrderState::Collected, true, Some(village.market.now()))
        );
        assert_eq!(village.told(&shopper).await, ["order_collected"]);
        let again = order::Refusal::WrongState {
            state: OrderState::Collected,
        };
        assert_eq!(
            order_refused(village.market.collect(&village.leader, &order.code).await),
            again
        );
        assert_eq!(order_refused(village.market.cancel(&shopper, &order.code).await), again);
    })
    .await;
}

#[tokio::test]
async fn an_order_is_seen_by_those_it_concerns() {
    each_village(|village| async move {
        village.sale(10, 4, 2).await;
        let (group, shopper, stranger) = (
            village.group().await,
            village.shopper(1).await,
            village.shopper(2).await,
        );
        let order = village.join(&shopper, &group).await;
        assert_eq!(order.leader_name.as_deref(), Some(village.leader.name.as_str()));
        assert_eq!(order.live_code.as_deref(), Some(village.live.code.as_str()));
        for person in [&shopper, &village.leader, &village.host, &village.operator] {
            assert_eq!(
                village.market.find_order(person, &order.code).await.unwrap().code,
                order.code
            );
        }
        for person in [&stranger, &village.other_leader, &village.other_host] {
            assert_eq!(
                refused(village.market.find_order(person, &order.code).await),
                Refusal::NotFound
            );
        }
        for verb in [
            village.market.cancel(&stranger, &order.code).await,
            village.market.pay(&stranger, &order.code, Method::Cash).await,
        ] {
            assert_eq!(refused(verb), Refusal::NotFound);
        }
        assert_eq!(
            village
                .market
                .orders_of_live(&village.host, &village.live.code)
                .await
                .unwrap()
                .len(),
            1
        );
        let theirs = village
            .market
            .orders_of_live(&village.other_host, &village.live.code)
            .await;
        assert_eq!(refused(theirs), Refusal::NotYours);
    })
    .await;
}
