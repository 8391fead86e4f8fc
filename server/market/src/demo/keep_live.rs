//! Keeping the live session in progress worth looking at: a sale that is on, and in it groups that
//! a visitor can fill.

use super::{HOUR, LIVE, goods, people};
use crate::{
    Error, Market, Money, Refusal, VariantId, Weight,
    catalog::{StockHolder, StockReason, move_stock},
    flash_sale,
    group_buy::{self, Group, GroupState},
    live_session::LiveState,
    order::{self, Method, Target},
    people::{Person, find_by_phone},
};

/// The pack that is on sale, 3 斤.
const PACK: Weight = Weight::grams(1500);
/// ¥19.8 a 斤.
const PRICE: Money = Money::fen(5940);
const QUOTA: i64 = 300;
const PER_PERSON: i64 = 4;
const NEED: i64 = 10;
const SALE_MS: i64 = 3 * HOUR;

/// Sees to it that the session in progress has a sale that is on, and in it an open group of each
/// leader with neighbours who joined for cash. What is there already stays; a session its host has
/// ended is left alone. Called at each start and by a timer, on however many servers.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_live(market: &Market) -> Result<(), Error> {
    let Some(live) = market
        .find_live(LIVE)
        .await?
        .filter(|live| live.state == LiveState::Live)
    else {
        return Ok(());
    };
    let Some(host) = market.find_person(&live.host_id).await? else {
        return Ok(());
    };
    keep_sale(market, &host).await?;
    for (leader, members) in [
        (people::LI, &people::WITH_LI[..]),
        (people::ZHANG, &people::WITH_ZHANG[..]),
    ] {
        keep_group(market, leader, members).await?;
    }
    Ok(())
}

/// Starts a sale unless one is on that somebody can still buy from.
async fn keep_sale(market: &Market, host: &Person) -> Result<(), Error> {
    match market.current_sale(LIVE).await? {
        Some(sale) if sale.stock > 0 || !sale.groups.is_empty() => return Ok(()),
        Some(_) => {
            unless_refused(market.end_sale(host, LIVE).await)?;
        }
        None => {}
    }
    let Some(product) = market.find_product(goods::STRAWBERRY).await? else {
        return Ok(());
    };
    let Some(pack) = product.variants.into_iter().find(|pack| pack.weight == PACK) else {
        return Ok(());
    };
    if pack.stock < QUOTA {
        receive(market, &pack.id, QUOTA - pack.stock).await?;
    }
    let now = market.now();
    let wanted = flash_sale::Wanted {
        price: PRICE,
        quota: QUOTA,
        per_person: PER_PERSON,
        need: NEED,
        rounds: vec![],
        starts_at: now,
        ends_at: now.plus(SALE_MS),
    };
    unless_refused(market.pin(host, LIVE, Some(&pack.id)).await)?;
    unless_refused(market.start_sale(host, LIVE, &pack.id, wanted).await)?;
    Ok(())
}

/// The next picking comes in.
async fn receive(market: &Market, variant: &VariantId, packs: i64) -> Result<(), Error> {
    let mut tx = market.db.write().await?;
    move_stock(
        &mut tx,
        StockHolder::Variant(variant),
        packs,
        StockReason::Receive,
        None,
        market.now(),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Opens the leader's group unless it is open, and lets the members who are missing join.
async fn keep_group(market: &Market, leader: &str, members: &[&str]) -> Result<(), Error> {
    let mut tx = market.db.read().await?;
    let leader = find_by_phone(&mut tx, leader).await?;
    let mut neighbours = Vec::with_capacity(members.len());
    for phone in members {
        neighbours.extend(find_by_phone(&mut tx, phone).await?);
    }
    drop(tx);
    let Some(leader) = leader else { return Ok(()) };
    let Some(group) = open_group(market, &leader).await? else {
        return Ok(());
    };
    let missing = usize::try_from(group.joined).is_ok_and(|joined| joined < neighbours.len());
    if group.state == GroupState::Open && missing {
        for (packs, neighbour) in std::iter::once(2).chain(std::iter::repeat(1)).zip(&neighbours) {
            join(market, neighbour, &group, packs).await?;
        }
    }
    Ok(())
}

/// The leader's open group in the sale that is on.
async fn open_group(market: &Market, leader: &Person) -> Result<Option<Group>, Error> {
    match market.open_group(leader, LIVE).await {
        Ok(group) => Ok(Some(group)),
        Err(Error::Refused(Refusal::GroupBuy(group_buy::Refusal::AlreadyOpen { group }))) => {
            market.find_group(&group).await
        }
        refused => unless_refused(refused),
    }
}

/// One neighbour joins for cash. The key is the group's, so that nobody joins twice.
async fn join(market: &Market, neighbour: &Person, group: &Group, packs: i64) -> Result<(), Error> {
    let wanted = order::Wanted {
        request_id: format!("demo-{}", group.code),
        target: Target::Group(group.id.clone()),
        quantity: packs,
        pickup: group.pickup.id.clone(),
        method: Method::Cash,
        shown_price: group.price,
    };
    unless_refused(market.place(neighbour, wanted).await)?;
    Ok(())
}

/// A refusal here means that a visitor or another server was quicker: what they did is as good.
fn unless_refused<T>(outcome: Result<T, Error>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refused(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}
