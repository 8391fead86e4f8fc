//! What waits to be sent, in one growing buffer that is used again and again:
//! a datagram on its way costs no allocation. Datagrams of one size to one
//! address lie side by side and make one message, which the kernel may cut up
//! itself (UDP generic segmentation offload).

use std::net::SocketAddr;

/// The kernel takes so many segments of one message (UDP_MAX_SEGMENTS).
const MOST_SEGMENTS: usize = 64;
/// And so many bytes: what fits a UDP length, less the headers.
const MOST_BYTES: usize = 65_000;

/// Memory kept for what comes next; a rare burst's is given back.
const MOST_KEPT: usize = 1 << 20;

/// Datagrams to one address, side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    pub(crate) to: SocketAddr,
    start: usize,
    end: usize,
    /// The length of every datagram in it but the last, which may be shorter.
    pub(crate) segment: usize,
}

impl Message {
    /// How many datagrams it is.
    pub(crate) fn datagrams(&self) -> usize {
        (self.end - self.start).div_ceil(self.segment.max(1))
    }

    fn takes(&self, length: usize) -> bool {
        let whole = (self.end - self.start).is_multiple_of(self.segment);
        let room = self.end - self.start + length <= MOST_BYTES && self.datagrams() < MOST_SEGMENTS;
        whole && room && (1..=self.segment).contains(&length)
    }
}

/// Datagrams waiting to be sent, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bytes: Vec<u8>,
    messages: Vec<Message>,
    /// To whom the next datagram goes, and whether it may join the last message.
    to: Option<SocketAddr>,
    joins: bool,
    /// The message and the byte in it that is taken out next.
    taken: (usize, usize),
}

impl Outbox {
    /// What comes now goes to `to`.
    pub(crate) fn begin(&mut self, to: SocketAddr) {
        self.joins = false;
        self.to = Some(to);
    }

    /// Adds a datagram to where [`Outbox::begin`] said, written by `write` at
    /// the end of the buffer. What `write` declines with false is not sent.
    pub(crate) fn datagram(&mut self, write: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
        let start = self.bytes.len();
        let Some(to) = self.to else { return false };
        if !write(&mut self.bytes) || self.bytes.len() <= start {
            self.bytes.truncate(start);
            return false;
        }
        let length = self.bytes.len() - start;
        match self.messages.last_mut() {
            Some(last) if self.joins && last.takes(length) => last.end += length,
            _ => self.messages.push(Message {
                to,
                start,
                end: start + length,
                segment: length,
            }),
        }
        self.joins = true;
        true
    }

    /// Adds one datagram that is there already.
    pub(crate) fn push(&mut self, to: SocketAddr, datagram: &[u8]) {
        self.begin(to);
        self.datagram(|bytes| {
            bytes.extend_from_slice(datagram);
            true
        });
    }

    pub(crate) fn messages(&self) -> &[Message] {
        &self.messages
    }

    pub(crate) fn content(&self, message: &Message) -> &[u8] {
        &self.bytes[message.start..message.end]
    }

    /// Bytes that wait.
    pub(crate) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.len() <= self.taken.0
    }

    /// Forgets everything; the memory stays for what comes next, unless it is a rare burst's.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(MOST_KEPT);
        self.messages.clear();
        self.messages.shrink_to(MOST_KEPT / size_of::<Message>());
        self.taken = (0, 0);
        self.to = None;
    }

    /// Takes the oldest datagram out.
    pub(crate) fn pop(&mut self) -> Option<(SocketAddr, &[u8])> {
        let (at, done) = self.taken;
        let Some(message) = self.messages.get(at).copied() else {
            self.clear();
            return None;
        };
        let start = message.start + done;
        let end = (start + message.segment).min(message.end);
        self.taken = match end == message.end {
            true => (at + 1, 0),
            false => (at, done + message.segment),
        };
        Some((message.to, &self.bytes[start..end]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> SocketAddr {
        ([127, 0, 0, 1], port).into()
    }

    fn fill(out: &mut Outbox, port: u16, lengths: &[usize]) {
        out.begin(at(port));
        for length in lengths {
            out.datagram(|bytes| {
                bytes.resize(bytes.len() + length, *length as u8);
                true
            });
        }
    }

    #[test]
    fn equal_ones_and_a_shorter_last_are_one_message() {
        let mut out = Outbox::default();
        fill(&mut out, 1, &[9, 9, 9, 4, 9, 12]);
        let shape: Vec<_> = out.messages().iter().map(|m| (m.segment, m.datagrams())).collect();
        assert_eq!(shape, [(9, 4), (9, 1), (12, 1)]);
        let mut lengths = Vec::new();
        while let Some((to, datagram)) = out.pop() {
            assert_eq!(to, at(1));
            assert!(datagram.iter().all(|b| usize::from(*b) == datagram.len()));
            lengths.push(datagram.len());
        }
        assert_eq!(lengths, [9, 9, 9, 4, 9, 12]);
        assert!(out.is_empty() && out.messages().is_empty());
    }

    #[test]
    fn addresses_are_kept_apart_and_refused_ones_leave_nothing() {
        let mut out = Outbox::default();
        fill(&mut out, 1, &[5]);
        fill(&mut out, 2, &[5]);
        out.begin(at(3));
        assert!(!out.datagram(|bytes| {
            bytes.push(1);
            false
        }));
        assert!(!out.datagram(|_| true), "an empty datagram is none");
        assert_eq!(out.messages().len(), 2);
        assert_eq!(out.content(&out.messages()[1]), [5; 5]);
    }

    #[test]
    fn a_bursts_memory_is_given_back_and_the_usual_kept() {
        let mut out = Outbox::default();
        fill(&mut out, 1, &[1_000; 100]);
        out.clear();
        assert!(out.bytes.capacity() >= 100_000);
        fill(&mut out, 1, &[1_000; 20_000]);
        out.clear();
        assert!(out.bytes.capacity() <= MOST_KEPT, "{}", out.bytes.capacity());
    }

    #[test]
    fn a_message_is_no_longer_than_the_kernel_takes() {
        let mut out = Outbox::default();
        fill(&mut out, 1, &[1_200; 100]);
        assert!(
            out.messages()
                .iter()
                .all(|m| m.datagrams() * 1_200 <= MOST_BYTES && m.datagrams() <= MOST_SEGMENTS)
        );
        fill(&mut out, 2, &[10; 130]);
        let many = out.messages().iter().filter(|m| m.to == at(2));
        assert_eq!(many.map(|m| m.datagrams()).collect::<Vec<_>>(), [64, 64, 2]);
    }
}
