//! The pictures since the last keyframe, kept so that who joins late sees one
//! at once and the publisher's encoder is left alone.

use crate::track::ahead;
use crate::viewer::Passing;

/// More packets than this are not a quick start any more but a burst that
/// fills a phone's downlink: past it the cache stays empty till the next
/// keyframe, and joining asks for one.
const MOST_PACKETS: usize = 160;
/// Ticks between replayed pictures. They are shown as fast as they decode and
/// end where the live picture is, instead of delaying it by their age.
const REPLAY_STEP: u32 = 90;

/// A bounded group of pictures.
#[derive(Debug, Default)]
pub(crate) struct Gop {
    packets: Vec<Passing>,
}

impl Gop {
    /// Remembers a packet.
    pub(crate) fn push(&mut self, passing: &Passing) {
        if passing.begins_keyframe && !self.continues_first_picture(passing) {
            self.packets.clear();
        } else if self.packets.is_empty() {
            return;
        }
        if self.packets.len() >= MOST_PACKETS {
            self.packets.clear();
            return;
        }
        self.packets.push(passing.clone());
    }

    /// A keyframe may begin in several packets: parameter sets, then the slice.
    fn continues_first_picture(&self, passing: &Passing) -> bool {
        self.packets
            .first()
            .is_some_and(|first| first.packet.header.timestamp == passing.packet.header.timestamp)
    }

    /// The packets to replay, with timestamps drawn together to just before
    /// the newest picture's. Empty when there is nothing to start from.
    pub(crate) fn replay(&self) -> Vec<Passing> {
        let mut behind = 0;
        let mut replayed = self.packets.clone();
        // What the publisher sent again came late, and perhaps twice.
        let number = |p: &Passing| p.packet.header.sequence_number;
        if let Some(first) = self.packets.first().map(number) {
            replayed.retain(|p| ahead(number(p), first) >= 0);
            replayed.sort_by_key(|p| ahead(number(p), first));
            replayed.dedup_by_key(|p| number(p));
        }
        let mut following = replayed.last().map(|p| p.packet.header.timestamp);
        let newest = following.unwrap_or_default();
        for passing in replayed.iter_mut().rev() {
            let header = &mut passing.packet.header;
            let own = header.timestamp;
            if following != Some(own) {
                behind += 1;
                following = Some(own);
            }
            header.timestamp = newest.wrapping_sub(behind * REPLAY_STEP);
        }
        replayed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::Kind;
    use rtc::rtp;

    fn packet(sequence: u16, timestamp: u32, begins_keyframe: bool) -> Passing {
        let header = rtp::Header {
            sequence_number: sequence,
            timestamp,
            ..Default::default()
        };
        Passing {
            kind: Kind::Video,
            epoch: 1,
            begins_keyframe,
            orientation: None,
            counts: None,
            packet: rtp::Packet {
                header,
                ..Default::default()
            },
        }
    }

    fn stamps(gop: &Gop) -> Vec<(u16, u32)> {
        let replay = gop.replay();
        let stamp = |p: &Passing| (p.packet.header.sequence_number, p.packet.header.timestamp);
        replay.iter().map(stamp).collect()
    }

    #[test]
    fn holds_from_the_last_keyframe_on_and_ends_at_the_live_picture() {
        let mut gop = Gop::default();
        gop.push(&packet(1, 6_000, false));
        assert!(gop.replay().is_empty(), "nothing to start from yet");
        gop.push(&packet(2, 12_000, true));
        gop.push(&packet(3, 12_000, true));
        gop.push(&packet(4, 18_000, false));
        gop.push(&packet(5, 24_000, false));
        let newest = 24_000;
        assert_eq!(
            stamps(&gop),
            [(2, newest - 180), (3, newest - 180), (4, newest - 90), (5, newest)]
        );
        gop.push(&packet(6, 30_000, true));
        assert_eq!(stamps(&gop), [(6, 30_000)]);
    }

    #[test]
    fn too_long_a_group_is_not_kept() {
        let mut gop = Gop::default();
        gop.push(&packet(0, 0, true));
        for n in 1..=MOST_PACKETS as u16 {
            gop.push(&packet(n, u32::from(n) * 3_000, false));
        }
        assert!(gop.replay().is_empty());
        gop.push(&packet(900, 900, false));
        assert!(gop.replay().is_empty(), "till the next keyframe");
    }
}
