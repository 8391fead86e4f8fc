//! Counting what comes by its numbers alone.

use std::collections::HashMap;

/// Unwraps sequence numbers and counts them.
#[derive(Debug, Default, Clone, Copy)]
struct Run {
    highest: Option<u64>,
    first: u64,
    received: u64,
}

impl Run {
    fn take(&mut self, sequence: u16) {
        self.received += 1;
        let Some(highest) = self.highest else {
            // one turn up, so that what came before the first stays countable
            let at = (1 << 16) + u64::from(sequence);
            (self.highest, self.first) = (Some(at), at);
            return;
        };
        let step = i64::from(sequence.wrapping_sub(highest as u16) as i16);
        let at = highest.saturating_add_signed(step);
        self.highest = Some(highest.max(at));
    }

    fn missing(&self) -> u64 {
        let Some(highest) = self.highest else { return 0 };
        (highest - self.first + 1).saturating_sub(self.received)
    }
}

/// What one viewer got, by stream.
#[derive(Debug, Default)]
pub(super) struct Tally {
    runs: HashMap<u32, Run>,
}

/// RFC 5761 §4: RTCP's types share the port with RTP's.
pub(super) fn is_media(datagram: &[u8]) -> bool {
    datagram.len() >= 12 && matches!(datagram[0], 128..=191) && !matches!(datagram[1], 192..=223)
}

impl Tally {
    /// Counts a media packet.
    pub(super) fn take(&mut self, datagram: &[u8]) {
        let word = |at: usize| u16::from_be_bytes([datagram[at], datagram[at + 1]]);
        let ssrc = u32::from(word(8)) << 16 | u32::from(word(10));
        self.runs.entry(ssrc).or_default().take(word(2));
    }

    /// Packets received, and numbers that never came.
    pub(super) fn totals(&self) -> (u64, u64) {
        let runs = self.runs.values();
        runs.fold((0, 0), |(got, lost), run| (got + run.received, lost + run.missing()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(ssrc: u8, sequence: u16) -> Vec<u8> {
        let [high, low] = sequence.to_be_bytes();
        vec![0x80, 96, high, low, 0, 0, 0, 0, 0, 0, 0, ssrc]
    }

    #[test]
    fn what_is_missing_is_counted_over_the_turn() {
        let mut tally = Tally::default();
        for sequence in [65_534, 65_535, 1, 2] {
            tally.take(&packet(1, sequence));
        }
        tally.take(&packet(2, 7));
        assert_eq!(tally.totals(), (5, 1));
        tally.take(&packet(1, 0));
        assert_eq!(tally.totals(), (6, 0), "late is not lost");
    }

    #[test]
    fn control_is_no_media() {
        assert!(is_media(&packet(1, 1)));
        let mut report = packet(1, 1);
        report[1] = 200;
        assert!(!is_media(&report));
        assert!(!is_media(&[0x80, 96]));
    }
}
