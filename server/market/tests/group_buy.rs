//! Groups through the public door: opening, joining, forming, failing.
#![cfg(feature = "sql")]

mod common;

use common::{MINUTE, PRICE, each_village, group_refused, order_refused, refused};
use market::{
    GroupId, Money, Refusal, flash_sale,
    group_buy::{self, GroupState},
    order::{self, CancelReason, HOLD_MS, Method, OrderState, Target, Wanted},
};

#[tokio::test]
async fn a_leader_opens_one_group_with_room_in_a_sale() {
    each_village(|village| async move {
        let (market, live) = (&village.market, village.live.code.as_str());
        let none_on = refused(market.open_group(&village.leader, live).await);
        assert_eq!(none_on, Refusal::FlashSale(flash_sale::Refusal::Ended));
        village.sale(20, 4, 3).await;
        let group = village.group().await;
        assert_eq!(
            (group.state, group.need, group.joined, group.price),
            (GroupState::Open, 3, 0, PRICE)
        );
        assert_eq!(
            (group.pickup.clone(), group.leader_name.clone()),
            (village.pickup.clone(), village.leader.name.clone())
        );
        assert_eq!(
            (group.deadline, group.solo),
            (village.market.now().plus(60 * MINUTE), village.pack.price)
        );
        let twice = group_refused(market.open_group(&village.leader, live).await);
        assert_eq!(
            twice,
            group_buy::Refusal::AlreadyOpen {
                group: group.code.clone()
            }
        );
        assert_eq!(
            group_refused(market.open_group(&village.shopper(1).await, live).await),
            group_buy::Refusal::LeadersOnly
        );
        assert_eq!(
            refused(market.open_group(&village.leader, "NOPE").await),
            Refusal::NotFound
        );
        market.open_group(&village.other_leader, live).await.unwrap();
        let mine = market.groups_of(&village.leader).await.unwrap();
        assert_eq!(mine[0].code, group.code);
        let open = market.groups(Some(GroupState::Open), 100).await.unwrap();
        assert!(open.iter().any(|card| card.code == group.code));
        assert!(open.is_sorted_by_key(|card| card.deadline));
    })
    .await;
}

#[tokio::test]
async fn a_group_forms_at_its_last_seat_and_all_its_orders_are_confirmed() {
    each_village(|village| async move {
        village.sale(20, 4, 3).await;
        let group = village.group().await;
        let people = village.shoppers(4).await;
        for person in &people[..2] {
            assert_eq!(village.join(person, &group).await.state, OrderState::Waiting);
        }
        assert_eq!(village.look(&group).await.state, GroupState::Open);
        let last = village.join(&people[2], &group).await;
        assert_eq!(last.state, OrderState::Confirmed);
        let formed = village.look(&group).await;
        assert_eq!(
            (formed.state, formed.joined, formed.members.len()),
            (GroupState::Formed, 3, 3)
        );
        for person in &people[..3] {
            let order = village.market.orders_of(person, 1).await.unwrap().remove(0);
            assert_eq!(
                (order.state, order.confirmed_at),
                (OrderState::Confirmed, Some(village.market.now()))
            );
            assert_eq!(village.told(person).await, ["group_formed"]);
            // Once formed, an order stands: the others' price rests on it.
            let off = order_refused(village.market.cancel(person, &order.code).await);
            assert_eq!(
                off,
                order::Refusal::WrongState {
                    state: OrderState::Confirmed
                }
            );
        }
        // Whoever comes later is told of another group.
        let full = group_refused(village.place(&people[3], village.in_group(&group, 1, "k")).await);
        assert_eq!(full, group_buy::Refusal::Full { other: None });
        let other = village
            .market
            .open_group(&village.other_leader, &village.live.code)
            .await
            .unwrap();
        let full = group_refused(village.place(&people[3], village.in_group(&group, 1, "k")).await);
        assert_eq!(
            full,
            group_buy::Refusal::Full {
                other: Some(other.code)
            }
        );
        assert_eq!(village.left().await, 17);
    })
    .await;
}

#[tokio::test]
async fn nobody_sits_twice_or_beyond_the_limit() {
    each_village(|village| async move {
        village.sale(20, 4, 3).await;
        let (group, person) = (village.group().await, village.shopper(1).await);
        let five = order_refused(village.place(&person, village.in_group(&group, 5, "a")).await);
        assert_eq!(five, order::Refusal::OverLimit { limit: 4, have: 0 });
        let order = village.place(&person, village.in_group(&group, 3, "b")).await.unwrap();
        let twice = group_refused(village.place(&person, village.in_group(&group, 1, "c")).await);
        assert_eq!(twice, group_buy::Refusal::AlreadyIn { order: order.code });
        // The limit is the sale's, over all its groups.
        let other = village
            .market
            .open_group(&village.other_leader, &village.live.code)
            .await
            .unwrap();
        let more = order_refused(village.place(&person, village.in_group(&other, 2, "d")).await);
        assert_eq!(more, order::Refusal::OverLimit { limit: 4, have: 3 });
        village.place(&person, village.in_group(&other, 1, "e")).await.unwrap();
        assert_eq!(village.left().await, 16);
    })
    .await;
}

#[tokio::test]
async fn a_group_is_joined_at_its_own_terms() {
    each_village(|village| async move {
        village.sale(6, 4, 3).await;
        let (group, person) = (village.group().await, village.shopper(1).await);
        let elsewhere = Wanted {
            pickup: village.other_pickup.id.clone(),
            ..village.in_group(&group, 1, "a")
        };
        assert_eq!(
            order_refused(village.place(&person, elsewhere).await),
            order::Refusal::UnknownPickup
        );
        let cheaper = Wanted {
            shown_price: Money::fen(1),
            ..village.in_group(&group, 1, "b")
        };
        assert_eq!(
            order_refused(village.place(&person, cheaper).await),
            order::Refusal::PriceChanged { now: PRICE }
        );
        let nowhere = Wanted {
            target: Target::Group(GroupId("x".into())),
            ..village.in_group(&group, 1, "c")
        };
        assert_eq!(refused(village.place(&person, nowhere).await), Refusal::NotFound);
        village
            .place(&village.shopper(2).await, village.in_group(&group, 3, "k"))
            .await
            .unwrap();
        let many = order_refused(village.place(&person, village.in_group(&group, 4, "d")).await);
        assert_eq!(many, order::Refusal::SoldOut { left: 3 });
        assert_eq!((village.look(&group).await.joined, village.left().await), (1, 3));
    })
    .await;
}

#[tokio::test]
async fn a_held_seat_is_not_joined_and_is_free_again_when_it_is_given_up() {
    each_village(|village| async move {
        village.sale(20, 4, 2).await;
        let group = village.group().await;
        let people = village.shoppers(3).await;
        let held = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 1, "k")
        };
        let held = village.place(&people[0], held).await.unwrap();
        assert_eq!(held.state, OrderState::Pending);
        village.join(&people[1], &group).await;
        // Two seats of two are taken, one of them only held: full, but not formed.
        let full = group_refused(village.place(&people[2], village.in_group(&group, 1, "k")).await);
        assert_eq!(full, group_buy::Refusal::Full { other: None });
        assert_eq!(
            (village.look(&group).await.state, village.look(&group).await.joined),
            (GroupState::Open, 1)
        );
        village.market.cancel(&people[0], &held.code).await.unwrap();
        assert_eq!(village.join(&people[2], &group).await.state, OrderState::Confirmed);
        assert_eq!(village.look(&group).await.state, GroupState::Formed);
    })
    .await;
}

#[tokio::test]
async fn leaving_a_waiting_group_gives_seat_money_and_stock_back() {
    each_village(|village| async move {
        village.sale(20, 4, 2).await;
        let (group, person) = (village.group().await, village.rich_shopper(1, 20_000).await);
        let wanted = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 3, "k")
        };
        let order = village.place(&person, wanted).await.unwrap();
        assert_eq!(
            (order.state, order.paid, village.look(&group).await.joined),
            (OrderState::Waiting, true, 1)
        );
        let off = village.market.cancel(&person, &order.code).await.unwrap();
        assert_eq!((off.state, off.refunded), (OrderState::Cancelled, order.amount));
        assert_eq!((village.look(&group).await.joined, village.left().await), (0, 20));
        assert_eq!(village.balance(&person).await, Money::fen(20_000));
        assert_eq!(
            village
                .place(&person, village.in_group(&group, 4, "again"))
                .await
                .unwrap()
                .state,
            OrderState::Waiting
        );
    })
    .await;
}

#[tokio::test]
async fn a_group_that_runs_out_of_time_fails_and_everything_goes_back() {
    each_village(|village| async move {
        let shelf = village.shelf().await;
        village.sale(20, 4, 5).await;
        let group = village.group().await;
        let (rich, cash) = (village.rich_shopper(1, 20_000).await, village.shopper(2).await);
        let paid = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 2, "k")
        };
        let paid = village.place(&rich, paid).await.unwrap();
        let agreed = village.join(&cash, &group).await;
        village.clock.advance(60 * MINUTE - HOLD_MS / 2);
        let holder = village.shopper(3).await;
        let held = Wanted {
            method: Method::Balance,
            ..village.in_group(&group, 1, "k")
        };
        let held = village.place(&holder, held).await.unwrap();
        // A hold never outlives the group.
        assert_eq!(held.hold_until, Some(group.deadline));
        village.clock.advance(HOLD_MS / 2);
        // Late, though no timer came by yet.
        let late = village.shopper(4).await;
        assert_eq!(
            group_refused(village.place(&late, village.in_group(&group, 1, "k")).await),
            group_buy::Refusal::TooLate
        );
        let settled = village.market.settle_due().await.unwrap();
        assert_eq!(settled.holds, 1);
        assert!(settled.sales >= 1, "the sale ended, and with it its groups");
        assert_eq!(village.market.settle_due().await.unwrap(), Default::default());
        assert_eq!(
            group_refused(village.place(&late, village.in_group(&group, 1, "k")).await),
            group_buy::Refusal::Failed
        );
        assert_eq!(
            (village.look(&group).await.state, village.look(&group).await.joined),
            (GroupState::Failed, 2)
        );
        for (person, order) in [(&rich, &paid), (&cash, &agreed)] {
            let off = village.order(person, order).await;
            assert_eq!(
                (off.state, off.reason),
                (OrderState::Cancelled, Some(CancelReason::GroupFailed))
            );
            assert_eq!(village.told(person).await, ["group_failed"]);
        }
        assert_eq!(village.order(&rich, &paid).await.refunded, paid.amount);
        assert_eq!(village.order(&cash, &agreed).await.refunded, Money::ZERO);
        assert_eq!(village.order(&holder, &held).await.state, OrderState::Expired);
        assert_eq!(village.balance(&rich).await, Money::fen(20_000));
        assert_eq!(village.shelf().await, shelf);
    })
    .await;
}
