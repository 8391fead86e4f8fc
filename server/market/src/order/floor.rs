//! The rows of orders without their rules: what no way of placing orders can be faster than, and a past
//! as large as it is wanted.

use super::{
    Method, OrderState,
    store::{self, NewOrder},
};
use crate::{
    Error, Fault, LiveId, Market, OrderId, PersonId,
    catalog::{self, StockHolder},
    flash_sale,
    group_buy::{self, Group},
    id,
    market::fingerprint,
    people::{self, NoticeKind},
};

/// Letters of an order's code here: of a million codes as short as those people read out, two are alike
/// more often than not, and there is nobody here who would draw another.
const CODE_LETTERS: usize = 12;

/// One order of one pack for each of `people`, in one transaction.
pub(crate) async fn floor(market: &Market, people: &[PersonId], group: &Group, live: &LiveId) -> Result<(), Error> {
    let (now, hash, packs) = (market.now(), fingerprint("floor"), people.len() as i64);
    let ids: Vec<_> = people
        .iter()
        .map(|_| (OrderId::new(), id::code(CODE_LETTERS), id::digits(6)))
        .collect();
    let rows: Vec<_> = people
        .iter()
        .zip(&ids)
        .map(|(person, (id, code, pickup_code))| NewOrder {
            id,
            code,
            shopper: person,
            request_id: &group.code,
            request_hash: &hash,
            state: OrderState::Waiting,
            variant: &group.variant.id,
            sale: Some(&group.sale),
            group: Some(&group.id),
            live: Some(live),
            leader: Some(&group.pickup.leader_id),
            pickup: &group.pickup.id,
            pickup_code,
            quantity: 1,
            unit: group.price,
            amount: group.price,
            method: Method::Cash,
            hold_until: now,
        })
        .collect();
    let holds: Vec<_> = rows.iter().map(|row| (row.holder(), 1, row.id)).collect();
    let seats: Vec<_> = rows.iter().map(|row| (&group.id, row.shopper, row.id)).collect();
    let shares: Vec<_> = people.iter().map(|person| (&group.sale, person, 1)).collect();
    let mut tx = market.db.write().await?;
    let kept = catalog::take_level(&mut tx, StockHolder::Sale(&group.sale), packs).await?
        && store::insert(&mut tx, &rows, now).await?
        && group_buy::add_seats(&mut tx, &seats).await?
        && flash_sale::add_shares(&mut tx, &shares).await?
        && group_buy::count_seats(&mut tx, &group.id, packs, packs, now).await?;
    if !kept {
        let detail = "no seats for the floor".to_owned();
        return Err(Fault::BrokenRow {
            table: "groups",
            detail,
        }
        .into());
    }
    store::ask_payments(&mut tx, &rows, now).await?;
    catalog::add_holds(&mut tx, &holds, now).await?;
    let turnover = group.price.times(packs).unwrap_or(group.price);
    store::add_to_live(&mut tx, live, packs, turnover).await?;
    if group_buy::form(&mut tx, &group.id, now).await? {
        store::confirm_group(&mut tx, &group.id, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Hands over, in one transaction, everything that this session's groups confirmed.
pub(crate) async fn hand_over(market: &Market, live: &LiveId) -> Result<(), Error> {
    let now = market.now();
    let mut tx = market.db.write().await?;
    store::settle_payments_of(&mut tx, live, now).await?;
    let collected = store::collect_of(&mut tx, live, now).await?;
    people::notify_all(&mut tx, &collected, NoticeKind::OrderCollected, now).await?;
    tx.commit().await?;
    Ok(())
}
