//! A core in the middle of a live, for `crate::fuzz`.

use super::Sfu;
use crate::codec::VideoCodec;
use crate::id::SessionId;

impl Sfu {
    /// Takes the publisher `id` of `room` to stand, without its handshake.
    pub(crate) fn pretend_live(&mut self, room: &str, id: SessionId) {
        if let Some(room) = self.rooms.get_mut(room) {
            room.successor = None;
            room.publisher = Some(id);
            room.codec = Some(VideoCodec::Vp8);
            room.epoch += 1;
        }
        if let Some(session) = self.sessions.get_mut(&id) {
            session.stood = true;
        }
    }
}
