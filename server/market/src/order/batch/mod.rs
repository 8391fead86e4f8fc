//! Placing orders: any number of requests in one transaction, each with its own answer.
//!
//! First what the rules look at is read, by statements for all requests together, with the sales and
//! shelves in question held until the transaction ends ([`facts`]). A request whose asker has gone by
//! then is left out ([`claim`]): however long the locks took, nothing is done in silence. Then the rules are applied in
//! memory, one request after the other in the order they came, so that each sees what those before it
//! took and a refusal takes nothing ([`decide`]: no I/O). Then everything that was decided is written,
//! again by statements for many rows ([`write`]). The updates of levels, seats and shares repeat their
//! rule and their rows are counted: what was decided is what is true, or nothing is kept at all.
//!
//! One request alone goes the same way: there is one set of rules.

mod claim;
mod decide;
mod facts;
mod receipt;
mod write;

pub(super) use claim::Claim;

use super::{Receipt, Wanted, store};
use crate::{Error, Market, Millis, Refusal, flash_sale::Quote, group_buy, market::fingerprint, people::Person};

/// Somebody's wish to buy.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) shopper: Person,
    pub(super) wanted: Wanted,
    /// What is asked for, to be compared with a later request's.
    hash: String,
    /// The price that was shown, if it comes in writing.
    quote: Option<Quote>,
    /// Whether its asker still waits.
    claim: Claim,
}

impl Request {
    /// The wish, if it is one at all.
    pub(super) fn new(shopper: &Person, wanted: Wanted, quote: Option<Quote>) -> Result<Self, Refusal> {
        wanted.check().map_err(Refusal::Order)?;
        // no id has U+0000 in it, which PostgreSQL would not even compare
        if wanted.target.id().contains('\0') {
            return Err(Refusal::NotFound);
        }
        if wanted.pickup.as_str().contains('\0') {
            return Err(Refusal::Order(super::Refusal::UnknownPickup));
        }
        let hash = fingerprint(&wanted.content());
        Ok(Request {
            shopper: shopper.clone(),
            wanted,
            hash,
            quote,
            claim: Claim::default(),
        })
    }

    /// To withdraw it by.
    pub(super) fn claim(&self) -> &Claim {
        &self.claim
    }
}

/// The answer to one request.
pub(super) type Answer = Result<Receipt, Refusal>;

/// Places all of `requests` at `now` and answers each, once what was written is durable. `None`: another
/// server used one of the keys at the same moment; nothing was changed, try again.
///
/// # Errors
/// When the database does not answer, or holds what breaks an invariant: nothing was changed.
pub(super) async fn place_all(
    market: &Market,
    requests: &[Request],
    now: Millis,
) -> Result<Option<Vec<Answer>>, Error> {
    let mut tx = market.db.write().await?;
    let mut facts = facts::read(&mut tx, requests).await?;
    let mut plan = decide::decide(&mut facts, requests, now);
    let topics = match plan.drafts.is_empty() {
        true => None,
        false => match write::write(&mut tx, &mut facts, &mut plan, requests, now).await? {
            Some(touched) => Some(market.publish(&mut tx, touched, now).await?),
            None => return Ok(None),
        },
    };
    let mut answers = Vec::with_capacity(requests.len());
    for (request, verdict) in requests.iter().zip(&plan.verdicts) {
        answers.push(match verdict {
            decide::Verdict::Placed(draft) => Ok(Receipt {
                order: receipt::order(&facts, &plan.drafts[*draft], request, now)?,
                repeated: false,
            }),
            decide::Verdict::Again(draft) => Ok(Receipt {
                order: receipt::order(&facts, &plan.drafts[*draft], request, now)?,
                repeated: true,
            }),
            decide::Verdict::Before(code) => {
                let order = store::view(&mut tx, code).await?.ok_or(sqlx::Error::RowNotFound)?;
                Ok(Receipt {
                    order: order.try_into()?,
                    repeated: true,
                })
            }
            decide::Verdict::Full(sale) => {
                let other = group_buy::with_room(&mut tx, sale, now).await?;
                Err(Refusal::GroupBuy(group_buy::Refusal::Full { other }))
            }
            decide::Verdict::Gone => Err(Refusal::Order(super::Refusal::Busy)), // nobody hears it
            decide::Verdict::Refused(refusal) => Err(refusal.clone()),
        });
    }
    // where everybody was refused there is nothing to make durable
    if let Some(topics) = topics {
        market.commit(tx, topics).await?;
    }
    Ok(Some(answers))
}
