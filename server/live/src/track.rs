//! One outgoing RTP stream, made of the pieces that come in: a publisher's
//! packets, then after a break perhaps another publisher's. To the viewer it
//! is one stream: its own sequence numbers and timestamps without a jump back.

use std::time::{Duration, Instant};

/// Audio or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Opus.
    Audio,
    /// VP8 or H.264.
    Video,
}

/// Counts publishers' connections in a room: packets of different epochs have
/// nothing to do with each other's numbers.
pub(crate) type Epoch = u32;

/// A sequence number and a timestamp (RFC 3550 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    epoch: Epoch,
    /// The first incoming sequence number of this piece, moved along once it is so far behind that the
    /// circle of numbers would soon put it ahead; and how far to shift.
    starts: u16,
    shift: Stamp,
}

/// Renumbers what comes in.
#[derive(Debug)]
pub(crate) struct Renumber {
    clock_hz: u32,
    piece: Option<Piece>,
    newest: Stamp,
    newest_at: Option<Instant>,
}

/// The least step between the last picture of one piece and the first of the
/// next, so that they never share a timestamp.
const LEAST_STEP: Duration = Duration::from_millis(10);

/// How far a piece runs before its beginning is moved, and how far behind it is then: later than that
/// no retransmission comes. Half the circle is 0x8000.
const FAR: i16 = 0x4000;
const BEHIND: u16 = 0x2000;

impl Renumber {
    /// A stream that begins after `origin`.
    pub(crate) fn new(clock_hz: u32, origin: Stamp) -> Self {
        Self {
            clock_hz,
            piece: None,
            newest: origin,
            newest_at: None,
        }
    }

    /// Whether `epoch` is the piece now running.
    pub(crate) fn runs(&self, epoch: Epoch) -> bool {
        self.piece.is_some_and(|piece| piece.epoch == epoch)
    }

    /// The outgoing numbers of the packet that came in with `stamp`, or none
    /// for one from before this piece began (a late retransmission), which
    /// would overwrite a number already used.
    pub(crate) fn next(&mut self, now: Instant, epoch: Epoch, stamp: Stamp) -> Option<Stamp> {
        let mut piece = match self.piece {
            Some(piece) if piece.epoch == epoch => piece,
            _ => self.begin(now, epoch, stamp),
        };
        match ahead(stamp.sequence, piece.starts) {
            ..0 => return None,
            FAR.. => {
                piece.starts = stamp.sequence.wrapping_sub(BEHIND);
                self.piece = Some(piece);
            }
            _ => {}
        }
        let out = Stamp {
            sequence: stamp.sequence.wrapping_add(piece.shift.sequence),
            timestamp: stamp.timestamp.wrapping_add(piece.shift.timestamp),
        };
        if ahead(out.sequence, self.newest.sequence) > 0 {
            self.newest = out;
            self.newest_at = Some(now);
        }
        Some(out)
    }

    /// What the outgoing `sequence` of the running piece came in as.
    pub(crate) fn came_in_as(&self, sequence: u16) -> Option<(Epoch, u16)> {
        let piece = self.piece?;
        let came = sequence.wrapping_sub(piece.shift.sequence);
        (ahead(came, piece.starts) >= 0).then_some((piece.epoch, came))
    }

    /// The outgoing numbers a packet of the running piece had.
    pub(crate) fn again(&self, stamp: Stamp) -> Option<Stamp> {
        let shift = self.piece?.shift;
        Some(Stamp {
            sequence: stamp.sequence.wrapping_add(shift.sequence),
            timestamp: stamp.timestamp.wrapping_add(shift.timestamp),
        })
    }

    fn begin(&mut self, now: Instant, epoch: Epoch, first: Stamp) -> Piece {
        let passed = self
            .newest_at
            .map_or(LEAST_STEP, |at| now.saturating_duration_since(at))
            .max(LEAST_STEP);
        let ticks = (passed.as_micros() * u128::from(self.clock_hz) / 1_000_000) as u32;
        let piece = Piece {
            epoch,
            starts: first.sequence,
            shift: Stamp {
                sequence: self.newest.sequence.wrapping_add(1).wrapping_sub(first.sequence),
                timestamp: self.newest.timestamp.wrapping_add(ticks).wrapping_sub(first.timestamp),
            },
        };
        self.piece = Some(piece);
        piece
    }
}

/// How far `a` is ahead of `b` on the circle of sequence numbers.
pub(crate) fn ahead(a: u16, b: u16) -> i16 {
    a.wrapping_sub(b) as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::some_moment;

    fn stamp(sequence: u16, timestamp: u32) -> Stamp {
        Stamp { sequence, timestamp }
    }

    fn stream() -> (Renumber, Instant) {
        (Renumber::new(90_000, stamp(9, 1_000)), some_moment())
    }

    #[test]
    fn starts_right_after_its_origin() {
        let (mut out, now) = stream();
        let first = out.next(now, 1, stamp(65_535, u32::MAX)).unwrap();
        assert_eq!(first, stamp(10, 1_900));
        let second = out.next(now, 1, stamp(0, 2_999)).unwrap();
        assert_eq!(second, stamp(11, 1_900 + 3_000), "both wrap");
    }

    #[test]
    fn a_gap_upstream_stays_a_gap_and_is_filled_late() {
        let (mut out, now) = stream();
        let send = |out: &mut Renumber, n| out.next(now, 1, stamp(n, 0)).map(|s| s.sequence);
        assert_eq!(send(&mut out, 100), Some(10));
        assert_eq!(send(&mut out, 102), Some(12));
        assert_eq!(send(&mut out, 101), Some(11), "the retransmission");
        assert_eq!(send(&mut out, 103), Some(13));
    }

    #[test]
    fn what_went_out_is_found_by_its_number() {
        let (mut out, now) = stream();
        assert_eq!(out.came_in_as(10), None);
        out.next(now, 1, stamp(100, 500)).unwrap();
        let second = out.next(now, 1, stamp(101, 3_500)).unwrap();
        assert_eq!(out.came_in_as(second.sequence), Some((1, 101)));
        assert_eq!(out.again(stamp(101, 3_500)), Some(second));
        assert_eq!(out.came_in_as(9), None, "before the piece");
    }

    #[test]
    fn a_piece_goes_on_for_ever() {
        let (mut out, now) = stream();
        for n in 0..200_000_u32 {
            let went = out.next(now, 1, stamp(n as u16, n)).map(|s| s.sequence);
            assert_eq!(went, Some((n + 10) as u16), "packet {n}");
            assert_eq!(out.came_in_as((n + 10) as u16), Some((1, n as u16)), "packet {n}");
        }
    }

    #[test]
    fn what_is_older_than_the_beginning_is_dropped() {
        let (mut out, now) = stream();
        out.next(now, 1, stamp(100, 0)).unwrap();
        assert_eq!(out.next(now, 1, stamp(99, 0)), None);
    }

    #[test]
    fn another_publisher_goes_straight_on() {
        let (mut out, now) = stream();
        let last = out.next(now, 1, stamp(500, 77_000)).unwrap();
        let later = now + Duration::from_secs(2);
        let first = out.next(later, 2, stamp(40_000, 5)).unwrap();
        assert_eq!(first.sequence, last.sequence + 1);
        assert_eq!(first.timestamp, last.timestamp + 2 * 90_000);
        assert!(out.runs(2) && !out.runs(1));
    }

    #[test]
    fn two_pieces_never_share_a_timestamp() {
        let (mut out, now) = stream();
        let last = out.next(now, 1, stamp(1, 0)).unwrap();
        let first = out.next(now, 2, stamp(7, 0)).unwrap();
        assert_eq!(first.sequence, last.sequence + 1);
        assert!(first.timestamp > last.timestamp);
    }
}
