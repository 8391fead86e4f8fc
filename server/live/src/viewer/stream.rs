//! One outgoing stream of a viewer: whose numbers it bears, where it has got to,
//! and the header of its packets.

use super::seal::Index;
use crate::history::PACKETS as HISTORY;
use crate::track::{Epoch, Renumber, Stamp};
use bytes::Bytes;
use std::time::Instant;

/// Places next to the newest whose use is remembered.
const WINDOW: Index = 1024;

/// Where retransmissions go (RFC 4588).
pub(super) struct Rtx {
    pub(super) ssrc: u32,
    pub(super) payload_type: u8,
    pub(super) next: Index,
}

/// One outgoing stream.
pub(super) struct Stream {
    pub(super) ssrc: u32,
    pub(super) payload_type: u8,
    pub(super) numbers: Renumber,
    /// The place of the newest packet.
    newest: Option<Index>,
    /// Which of the places in the window before it were used, a bit each.
    used: [u64; (WINDOW / 64) as usize],
    pub(super) rtx: Option<Rtx>,
    /// The timestamps under which cached pictures of a layer were replayed: sent again,
    /// they must be the same to the bit.
    replayed: (Epoch, Vec<(u16, u32)>),
    /// Past this place they are forgotten: a turn later the same numbers are
    /// other packets'.
    forget_at: Index,
    pub(super) sent: Sent,
}

/// What a sender report tells (RFC 3550 §6.4.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) ssrc: u32,
    pub(super) clock_hz: u32,
    pub(super) packets: u32,
    pub(super) octets: u32,
    /// The newest packet's timestamp, and when it went.
    pub(super) newest: Option<(u32, Instant)>,
}

impl Stream {
    /// A stream that begins at `origin`; `rtx` are SSRC, payload type and first
    /// number of its retransmissions.
    pub(super) fn new(ssrc: u32, payload_type: u8, clock_hz: u32, origin: Stamp, rtx: Option<(u32, u8, u16)>) -> Self {
        let rtx = rtx.map(|(ssrc, payload_type, first)| Rtx {
            ssrc,
            payload_type,
            next: first.into(),
        });
        Self {
            ssrc,
            payload_type,
            numbers: Renumber::new(clock_hz, origin),
            newest: None,
            used: [0; (WINDOW / 64) as usize],
            rtx,
            replayed: (0, Vec::new()),
            forget_at: Index::MAX,
            sent: Sent {
                ssrc,
                clock_hz,
                packets: 0,
                octets: 0,
                newest: None,
            },
        }
    }

    pub(super) fn rtx_ssrc(&self) -> Option<u32> {
        self.rtx.as_ref().map(|rtx| rtx.ssrc)
    }

    /// Cached pictures will go out under these timestamps.
    pub(super) fn draws(&mut self, epoch: Epoch, replayed: Vec<(u16, u32)>) {
        self.replayed = (epoch, replayed);
    }

    /// They have gone out.
    pub(super) fn drawn(&mut self) {
        self.forget_at = self.newest.unwrap_or_default() + HISTORY as Index;
    }

    /// Under which timestamp the packet that came in with this number was replayed.
    pub(super) fn drawn_at(&self, epoch: Epoch, sequence: u16) -> Option<u32> {
        let (of, replayed) = &self.replayed;
        let found = replayed.iter().find(|(n, _)| *n == sequence && *of == epoch);
        found.map(|(_, timestamp)| *timestamp)
    }

    /// Takes a place for a packet; false when it was used before, or so long ago that nobody knows.
    /// Whatever goes wrong with the numbers, no place is sealed twice: with GCM that would give the key
    /// away (RFC 7714 §8.1).
    pub(super) fn claim(&mut self, index: Index) -> bool {
        let bit = |place: Index| ((place % WINDOW / 64) as usize, 1_u64 << (place % 64));
        let newest = self.newest.unwrap_or(index);
        if index + WINDOW <= newest {
            return false;
        }
        // Places that are passed over are free, whoever had their bits a window before.
        for place in (newest + 1).max((index + 1).saturating_sub(WINDOW))..=index {
            let (word, mask) = bit(place);
            self.used[word] &= !mask;
        }
        let (word, mask) = bit(index);
        let free = self.used[word] & mask == 0;
        self.used[word] |= mask;
        if free {
            self.reach(index);
        }
        free
    }

    /// A packet goes to this place.
    fn reach(&mut self, index: Index) {
        self.newest = self.newest.max(Some(index));
        if index > self.forget_at {
            self.replayed.1 = Vec::new();
            self.forget_at = Index::MAX;
        }
    }

    /// The place of a number, next to the newest; none before the first turn.
    pub(super) fn index(&self, sequence: u16) -> Option<Index> {
        let Some(newest) = self.newest else {
            return Some(sequence.into());
        };
        let step = i64::from(sequence.wrapping_sub(newest as u16) as i16);
        newest.checked_add_signed(step)
    }
}

/// The parts of a packet that differ from viewer to viewer.
pub(super) struct Head<'a> {
    pub(super) payload_type: u8,
    pub(super) ssrc: u32,
    pub(super) index: Index,
    pub(super) timestamp: u32,
    pub(super) marker: bool,
    pub(super) orientation: Option<(u8, &'a Bytes)>,
    /// The packet's number among all to this viewer, and the id of the extension that bears it.
    pub(super) transport: Option<(u8, u16)>,
}

/// The longest header: twelve bytes, and two extensions.
const LONGEST_HEAD: usize = 24;

impl Head<'_> {
    /// RFC 3550 §5.1; the extension is one of RFC 8285 §4.2. Its length.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) -> usize {
        let mut head = [0; LONGEST_HEAD];
        head[0] = 0x80;
        head[1] = self.payload_type | if self.marker { 0x80 } else { 0 };
        head[2..4].copy_from_slice(&(self.index as u16).to_be_bytes());
        head[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        head[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        let mut end = 16;
        if let Some((id, number)) = self.transport {
            let [high, low] = number.to_be_bytes();
            head[end..end + 3].copy_from_slice(&[id << 4 | 1, high, low]);
            end += 3;
        }
        if let Some((id, [turned])) = self.orientation.map(|(id, value)| (id, &value[..])) {
            head[end..end + 2].copy_from_slice(&[id << 4, *turned]);
            end += 2;
        }
        // No extension, no header of extensions; what is left of the last word stays zero.
        let length = match end {
            16 => 12,
            _ => end.next_multiple_of(4),
        };
        if length > 12 {
            head[0] |= 0x10;
            head[12..16].copy_from_slice(&[0xbe, 0xde, 0, (length / 4 - 4) as u8]);
        }
        bytes.extend_from_slice(&head[..length]);
        length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replayed_timestamps_are_forgotten_before_their_numbers_come_again() {
        let origin = Stamp::default();
        let mut stream = Stream::new(1, 96, 90_000, origin, None);
        stream.draws(1, vec![(5, 100), (6, 190)]);
        (1..=2).for_each(|place| stream.reach(place));
        stream.drawn();
        stream.reach(2 + HISTORY as Index);
        assert_eq!(stream.drawn_at(1, 6), Some(190), "still known, so still the same");
        stream.reach(3 + HISTORY as Index);
        assert_eq!(stream.drawn_at(1, 6), None);
    }

    #[test]
    fn a_header_has_only_what_it_needs() {
        let turned = Bytes::from_static(&[3]);
        let head = |orientation, transport| Head {
            payload_type: 96,
            ssrc: 0x01020304,
            index: 0x1_0005,
            timestamp: 7,
            marker: true,
            orientation,
            transport,
        };
        let written = |head: Head<'_>| {
            let mut bytes = Vec::new();
            assert_eq!(head.write(&mut bytes), bytes.len());
            bytes
        };
        let plain = written(head(None, None));
        assert_eq!(plain, [0x80, 0xe0, 0, 5, 0, 0, 0, 7, 1, 2, 3, 4]);
        let oriented = written(head(Some((4, &turned)), None));
        assert_eq!(oriented[12..], [0xbe, 0xde, 0, 1, 0x40, 3, 0, 0]);
        let numbered = written(head(None, Some((5, 0x1234))));
        assert_eq!(
            (numbered[0], &numbered[12..]),
            (0x90, &[0xbe, 0xde, 0, 1, 0x51, 0x12, 0x34, 0][..])
        );
        let both = written(head(Some((4, &turned)), Some((5, 0x1234))));
        assert_eq!(both[12..], [0xbe, 0xde, 0, 2, 0x51, 0x12, 0x34, 0x40, 3, 0, 0, 0]);
    }

    #[test]
    fn no_place_is_used_twice() {
        let origin = Stamp::default();
        let mut stream = Stream::new(1, 96, 90_000, origin, None);
        let mut used = std::collections::HashSet::new();
        // every number twice, every seventh late, with gaps as large as the window
        for n in (0..300_000_u64).step_by(3) {
            let place = match n % 7 {
                0 => n.saturating_sub(20),
                _ => n + n / 50_000 * WINDOW,
            };
            for _ in 0..2 {
                if stream.claim(place) {
                    assert!(used.insert(place), "{place} twice");
                }
            }
        }
        assert!(used.len() > 85_000, "{} of 100,000 went out", used.len());
        let newest = stream.newest.unwrap();
        assert!(!stream.claim(newest) && !stream.claim(newest - WINDOW));
        assert!(stream.claim(newest + 10 * WINDOW) && stream.claim(newest + 10 * WINDOW - 1));
    }

    #[test]
    fn places_run_over_the_turn_and_never_below_the_first() {
        let origin = Stamp::default();
        let mut stream = Stream::new(1, 96, 90_000, origin, None);
        assert_eq!(stream.index(3), Some(3));
        stream.newest = Some(3);
        assert_eq!(stream.index(65_535), None, "before the first turn");
        stream.newest = Some(65_535);
        assert_eq!(stream.index(1), Some(65_537));
        stream.newest = Some(65_537);
        assert_eq!(stream.index(65_535), Some(65_535));
    }
}
