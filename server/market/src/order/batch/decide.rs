//! The rules of placing an order, applied to facts in memory: no I/O.

use super::{Request, facts::Facts};
use crate::{
    GroupId, Millis, Money, OrderId, PersonId, Refusal, SaleId, VariantId,
    flash_sale::{self, Quote, SaleRow},
    group_buy::{self, GroupState},
    id,
    order::{self, HOLD_MS, MOST_PACKS, OrderState, Target},
};
use std::collections::HashMap;

/// Letters of an order's code: 31^8, about 8.5 × 10^11, so that one is not guessed by chance.
const CODE_LETTERS: usize = 8;
/// Digits of a pick-up code: it is said beside a name at a counter, where it need not be unique.
const PICKUP_DIGITS: usize = 6;

/// An order that will be written.
#[derive(Debug)]
pub(super) struct Draft {
    /// Whose request it is of, by position.
    pub(super) request: usize,
    pub(super) id: OrderId,
    pub(super) code: String,
    pub(super) pickup_code: String,
    pub(super) variant: VariantId,
    /// Its group and that group's sale.
    pub(super) group: Option<(GroupId, SaleId)>,
    pub(super) unit: Money,
    pub(super) amount: Money,
    /// Until when stock is kept if it is not paid.
    pub(super) hold_until: Millis,
    /// Pending until its payment is looked at; see `write`.
    pub(super) state: OrderState,
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is this draft.
    Placed(usize),
    /// The same request came earlier in this batch, as this draft.
    Again(usize),
    /// The same request came before: the code of its order.
    Before(String),
    /// Its group is full; another of the sale may have room.
    Full(SaleId),
    /// Its asker has gone: nothing is taken, nobody is told.
    Gone,
    /// Nothing is taken.
    Refused(Refusal),
}

/// What will be written, and what each request is told.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) drafts: Vec<Draft>,
    pub(super) verdicts: Vec<Verdict>,
}

/// Decides the requests in the order they came; `facts` move along.
pub(super) fn decide(facts: &mut Facts, requests: &[Request], now: Millis) -> Plan {
    let mut plan = Plan::default();
    // what the keys of this batch were used for
    let mut used: HashMap<(&PersonId, &str), usize> = HashMap::new();
    for (at, request) in requests.iter().enumerate() {
        let key = (&request.shopper.id, request.wanted.request_id.as_str());
        let verdict = match used.get(&key) {
            _ if !request.claim.decide() => Verdict::Gone,
            Some(&draft) if requests[plan.drafts[draft].request].hash == request.hash => Verdict::Again(draft),
            Some(_) => Verdict::Refused(order::Refusal::KeyReused.into()),
            None => match one(facts, request, at, now) {
                Ok(draft) => {
                    used.insert(key, plan.drafts.len());
                    plan.drafts.push(draft);
                    Verdict::Placed(plan.drafts.len() - 1)
                }
                Err(verdict) => verdict,
            },
        };
        plan.verdicts.push(verdict);
    }
    plan
}

impl From<order::Refusal> for Verdict {
    fn from(refusal: order::Refusal) -> Self {
        Verdict::Refused(Refusal::Order(refusal))
    }
}

/// One request whose key was not used in this batch.
fn one(facts: &mut Facts, request: &Request, at: usize, now: Millis) -> Result<Draft, Verdict> {
    let wanted = &request.wanted;
    let key = (request.shopper.id.clone(), wanted.request_id.clone());
    if let Some((code, hash)) = facts.first.get(&key) {
        return Err(match *hash == request.hash {
            true => Verdict::Before(code.clone()),
            false => order::Refusal::KeyReused.into(),
        });
    }
    let pickup = facts.points.get(&wanted.pickup).ok_or(order::Refusal::UnknownPickup)?;
    let (unit, hold_until, variant, group) = match &wanted.target {
        Target::Solo(id) => {
            let card = facts.goods.get(id).ok_or(Verdict::Refused(Refusal::NotFound))?;
            (card.variant.price, now.plus(HOLD_MS), id.clone(), None)
        }
        Target::Group(id) => {
            let group = facts.groups.get(id).ok_or(Verdict::Refused(Refusal::NotFound))?;
            if group.pickup_point_id != pickup.id {
                return Err(order::Refusal::UnknownPickup.into());
            }
            let sale = facts
                .sales
                .get(&group.sale_id)
                .ok_or(Verdict::Refused(Refusal::NotFound))?;
            let hold_until = now.plus(HOLD_MS).min(group.deadline);
            let group = (id.clone(), sale.id.clone());
            (
                price(request, sale, now),
                hold_until,
                sale.variant_id.clone(),
                Some(group),
            )
        }
    };
    let amount = amount(request, unit, group.is_some())?;
    let draft = Draft {
        request: at,
        id: OrderId::new(),
        code: id::code(CODE_LETTERS),
        pickup_code: id::digits(PICKUP_DIGITS),
        variant,
        group,
        unit,
        amount,
        hold_until,
        state: OrderState::Pending,
    };
    hold(facts, request, &draft, now)?;
    Ok(draft)
}

/// What a pack of the sale costs: the price that was shown, while its quote is live; else the sale's.
fn price(request: &Request, sale: &SaleRow, now: Millis) -> Money {
    let shown = request.wanted.shown_price;
    let live = |quote: &&Quote| quote.sale == sale.id && now < quote.until && quote.price == shown;
    request
        .quote
        .as_ref()
        .filter(live)
        .map_or(sale.price_fen, |quote| quote.price)
}

/// What the order costs, if the price is the one that was shown and an amount can be so large.
fn amount(request: &Request, unit: Money, in_group: bool) -> Result<Money, order::Refusal> {
    let wanted = &request.wanted;
    if unit != wanted.shown_price {
        return Err(order::Refusal::PriceChanged { now: unit });
    }
    if !in_group && wanted.quantity > MOST_PACKS {
        return Err(order::Refusal::OverLimit {
            limit: MOST_PACKS,
            have: 0,
        });
    }
    unit.times(wanted.quantity).ok_or(order::Refusal::BadQuantity)
}

/// Takes seat, share and stock for the draft, or takes nothing and says the first thing that stands
/// against it.
fn hold(facts: &mut Facts, request: &Request, draft: &Draft, now: Millis) -> Result<(), Verdict> {
    let (person, quantity) = (&request.shopper.id, request.wanted.quantity);
    let Some((group, sale)) = &draft.group else {
        let card = facts.goods.get_mut(&draft.variant);
        let stock = &mut card.ok_or(Verdict::Refused(Refusal::NotFound))?.variant.stock;
        return take(stock, quantity);
    };
    let (Some(gathering), Some(row)) = (facts.groups.get_mut(group), facts.sales.get_mut(sale)) else {
        return Err(Verdict::Refused(Refusal::NotFound));
    };
    let seat = (group.clone(), person.clone());
    if let Some(order) = facts.seats.get(&seat) {
        let order = order.clone();
        return Err(Verdict::Refused(group_buy::Refusal::AlreadyIn { order }.into()));
    }
    match gathering.state {
        GroupState::Failed => return Err(Verdict::Refused(group_buy::Refusal::Failed.into())),
        GroupState::Open if gathering.deadline <= now => {
            return Err(Verdict::Refused(group_buy::Refusal::TooLate.into()));
        }
        GroupState::Open if gathering.taken < gathering.need => {}
        GroupState::Open | GroupState::Formed => return Err(Verdict::Full(sale.clone())),
    }
    if !row.is_on(now) {
        return Err(order::Refusal::SaleEnded.into());
    }
    let share = facts.shares.entry((sale.clone(), person.clone())).or_insert(0);
    if quantity > row.per_person || *share + quantity > row.per_person {
        return Err(order::Refusal::OverLimit {
            limit: row.per_person,
            have: *share,
        }
        .into());
    }
    take_released(row, quantity)?;
    *share += quantity;
    gathering.taken += 1;
    facts.seats.insert(seat, draft.code.clone());
    Ok(())
}

/// Off what the sale's rounds have released. Where more is to come it says when.
fn take_released(sale: &mut SaleRow, quantity: i64) -> Result<(), Verdict> {
    let mut free = sale.free();
    match sale.next_at {
        Some(at) if free <= 0 => return Err(Verdict::Refused(flash_sale::Refusal::NextRound { at }.into())),
        _ => take(&mut free, quantity)?,
    }
    sale.stock -= quantity;
    Ok(())
}

fn take(stock: &mut i64, quantity: i64) -> Result<(), Verdict> {
    if *stock < quantity {
        return Err(order::Refusal::SoldOut { left: *stock }.into());
    }
    *stock -= quantity;
    Ok(())
}
