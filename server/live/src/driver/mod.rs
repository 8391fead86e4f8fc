//! The only place with a socket, a thread and a monotonic clock. One thread
//! owns the core; the rest of the program sends it messages and awaits answers.

mod command;
mod media;

use crate::admission::Key;
use crate::clock::Clock;
use crate::config::Config;
use crate::figures::RoomFigures;
use crate::id;
use crate::refusal::Refusal;
use crate::room::{RoomEvent, RoomStats};
use crate::sfu::{Limits, Opened, Restarted, Sfu};
use crate::viewer::Wish;
use command::Command;
pub(crate) use command::Place;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use tokio::sync::{broadcast, oneshot};

/// Events kept for a subscriber that lags; room state is small and later
/// events heal the loss of earlier ones.
const EVENT_BACKLOG: usize = 256;

/// A handle to the live door. Cloning is cheap; when the last clone is gone
/// the media thread ends.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    commands: mpsc::Sender<Command>,
    waker: Arc<mio::Waker>,
    events: broadcast::Sender<RoomEvent>,
    udp: SocketAddr,
    key: Key,
    clock: Clock,
}

impl Live {
    /// Binds the UDP socket and starts the media thread. `key` is what tickets
    /// are checked with.
    ///
    /// # Errors
    /// When the socket cannot be bound or the thread cannot be started.
    pub fn start(config: Config, key: Key) -> std::io::Result<Self> {
        let socket = media::bind(config.udp)?;
        let udp = socket.local_addr()?;
        let limits = Limits {
            publishers: config.max_publishers,
            viewers: config.max_viewers,
            viewers_total: config.max_viewers_total,
        };
        let sfu = Sfu::new(media::now(), config.candidates(udp), limits, id::generator())?;
        let (commands, inbox) = mpsc::channel();
        let (events, _) = broadcast::channel(EVENT_BACKLOG);
        let waker = media::spawn(socket, sfu, inbox, events.clone())?;
        tracing::info!(%udp, "live door open");
        Ok(Self {
            inner: Arc::new(Inner {
                commands,
                waker,
                events,
                udp,
                key,
                clock: config.clock,
            }),
        })
    }

    /// Where media comes and goes.
    pub fn udp_address(&self) -> SocketAddr {
        self.inner.udp
    }

    /// The farmer ended the live: publisher and viewers are dropped.
    pub async fn end_room(&self, room: &str) {
        let room = room.to_owned();
        let _ = self.ask(|reply| Command::EndRoom { room, reply }).await;
    }

    /// The figures of all rooms, by code.
    pub async fn rooms(&self) -> Vec<RoomStats> {
        let asked = self.ask(|reply| Command::Rooms { reply }).await;
        asked.unwrap_or_default()
    }

    /// The figures of all rooms, layers and connections, by the rooms' codes.
    pub async fn figures(&self) -> Vec<RoomFigures> {
        let asked = self.ask(|reply| Command::Figures { reply }).await;
        asked.unwrap_or_default()
    }

    /// What happens in rooms from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<RoomEvent> {
        self.inner.events.subscribe()
    }

    /// Says goodbye to everybody and stops. Afterwards the door answers 503.
    pub async fn shutdown(&self) {
        let _ = self.ask(|reply| Command::Shutdown { reply }).await;
    }

    pub(crate) fn key(&self) -> &Key {
        &self.inner.key
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.inner.clock.now_ms()
    }

    pub(crate) async fn publish(&self, room: String, publisher: String, offer: String) -> Result<Opened, Refusal> {
        self.ask(|reply| Command::Publish {
            room,
            publisher,
            offer,
            reply,
        })
        .await?
    }

    pub(crate) async fn view(&self, room: String, offer: String) -> Result<Opened, Refusal> {
        self.ask(|reply| Command::View { room, offer, reply }).await?
    }

    pub(crate) async fn trickle(
        &self,
        at: Place,
        etag: String,
        fragment: String,
    ) -> Result<Option<Restarted>, Refusal> {
        self.ask(|reply| Command::Trickle {
            at,
            etag,
            fragment,
            reply,
        })
        .await?
    }

    pub(crate) async fn wish(&self, at: Place, wish: Wish) -> Result<(), Refusal> {
        self.ask(|reply| Command::Wish { at, wish, reply }).await?
    }

    pub(crate) async fn leave(&self, at: Place) -> Result<(), Refusal> {
        self.ask(|reply| Command::Leave { at, reply }).await?
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        let sent = self.inner.commands.send(command(reply));
        sent.map_err(|_| Refusal::Closed)?;
        self.inner.waker.wake().map_err(|_| Refusal::Closed)?;
        answer.await.map_err(|_| Refusal::Closed)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Wakes the thread so that it sees the channel closed once it is.
        let (closed, _) = mpsc::channel();
        self.commands = closed;
        let _ = self.waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[tokio::test]
    async fn opens_answers_and_closes() {
        let config = Config {
            udp: (Ipv4Addr::LOCALHOST, 0).into(),
            ..Config::default()
        };
        let live = Live::start(config, Key::new(b"k")).unwrap();
        assert_ne!(live.udp_address().port(), 0);
        assert!(live.rooms().await.is_empty());
        live.shutdown().await;
        assert_eq!(live.view("r".into(), "v=0".into()).await.unwrap_err(), Refusal::Closed);
    }

    #[tokio::test]
    async fn dropping_the_last_handle_frees_the_port() {
        let config = Config {
            udp: (Ipv4Addr::LOCALHOST, 0).into(),
            ..Config::default()
        };
        let live = Live::start(config, Key::new(b"k")).unwrap();
        let udp = live.udp_address();
        drop(live);
        let free = async {
            while std::net::UdpSocket::bind(udp).is_err() {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), free)
            .await
            .expect("the thread ends and lets go of its port");
    }
}
