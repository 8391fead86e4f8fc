//! The way of media from a publisher to its viewers.

use super::Sfu;
use super::session::Role;
use crate::id::SessionId;
use crate::keyframe;
use crate::room::{Room, RoomEventKind};
use crate::track::Kind;
use crate::viewer::Passing;
use rtc::rtp;
use std::time::Instant;

impl Sfu {
    pub(super) fn ask_for_keyframe(&mut self, now: Instant, code: &str, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let Role::Publisher(publisher) = &mut session.role else {
            return;
        };
        let sent = publisher.request_keyframe(now);
        publisher.peer.transmits(&mut self.transmits);
        if let Some(room) = self.rooms.get_mut(code) {
            room.keyframe.tried(now, sent);
        }
        self.rearm(now, id);
    }

    /// A publisher's media can flow: it takes the room.
    pub(super) fn publisher_stands(&mut self, now: Instant, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.stood = true;
        let Role::Publisher(publisher) = &session.role else {
            return;
        };
        let (codec, orientation) = (publisher.codec, publisher.orientation);
        let code = session.room.clone();
        let Some(room) = self.rooms.get_mut(&code) else {
            return;
        };
        room.successor.take_if(|successor| *successor == id);
        let before = room.publisher.replace(id);
        room.vacant_since = None;
        room.codec = Some(codec);
        room.orientation = orientation;
        room.epoch += 1;
        room.gop.clear();
        room.keyframe.want(now);
        let viewers = room.viewers.clone();
        match before {
            Some(before) => self.drop_session(now, before),
            None => self.tell(&code, RoomEventKind::Active),
        }
        // Who cannot show the new coding comes back with a new offer.
        for viewer in viewers {
            let shows = match self.sessions.get(&viewer).map(|s| &s.role) {
                Some(Role::Viewer(v)) => v.codec.is_none_or(|c| c.decodes(&codec)),
                _ => false,
            };
            if !shows {
                self.drop_session(now, viewer);
            }
        }
    }

    /// A viewer's media can flow: it is shown what there is.
    pub(super) fn viewer_stands(&mut self, now: Instant, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.stood = true;
        let code = session.room.clone();
        let Some(room) = self.rooms.get_mut(&code) else {
            return;
        };
        room.connected_viewers += 1;
        let kind = RoomEventKind::Viewers(room.connected_viewers);
        // What is cached must not go out a second time as what is pending.
        while room.fan_out(now, &mut self.transmits) {}
        if let Role::Viewer(viewer) = &mut session.role
            && let Some(mut feed) = viewer.take_feed(now, id)
        {
            feed.replay(now, &room.gop.replay(), &mut self.transmits);
            if feed.awaits_keyframe(room.epoch) {
                room.keyframe.want(now);
            }
            room.add_feed(feed);
        }
        self.tell(&code, kind);
    }

    /// A publisher's packet will go to everybody in its room.
    pub(super) fn pass(&mut self, id: SessionId, kind: Kind, packet: rtp::Packet) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        let Role::Publisher(publisher) = &session.role else {
            return;
        };
        let Some(room) = self.rooms.get_mut(&session.room) else {
            return;
        };
        if room.publisher != Some(id) {
            return;
        }
        room.packets_in += 1;
        let begins_keyframe = kind == Kind::Video && keyframe::begins(&publisher.codec, &packet.payload);
        if begins_keyframe {
            room.keyframe.satisfied();
        }
        let passing = Passing {
            kind,
            epoch: room.epoch,
            begins_keyframe,
            orientation: room.orientation_of(&packet),
            packet,
        };
        if kind == Kind::Video {
            room.gop.push(&passing);
            room.history.push(&passing);
        }
        if room.pending.is_empty() {
            self.busy.push(session.room.clone());
        }
        room.pending.push(passing);
    }

    /// A viewer has missed packets.
    pub(super) fn send_again(&mut self, now: Instant, id: SessionId, missed: &[u16]) {
        let room = self.sessions.get(&id).and_then(|s| self.rooms.get_mut(&s.room));
        let Some(room) = room else { return };
        let Room { feeds, history, .. } = room;
        let Ok(at) = feeds.binary_search_by_key(&id, |feed| feed.id) else {
            return;
        };
        let again = missed
            .iter()
            .filter(|sequence| feeds[at].again(now, **sequence, history, &mut self.transmits))
            .count();
        room.packets_again += again as u64;
    }
}
