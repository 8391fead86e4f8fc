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

/// Counts what is published in a room, each connection's sound and each layer of its picture: packets
/// of different epochs have nothing to do with each other's numbers.
pub(crate) type Epoch = u32;

/// The numbers of a packet that run on: sequence number and timestamp (RFC 3550 §5.1), and those of
/// the picture in it where the codec counts pictures (RFC 7741 §4.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) picture: u16,
    pub(crate) base: u8,
}

impl Stamp {
    fn shifted(self, by: Stamp) -> Stamp {
        Stamp {
            sequence: self.sequence.wrapping_add(by.sequence),
            timestamp: self.timestamp.wrapping_add(by.timestamp),
            picture: self.picture.wrapping_add(by.picture),
            base: self.base.wrapping_add(by.base),
        }
    }
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
    /// The piece before, of which some may still be missed.
    former: Option<Piece>,
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
            former: None,
            newest: origin,
            newest_at: None,
        }
    }

    /// Whether `epoch` is the piece now running.
    pub(crate) fn runs(&self, epoch: Epoch) -> bool {
        self.piece.is_some_and(|piece| piece.epoch == epoch)
    }

    /// The running piece ends here; what comes next begins another, even if it is of the same epoch:
    /// to go on after packets that were held back would leave a gap in the numbers.
    pub(crate) fn end(&mut self) {
        if let Some(before) = self.piece.take() {
            self.former = Some(before);
        }
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
        let out = stamp.shifted(piece.shift);
        if ahead(out.sequence, self.newest.sequence) > 0 {
            self.newest = out;
            self.newest_at = Some(now);
        }
        Some(out)
    }

    /// What the outgoing `sequence` came in as, in the running piece or the one before.
    pub(crate) fn came_in_as(&self, sequence: u16) -> Option<(Epoch, u16)> {
        let came_in = |piece: &Piece| {
            let came = sequence.wrapping_sub(piece.shift.sequence);
            (ahead(came, piece.starts) >= 0).then_some((piece.epoch, came))
        };
        let running = self.piece.as_ref().and_then(came_in);
        running.or_else(|| self.former.as_ref().and_then(came_in))
    }

    /// The outgoing numbers a packet of one of these pieces had.
    pub(crate) fn again(&self, epoch: Epoch, stamp: Stamp) -> Option<Stamp> {
        let mut pieces = self.piece.iter().chain(&self.former);
        let piece = pieces.find(|piece| piece.epoch == epoch)?;
        Some(stamp.shifted(piece.shift))
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
                picture: self.newest.picture.wrapping_add(1).wrapping_sub(first.picture),
                base: self.newest.base.wrapping_add(1).wrapping_sub(first.base),
            },
        };
        if let Some(before) = self.piece.replace(piece) {
            self.former = Some(before);
        }
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
        Stamp {
            sequence,
            timestamp,
            ..Stamp::default()
        }
    }

    fn stream() -> (Renumber, Instant) {
        (Renumber::new(90_000, stamp(9, 1_000)), some_moment())
    }

    #[test]
    fn starts_right_after_its_origin() {
        let (mut out, now) = stream();
        let first = out.next(now, 1, stamp(65_535, u32::MAX)).unwrap();
        assert_eq!((first.sequence, first.timestamp), (10, 1_900));
        let second = out.next(now, 1, stamp(0, 2_999)).unwrap();
        assert_eq!((second.sequence, second.timestamp), (11, 1_900 + 3_000), "both wrap");
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
        assert_eq!(out.again(1, stamp(101, 3_500)), Some(second));
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
    fn pictures_are_counted_on_and_what_was_missed_before_is_known() {
        let (mut out, now) = stream();
        let counted = |sequence, picture, base| Stamp {
            picture,
            base,
            ..stamp(sequence, 0)
        };
        let last = out.next(now, 1, counted(500, 0x7fff, 255)).unwrap();
        let first = out.next(now, 2, counted(40_000, 77, 3)).unwrap();
        assert_eq!(first.picture & 0x7fff, (last.picture + 1) & 0x7fff);
        assert_eq!(first.base, last.base.wrapping_add(1));
        assert_eq!(out.came_in_as(first.sequence), Some((2, 40_000)));
        assert_eq!(out.came_in_as(last.sequence), Some((1, 500)), "of the layer before");
        assert_eq!(out.again(1, counted(500, 0x7fff, 255)), Some(last));
        assert_eq!(out.again(3, stamp(1, 1)), None);
    }

    #[test]
    fn what_was_held_back_leaves_no_gap() {
        let (mut out, now) = stream();
        let last = out.next(now, 1, stamp(500, 0)).unwrap();
        out.end();
        assert!(!out.runs(1));
        assert_eq!(out.came_in_as(last.sequence), Some((1, 500)), "it may still be missed");
        let next = out.next(now, 1, stamp(600, 300_000)).unwrap();
        assert_eq!(next.sequence, last.sequence + 1);
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
