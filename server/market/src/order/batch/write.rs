//! What was decided, written: levels, money, orders, seats, groups, in the order in which all
//! transactions take their locks (see `flash_sale`).

use super::{
    Request,
    decide::{Draft, Plan},
    facts::Facts,
};
use crate::{
    Error, Fault, GroupId, LiveId, Millis, Money, PersonId, SaleId, VariantId, balance,
    catalog::{self, StockHolder},
    db::Tx,
    flash_sale,
    group_buy::{self, GroupState},
    live_session::Touched,
    order::{
        Method, OrderState,
        store::{self, NewOrder},
    },
    people::{self, NoticeKind},
};
use std::collections::BTreeMap;

/// Writes `plan`; answers what viewers see of it. `None`: another transaction used one of the keys
/// meanwhile, and this one must not be committed.
///
/// # Errors
/// When the database does not answer, or what was decided is not what is stored: likewise.
pub(super) async fn write(
    tx: &mut Tx,
    facts: &mut Facts,
    plan: &mut Plan,
    requests: &[Request],
    now: Millis,
) -> Result<Option<Touched>, Error> {
    let mut touched = Touched::default();
    for sale in facts.sales.values() {
        touched.add(Touched::live(&sale.live_id));
    }
    take_stock(tx, plan, requests, &mut touched).await?;
    agree(tx, plan, requests, now).await?;
    if !insert(tx, facts, plan, requests, now).await? {
        return Ok(None);
    }
    seat(tx, facts, plan, requests, now).await?;
    for (live, (sold, turnover)) in sold(facts, plan, requests) {
        store::add_to_live(tx, live, sold, turnover).await?;
    }
    Ok(Some(touched))
}

/// Takes the packs from sales and shelves: one movement of each level.
async fn take_stock(tx: &mut Tx, plan: &Plan, requests: &[Request], touched: &mut Touched) -> Result<(), Error> {
    let (mut sales, mut shelves) = (BTreeMap::<&SaleId, i64>::new(), BTreeMap::<&VariantId, i64>::new());
    for draft in &plan.drafts {
        let quantity = requests[draft.request].wanted.quantity;
        *match &draft.group {
            Some((_, sale)) => sales.entry(sale).or_default(),
            None => shelves.entry(&draft.variant).or_default(),
        } += quantity;
    }
    for (sale, packs) in sales {
        must(
            catalog::take_level(tx, StockHolder::Sale(sale), packs).await?,
            "sales",
            sale.as_str(),
        )?;
    }
    for (variant, packs) in shelves {
        must(
            catalog::take_level(tx, StockHolder::Variant(variant), packs).await?,
            "variants",
            variant.as_str(),
        )?;
        touched.shelf(variant);
    }
    Ok(())
}

/// Pays from balances, person by person, and says how each order stands: cash is agreed at once; an
/// order whose balance does not suffice stays pending with its hold.
async fn agree(tx: &mut Tx, plan: &mut Plan, requests: &[Request], now: Millis) -> Result<(), Error> {
    let mut drafts: Vec<&mut Draft> = plan.drafts.iter_mut().collect();
    drafts.sort_by_key(|draft| (&requests[draft.request].shopper.id, draft.request));
    for draft in drafts {
        let Request { shopper, wanted, .. } = &requests[draft.request];
        let agreed = match wanted.method {
            Method::Cash => true,
            Method::Balance => balance::pay(tx, &shopper.id, draft.amount, &draft.id, now).await?,
        };
        if agreed {
            draft.state = match draft.group {
                Some(_) => OrderState::Waiting,
                None => OrderState::Confirmed,
            };
        }
    }
    Ok(())
}

/// Inserts orders, payments and movements of stock; false when a key was used meanwhile.
async fn insert(tx: &mut Tx, facts: &Facts, plan: &Plan, requests: &[Request], now: Millis) -> Result<bool, Error> {
    let mut rows: Vec<_> = plan
        .drafts
        .iter()
        .map(|draft| row(facts, draft, &requests[draft.request]))
        .collect();
    // in the order of keys: two servers that insert some of the same wait one for the other only
    rows.sort_by_key(|row| (row.shopper, row.request_id));
    if !store::insert(tx, &rows, now).await? {
        return Ok(false);
    }
    store::ask_payments(tx, &rows, now).await?;
    let holds: Vec<_> = rows.iter().map(|row| (row.holder(), row.quantity, row.id)).collect();
    catalog::add_holds(tx, &holds, now).await?;
    Ok(true)
}

fn row<'a>(facts: &'a Facts, draft: &'a Draft, request: &'a Request) -> NewOrder<'a> {
    let wanted = &request.wanted;
    let sale = draft.group.as_ref().and_then(|(_, id)| facts.sales.get(id));
    NewOrder {
        id: &draft.id,
        code: &draft.code,
        shopper: &request.shopper.id,
        request_id: &wanted.request_id,
        request_hash: &request.hash,
        state: draft.state,
        variant: &draft.variant,
        sale: sale.map(|sale| &sale.id),
        group: draft.group.as_ref().map(|(id, _)| id),
        live: sale.map(|sale| &sale.live_id),
        leader: facts.points.get(&wanted.pickup).map(|point| &point.leader_id),
        pickup: &wanted.pickup,
        pickup_code: &draft.pickup_code,
        quantity: wanted.quantity,
        unit: draft.unit,
        amount: draft.amount,
        method: wanted.method,
        hold_until: draft.hold_until,
    }
}

/// Gives seats and shares, counts who joined, and confirms the groups that formed by it.
async fn seat(tx: &mut Tx, facts: &mut Facts, plan: &mut Plan, requests: &[Request], now: Millis) -> Result<(), Error> {
    let mut seats = Vec::new();
    let mut shares = BTreeMap::<(&SaleId, &PersonId), i64>::new();
    let mut counts = BTreeMap::<GroupId, (i64, i64)>::new();
    for draft in &plan.drafts {
        let Some((group, sale)) = &draft.group else { continue };
        let Request { shopper, wanted, .. } = &requests[draft.request];
        seats.push((group, &shopper.id, &draft.id));
        *shares.entry((sale, &shopper.id)).or_default() += wanted.quantity;
        let (taken, joined) = counts.entry(group.clone()).or_default();
        *taken += 1;
        *joined += i64::from(draft.state != OrderState::Pending);
    }
    if seats.is_empty() {
        return Ok(());
    }
    must(
        group_buy::add_seats(tx, &seats).await?,
        "group_seats",
        "a seat is taken",
    )?;
    let shares: Vec<_> = shares
        .into_iter()
        .map(|((sale, person), packs)| (sale, person, packs))
        .collect();
    must(
        flash_sale::add_shares(tx, &shares).await?,
        "sale_shares",
        "over the limit",
    )?;
    for (id, (taken, joined)) in counts {
        must(
            group_buy::count_seats(tx, &id, taken, joined, now).await?,
            "groups",
            id.as_str(),
        )?;
        let Some(group) = facts.groups.get_mut(&id) else {
            continue;
        };
        group.joined += joined;
        if group.joined >= group.need {
            must(group_buy::form(tx, &id, now).await?, "groups", id.as_str())?;
            group.state = GroupState::Formed;
            confirm(tx, &id, plan, now).await?;
        }
    }
    Ok(())
}

/// The group formed: all its orders are confirmed, those of earlier batches too, and everybody is told.
async fn confirm(tx: &mut Tx, id: &GroupId, plan: &mut Plan, now: Millis) -> Result<(), Error> {
    let confirmed = store::confirm_group(tx, id, now).await?;
    people::notify_all(tx, &confirmed, NoticeKind::GroupFormed, now).await?;
    let of_group = |draft: &&mut Draft| draft.group.as_ref().is_some_and(|(group, _)| group == id);
    for draft in plan.drafts.iter_mut().filter(of_group) {
        if draft.state == OrderState::Waiting {
            draft.state = OrderState::Confirmed;
        }
    }
    Ok(())
}

/// Packs and turnover by session.
fn sold<'a>(facts: &'a Facts, plan: &Plan, requests: &[Request]) -> BTreeMap<&'a LiveId, (i64, Money)> {
    let mut sold = BTreeMap::<&LiveId, (i64, Money)>::new();
    for draft in plan.drafts.iter().filter(|draft| draft.state != OrderState::Pending) {
        let sale = draft.group.as_ref().and_then(|(_, id)| facts.sales.get(id));
        if let Some(sale) = sale {
            let (packs, turnover) = sold.entry(&sale.live_id).or_insert((0, Money::ZERO));
            *packs += requests[draft.request].wanted.quantity;
            *turnover = turnover.plus(draft.amount);
        }
    }
    sold
}

/// What was decided over rows that are held must be what the guarded update finds.
fn must(done: bool, table: &'static str, what: &str) -> Result<(), Fault> {
    if done {
        return Ok(());
    }
    Err(Fault::BrokenRow {
        table,
        detail: format!("{what}: not as it was read"),
    })
}
