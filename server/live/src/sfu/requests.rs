//! What HTTP asks of the core.

use super::session::{Role, Session};
use super::{Opened, Restarted, Sfu};
use crate::id::{IceCredentials, SessionId};
use crate::offer::Offer;
use crate::path::Path;
use crate::publisher::Publisher;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::sdpfrag;
use crate::viewer::{Viewer, Wish};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

impl Sfu {
    /// WHIP: `publisher`, whose ticket was checked, offers to publish into
    /// `room`. If it publishes there already, the new connection takes over
    /// once it stands.
    ///
    /// # Errors
    /// [`Refusal`]; nothing is left behind.
    pub fn publish(&mut self, now: Instant, room: &str, publisher: &str, offer: &str) -> Result<Opened, Refusal> {
        let offer = guarded(|| Offer::parse(offer))?;
        let current = self.rooms.get(room).filter(|r| r.is_claimed());
        let replaced = match current {
            Some(current) => {
                if self.owner(current) != Some(publisher) {
                    return Err(Refusal::Taken);
                }
                current.successor
            }
            None if self.claimed() >= self.limits.publishers => {
                return Err(Refusal::Full("too many live rooms"));
            }
            None => None,
        };
        let own = IceCredentials::random(&mut self.rng);
        let ufrag = own.ufrag.clone();
        let (peer, answer) = guarded(|| Publisher::open(&self.engine, now, &mut self.rng, own, &offer, publisher))?;
        if let Some(replaced) = replaced {
            self.drop_session(now, replaced);
        }
        let opened = self.insert(now, room, Role::Publisher(Box::new(peer)), offer.ice, ufrag, answer);
        self.rooms.entry(room.to_owned()).or_default().successor = Some(opened.session);
        Ok(opened)
    }

    /// WHEP: somebody offers to watch `room`.
    ///
    /// # Errors
    /// [`Refusal`]; nothing is left behind.
    pub fn view(&mut self, now: Instant, room: &str, offer: &str) -> Result<Opened, Refusal> {
        let offer = guarded(|| Offer::parse(offer))?;
        let live = self.rooms.get(room).filter(|r| r.publisher.is_some());
        let live = live.ok_or(Refusal::NotLive)?;
        let codec = live.codec.ok_or(Refusal::NotLive)?;
        if live.viewers.len() >= self.limits.viewers {
            return Err(Refusal::Full("this room has all the viewers it can take"));
        }
        if self.viewers >= self.limits.viewers_total {
            return Err(Refusal::Full("no more viewers can be taken"));
        }
        let own = IceCredentials::random(&mut self.rng);
        let ufrag = own.ufrag.clone();
        let (peer, answer) = guarded(|| Viewer::open(&self.engine, now, &mut self.rng, own, &offer, &codec))?;
        let opened = self.insert(now, room, Role::Viewer(Box::new(peer)), offer.ice, ufrag, answer);
        self.viewers += 1;
        let room = self.rooms.entry(room.to_owned()).or_default();
        room.viewers.push(opened.session);
        Ok(opened)
    }

    /// Trickle ICE (RFC 9725 §4.3.1). Candidates are read and dropped: this
    /// side is ICE-lite and learns addresses from the checks themselves. With
    /// an `etag` of `*` and a new name it is an ICE restart; the old path lives
    /// until the other side answers by the new names.
    ///
    /// # Errors
    /// `NoSession`, `Forbidden`, `Stale`, `Malformed`, or `Unprocessable` for
    /// a restart without new names.
    pub fn trickle(
        &mut self,
        room: &str,
        id: SessionId,
        owner: Option<&str>,
        etag: &str,
        fragment: &str,
    ) -> Result<Option<Restarted>, Refusal> {
        let session = self.session(room, id, owner)?;
        let ufrag = sdpfrag::ufrag(fragment)?;
        let restart = Refusal::Unprocessable("an ICE restart needs If-Match: *, a new name and a password");
        if etag == "*" {
            let new = sdpfrag::credentials(fragment).filter(|new| new.ufrag != session.remote.ufrag);
            return self.restart(id, new.ok_or(restart)?).map(Some);
        }
        if etag.strip_prefix('"').and_then(|e| e.strip_suffix('"')) != Some(&session.ufrag) {
            return Err(Refusal::Stale);
        }
        if ufrag.is_some_and(|ufrag| ufrag != session.remote.ufrag) {
            return Err(restart);
        }
        Ok(None)
    }

    fn restart(&mut self, id: SessionId, remote: IceCredentials) -> Result<Restarted, Refusal> {
        let own = IceCredentials::random(&mut self.rng);
        let session = self.sessions.get_mut(&id).ok_or(Refusal::NoSession)?;
        let etag = own.ufrag.clone();
        let fragment = match &mut session.role {
            Role::Publisher(publisher) => publisher.restart(&self.engine, own, remote.clone()),
            Role::Viewer(viewer) => viewer.restart(&self.engine, own, remote.clone()),
        };
        let former = std::mem::replace(&mut session.ufrag, etag.clone());
        session.remote = remote;
        if session.path().and_then(Path::former_ufrag) == Some(&former) {
            // The one before was replaced by a restart that went through: nobody asks for it any more.
            if let Some(older) = session.former_ufrag.replace(former) {
                self.by_ufrag.remove(&older);
            }
        } else {
            // A restart that never came to anything is forgotten.
            self.by_ufrag.remove(&former);
        }
        self.by_ufrag.insert(etag.clone(), id);
        Ok(Restarted { etag, fragment })
    }

    /// A viewer wishes to see another layer, or to have one chosen for it, or to hear only.
    ///
    /// # Errors
    /// `NoSession`, or `Unprocessable` for a layer that nobody sends.
    pub(crate) fn wish(&mut self, now: Instant, room: &str, id: SessionId, wish: Wish) -> Result<(), Refusal> {
        self.session(room, id, None)?;
        let found = self.rooms.get_mut(room).ok_or(Refusal::NoSession)?;
        if let Wish::Layer(name) = &wish
            && !found.knows_layer(name)
        {
            return Err(Refusal::Unprocessable("no such layer"));
        }
        let Some(Session {
            role: Role::Viewer(viewer),
            ..
        }) = self.sessions.get_mut(&id)
        else {
            return Err(Refusal::NoSession);
        };
        // One that does not stand yet begins with it.
        viewer.wish = wish.clone();
        found.wish(now, id, wish);
        Ok(())
    }

    /// Chooses by name, for who has no HTTP: `None` leaves the choice to us, and an empty name is
    /// sound only.
    ///
    /// # Errors
    /// As the layer door's.
    pub fn choose_layer(&mut self, now: Instant, room: &str, id: SessionId, name: Option<&str>) -> Result<(), Refusal> {
        let wish = match name {
            None => Wish::Automatic,
            Some("") => Wish::SoundOnly,
            Some(name) => Wish::Layer(name.to_owned()),
        };
        self.wish(now, room, id, wish)
    }

    /// DELETE: the session ends.
    ///
    /// # Errors
    /// `NoSession` when it is not there (any more), `Forbidden` when a
    /// publisher's session belongs to another than `owner`.
    pub fn leave(&mut self, now: Instant, room: &str, id: SessionId, owner: Option<&str>) -> Result<(), Refusal> {
        self.session(room, id, owner)?;
        self.drop_session(now, id);
        Ok(())
    }

    /// The session called `id`, if it is in `room` and of the kind that
    /// `owner` says: a publisher of that name, or with none a viewer.
    fn session(&self, room: &str, id: SessionId, owner: Option<&str>) -> Result<&Session, Refusal> {
        let session = self.sessions.get(&id).filter(|s| s.room == room);
        let session = session.ok_or(Refusal::NoSession)?;
        match (&session.role, owner) {
            (Role::Viewer(_), None) => Ok(session),
            (Role::Publisher(p), Some(owner)) if p.name == owner => Ok(session),
            (Role::Publisher(_), Some(_)) => Err(Refusal::Forbidden("another's session")),
            _ => Err(Refusal::NoSession),
        }
    }

    fn owner(&self, room: &Room) -> Option<&str> {
        let id = room.publisher.or(room.successor)?;
        match &self.sessions.get(&id)?.role {
            Role::Publisher(publisher) => Some(&publisher.name),
            Role::Viewer(_) => None,
        }
    }

    fn claimed(&self) -> usize {
        self.rooms.values().filter(|r| r.is_claimed()).count()
    }
}

/// Runs what reads a stranger's words in a parser of others' making: should it
/// panic, one offer is refused instead of every room going dark.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Refusal::Malformed("the offer cannot be read")))
}
