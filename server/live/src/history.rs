//! A layer's newest packets, for viewers that missed some.

use crate::track::Epoch;
use crate::viewer::Passing;

/// Three seconds at 1.5 Mbit/s; what is older comes too late to be shown.
pub(crate) const PACKETS: usize = 512;

/// A ring by sequence number.
#[derive(Debug, Default)]
pub(crate) struct History {
    ring: Vec<Option<Passing>>,
    newest: usize,
}

impl History {
    /// Remembers a packet; the one that lay in its place is forgotten.
    pub(crate) fn push(&mut self, passing: &Passing) {
        self.ring.resize_with(PACKETS, || None);
        let at = usize::from(passing.packet.header.sequence_number) % PACKETS;
        self.ring[at] = Some(passing.clone());
        self.newest = at;
    }

    /// The packet that came so many before the newest.
    pub(crate) fn before(&self, back: usize) -> Option<&Passing> {
        let at = (self.newest + PACKETS - back % PACKETS) % PACKETS;
        self.ring.get(at)?.as_ref()
    }

    /// The packet that came in with this number in this epoch, while it is known.
    pub(crate) fn find(&self, epoch: Epoch, sequence: u16) -> Option<&Passing> {
        let held = self.ring.get(usize::from(sequence) % PACKETS)?.as_ref()?;
        let same = held.epoch == epoch && held.packet.header.sequence_number == sequence;
        same.then_some(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::Kind;
    use rtc::rtp;

    fn passing(epoch: Epoch, sequence_number: u16) -> Passing {
        let header = rtp::Header {
            sequence_number,
            ..Default::default()
        };
        Passing {
            kind: Kind::Video,
            epoch,
            begins_keyframe: false,
            orientation: None,
            counts: None,
            packet: rtp::Packet {
                header,
                ..Default::default()
            },
        }
    }

    #[test]
    fn the_newest_are_known_and_no_more() {
        let mut history = History::default();
        assert!(history.find(1, 0).is_none());
        for n in 0..PACKETS as u16 + 10 {
            history.push(&passing(1, n));
        }
        assert!(history.find(1, 9).is_none(), "forgotten");
        assert!(history.find(1, 10).is_some());
        assert!(history.find(2, 10).is_none(), "another publisher's number");
        let number = |back| history.before(back).map(|p| p.packet.header.sequence_number);
        assert_eq!(
            (number(0), number(20)),
            (Some(PACKETS as u16 + 9), Some(PACKETS as u16 - 11))
        );
    }
}
