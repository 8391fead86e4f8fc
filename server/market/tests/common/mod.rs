//! A village for tests: the demonstration's people and goods, a session of our own on air, and
//! shoppers with nothing to their name. Everything goes through the market's public door.

#![allow(dead_code)] // each test program uses its part

use market::{
    Clock, Error, Market, Millis, Money, Refusal, SaleId,
    catalog::Variant,
    community::PickupPoint,
    db::Db,
    demo, flash_sale,
    group_buy::Group,
    live_session::LiveCard,
    order::{self, Method, Order, Target, Wanted},
    people::{Person, Role},
};
use std::future::Future;

/// When every test begins: 2026-11-22 14:00 in the village.
pub const START: Millis = Millis(1_795_327_200_000);
/// Milliseconds of a minute.
pub const MINUTE: i64 = 60_000;
/// What a pack costs in the village's sales.
pub const PRICE: Money = Money::fen(5000);

/// A village over one database.
#[derive(Clone)]
pub struct Village {
    pub market: Market,
    pub clock: Clock,
    /// The farmer whose session is on air.
    pub host: Person,
    /// Another farmer.
    pub other_host: Person,
    pub leader: Person,
    pub other_leader: Person,
    pub operator: Person,
    /// A session of the host's, on air, with no sale yet.
    pub live: LiveCard,
    /// A pack of the host's farm.
    pub pack: Variant,
    /// The leader's pick-up point.
    pub pickup: PickupPoint,
    pub other_pickup: PickupPoint,
}

/// Runs `test` on a fresh village on every database, then audits its books.
pub async fn each_village<F, Done>(test: F)
where
    F: Fn(Village) -> Done,
    Done: Future<Output = ()>,
{
    market::db::testing::each_db(|db| {
        let test = &test;
        async move {
            let village = Village::found(db, Clock::manual(START)).await;
            let market = village.market.clone();
            test(village).await;
            assert_eq!(
                market.audit().await.expect("an audit"),
                vec![],
                "the books do not add up"
            );
        }
    })
    .await;
}

impl Village {
    /// The demonstration village, and a session of its first farmer's with a clean slate.
    pub async fn found(db: Db, clock: Clock) -> Village {
        let market = Market::new(db, clock.clone(), b"a secret of tests");
        demo::fill(&market).await.expect("the demonstration village");
        let mut people = Vec::new();
        for villager in demo::PEOPLE.iter().filter(|villager| villager.role.is_some()) {
            people.push(sign_in(&market, villager.phone).await);
        }
        let mut of = |role: Role| {
            people.remove(
                people
                    .iter()
                    .position(|person| person.is(role))
                    .expect("a person in that role"),
            )
        };
        let (host, other_host, leader) = (of(Role::Farmer), of(Role::Farmer), of(Role::Leader));
        let (other_leader, operator) = (of(Role::Leader), of(Role::Operator));
        let live = market
            .plan_live(&host, "测试直播", market.now())
            .await
            .expect("a session");
        let live = market.start_live(&host, &live.code).await.expect("on air");
        let farm = market.farm_of(&host.id).await.expect("a farm").expect("a farm");
        let product = market.farm_products(&farm.id).await.expect("products").remove(0);
        let pack = product.variant;
        assert!(
            pack.price > PRICE && pack.stock >= 100,
            "the village's first pack suits the tests: {pack:?}"
        );
        let pickup = market
            .pickup_of_leader(&leader.id)
            .await
            .expect("a point")
            .expect("a point");
        let other_pickup = market
            .pickup_of_leader(&other_leader.id)
            .await
            .expect("a point")
            .expect("a point");
        Village {
            market,
            clock,
            host,
            other_host,
            leader,
            other_leader,
            operator,
            live,
            pack,
            pickup,
            other_pickup,
        }
    }

    /// Shopper number `n` (below 10 000), made when first asked for.
    pub async fn shopper(&self, n: usize) -> Person {
        sign_in(&self.market, &format!("1390000{n:04}")).await
    }

    /// The first `count` shoppers.
    pub async fn shoppers(&self, count: usize) -> Vec<Person> {
        let mut all = Vec::with_capacity(count);
        for n in 0..count {
            all.push(self.shopper(n).await);
        }
        all
    }

    /// A shopper with `fen` in the balance.
    pub async fn rich_shopper(&self, n: usize, fen: i64) -> Person {
        let person = self.shopper(n).await;
        assert!(
            self.market
                .gift(&person.id, Money::fen(fen), &format!("test-{n}-{fen}"))
                .await
                .expect("a gift")
        );
        person
    }

    /// What a host would ask for: `quota` packs at [`PRICE`], for an hour.
    pub fn sale_of(&self, quota: i64, per_person: i64, need: i64) -> flash_sale::Wanted {
        let now = self.market.now();
        flash_sale::Wanted {
            price: PRICE,
            quota,
            per_person,
            need,
            rounds: vec![],
            starts_at: now,
            ends_at: now.plus(60 * MINUTE),
        }
    }

    /// Starts such a sale in the session.
    pub async fn sale(&self, quota: i64, per_person: i64, need: i64) -> SaleId {
        let wanted = self.sale_of(quota, per_person, need);
        self.market
            .start_sale(&self.host, &self.live.code, &self.pack.id, wanted)
            .await
            .expect("a sale")
    }

    /// The leader's group in it.
    pub async fn group(&self) -> Group {
        self.market
            .open_group(&self.leader, &self.live.code)
            .await
            .expect("a group")
    }

    /// The group as it stands.
    pub async fn look(&self, group: &Group) -> Group {
        self.market
            .find_group(&group.code)
            .await
            .expect("a group")
            .expect("a group")
    }

    /// Packs left in the session's sale.
    pub async fn left(&self) -> i64 {
        self.market
            .current_sale(&self.live.code)
            .await
            .expect("a sale")
            .expect("a sale")
            .stock
    }

    /// Packs on the shelf.
    pub async fn shelf(&self) -> i64 {
        let slug = self.slug().await;
        let product = self
            .market
            .find_product(&slug)
            .await
            .expect("a product")
            .expect("a product");
        product
            .variants
            .iter()
            .find(|pack| pack.id == self.pack.id)
            .expect("the pack")
            .stock
    }

    /// The slug of the product the pack is of.
    pub async fn slug(&self) -> String {
        let products = self.market.farm_products(&self.live.farm.id).await.expect("products");
        let mut slugs = products.into_iter().map(|product| product.slug);
        slugs.next().expect("a product")
    }

    /// `quantity` packs in `group`, for cash.
    pub fn in_group(&self, group: &Group, quantity: i64, key: &str) -> Wanted {
        Wanted {
            request_id: key.to_owned(),
            target: Target::Group(group.id.clone()),
            quantity,
            pickup: group.pickup.id.clone(),
            method: Method::Cash,
            shown_price: group.price,
        }
    }

    /// `quantity` packs off the shelf, for cash.
    pub fn solo(&self, quantity: i64, key: &str) -> Wanted {
        Wanted {
            request_id: key.to_owned(),
            target: Target::Solo(self.pack.id.clone()),
            quantity,
            pickup: self.pickup.id.clone(),
            method: Method::Cash,
            shown_price: self.pack.price,
        }
    }

    /// Joins `group` with one pack for cash.
    pub async fn join(&self, person: &Person, group: &Group) -> Order {
        self.place(person, self.in_group(group, 1, &format!("join-{}", group.code)))
            .await
            .expect("a seat")
    }

    /// Places an order and answers it.
    pub async fn place(&self, person: &Person, wanted: Wanted) -> Result<Order, Error> {
        self.market.place(person, wanted).await.map(|receipt| receipt.order)
    }

    /// The person's balance.
    pub async fn balance(&self, person: &Person) -> Money {
        self.market.balance(&person.id).await.expect("a balance")
    }

    /// The order as its shopper sees it.
    pub async fn order(&self, person: &Person, order: &Order) -> Order {
        self.market.find_order(person, &order.code).await.expect("an order")
    }

    /// What the person was told, newest first, as words of the database.
    pub async fn told(&self, person: &Person) -> Vec<&'static str> {
        let notices = self.market.notices(person, 100).await.expect("notices");
        notices.into_iter().map(|notice| notice.kind.as_str()).collect()
    }
}

/// Signs in by the code that was sent.
pub async fn sign_in(market: &Market, phone: &str) -> Person {
    let sent = market.request_code(phone, phone).await.expect("a code");
    market.sign_in(phone, &sent.code).await.expect("a person")
}

/// The refusal, when there is one.
///
/// # Panics
/// When the verb did what was asked, or failed.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// The order's refusal, likewise.
pub fn order_refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> order::Refusal {
    match refused(outcome) {
        Refusal::Order(refusal) => refusal,
        other => panic!("not about an order: {other:?}"),
    }
}

/// The group's refusal, likewise.
pub fn group_refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> market::group_buy::Refusal {
    match refused(outcome) {
        Refusal::GroupBuy(refusal) => refusal,
        other => panic!("not about a group: {other:?}"),
    }
}
