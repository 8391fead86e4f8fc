//! A crowd for measuring: people, leaders and stock by the thousand, and the floor under an order.
//!
//! Written in bulk, because signing ten thousand people in one by one takes longer than what is to be
//! measured; what they then do goes through the market's own verbs. No server calls this.

use crate::{
    Bilingual, Error, LiveId, Market, Money, PersonId, VariantId,
    api_token::{self, Scope},
    catalog::{StockHolder, StockReason, move_stock},
    community::{self, NewCommunity},
    flash_sale,
    group_buy::Group,
    id, order,
    people::{self, Person, Role},
};

/// People made in one transaction.
const IN_ONE: usize = 4096;

/// `count` shoppers who were never seen before.
///
/// # Errors
/// When the database does not answer.
pub async fn shoppers(market: &Market, count: usize) -> Result<Vec<Person>, Error> {
    let mut all = Vec::with_capacity(count);
    let made = id::code(6);
    for n in 0..count {
        all.push(Person {
            id: PersonId::new(),
            phone: format!("{made}-{n}"),
            name: "赶集的人".into(),
            roles: Vec::new(),
        });
    }
    for people in all.chunks(IN_ONE) {
        let mut tx = market.db.write().await?;
        people::add_people(&mut tx, people, market.now()).await?;
        tx.commit().await?;
    }
    Ok(all)
}

/// `count` leaders, each with a community and a pick-up point.
///
/// # Errors
/// When the database does not answer.
pub async fn leaders(market: &Market, count: usize) -> Result<Vec<Person>, Error> {
    let mut leaders = Vec::with_capacity(count);
    let mut tx = market.db.write().await?;
    for _ in 0..count {
        let code = id::code(12);
        let leader = people::enrol(&mut tx, &code, "团长", &[Role::Leader], market.now()).await?;
        let named = |what: &str| Bilingual::new(format!("{code} {what}"), "");
        let community = NewCommunity {
            code: code.clone(),
            name: named("村"),
            leader: leader.id.clone(),
            point: named("小卖部"),
            address: named("村口"),
            opens_minute: 8 * 60,
            closes_minute: 20 * 60,
        };
        community::found(&mut tx, &community).await?;
        leaders.push(leader);
    }
    tx.commit().await?;
    Ok(leaders)
}

/// A token for a program of each of `people`, by which it may order for them.
///
/// # Errors
/// When the database does not answer.
pub async fn tokens(market: &Market, people: &[Person]) -> Result<Vec<String>, Error> {
    let mut texts = Vec::with_capacity(people.len());
    for owners in people.chunks(IN_ONE) {
        let mut tx = market.db.write().await?;
        texts.extend(api_token::make_many(&mut tx, owners, &[Scope::OrdersWrite], market.now()).await?);
        tx.commit().await?;
    }
    Ok(texts)
}

/// Puts packs on a shelf.
///
/// # Errors
/// When the database does not answer.
pub async fn receive(market: &Market, variant: &VariantId, packs: i64) -> Result<(), Error> {
    let mut tx = market.db.write().await?;
    let shelf = StockHolder::Variant(variant);
    move_stock(&mut tx, shelf, packs, StockReason::Receive, None, market.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// How many of these orders are stored, by their codes.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(market: &Market, codes: &[String]) -> Result<usize, Error> {
    order::stored(&mut market.db.read().await?, codes).await
}

/// A session that is over: `people` bought a pack each of `pack` in groups of `need`, one group for each
/// of `leaders` until everybody has a seat, and everything was handed over.
///
/// # Errors
/// When the database does not answer, or there are too few leaders.
pub async fn past_session(
    market: &Market,
    host: &Person,
    pack: &VariantId,
    leaders: &[Person],
    people: &[Person],
    need: usize,
) -> Result<(), Error> {
    let live = market.plan_live(host, "过去的一场", market.now()).await?;
    let live = market.start_live(host, &live.code).await?;
    let (now, packs) = (market.now(), people.len() as i64);
    receive(market, pack, packs).await?;
    let usual = market.farm_products(&live.farm.id).await?;
    let usual = usual
        .iter()
        .find(|card| card.variant.id == *pack)
        .map(|card| card.variant.price);
    let wanted = flash_sale::Wanted {
        price: Money::fen(usual.map_or(2, Money::as_fen) / 2),
        quota: packs,
        per_person: 1,
        need: need as i64,
        rounds: vec![],
        starts_at: now,
        ends_at: now.plus(60 * 60_000),
    };
    market.start_sale(host, &live.code, pack, wanted).await?;
    for (leader, members) in leaders.iter().zip(people.chunks(need)) {
        let group = market.open_group(leader, &live.code).await?;
        let ids: Vec<_> = members.iter().map(|person| person.id.clone()).collect();
        floor(market, &ids, &group, &live.id).await?;
    }
    market.end_live(host, &live.code).await?;
    order::hand_over(market, &live.id).await
}

/// The floor under placing orders: the rows of one order for each of `people` in `group`, written in
/// one transaction by the same statements, without reading or deciding anything and without telling
/// viewers.
///
/// # Errors
/// When the database does not answer, or the group has not so many seats.
pub async fn floor(market: &Market, people: &[PersonId], group: &Group, live: &LiveId) -> Result<(), Error> {
    order::floor(market, people, group, live).await
}
