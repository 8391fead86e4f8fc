//! The fair door in front of the desk: an order goes in, waits in line with an honest place, or is told
//! no; which of them is known at once.
//!
//! Everybody who orders passes here, pages and programs alike. While there is room inside this is one
//! look at a counter. Else the order waits here: its asker gets a ticket and comes again (the waiting
//! page by itself, without scripts; a program by sending the same request), and each time gets place and
//! estimate, or what became of the order. The order is placed when its turn comes, not when its asker
//! next looks; if nobody asks for it any more it is dropped and never placed (see [`rule`]). When stock
//! is gone the line empties at the speed of refusals, which write nothing.
//!
//! The line is this process's memory. What must survive a restart or another server's answer is in the
//! ticket: who, what, since when ([`ticket`]); the same key never makes two orders, wherever it comes.

mod rule;
mod ticket;

pub(crate) use rule::Place;
pub(crate) use ticket::Ticket;

use market::{
    Error, Market, Millis, Refusal,
    order::{self, Receipt},
    people::Person,
};
use moka::future::Cache;
use rule::{Bounds, Rule, Verdict, Who};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time::timeout};

/// How long somebody who waits is kept before they are told their place: often it is their turn by then.
const PROMPT: Duration = Duration::from_millis(80);
/// A place that nobody asked for in so long is given up. The waiting page asks every few seconds.
const LEASE_MS: i64 = 15_000;
/// People in line.
const WAITING: usize = 20_000;
/// How long what became of an order can be asked, and of how many.
const TOLD: Duration = Duration::from_secs(600);
const TOLD_KEPT: u64 = 100_000;

/// What became of an order in line; nothing while it waits.
type Told = watch::Receiver<Option<Outcome>>;

#[derive(Debug, Clone)]
enum Outcome {
    Placed(Box<Receipt>),
    Refused(Refusal),
    /// It broke, and was logged.
    Failed,
}

/// An answer at the door.
#[derive(Debug)]
pub(crate) enum Said {
    /// The order is placed.
    Placed(Box<Receipt>),
    /// It waits.
    Waits(Waits),
}

/// A place, and what keeps it.
#[derive(Debug)]
pub(crate) struct Waits {
    pub place: Place,
    pub ticket: String,
}

impl Waits {
    /// Seconds after which to come again: soon enough to see the line move, and to keep the place.
    pub fn come_again_s(&self) -> u64 {
        self.place.estimate_ms.div_ceil(1000).clamp(1, 3)
    }
}

/// An order whose turn will come.
struct Job {
    person: Person,
    ticket: Ticket,
    told: watch::Sender<Option<Outcome>>,
}

/// The door; cheap to clone.
#[derive(Clone)]
pub struct Line {
    market: Market,
    rule: Arc<Mutex<Rule<Job>>>,
    told: Cache<(String, String), Told>,
    key: ticket::Key,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

impl Line {
    /// A door with room for `inside` orders at once. Tickets are signed with `secret`.
    pub(crate) fn new(market: Market, inside: usize, secret: &[u8]) -> Self {
        let bounds = Bounds {
            inside,
            inside_from_one: inside.div_ceil(2),
            inside_of_one: 4,
            waiting: WAITING,
            waiting_from_one: WAITING / 10,
            lease_ms: LEASE_MS,
        };
        Line {
            market,
            rule: Arc::new(Mutex::new(Rule::new(bounds))),
            told: Cache::builder().max_capacity(TOLD_KEPT).time_to_live(TOLD).build(),
            key: ticket::Key::new(secret),
        }
    }

    /// How many orders are being served.
    pub fn inside(&self) -> usize {
        self.rule().inside()
    }

    /// The ticket that `text` is, if it is one of `person`'s.
    pub(crate) fn read(&self, person: &Person, text: &str) -> Option<Ticket> {
        let ticket = self.key.read(text, self.market.now())?;
        (ticket.person == person.id).then_some(ticket)
    }

    /// Somebody comes from `address` with an order, or comes again with its ticket.
    ///
    /// # Errors
    /// As `Market::place_quoted`; `Busy` when so many wait that no more are let in line; `InLine` when
    /// another order of theirs waits.
    pub(crate) async fn place(&self, person: &Person, ticket: Ticket, address: IpAddr) -> Result<Said, Error> {
        let who = Who {
            person: person.id.clone(),
            address,
        };
        // the same key with other content is another order, which waits for the first
        let key = format!("{}\n{}", ticket.wanted.request_id, ticket.wanted.content());
        let named = (person.id.0.clone(), key.clone());
        if let Some(told) = self.told.get(&named).await
            && let Some(said) = self.look(told, &who, &key, &ticket).await
        {
            if said.is_err() {
                // told once: whoever sends it again wants it tried again
                self.told.invalidate(&named).await;
            }
            return said;
        }
        let now = self.market.now();
        let mut waiting = None;
        let verdict = self.rule().enter(&who, &key, ticket.since, now, || {
            let (told, listening) = watch::channel(None);
            waiting = Some(listening);
            let (person, ticket) = (person.clone(), ticket.clone());
            Job { person, ticket, told }
        });
        match verdict {
            Verdict::In => {
                let _inside = Inside {
                    line: self.clone(),
                    who,
                };
                let placed = self.market.place_quoted(person, ticket.wanted, &ticket.quote).await;
                placed.map(|receipt| Said::Placed(Box::new(receipt)))
            }
            Verdict::Waits(place) => {
                let Some(told) = waiting else {
                    return Ok(self.waits(place, &ticket));
                };
                self.told.insert(named.clone(), told.clone()).await;
                let said = self.look(told, &who, &key, &ticket).await;
                if matches!(said, Some(Err(_))) {
                    self.told.invalidate(&named).await;
                }
                said.unwrap_or_else(|| Ok(self.waits(place, &ticket)))
            }
            Verdict::Elsewhere => Err(order::Refusal::InLine.into()),
            Verdict::TooMany | Verdict::Full => Err(order::Refusal::Busy.into()),
        }
    }

    /// What became of an order that was in line, or its place there; `None` when its place was given up.
    async fn look(&self, mut told: Told, who: &Who, key: &str, ticket: &Ticket) -> Option<Result<Said, Error>> {
        let outcome = match timeout(PROMPT, told.wait_for(Option::is_some)).await {
            Ok(Ok(outcome)) => outcome.clone(),
            // its sender is gone without a word: it was passed over
            Ok(Err(_)) => None?,
            Err(_) => None,
        };
        if let Some(outcome) = outcome {
            return Some(match outcome {
                Outcome::Placed(receipt) => Ok(Said::Placed(receipt)),
                Outcome::Refused(refusal) => Err(refusal.into()),
                Outcome::Failed => Err(market::Fault::Closed.into()),
            });
        }
        let place = self.rule().ask(who, key, self.market.now());
        // one who is in line no more is being served
        let place = place.unwrap_or(Place {
            ahead: 0,
            estimate_ms: 0,
        });
        Some(Ok(self.waits(place, ticket)))
    }

    fn waits(&self, place: Place, ticket: &Ticket) -> Said {
        let ticket = self.key.write(ticket);
        Said::Waits(Waits { place, ticket })
    }

    /// Serves those whose turn it is.
    fn call(&self, now: Millis) {
        // an answer may be on its way out while the process ends: then nobody is called any more
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        loop {
            let Some((who, job)) = self.rule().call(now) else {
                return;
            };
            let inside = Inside {
                line: self.clone(),
                who,
            };
            runtime.spawn(async move {
                let Job { person, ticket, told } = job;
                let placed = inside.line.market.place_quoted(&person, ticket.wanted, &ticket.quote);
                told.send_replace(Some(match placed.await {
                    Ok(receipt) => Outcome::Placed(Box::new(receipt)),
                    Err(Error::Refused(refusal)) => Outcome::Refused(refusal),
                    Err(Error::Fault(fault)) => {
                        tracing::error!(%fault, "an order in line failed");
                        Outcome::Failed
                    }
                }));
            });
        }
    }

    fn rule(&self) -> MutexGuard<'_, Rule<Job>> {
        // every change of it is whole before anything can panic
        self.rule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While this is kept, somebody is inside.
struct Inside {
    line: Line,
    who: Who,
}

impl Drop for Inside {
    fn drop(&mut self) {
        let now = self.line.market.now();
        let waiting = {
            let mut rule = self.line.rule();
            rule.leave(&self.who, now);
            rule.waiting()
        };
        if waiting > 0 {
            self.line.call(now);
        }
    }
}
