//! Where the other side of a connection is: ICE as a lite agent (RFC 8445 §2.5)
//! that asks back.
//!
//! A lite agent answers checks and believes them. But a check can be recorded
//! and sent again from anywhere, with any address written on it; whoever does so
//! would get a viewer's pictures, or make us send them to a victim. So before
//! media moves, and again every few seconds (consent, RFC 7675), a check of our
//! own goes out, whose answer only the one with the password can give, and only
//! where it reached him.
//!
//! Who may enter: a publisher's and a viewer's connection. Invariant: `at` is
//! left only for an address that answered. Only the very first is taken on
//! trust, until it answers or another does: a handshake may begin there, which
//! sends little and proves by itself who is at its other end.

mod check;
mod tunnel;

use crate::id::IceCredentials;
use crate::stun::{self, Mark};
use crate::viewer::Identity;
use check::{Part, answered, ask, check};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rtc::shared::error::{Error, Result};
use rtc::stun::message::TransactionId;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
pub(crate) use tunnel::{FAR_END, NEAR_END, Tunnel};

/// An address that has been silent for so long is given up for another from
/// which a good check came, even if that check does not insist.
const MOVED_AFTER: Duration = Duration::from_secs(1);
/// Our check is repeated after this, then after twice as long, and so on
/// (RFC 8489 §6.2.1 begins with more, for paths of which nothing is known).
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// Sent so often in all: the last wait ends after 3.2 s.
const MOST_TIMES: u32 = 6;
/// Addresses tried at once; the oldest gives way.
const MOST_TRIALS: usize = 4;

/// How a datagram changed what is known.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// There is an address now; before there was none.
    pub(crate) begins: bool,
    /// Datagrams go to another address from now on.
    pub(crate) moved: bool,
    /// The other side has settled on where it is.
    pub(crate) nominated: bool,
}

/// A check of ours that waits for its answer.
struct Trial {
    to: SocketAddr,
    id: TransactionId,
    /// By the names before a restart.
    former: bool,
    times: u32,
    due: Instant,
}

struct At {
    address: SocketAddr,
    heard: Instant,
    proven: bool,
}

pub(crate) struct Path {
    identity: Arc<Identity>,
    own: IceCredentials,
    theirs: IceCredentials,
    /// Both sides' names before an ICE restart that has led nowhere yet: the
    /// old path lives until it has.
    before: Option<(IceCredentials, IceCredentials)>,
    at: Option<At>,
    trials: Vec<Trial>,
    /// Where a check came from that did not insist, after `at` was last heard:
    /// tried out should that stay silent.
    spare: Option<(SocketAddr, bool)>,
    /// How often consent is asked for, when next, and by which check.
    every: Duration,
    due: Option<Instant>,
    asked: Option<TransactionId>,
    consented_at: Instant,
    /// Begins the number of each of our checks.
    mark: Mark,
    rng: StdRng,
    out: Vec<(SocketAddr, Vec<u8>)>,
}

impl Path {
    /// To who calls itself `theirs` and calls us `own`; consent is asked for about `every` so often.
    pub(crate) fn new(
        identity: Arc<Identity>,
        now: Instant,
        own: IceCredentials,
        theirs: IceCredentials,
        every: Duration,
        rng: &mut impl Rng,
    ) -> Self {
        Self {
            identity,
            own,
            theirs,
            before: None,
            at: None,
            trials: Vec::new(),
            spare: None,
            every,
            due: None,
            asked: None,
            consented_at: now,
            mark: rng.random(),
            rng: StdRng::from_rng(rng),
            out: Vec::new(),
        }
    }

    /// What begins the numbers of our checks.
    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// Where datagrams go, once there is an address.
    pub(crate) fn to(&self) -> Option<SocketAddr> {
        self.at.as_ref().map(|at| at.address)
    }

    /// Whether that address has answered us.
    pub(crate) fn is_proven(&self) -> bool {
        self.at.as_ref().is_some_and(|at| at.proven)
    }

    /// Since when nobody has said that datagrams are still wanted there.
    pub(crate) fn consented_at(&self) -> Instant {
        self.consented_at
    }

    /// What this side was called before a restart, while that still counts.
    pub(crate) fn former_ufrag(&self) -> Option<&str> {
        self.before.as_ref().map(|(own, _)| own.ufrag.as_str())
    }

    /// An ICE restart (RFC 8445 §2.4): new names for both sides.
    pub(crate) fn restart(&mut self, own: IceCredentials, theirs: IceCredentials) {
        let former = (
            std::mem::replace(&mut self.own, own),
            std::mem::replace(&mut self.theirs, theirs),
        );
        // Of two restarts in a row only the path that works keeps its names.
        if self.before.is_none() {
            self.before = Some(former);
            self.trials.iter_mut().for_each(|trial| trial.former = true);
        } else {
            self.trials.retain(|trial| trial.former);
        }
    }

    /// Something came from `from` that only the other side can have sealed.
    pub(crate) fn heard(&mut self, now: Instant, from: SocketAddr) {
        if let Some(at) = self.at.as_mut().filter(|at| at.address == from) {
            at.heard = now;
            self.spare = None;
        }
    }

    /// Takes in a STUN message.
    ///
    /// # Errors
    /// For what is neither a good check nor the answer to one of ours.
    pub(crate) fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) -> Result<News> {
        match stun::addressed_to(datagram) {
            Some(name) => {
                let former = self.former_ufrag() == Some(name);
                self.on_check(now, from, datagram, former)
            }
            None => self.on_answer(now, from, datagram),
        }
    }

    fn on_check(&mut self, now: Instant, from: SocketAddr, datagram: &[u8], former: bool) -> Result<News> {
        let own = match &self.before {
            Some((own, _)) if former => own,
            _ => &self.own,
        };
        let checked = check(own, self.identity.crypto(), from, datagram)?;
        self.out.push((from, checked.answer));
        let renewed = self.before.is_some() && !former;
        let mut news = News::default();
        let tries = match &mut self.at {
            // Its first good check is a path already (RFC 8445 §12.1); to wait
            // for the nomination would cost a joining viewer a fifth of a second.
            None => {
                self.at = Some(At {
                    address: from,
                    heard: now,
                    proven: false,
                });
                self.due = Some(now + self.every);
                news.begins = true;
                news.nominated = checked.nominates;
                true
            }
            Some(at) if at.address == from => {
                news.nominated = checked.nominates;
                at.heard = now;
                self.spare = None;
                renewed || !at.proven
            }
            Some(at) => {
                let silent = now.saturating_duration_since(at.heard) >= MOVED_AFTER;
                renewed || checked.nominates || silent || !at.proven
            }
        };
        if tries {
            self.try_out(now, from, former);
        } else if self.to() != Some(from) {
            self.spare = Some((from, former));
        }
        Ok(news)
    }

    /// Asks whether the other side is at `to`, unless that is being asked.
    fn try_out(&mut self, now: Instant, to: SocketAddr, former: bool) {
        if self.trials.iter().any(|trial| trial.to == to && trial.former == former) {
            return;
        }
        if self.trials.len() == MOST_TRIALS {
            self.trials.remove(0);
        }
        let id = self.number();
        self.trials.push(Trial {
            to,
            id,
            former,
            times: 1,
            due: now + FIRST_WAIT,
        });
        self.send(to, id, former);
    }

    fn number(&mut self) -> TransactionId {
        let mut number = [0; 12];
        let (mark, rest) = number.split_at_mut(self.mark.len());
        mark.copy_from_slice(&self.mark);
        self.rng.fill(rest);
        TransactionId(number)
    }

    fn send(&mut self, to: SocketAddr, id: TransactionId, former: bool) {
        let (own, theirs) = self.names(former);
        match ask(own, theirs, self.identity.crypto(), id, Part::Controlled) {
            Ok(check) => self.out.push((to, check)),
            Err(error) => tracing::debug!(%error, "no check of ours"),
        }
    }

    fn names(&self, former: bool) -> (&IceCredentials, &IceCredentials) {
        match &self.before {
            Some((own, theirs)) if former => (own, theirs),
            _ => (&self.own, &self.theirs),
        }
    }

    fn on_answer(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) -> Result<News> {
        let former = self.before.is_some();
        let by = |former| answered(self.names(former).1, self.identity.crypto(), datagram);
        let id = by(false).or_else(|error| if former { by(true) } else { Err(error) })?;
        if self.asked == Some(id) && self.to() == Some(from) {
            self.asked = None;
            self.consent(now);
            return Ok(News::default());
        }
        let found = self.trials.iter().position(|trial| trial.id == id && trial.to == from);
        let trial = found
            .map(|at| self.trials.remove(at))
            .ok_or(Error::ErrUnhandledStunpacket)?;
        if !trial.former && self.before.take().is_some() {
            // The restart went through: nothing is asked by the old names any more.
            self.trials.clear();
            self.asked = None;
        }
        let moved = self.to() != Some(from);
        self.at = Some(At {
            address: from,
            heard: now,
            proven: true,
        });
        self.consent(now);
        Ok(News {
            moved,
            ..News::default()
        })
    }

    /// Somebody proved that datagrams are wanted where they go.
    pub(crate) fn consent(&mut self, now: Instant) {
        self.consented_at = now;
        self.spare = None;
        if let Some(at) = &mut self.at {
            at.heard = now;
            at.proven = true;
        }
    }

    /// The same, for who sends from `from`.
    pub(crate) fn consent_from(&mut self, now: Instant, from: SocketAddr) {
        if self.to() == Some(from) {
            self.consent(now);
        }
    }

    /// Lets time pass.
    pub(crate) fn timeout(&mut self, now: Instant) {
        let mut again = Vec::new();
        self.trials.retain_mut(|trial| {
            if trial.due > now {
                return true;
            }
            if trial.times == MOST_TIMES {
                return false;
            }
            trial.due = now + FIRST_WAIT * (1 << trial.times);
            trial.times += 1;
            again.push((trial.to, trial.id, trial.former));
            true
        });
        for (to, id, former) in again {
            self.send(to, id, former);
        }
        if self.spare_due().is_some_and(|due| due <= now)
            && let Some((to, former)) = self.spare.take()
        {
            self.try_out(now, to, former);
        }
        if let Some(to) = self.to()
            && self.due.is_some_and(|due| due <= now)
        {
            let id = self.number();
            self.asked = Some(id);
            // RFC 7675 §5.1: never in step with others
            self.due = Some(now + self.every.mul_f64(self.rng.random_range(0.8..1.2)));
            let former = self.before.is_some();
            self.send(to, id, former);
        }
    }

    /// When time must pass next.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        let due = [self.due, self.spare_due()].into_iter().flatten();
        self.trials.iter().map(|trial| trial.due).chain(due).min()
    }

    fn spare_due(&self) -> Option<Instant> {
        self.spare.and(self.at.as_ref()).map(|at| at.heard + MOVED_AFTER)
    }

    /// What is to be sent.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (SocketAddr, Vec<u8>)> {
        self.out.drain(..)
    }
}
