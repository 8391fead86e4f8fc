//! The way of media from a publisher to its viewers.

use super::Sfu;
use super::session::Role;
use crate::id::SessionId;
use crate::keyframe;
use crate::room::RoomEventKind;
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
        if let Role::Viewer(viewer) = &mut session.role {
            for (at, packet) in room.gop.replay().into_iter().enumerate() {
                let passing = Passing {
                    kind: Kind::Video,
                    epoch: room.epoch,
                    begins_keyframe: at == 0,
                    orientation: room.orientation_of(&packet),
                    packet,
                };
                viewer.forward(now, &passing);
            }
            viewer.peer.transmits(&mut self.transmits);
            if viewer.awaits_keyframe(room.epoch) {
                room.keyframe.want(now);
            }
        }
        self.tell(&code, kind);
    }

    /// A publisher's packet goes to everybody in its room.
    pub(super) fn pass(&mut self, now: Instant, id: SessionId, kind: Kind, packet: rtp::Packet) {
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
        if kind == Kind::Video {
            room.gop.push(&packet, begins_keyframe);
        }
        let bytes = packet.payload.len() as u64;
        let passing = Passing {
            kind,
            epoch: room.epoch,
            begins_keyframe,
            orientation: room.orientation_of(&packet),
            packet,
        };
        for id in &room.viewers {
            let Some(session) = self.sessions.get_mut(id) else {
                continue;
            };
            let Role::Viewer(viewer) = &mut session.role else {
                continue;
            };
            if viewer.forward(now, &passing) {
                viewer.peer.transmits(&mut self.transmits);
                room.packets_out += 1;
                room.bytes_out += bytes;
            }
        }
    }
}
