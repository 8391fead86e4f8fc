//! The media thread: waits for a datagram, a command or a deadline, feeds the
//! core, and sends what comes out.

use super::command::Command;
use crate::room::RoomEvent;
use crate::send::{self, Sender};
use crate::sfu::Sfu;
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token, Waker};
use std::io;
use std::mem::take;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

const SOCKET: Token = Token(0);
const WAKE: Token = Token(1);
/// Datagrams read before commands and deadlines get their turn.
const BATCH: usize = 256;
/// The largest datagram of interest; media is made to fit a path's MTU.
const LARGEST: usize = 2048;

#[allow(clippy::disallowed_methods)] // the driver is where the clock is read
pub(super) fn now() -> Instant {
    Instant::now()
}

/// A non-blocking socket with room for bursts.
pub(super) fn bind(at: SocketAddr) -> io::Result<UdpSocket> {
    let socket = std::net::UdpSocket::bind(at)?;
    socket.set_nonblocking(true)?;
    send::make_room_for_many(&socket);
    Ok(UdpSocket::from_std(socket))
}

/// Starts the thread; the waker makes it look at its commands.
pub(super) fn spawn(
    mut socket: UdpSocket,
    sfu: Sfu,
    commands: Receiver<Command>,
    events: broadcast::Sender<RoomEvent>,
) -> io::Result<Arc<Waker>> {
    let poll = Poll::new()?;
    let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
    poll.registry().register(&mut socket, SOCKET, Interest::READABLE)?;
    let mut media = Media {
        poll,
        _waker: Arc::clone(&waker),
        wide: socket.local_addr()?.is_ipv6(),
        socket,
        sfu,
        commands,
        events,
        received: 0,
    };
    std::thread::Builder::new()
        .name("live-media".into())
        .spawn(move || media.run())?;
    Ok(waker)
}

struct Media {
    poll: Poll,
    /// Held here too: a wake must arrive even if its sender is gone by then.
    _waker: Arc<Waker>,
    socket: UdpSocket,
    /// The socket is IPv6 and sees IPv4 addresses mapped.
    wide: bool,
    sfu: Sfu,
    commands: Receiver<Command>,
    events: broadcast::Sender<RoomEvent>,
    /// Datagrams since they were last counted.
    received: u64,
}

impl Media {
    fn run(&mut self) {
        let mut ready = Events::with_capacity(4);
        let mut sender = Sender::new(true).wide(self.wide);
        let mut unread = false;
        loop {
            let wait = match unread {
                true => Some(Duration::ZERO),
                false => self.sfu.next_timeout().map(|at| at.saturating_duration_since(now())),
            };
            match self.poll.poll(&mut ready, wait) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                    tracing::error!(%error, "live door stops");
                    return;
                }
                _ => {}
            }
            let now = now();
            if !self.obey(now, &mut sender) {
                self.flush(&mut sender);
                return;
            }
            unread = self.read(now);
            if self.sfu.next_timeout().is_some_and(|at| at <= now) {
                self.sfu.timeout(now);
            }
            self.flush(&mut sender);
        }
    }

    /// Reads up to a batch; whether there is more.
    fn read(&mut self, now: Instant) -> bool {
        let mut datagram = [0; LARGEST];
        for _ in 0..BATCH {
            match self.socket.recv_from(&mut datagram) {
                Ok((length, from)) => {
                    self.received += 1;
                    let from = SocketAddr::new(from.ip().to_canonical(), from.port());
                    self.sfu.receive(now, from, &datagram[..length]);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                // An ICMP error about a peer that left shows up here; the next
                // datagram is another peer's.
                Err(error) => tracing::trace!(%error, "receive failed"),
            }
        }
        true
    }

    fn flush(&mut self, sender: &mut Sender) {
        let (mut sent, mut lost) = (0, 0);
        while self.sfu.fill() {
            let (gone, failed) = sender.send(&self.socket, self.sfu.outbox());
            sent += gone;
            lost += failed;
        }
        metrics::counter!("live_datagrams_received_total").increment(take(&mut self.received));
        metrics::counter!("live_datagrams_sent_total").increment(sent);
        metrics::counter!("live_datagrams_unsent_total").increment(lost);
        let mut changed = false;
        while let Some(event) = self.sfu.poll_event() {
            // No subscriber is no failure.
            let _ = self.events.send(event);
            changed = true;
        }
        if changed {
            let rooms = self.sfu.rooms();
            let live = rooms.iter().filter(|room| room.publishing).count();
            let viewers: u32 = rooms.iter().map(|room| room.viewers).sum();
            metrics::gauge!("live_rooms").set(live as f64);
            metrics::gauge!("live_viewers").set(viewers);
        }
    }

    /// Does what was asked; false when it is time to stop. A caller that no
    /// longer waits for its answer is no failure.
    fn obey(&mut self, now: Instant, sender: &mut Sender) -> bool {
        loop {
            match self.commands.try_recv() {
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => {
                    self.sfu.close(now);
                    return false;
                }
                Ok(Command::Shutdown { reply }) => {
                    self.sfu.close(now);
                    self.flush(sender);
                    let _ = reply.send(());
                    return false;
                }
                Ok(command) => self.carry_out(now, command),
            }
        }
    }

    fn carry_out(&mut self, now: Instant, command: Command) {
        let sfu = &mut self.sfu;
        match command {
            Command::Publish {
                room,
                publisher,
                offer,
                reply,
            } => {
                let _ = reply.send(sfu.publish(now, &room, &publisher, &offer));
            }
            Command::View { room, offer, reply } => {
                let _ = reply.send(sfu.view(now, &room, &offer));
            }
            Command::Trickle {
                at,
                etag,
                fragment,
                reply,
            } => {
                let owner = at.owner.as_deref();
                let _ = reply.send(sfu.trickle(&at.room, at.session, owner, &etag, &fragment));
            }
            Command::Wish { at, wish, reply } => {
                let _ = reply.send(sfu.wish(now, &at.room, at.session, wish));
            }
            Command::Leave { at, reply } => {
                let _ = reply.send(sfu.leave(now, &at.room, at.session, at.owner.as_deref()));
            }
            Command::EndRoom { room, reply } => {
                sfu.end_room(now, &room);
                let _ = reply.send(());
            }
            Command::Rooms { reply } => {
                let _ = reply.send(sfu.rooms());
            }
            Command::Figures { reply } => {
                let _ = reply.send(sfu.figures(now));
            }
            Command::Shutdown { .. } => {}
        }
    }
}
