//! A session: one connection's place among rooms, names and timers.

use super::{Opened, Sfu};
use crate::id::{IceCredentials, SessionId};
use crate::outbox::Outbox;
use crate::path::Path;
use crate::peer::Notice;
use crate::publisher::Publisher;
use crate::room::{RoomEvent, RoomEventKind};
use crate::viewer::Viewer;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// A connection that never stood is dropped after this.
pub const HALF_OPEN: Duration = Duration::from_secs(15);
/// A publisher that neither sent media nor answered for this long is gone.
pub const PUBLISHER_SILENCE: Duration = Duration::from_secs(8);
/// A viewer that answered nothing for this long is gone (consent, RFC 7675
/// §5.1: 30 seconds).
pub const VIEWER_SILENCE: Duration = Duration::from_secs(30);
/// Addresses remembered for one session; the one that was not heard of for the longest time is
/// forgotten first.
const MOST_ADDRESSES: usize = 8;

/// To which session an address belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) session: SessionId,
    /// The session's other side answered there. Else it only said so first.
    pub(super) proven: bool,
}

pub(super) enum Role {
    Publisher(Box<Publisher>),
    Viewer(Box<Viewer>),
}

pub(super) struct Session {
    pub(super) room: String,
    pub(super) role: Role,
    /// Our ICE name, which is the ETag too: both name this ICE session.
    pub(super) ufrag: String,
    pub(super) remote: IceCredentials,
    /// Our ICE name before a restart.
    pub(super) former_ufrag: Option<String>,
    /// Its addresses, the one heard of last at the end.
    pub(super) addresses: Vec<SocketAddr>,
    opened_at: Instant,
    pub(super) stood: bool,
    pub(super) wake: Instant,
}

impl Session {
    pub(super) fn next_timeout(&mut self) -> Option<Instant> {
        match &mut self.role {
            Role::Publisher(publisher) => publisher.peer.next_timeout(),
            Role::Viewer(viewer) => viewer.next_timeout(),
        }
    }

    pub(super) fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        match &mut self.role {
            Role::Publisher(publisher) => publisher.peer.receive(now, from, datagram),
            Role::Viewer(viewer) => viewer.receive(now, from, datagram),
        }
    }

    pub(super) fn drain(&mut self, notices: &mut Vec<Notice>, out: &mut Outbox) {
        match &mut self.role {
            Role::Publisher(publisher) => publisher.peer.drain(notices, out),
            Role::Viewer(viewer) => viewer.drain(notices, out),
        }
    }

    fn close(&mut self, now: Instant, out: &mut Outbox) {
        match &mut self.role {
            Role::Publisher(publisher) => {
                publisher.peer.close();
                publisher.peer.transmits(out);
            }
            Role::Viewer(viewer) => {
                viewer.close(now);
                viewer.drain(&mut Vec::new(), out);
            }
        }
    }

    /// When to give this connection up, unless something is heard.
    pub(super) fn deadline(&self) -> Instant {
        match (&self.role, self.stood) {
            (_, false) => self.opened_at + HALF_OPEN,
            (Role::Publisher(_), true) => self.consented_at() + PUBLISHER_SILENCE,
            (Role::Viewer(_), true) => self.consented_at() + VIEWER_SILENCE,
        }
    }

    /// When the other side last said that it wants what we send.
    fn consented_at(&self) -> Instant {
        self.path().map_or(self.opened_at, Path::consented_at)
    }

    /// Where the other side is.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.role {
            Role::Publisher(publisher) => publisher.peer.path(),
            Role::Viewer(viewer) => Some(viewer.path()),
        }
    }
}

impl Sfu {
    pub(super) fn insert(
        &mut self,
        now: Instant,
        room: &str,
        role: Role,
        remote: IceCredentials,
        ufrag: String,
        answer: String,
    ) -> Opened {
        let id = SessionId::random(&mut self.rng);
        let session = Session {
            room: room.to_owned(),
            role,
            ufrag: ufrag.clone(),
            remote,
            former_ufrag: None,
            addresses: Vec::new(),
            opened_at: now,
            stood: false,
            wake: now,
        };
        self.by_ufrag.insert(ufrag.clone(), id);
        if let Some(path) = session.path() {
            self.by_mark.insert(path.mark(), id);
        }
        self.wakes.insert((now, id));
        self.sessions.insert(id, session);
        Opened {
            session: id,
            etag: ufrag,
            answer,
        }
    }

    /// Whose datagrams from `address` are.
    pub(super) fn owner_of(&self, address: SocketAddr) -> Option<SessionId> {
        self.by_address.get(&address).map(|owner| owner.session)
    }

    /// Remembers where `id` is. An address belongs to who answered there: who only says to be there
    /// gets it while nobody else is known to be.
    pub(super) fn remember(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let Some((at, proven)) = session.path().and_then(|path| Some((path.to()?, path.is_proven()))) else {
            return;
        };
        let owner = Owner { session: id, proven };
        match self.by_address.get(&at) {
            Some(other) if other.session != id && !proven => return,
            _ => self.by_address.insert(at, owner),
        };
        session.addresses.retain(|address| *address != at);
        session.addresses.push(at);
        if session.addresses.len() > MOST_ADDRESSES {
            let oldest = session.addresses.remove(0);
            if self.owner_of(oldest) == Some(id) {
                self.by_address.remove(&oldest);
            }
        }
    }

    /// Sets the timer of `id` by what its connection and its deadline say.
    pub(super) fn rearm(&mut self, now: Instant, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let deadline = session.deadline();
        let probe = self.rooms.get(&session.room).and_then(|room| room.probe_due(id));
        let due = session
            .next_timeout()
            .into_iter()
            .chain(probe)
            .min()
            .unwrap_or(deadline);
        // A connection that asks to be woken in the past must not spin us.
        let wake = due.min(deadline).max(now + Duration::from_millis(1));
        self.wakes.remove(&(session.wake, id));
        session.wake = wake;
        self.wakes.insert((wake, id));
    }

    /// The only way a session ends.
    pub(super) fn drop_session(&mut self, now: Instant, id: SessionId) {
        let Some(mut session) = self.sessions.remove(&id) else {
            return;
        };
        self.by_ufrag.remove(&session.ufrag);
        if let Some(path) = session.path() {
            self.by_mark.remove(&path.mark());
        }
        if let Some(former) = &session.former_ufrag {
            self.by_ufrag.remove(former);
        }
        self.wakes.remove(&(session.wake, id));
        for address in &session.addresses {
            if self.owner_of(*address) == Some(id) {
                self.by_address.remove(address);
            }
        }
        // The goodbye is a courtesy; a connection in disorder goes without.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            session.close(now, &mut self.transmits);
        }));
        let Some(room) = self.rooms.get_mut(&session.room) else {
            return;
        };
        let kind = match session.role {
            Role::Publisher(_) if room.publisher == Some(id) => {
                room.publisher = None;
                room.vacant_since = Some(now);
                room.forget_layers();
                Some(RoomEventKind::Inactive)
            }
            Role::Publisher(_) => {
                room.successor.take_if(|successor| *successor == id);
                None
            }
            Role::Viewer(_) => {
                self.viewers -= 1;
                room.viewers.retain(|viewer| *viewer != id);
                room.remove_feed(id);
                session.stood.then(|| {
                    room.connected_viewers -= 1;
                    RoomEventKind::Viewers(room.connected_viewers)
                })
            }
        };
        if room.is_empty() {
            self.rooms.remove(&session.room);
        }
        if let Some(kind) = kind {
            self.tell(&session.room, kind);
        }
    }

    pub(super) fn tell(&mut self, room: &str, kind: RoomEventKind) {
        self.events.push_back(RoomEvent {
            room: room.to_owned(),
            kind,
        });
    }
}
