//! The core: rooms, their publishers and viewers, and every datagram's way.
//!
//! Sans-IO: datagrams, requests and `now` go in; datagrams, answers and events
//! come out. Only the driver may own one in production, and tests, which run
//! it in virtual time. Its invariant: whatever names a session (room, ICE name,
//! address, timer) names one that exists; `drop_session` is the only way out.

mod flow;
#[cfg(any(test, fuzzing))]
mod inputs;
mod pass;
mod requests;
mod session;
mod tell;

use crate::engine::Engine;
use crate::id::SessionId;
use crate::outbox::Outbox;
use crate::peer::Transmit;
use crate::room::{CHUNK, Room, RoomEvent, RoomStats};
use crate::stun::Mark;
use bytes::BytesMut;
use rand::rngs::StdRng;
use session::{Owner, Session};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::Instant;

pub use session::{HALF_OPEN, PUBLISHER_SILENCE, VIEWER_SILENCE};

/// How much may be open at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rooms being published into.
    pub publishers: usize,
    /// Viewers in one room.
    pub viewers: usize,
    /// Viewers in all rooms.
    pub viewers_total: usize,
}

/// A session that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its name, for its URL.
    pub session: SessionId,
    /// Names the current ICE session, for `ETag` (without quotes).
    pub etag: String,
    /// The SDP answer.
    pub answer: String,
}

/// An ICE session that was begun anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restarted {
    /// Names the new ICE session, for `ETag` (without quotes).
    pub etag: String,
    /// What the other side needs to know, as an SDP fragment.
    pub fragment: String,
}

/// The sans-IO core of the live door.
pub struct Sfu {
    engine: Engine,
    limits: Limits,
    rng: StdRng,
    sessions: HashMap<SessionId, Session>,
    rooms: HashMap<String, Room>,
    by_ufrag: HashMap<String, SessionId>,
    by_mark: HashMap<Mark, SessionId>,
    by_address: HashMap<SocketAddr, Owner>,
    wakes: BTreeSet<(Instant, SessionId)>,
    viewers: usize,
    transmits: Outbox,
    /// Rooms with packets still to be passed on.
    busy: Vec<String>,
    /// Viewers that stand and are shown what there is once that is done, so that
    /// no crowd of them fills memory with bursts.
    newcomers: VecDeque<SessionId>,
    now: Instant,
    events: VecDeque<RoomEvent>,
}

impl Sfu {
    /// An empty core, at `now`, whose host candidates are `candidates` (at least one).
    /// All its randomness comes from `rng`.
    ///
    /// # Errors
    /// When there is no candidate or no certificate can be made.
    pub fn new(now: Instant, candidates: Vec<SocketAddr>, limits: Limits, rng: StdRng) -> std::io::Result<Self> {
        if candidates.is_empty() {
            return Err(std::io::Error::other("no candidate address"));
        }
        Ok(Self {
            engine: Engine::new(candidates).map_err(std::io::Error::other)?,
            limits,
            rng,
            sessions: HashMap::new(),
            rooms: HashMap::new(),
            by_ufrag: HashMap::new(),
            by_mark: HashMap::new(),
            by_address: HashMap::new(),
            wakes: BTreeSet::new(),
            viewers: 0,
            transmits: Outbox::default(),
            busy: Vec::new(),
            newcomers: VecDeque::new(),
            now,
            events: VecDeque::new(),
        })
    }

    /// The live is over: publisher and viewers are dropped.
    pub fn end_room(&mut self, now: Instant, room: &str) {
        let Some(found) = self.rooms.get(room) else {
            return;
        };
        let mut everybody = found.viewers.clone();
        everybody.extend(found.publisher.iter().chain(&found.successor));
        for id in everybody {
            self.drop_session(now, id);
        }
    }

    /// Everything ends.
    pub fn close(&mut self, now: Instant) {
        let all: Vec<SessionId> = self.sessions.keys().copied().collect();
        for id in all {
            self.drop_session(now, id);
        }
    }

    /// The figures of all rooms, by code.
    pub fn rooms(&self) -> Vec<RoomStats> {
        let mut rooms: Vec<_> = self.rooms.iter().map(|(code, r)| r.stats(code)).collect();
        rooms.sort_by(|a, b| a.code.cmp(&b.code));
        rooms
    }

    /// Sessions open, half-open ones included.
    pub fn session_count(&self) -> usize {
        self.sessions.len()
    }

    /// How many names, timers and messages are held in all: none when nobody is
    /// here, whatever has been.
    pub fn footprint(&self) -> usize {
        let names = self.by_ufrag.len() + self.by_mark.len() + self.by_address.len() + self.wakes.len();
        let queued =
            self.busy.len() + self.newcomers.len() + self.events.len() + usize::from(!self.transmits.is_empty());
        self.sessions.len() + self.rooms.len() + self.viewers + names + queued
    }

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        if self.transmits.is_empty() && !self.fill() {
            return None;
        }
        let (to, payload) = self.transmits.pop()?;
        Some(Transmit {
            to,
            payload: BytesMut::from(payload),
        })
    }

    /// Passes media on until there is enough to send at once; false when there
    /// is nothing to send.
    pub(crate) fn fill(&mut self) -> bool {
        loop {
            while let Some(code) = self.busy.last() {
                let room = self.rooms.get_mut(code);
                if room.is_some_and(|room| room.fan_out(self.now, &mut self.transmits)) {
                    return true;
                }
                self.busy.pop();
            }
            // What is cached must not go out a second time as what is pending: only now.
            let Some(id) = self.newcomers.pop_front() else { break };
            self.show(self.now, id);
            if self.transmits.length() >= CHUNK {
                return true;
            }
        }
        !self.transmits.is_empty()
    }

    /// What waits to be sent; the sender empties it.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.transmits
    }

    /// The next event to tell.
    pub fn poll_event(&mut self) -> Option<RoomEvent> {
        self.events.pop_front()
    }
}
