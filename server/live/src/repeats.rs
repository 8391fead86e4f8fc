//! Keeps repeated handshake messages from the DTLS stack (rtc-dtls 0.21.1).
//!
//! While it waits, the stack takes any handshake message as progress and stops
//! its retransmission timer, and when the message is only a repetition the
//! timer stays stopped: if our last flight was lost, both sides then wait for
//! ever. Browsers repeat a flight after 50 ms already, so on a phone's network
//! every lost flight would be a failed join. What is known is therefore
//! dropped here, the timer keeps running, and our flight is sent again.

use std::collections::HashSet;

const RECORD_HEADER: usize = 13;
const MESSAGE_HEADER: usize = 12;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// A handshake has about a dozen messages, in a few fragments each.
const MOST: usize = 128;

/// The parts of handshake messages seen: type, number, fragment offset.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    seen: HashSet<(u8, u16, u32)>,
}

impl Repeats {
    /// Whether everything in `datagram` was seen before, so that it may be
    /// dropped. Only plaintext handshake records (RFC 6347 §4.1, §4.2.2) can
    /// be; a first ClientHello never is, because it may want the answer again.
    pub(crate) fn is_repeat(&mut self, datagram: &[u8]) -> bool {
        let mut rest = datagram;
        let mut known = !rest.is_empty();
        while !rest.is_empty() {
            let Some((content, body, after)) = record(rest) else {
                return false;
            };
            rest = after;
            match message(content, body) {
                Some(part) => known &= !self.is_new(part) && (part.0, part.1) != (CLIENT_HELLO, 0),
                None => known = false,
            }
        }
        known
    }

    fn is_new(&mut self, part: (u8, u16, u32)) -> bool {
        self.seen.len() >= MOST || self.seen.insert(part)
    }
}

/// A record's plaintext handshake type, its body, and what follows it.
fn record(bytes: &[u8]) -> Option<(Option<u8>, &[u8], &[u8])> {
    let header = bytes.get(..RECORD_HEADER)?;
    let length = usize::from(u16::from_be_bytes([header[11], header[12]]));
    let body = bytes.get(RECORD_HEADER..RECORD_HEADER + length)?;
    let plaintext = header[3..5] == [0, 0];
    let content = plaintext.then_some(header[0]);
    Some((content, body, &bytes[RECORD_HEADER + length..]))
}

fn message(content: Option<u8>, body: &[u8]) -> Option<(u8, u16, u32)> {
    if content != Some(HANDSHAKE) || body.len() < MESSAGE_HEADER {
        return None;
    }
    let number = u16::from_be_bytes([body[4], body[5]]);
    let offset = u32::from_be_bytes([0, body[6], body[7], body[8]]);
    Some((body[0], number, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(epoch: u8, kind: u8, number: u8, offset: u8) -> Vec<u8> {
        let mut out = vec![HANDSHAKE, 254, 253, 0, epoch, 0, 0, 0, 0, 0, 9, 0, 14];
        out.extend([kind, 0, 0, 4, 0, number, 0, 0, offset, 0, 0, 2, 7, 7]);
        out
    }

    #[test]
    fn a_flight_is_a_repeat_the_second_time() {
        let mut repeats = Repeats::default();
        let flight = [part(0, 2, 0, 0), part(0, 11, 1, 0)].concat();
        assert!(!repeats.is_repeat(&flight));
        assert!(repeats.is_repeat(&flight));
        assert!(repeats.is_repeat(&part(0, 11, 1, 0)));
    }

    #[test]
    fn anything_new_in_it_lets_it_pass() {
        let mut repeats = Repeats::default();
        assert!(!repeats.is_repeat(&part(0, 2, 0, 0)));
        let more = [part(0, 2, 0, 0), part(0, 2, 0, 2)].concat();
        assert!(!repeats.is_repeat(&more), "another fragment");
        assert!(repeats.is_repeat(&more));
    }

    #[test]
    fn the_first_hello_and_what_is_encrypted_always_pass() {
        let mut repeats = Repeats::default();
        for datagram in [part(0, CLIENT_HELLO, 0, 0), part(1, 20, 5, 0)] {
            assert!(!repeats.is_repeat(&datagram));
            assert!(!repeats.is_repeat(&datagram));
        }
        assert!(!repeats.is_repeat(&part(0, CLIENT_HELLO, 1, 0)));
        assert!(repeats.is_repeat(&part(0, CLIENT_HELLO, 1, 0)), "with its cookie");
    }

    #[test]
    fn what_is_cut_short_passes_to_who_can_judge_it() {
        let mut repeats = Repeats::default();
        let whole = part(0, 2, 0, 0);
        for _ in 0..2 {
            for end in 0..whole.len() {
                assert!(!repeats.is_repeat(&whole[..end]), "{end}");
            }
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut repeats = Repeats::default();
        for number in 0..200 {
            repeats.is_repeat(&part(0, 2, number, 0));
        }
        assert_eq!(repeats.seen.len(), MOST);
    }
}
