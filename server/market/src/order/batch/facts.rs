//! What the rules look at: read for all requests together, and true until the transaction ends.

use super::Request;
use crate::{
    Error, GroupId, LiveId, PersonId, PickupPointId, SaleId, VariantId,
    catalog::{self, ProductCard},
    community::{self, PickupPoint},
    db::Tx,
    flash_sale::{self, SaleRow},
    group_buy::{self, Gathering},
    live_session,
    order::{Target, store},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows as they stand. While requests are decided one after the other, levels, seats and shares move
/// here as they will in the database.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The orders that used one of the keys before: code and content's hash.
    pub(super) first: HashMap<(PersonId, String), (String, String)>,
    pub(super) points: HashMap<PickupPointId, PickupPoint>,
    pub(super) groups: BTreeMap<GroupId, Gathering>,
    pub(super) sales: BTreeMap<SaleId, SaleRow>,
    /// The codes of the sales' sessions.
    pub(super) lives: HashMap<LiveId, String>,
    /// What is sold. A shelf's price and stock are held for those that are bought off it.
    pub(super) goods: BTreeMap<VariantId, ProductCard>,
    /// The code of the order that seats the person in the group.
    pub(super) seats: HashMap<(GroupId, PersonId), String>,
    /// What the person has of the sale.
    pub(super) shares: HashMap<(SaleId, PersonId), i64>,
}

/// Reads them. Sales are held before shelves and each kind in the order of ids, as everywhere (see
/// `flash_sale`), so that no two transactions wait for each other.
pub(super) async fn read(tx: &mut Tx, requests: &[Request]) -> Result<Facts, Error> {
    let mut facts = Facts::default();
    for id in requests
        .iter()
        .map(|request| &request.wanted.pickup)
        .collect::<BTreeSet<_>>()
    {
        let found = community::store::point(tx, id).await?;
        facts.points.extend(found.map(|point| (id.clone(), point)));
    }
    read_groups(tx, requests, &mut facts).await?;
    let shelves: BTreeSet<_> = requests.iter().filter_map(variant).collect();
    for id in shelves {
        catalog::lock_shelf(tx, id).await?;
        read_goods(tx, id, &mut facts).await?;
    }
    // After the locks: an order of the same key that another server placed while this one waited for
    // its sale or shelf is there to be read now, and is the answer.
    let keys: Vec<_> = requests
        .iter()
        .map(|request| (&request.shopper.id, request.wanted.request_id.as_str()))
        .collect();
    for first in store::firsts(tx, &keys).await? {
        facts
            .first
            .insert((first.shopper_id, first.request_id), (first.code, first.request_hash));
    }
    let sold: BTreeSet<_> = facts.sales.values().map(|sale| sale.variant_id.clone()).collect();
    for id in sold {
        if !facts.goods.contains_key(&id) {
            read_goods(tx, &id, &mut facts).await?;
        }
    }
    Ok(facts)
}

/// Groups with their sales, seats and shares: the sales are held first, so that the rest stands still.
async fn read_groups(tx: &mut Tx, requests: &[Request], facts: &mut Facts) -> Result<(), Error> {
    let ids: Vec<_> = requests
        .iter()
        .filter_map(group)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let sales: BTreeSet<_> = group_buy::sales_of(tx, &ids).await?.into_iter().collect();
    for id in sales {
        let Some(sale) = flash_sale::lock(tx, &id).await? else {
            continue;
        };
        if let Some(code) = live_session::code_of(tx, &sale.live_id).await? {
            facts.lives.insert(sale.live_id.clone(), code);
        }
        facts.sales.insert(id, sale);
    }
    for group in group_buy::gathering(tx, &ids).await? {
        facts.groups.insert(group.id.clone(), group);
    }
    let asked: Vec<_> = requests
        .iter()
        .filter_map(|request| Some((group(request)?, &request.shopper.id)))
        .collect();
    for (group, person, order) in group_buy::seats(tx, &asked).await? {
        facts.seats.insert((group, person), order);
    }
    let shared: Vec<_> = asked
        .iter()
        .filter_map(|(group, person)| Some((&facts.groups.get(*group)?.sale_id, *person)))
        .collect();
    let shares = flash_sale::shares(tx, &shared).await?;
    facts.shares.extend(
        shares
            .into_iter()
            .map(|(sale, person, quantity)| ((sale, person), quantity)),
    );
    Ok(())
}

async fn read_goods(tx: &mut Tx, id: &VariantId, facts: &mut Facts) -> Result<(), Error> {
    let card = catalog::store::card_of_variant(tx, id).await?;
    facts.goods.extend(card.map(|card| (id.clone(), card)));
    Ok(())
}

fn group(request: &Request) -> Option<&GroupId> {
    match &request.wanted.target {
        Target::Group(id) => Some(id),
        Target::Solo(_) => None,
    }
}

fn variant(request: &Request) -> Option<&VariantId> {
    match &request.wanted.target {
        Target::Solo(id) => Some(id),
        Target::Group(_) => None,
    }
}
