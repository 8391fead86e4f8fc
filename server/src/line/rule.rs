//! Who goes in next: pure, given the time.
//!
//! So many are served at once. While nobody waits and there is room, whoever comes goes in: that costs
//! one look. Else they wait in line, first come first served, each person once: asking again moves
//! nobody back or forward, a second order of the same person is told to wait for the first, and one
//! network address holds only a part of the line. A place is kept as long as somebody asks for it now
//! and then; one that nobody asked for in a while is passed over, and its order never placed.

use market::{Millis, PersonId};
use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    net::IpAddr,
};

/// How many, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Orders served at once.
    pub inside: usize,
    /// Of these, so many of one network address without waiting.
    pub inside_from_one: usize,
    /// Of these, so many of one person without waiting.
    pub inside_of_one: usize,
    /// People in line.
    pub waiting: usize,
    /// Of these, so many of one network address.
    pub waiting_from_one: usize,
    /// A place that nobody asked for in so long is given up.
    pub lease_ms: i64,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    pub person: PersonId,
    pub address: IpAddr,
}

/// What becomes of somebody who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Goes in; must be said to leave.
    In,
    /// Waits.
    Waits(Place),
    /// Waits already, with another order.
    Elsewhere,
    /// Too many of this address wait.
    TooMany,
    /// Too many wait.
    Full,
}

/// A place in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// People before: this many at most.
    pub ahead: u64,
    /// Milliseconds until it is one's turn, by how fast the line moved lately.
    pub estimate_ms: u64,
}

/// Since when somebody waits; the number tells those apart who came in the same millisecond.
type Turn = (Millis, u64);

#[derive(Debug)]
struct Waiting<J> {
    who: Who,
    key: String,
    asked_at: Millis,
    job: J,
}

/// The line, and who is inside. `J` is what is to be done for somebody whose turn it is.
#[derive(Debug)]
pub(super) struct Rule<J> {
    bounds: Bounds,
    inside: usize,
    inside_from: HashMap<IpAddr, usize>,
    inside_of: HashMap<PersonId, usize>,
    /// In order.
    turns: VecDeque<Turn>,
    waiting: HashMap<Turn, Waiting<J>>,
    waiting_from: HashMap<IpAddr, usize>,
    turn_of: HashMap<PersonId, Turn>,
    drawn: u64,
    pace: Pace,
}

impl<J> Rule<J> {
    pub fn new(bounds: Bounds) -> Self {
        Rule {
            bounds,
            inside: 0,
            inside_from: HashMap::new(),
            inside_of: HashMap::new(),
            turns: VecDeque::new(),
            waiting: HashMap::new(),
            waiting_from: HashMap::new(),
            turn_of: HashMap::new(),
            drawn: 0,
            pace: Pace::default(),
        }
    }

    /// Somebody comes with an order known by `key`, who has waited since `since`; `job` is made only for
    /// whoever begins to wait.
    pub fn enter(&mut self, who: &Who, key: &str, since: Millis, now: Millis, job: impl FnOnce() -> J) -> Verdict {
        if self.turn_of.contains_key(&who.person) {
            return self.ask(who, key, now).map_or(Verdict::Elsewhere, Verdict::Waits);
        }
        if self.turns.is_empty() && self.has_room_for(who) {
            self.let_in(who);
            return Verdict::In;
        }
        if self.turns.len() >= self.bounds.waiting {
            return Verdict::Full;
        }
        let from_there = self.waiting_from.entry(who.address).or_default();
        if *from_there >= self.bounds.waiting_from_one {
            return Verdict::TooMany;
        }
        *from_there += 1;
        self.pace.busy_from(now, self.turns.is_empty());
        self.drawn += 1;
        let turn = (since.min(now), self.drawn);
        let at = self.turns.partition_point(|other| *other < turn);
        self.turns.insert(at, turn);
        self.turn_of.insert(who.person.clone(), turn);
        let waiting = Waiting {
            who: who.clone(),
            key: key.to_owned(),
            asked_at: now,
            job: job(),
        };
        self.waiting.insert(turn, waiting);
        Verdict::Waits(self.place_of(&turn))
    }

    /// Somebody asks for the place of their order, and keeps it by asking; `None` when it is not in line.
    pub fn ask(&mut self, who: &Who, key: &str, now: Millis) -> Option<Place> {
        let turn = *self.turn_of.get(&who.person)?;
        let place = self.place_of(&turn);
        let waiting = self.waiting.get_mut(&turn).filter(|waiting| waiting.key == key)?;
        waiting.asked_at = now;
        Some(place)
    }

    /// Somebody who was inside goes.
    pub fn leave(&mut self, who: &Who, now: Millis) {
        self.inside -= 1;
        one_less(&mut self.inside_from, &who.address);
        one_less(&mut self.inside_of, &who.person);
        self.pace.served(now);
    }

    /// Whose turn it is, if there is room; they are inside then and must be said to leave.
    pub fn call(&mut self, now: Millis) -> Option<(Who, J)> {
        while self.inside < self.bounds.inside {
            let turn = self.turns.pop_front()?;
            let Some(Waiting { who, asked_at, job, .. }) = self.waiting.remove(&turn) else {
                continue;
            };
            self.turn_of.remove(&who.person);
            one_less(&mut self.waiting_from, &who.address);
            if now.since(asked_at) <= self.bounds.lease_ms {
                self.let_in(&who);
                return Some((who, job));
            }
        }
        None
    }

    /// How many are inside.
    pub fn inside(&self) -> usize {
        self.inside
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.turns.len()
    }

    fn place_of(&self, turn: &Turn) -> Place {
        let ahead = self.turns.partition_point(|other| other < turn) as u64;
        Place {
            ahead,
            estimate_ms: self.pace.for_orders(ahead + 1),
        }
    }

    fn has_room_for(&self, who: &Who) -> bool {
        let (from_there, of_theirs) = (self.inside_from.get(&who.address), self.inside_of.get(&who.person));
        self.inside < self.bounds.inside
            && from_there.is_none_or(|inside| *inside < self.bounds.inside_from_one)
            && of_theirs.is_none_or(|inside| *inside < self.bounds.inside_of_one)
    }

    fn let_in(&mut self, who: &Who) {
        self.inside += 1;
        *self.inside_from.entry(who.address).or_default() += 1;
        *self.inside_of.entry(who.person.clone()).or_default() += 1;
    }
}

/// Counts one less, and forgets who has none.
fn one_less<K: std::hash::Hash + Eq + Clone>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Entry::Occupied(mut count) = counts.entry(key.clone()) {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}

/// How fast the line moves: orders a millisecond, of late, while there was a line.
#[derive(Debug, Default)]
struct Pace {
    per_ms: Option<f64>,
    window: Option<(Millis, u32)>,
}

/// How long is looked at.
const WINDOW_MS: i64 = 250;
/// Until it was measured: what one small machine does at least.
const FIRST_GUESS_PER_MS: f64 = 0.5;

impl Pace {
    /// A line has begun: what was served before it says only how many came.
    fn busy_from(&mut self, now: Millis, begins: bool) {
        if begins {
            self.window = Some((now, 0));
        }
    }

    fn served(&mut self, now: Millis) {
        let Some((begun, served)) = &mut self.window else {
            return;
        };
        *served += 1;
        let elapsed = now.since(*begun);
        if elapsed >= WINDOW_MS {
            let measured = f64::from(*served) / elapsed as f64;
            self.per_ms = Some(self.per_ms.map_or(measured, |before| (before + measured) / 2.0));
            self.window = Some((now, 0));
        }
    }

    fn for_orders(&self, orders: u64) -> u64 {
        (orders as f64 / self.per_ms.unwrap_or(FIRST_GUESS_PER_MS)).ceil() as u64
    }
}

#[cfg(test)]
mod tests;
