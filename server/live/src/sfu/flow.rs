//! How datagrams and time move through the core.

use super::Sfu;
use super::session::{Role, Session};
use crate::id::SessionId;
use crate::outbox::Outbox;
use crate::peer::Notice;
use crate::room::{Room, VACANCY};
use crate::stun;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

impl Sfu {
    /// A datagram came in.
    pub fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        self.now = now;
        // A check names its session, and so does the number of an answer to one of ours; everything
        // else is known by its sender.
        let named = stun::addressed_to(datagram).and_then(|ufrag| self.by_ufrag.get(ufrag));
        let named = named.or_else(|| self.by_mark.get(&stun::answer_to(datagram)?)).copied();
        let Some(id) = named.or_else(|| self.owner_of(from)) else {
            return;
        };
        let notices = self.drive(id, |session, _, _| session.receive(now, from, datagram));
        if stun::is_stun(datagram) {
            self.remember(id);
        }
        self.on_notices(now, id, notices);
        self.rearm(now, id);
    }

    /// Time has passed.
    pub fn timeout(&mut self, now: Instant) {
        self.now = now;
        while let Some((due, id)) = self.wakes.first().copied() {
            if due > now {
                break;
            }
            self.wakes.pop_first();
            let gone = self.sessions.get(&id).is_none_or(|s| s.deadline() <= now);
            if gone {
                self.drop_session(now, id);
                continue;
            }
            let notices = self.drive(id, |session, mut room, out| match &mut session.role {
                Role::Publisher(publisher) => publisher.peer.timeout(now),
                Role::Viewer(viewer) => {
                    viewer.timeout(now, room.as_deref_mut().and_then(|r| r.feed(id)).as_deref(), out);
                    room.into_iter().for_each(|room| room.probe(now, id, out));
                }
            });
            self.on_notices(now, id, notices);
            self.rearm(now, id);
        }
        self.rooms_timeout(now);
    }

    /// When time must pass next.
    pub fn next_timeout(&self) -> Option<Instant> {
        let session = self.wakes.first().map(|(due, _)| *due);
        let room = self.rooms.values().filter_map(|r| r.next_timeout()).min();
        [session, room].into_iter().flatten().min()
    }

    fn rooms_timeout(&mut self, now: Instant) {
        let due = |r: &Room| r.next_timeout().is_some_and(|at| at <= now);
        let codes: Vec<String> = self
            .rooms
            .iter()
            .filter(|(_, room)| due(room))
            .map(|(code, _)| code.clone())
            .collect();
        for code in codes {
            let Some(room) = self.rooms.get_mut(&code) else {
                continue;
            };
            if let Some(publisher) = room.publisher {
                self.ask_for_keyframes(now, &code, publisher);
            } else if room.vacant_since.is_some_and(|at| at + VACANCY <= now) {
                room.vacant_since = None;
                for viewer in room.viewers.clone() {
                    self.drop_session(now, viewer);
                }
            }
        }
    }

    /// Lets `act` happen to a connection and collects what it says. A panic in
    /// there ends this connection, not the thread that carries all of them.
    fn drive(&mut self, id: SessionId, act: impl FnOnce(&mut Session, Option<&mut Room>, &mut Outbox)) -> Vec<Notice> {
        let Some(session) = self.sessions.get_mut(&id) else {
            return Vec::new();
        };
        let room = self.rooms.get_mut(&session.room);
        let transmits = &mut self.transmits;
        catch_unwind(AssertUnwindSafe(|| {
            let mut notices = Vec::new();
            act(session, room, transmits);
            session.drain(&mut notices, transmits);
            notices
        }))
        .unwrap_or_else(|_| {
            tracing::error!(?id, "connection panicked");
            vec![Notice::Gone]
        })
    }

    fn on_notices(&mut self, now: Instant, id: SessionId, notices: Vec<Notice>) {
        for notice in notices {
            let Some(session) = self.sessions.get(&id) else {
                return;
            };
            let publishes = matches!(session.role, Role::Publisher(_));
            match notice {
                Notice::Gone => self.drop_session(now, id),
                Notice::Connected if session.stood => {}
                Notice::Connected if publishes => self.publisher_stands(now, id),
                Notice::Connected => self.viewer_stands(id),
                Notice::Packet(kind, packet) if publishes => self.pass(id, kind, packet),
                Notice::KeyframeWanted if !publishes => {
                    if let Some(room) = self.rooms.get_mut(&session.room) {
                        room.want_keyframe(now, id);
                    }
                }
                Notice::Missed(sequences) => self.send_again(now, id, &sequences),
                Notice::Heard(news) => {
                    let room = self.rooms.get_mut(&session.room);
                    room.into_iter().for_each(|room| room.hear(now, id, &news));
                }
                Notice::Moved(to) => {
                    let feed = self.rooms.get_mut(&session.room).and_then(|room| room.feed(id));
                    feed.into_iter().for_each(|feed| feed.to = to);
                }
                Notice::Packet(..) | Notice::KeyframeWanted => {}
            }
        }
    }
}
