//! The way of media from a publisher to its viewers.

use super::Sfu;
use super::session::Role;
use crate::codec::VideoCodec;
use crate::id::SessionId;
use crate::keyframe;
use crate::room::{Room, RoomEventKind};
use crate::track::Kind;
use crate::viewer::Passing;
use crate::vp8::Descriptor;
use rtc::rtp;
use std::time::Instant;

impl Sfu {
    pub(super) fn ask_for_keyframes(&mut self, now: Instant, code: &str, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let Role::Publisher(publisher) = &mut session.role else {
            return;
        };
        let Some(room) = self.rooms.get_mut(code) else { return };
        for layer in &mut room.layers {
            if layer.keyframe.due_at().is_some_and(|at| at <= now) {
                let sent = publisher.request_keyframe(now, layer.ssrc);
                layer.keyframe.tried(now, sent);
                room.keyframe_requests += u64::from(sent);
            }
        }
        publisher.peer.transmits(&mut self.transmits);
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
        room.last_epoch += 1;
        room.sound_epoch = room.last_epoch;
        room.forget_layers();
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

    /// A viewer's media can flow: it will be shown what there is.
    pub(super) fn viewer_stands(&mut self, id: SessionId) {
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
        self.newcomers.push_back(id);
        self.tell(&code, kind);
    }

    /// Shows a viewer what there is; from now on it gets what comes.
    pub(super) fn show(&mut self, now: Instant, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let Role::Viewer(viewer) = &mut session.role else {
            return;
        };
        let Some(room) = self.rooms.get_mut(&session.room) else {
            return;
        };
        if let Some(mut feed) = viewer.take_feed(now, id) {
            room.fit(now, &mut feed);
            let target = feed.target();
            if let Some(layer) = room.layers.iter_mut().find(|layer| Some(layer.epoch) == target) {
                feed.replay(now, layer.epoch, &layer.gop.replay(), &mut self.transmits);
                if feed.awaits_keyframe() {
                    layer.keyframe.want(now);
                }
            }
            room.add_feed(feed);
        }
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
        let (now, ssrc) = (self.now, packet.header.ssrc);
        let video = kind == Kind::Video;
        let begins_keyframe = video && keyframe::begins(&publisher.codec, &packet.payload);
        let counts = match publisher.codec {
            VideoCodec::Vp8 if video => Descriptor::read(&packet.payload).map(|read| read.counts),
            _ => None,
        };
        let mut passing = Passing {
            kind,
            epoch: room.sound_epoch,
            begins_keyframe,
            orientation: room.orientation_of(&packet),
            counts,
            packet,
        };
        if video {
            let rid = || publisher.peer.incoming(ssrc).and_then(|stream| stream.rid.clone());
            let layer = room.layer(now, ssrc, rid);
            passing.epoch = layer.epoch;
            layer.pass(now, &publisher.codec, &passing);
            room.look(now);
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
        let Some(at) = room.feed_at(id) else { return };
        let Room { feeds, layers, .. } = room;
        let feed = &mut feeds[at];
        let again = missed
            .iter()
            .filter(|sequence| feed.again(now, **sequence, layers, &mut self.transmits))
            .count();
        feed.path.figures.nacks += missed.len() as u64;
        feed.path.figures.again += again as u64;
        room.packets_again += again as u64;
    }
}
