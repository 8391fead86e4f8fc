//! Sending what waits with as few system calls as there can be: many messages a
//! call (sendmmsg), many datagrams a message where they are of one size (UDP
//! GSO). `nix` is the safe way to both.

use crate::outbox::{Message, Outbox};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, sendmmsg};
use std::io::IoSlice;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd};
use std::time::Duration;

/// Messages a call.
const BATCH: usize = 128;
/// A keyframe to hundreds of viewers is one burst; the kernel must hold it.
const BUFFER: usize = 8 << 20;

/// For how long in all one round of sending waits for a full socket buffer to empty: longer would
/// hold up what comes in, and on a path that stays full nobody's picture is saved by it.
const PATIENCE: Duration = Duration::from_millis(5);

/// Asks the kernel for room for bursts; the bytes it allows to wait to be sent. It may allow less
/// than is asked for, which is not worth refusing to run.
pub(crate) fn make_room<S: AsFd>(socket: &S) -> usize {
    let options = socket2::SockRef::from(socket);
    let _ = options.set_send_buffer_size(BUFFER);
    let _ = options.set_recv_buffer_size(BUFFER);
    // Linux doubles what was asked for, for its own bookkeeping (socket(7)).
    options.send_buffer_size().unwrap_or_default() / 2
}

/// The same for the door's own socket, said in the log where it is too little.
pub(crate) fn make_room_for_many<S: AsFd>(socket: &S) {
    let allowed = make_room(socket);
    if allowed < BUFFER {
        tracing::warn!(
            allowed,
            wanted = BUFFER,
            "small send buffer: keyframes to many viewers may lose packets; raise net.core.wmem_max"
        );
    }
}

/// Waits for room in a socket's buffer, a millisecond at most; whether there is some.
fn has_room_soon<S: AsFd>(socket: &S) -> bool {
    let mut full = [PollFd::new(socket.as_fd(), PollFlags::POLLOUT)];
    poll(&mut full, 1_u8).is_ok_and(|ready| ready > 0)
}

/// Sends batches. It stays on one thread: its headers point into themselves.
pub(crate) struct Sender {
    plain: MultiHeaders<SockaddrStorage>,
    cutting: MultiHeaders<SockaddrStorage>,
    addresses: Vec<Option<SockaddrStorage>>,
    /// The kernel cuts messages up; off once it has refused to.
    gso: bool,
    /// The socket is IPv6 and sees IPv4 addresses mapped.
    wide: bool,
}

/// Where in the outbox sending has got to.
#[derive(Clone, Copy)]
struct At {
    message: usize,
    byte: usize,
}

impl Sender {
    /// One for an IPv4 socket, that lets the kernel cut messages up or does not.
    pub(crate) fn new(gso: bool) -> Self {
        Self {
            plain: MultiHeaders::preallocate(BATCH, None),
            cutting: MultiHeaders::preallocate(BATCH, Some(nix::cmsg_space!(u16))),
            addresses: Vec::with_capacity(BATCH),
            gso,
            wide: false,
        }
    }

    /// One for an IPv6 socket that carries IPv4 too.
    pub(crate) fn wide(mut self, wide: bool) -> Self {
        self.wide = wide;
        self
    }

    /// Sends everything in `out` and empties it: datagrams sent, and datagrams
    /// that the kernel would not take. A full buffer is given a few milliseconds
    /// to empty; then they are lost, as on a full path.
    pub(crate) fn send<S: AsRawFd + AsFd>(&mut self, socket: &S, out: &mut Outbox) -> (u64, u64) {
        let (mut sent, mut lost) = (0, 0);
        let mut at = At { message: 0, byte: 0 };
        let mut turns = PATIENCE.as_millis();
        while at.message < out.messages().len() {
            let mut batch = self.batch(out, at);
            match self.call(socket.as_raw_fd(), &batch) {
                Ok(count) => {
                    batch.pieces.truncate(count);
                    sent += batch.pieces.iter().map(|piece| piece.datagrams).sum::<u64>();
                    at = batch.pieces.last().map_or(at, |piece| piece.next);
                }
                // The path's device cannot, or a path is narrower than our datagrams, which then travel in
                // fragments: from now on each datagram is a message.
                Err(Errno::EIO | Errno::EINVAL | Errno::EOPNOTSUPP | Errno::EMSGSIZE) if batch.segment.is_some() => {
                    tracing::info!("the kernel does not segment here");
                    self.gso = false;
                }
                Err(Errno::EAGAIN) if turns > 0 => {
                    turns -= u128::from(!has_room_soon(socket));
                }
                Err(error) => {
                    tracing::trace!(%error, "send failed");
                    let Some(first) = batch.pieces.first() else { break };
                    lost += first.datagrams;
                    at = first.next;
                }
            }
        }
        out.clear();
        (sent, lost)
    }

    /// As many messages from `at` on as one call takes: the segment size is the
    /// call's, so that messages cut to different sizes do not go together.
    fn batch<'a>(&mut self, out: &'a Outbox, mut at: At) -> Batch<'a> {
        let mut batch = Batch::default();
        self.addresses.clear();
        while batch.pieces.len() < BATCH
            && let Some(message) = out.messages().get(at.message)
        {
            let whole = self.gso && at.byte == 0;
            let piece = Piece::of(out, message, at, whole);
            if !batch.takes(message, &piece) {
                break;
            }
            at = piece.next;
            batch.slices.push([IoSlice::new(piece.content)]);
            batch.pieces.push(piece);
            self.addresses.push(Some(self.address(message.to)));
        }
        batch
    }

    fn call(&mut self, socket: i32, batch: &Batch<'_>) -> nix::Result<usize> {
        let flags = MsgFlags::MSG_DONTWAIT;
        let addresses = &self.addresses;
        Ok(match batch.segment {
            None => sendmmsg(socket, &mut self.plain, &batch.slices, addresses, [], flags)?.count(),
            Some(segment) => {
                let cut = [ControlMessage::UdpGsoSegments(&segment)];
                sendmmsg(socket, &mut self.cutting, &batch.slices, addresses, cut, flags)?.count()
            }
        })
    }

    fn address(&self, to: SocketAddr) -> SockaddrStorage {
        match (self.wide, to) {
            (true, SocketAddr::V4(v4)) => SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port()).into(),
            _ => to.into(),
        }
    }
}

/// One message of a call.
struct Piece<'a> {
    content: &'a [u8],
    datagrams: u64,
    next: At,
}

impl<'a> Piece<'a> {
    fn of(out: &'a Outbox, message: &Message, at: At, whole: bool) -> Self {
        let content = &out.content(message)[at.byte..];
        let following = At {
            message: at.message + 1,
            byte: 0,
        };
        if whole || content.len() <= message.segment {
            return Self {
                content,
                datagrams: content.len().div_ceil(message.segment) as u64,
                next: following,
            };
        }
        Self {
            content: &content[..message.segment],
            datagrams: 1,
            next: At {
                message: at.message,
                byte: at.byte + message.segment,
            },
        }
    }
}

#[derive(Default)]
struct Batch<'a> {
    slices: Vec<[IoSlice<'a>; 1]>,
    pieces: Vec<Piece<'a>>,
    /// To what size the kernel cuts, if anything is cut.
    segment: Option<u16>,
    longest_uncut: usize,
}

impl Batch<'_> {
    fn takes(&mut self, message: &Message, piece: &Piece<'_>) -> bool {
        let segment = message.segment as u16;
        if piece.datagrams > 1 {
            let fits = self.segment.is_none_or(|s| s == segment) && self.longest_uncut <= message.segment;
            if fits {
                self.segment = Some(segment);
            }
            return fits;
        }
        let fits = self.segment.is_none_or(|s| piece.content.len() <= usize::from(s));
        if fits {
            self.longest_uncut = self.longest_uncut.max(piece.content.len());
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    fn socket() -> UdpSocket {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        socket
    }

    /// Datagrams of the most various sizes arrive whole and in order.
    fn arrives(gso: bool) {
        let (from, to) = (socket(), socket());
        // small ones: a default receive buffer must hold them all
        let lengths = [100, 100, 40, 3, 100, 100, 120, 120, 7, 100, 101];
        let mut out = Outbox::default();
        let mut sender = Sender::new(gso);
        for round in 0..20u8 {
            out.begin(to.local_addr().unwrap());
            for length in lengths {
                out.datagram(|bytes| {
                    bytes.resize(bytes.len() + length, round);
                    true
                });
            }
        }
        assert_eq!(sender.send(&from, &mut out), (220, 0));
        assert!(out.is_empty());
        let mut datagram = [0; 2_000];
        for round in 0..20u8 {
            for length in lengths {
                let got = to.recv(&mut datagram).unwrap();
                assert_eq!((got, datagram[0], datagram[got - 1]), (length, round, round));
            }
        }
    }

    #[test]
    fn what_is_cut_by_the_kernel_arrives_as_it_was() {
        arrives(true);
    }

    #[test]
    fn what_is_cut_here_arrives_as_it_was() {
        arrives(false);
    }

    #[test]
    fn a_full_buffer_is_seen_and_so_is_room_in_it() {
        // Loopback's datagrams never wait; those of a pair do, until somebody reads.
        let (from, to) = std::os::unix::net::UnixDatagram::pair().unwrap();
        from.set_nonblocking(true).unwrap();
        while from.send(&[7; 1_000]).is_ok() {}
        assert!(!has_room_soon(&from));
        let mut datagram = [0; 2_000];
        to.set_nonblocking(true).unwrap();
        while to.recv(&mut datagram).is_ok() {}
        assert!(has_room_soon(&from));
    }

    #[test]
    fn one_that_cannot_go_holds_nobody_up() {
        let (from, to) = (socket(), socket());
        let mut out = Outbox::default();
        out.push("[::1]:9".parse().unwrap(), b"wrong family");
        out.push(to.local_addr().unwrap(), b"right");
        assert_eq!(Sender::new(true).send(&from, &mut out), (1, 1));
        let mut datagram = [0; 20];
        assert_eq!(to.recv(&mut datagram).unwrap(), 5);
    }
}
