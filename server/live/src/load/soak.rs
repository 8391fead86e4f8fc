//! Coming and going: visitors who join, see the picture and leave in every way
//! there is, while publishers take over from each other.

use super::join::{Joined, join};
use super::script::{Pace, Script};
use super::{LoadError, now};
use crate::client::{Client, ClientEvent};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use tokio::time::{sleep_until, timeout};

/// How long a visitor may take to its first picture.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long one publisher has the room.
const TURN: Duration = Duration::from_secs(5);
/// When a client has nothing to do.
const IDLE: Duration = Duration::from_secs(1);

/// What has happened so far.
#[derive(Debug, Default)]
pub struct Visits {
    /// Visitors who saw the picture and left.
    pub seen: AtomicU64,
    /// Visitors who posted an offer and never came.
    pub absent: AtomicU64,
    /// Visitors who came and saw nothing.
    pub failed: AtomicU64,
    /// Publishers who took the room.
    pub publishers: AtomicU64,
}

/// How a visitor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By DELETE.
    Deletes,
    /// By a DTLS goodbye.
    Closes,
    /// Without a word, like a phone whose battery is empty.
    Vanishes,
    /// It posts and never connects.
    NeverComes,
}

impl Way {
    fn of(number: u64) -> Self {
        // Few of those whom the door must wait for, so that their number does not hide what leaks.
        match number % 128 {
            7 => Self::Vanishes,
            15 | 79 => Self::NeverComes,
            even if even % 2 == 0 => Self::Deletes,
            _ => Self::Closes,
        }
    }
}

/// Lets `at_once` visitors at a time come to `stage` and go, until `end`.
///
/// # Errors
/// When nobody can publish; visitors that fail are counted.
pub async fn come_and_go(
    stage: &str,
    token: &str,
    at_once: usize,
    end: Instant,
    visits: Arc<Visits>,
) -> Result<(), LoadError> {
    let http = reqwest::Client::new();
    let (stage, token) = (Arc::<str>::from(stage), token.to_owned());
    publish(&http, &stage, &token, end, &visits).await?;
    let visitors = (0..at_once as u64).map(|first| {
        let (http, stage, visits) = (http.clone(), Arc::clone(&stage), Arc::clone(&visits));
        tokio::spawn(async move {
            let mut number = first;
            while now() < end {
                let way = Way::of(number);
                let counted = match (visit(&http, &stage, way).await, way) {
                    (Err(error), _) => {
                        tracing::warn!(%error, ?way, "a visit failed");
                        &visits.failed
                    }
                    (Ok(()), Way::NeverComes) => &visits.absent,
                    (Ok(()), _) => &visits.seen,
                };
                counted.fetch_add(1, Ordering::Relaxed);
                number += at_once as u64 + 1;
            }
        })
    });
    let visitors = futures::future::join_all(visitors.collect::<Vec<_>>());
    let publishers = async {
        while now() + TURN < end {
            sleep_until((now() + TURN).into()).await;
            publish(&http, &stage, &token, end, &visits).await?;
        }
        Ok::<(), LoadError>(())
    };
    let (_, published) = tokio::join!(visitors, publishers);
    published
}

/// One more publisher takes the room; it sends until the next has taken it, or `end`.
async fn publish(
    http: &reqwest::Client,
    stage: &str,
    token: &str,
    end: Instant,
    visits: &Visits,
) -> Result<(), LoadError> {
    let mut guest = Guest::enter(join(http, stage, Some(token)).await?)?;
    timeout(PATIENCE, guest.until(|event| matches!(event, ClientEvent::Connected))).await??;
    visits.publishers.fetch_add(1, Ordering::Relaxed);
    tokio::spawn(async move {
        let mut script = Script::new(now(), Pace::Thin);
        while now() < end {
            let due = script.due();
            let gone = guest
                .until_moment(due, |event| matches!(event, ClientEvent::Gone))
                .await;
            if gone.unwrap_or(true) {
                return;
            }
            while let Some(media) = script.next(now()) {
                if guest.client.send(now(), media).is_err() {
                    return;
                }
            }
        }
    });
    Ok(())
}

async fn visit(http: &reqwest::Client, stage: &str, way: Way) -> Result<(), LoadError> {
    let joined = join(http, stage, None).await?;
    if way == Way::NeverComes {
        return Ok(());
    }
    let url = joined.url.clone();
    let mut guest = Guest::enter(joined)?;
    timeout(PATIENCE, guest.until(|event| matches!(event, ClientEvent::Packet(..))))
        .await
        .map_err(|_| "nothing was seen")??;
    match way {
        Way::Deletes => {
            http.delete(url).send().await?.error_for_status()?;
        }
        Way::Closes => {
            guest.client.close();
            guest.say().await?;
        }
        Way::Vanishes | Way::NeverComes => {}
    }
    Ok(())
}

/// A client and its socket.
struct Guest {
    client: Client,
    socket: UdpSocket,
}

impl Guest {
    fn enter(joined: Joined) -> Result<Self, LoadError> {
        Ok(Self {
            client: joined.client,
            socket: UdpSocket::from_std(joined.socket)?,
        })
    }

    async fn say(&mut self) -> std::io::Result<()> {
        while let Some((to, datagram)) = self.client.poll_transmit() {
            self.socket.send_to(&datagram, to).await?;
        }
        Ok(())
    }

    /// Until `what` happens.
    async fn until(&mut self, mut what: impl FnMut(&ClientEvent) -> bool) -> std::io::Result<()> {
        while !self.until_moment(now() + IDLE, &mut what).await? {}
        Ok(())
    }

    /// Until `what` happens, at most until `end`; whether it did.
    async fn until_moment(
        &mut self,
        end: Instant,
        mut what: impl FnMut(&ClientEvent) -> bool,
    ) -> std::io::Result<bool> {
        let mut datagram = [0; 2048];
        loop {
            self.say().await?;
            if self.client.take_events().iter().any(&mut what) {
                return Ok(true);
            }
            if now() >= end {
                return Ok(false);
            }
            let due = self.client.next_timeout().unwrap_or(end).min(end);
            tokio::select! {
                received = self.socket.recv_from(&mut datagram) => {
                    let (length, from) = received?;
                    self.client.receive(now(), from, &datagram[..length]);
                }
                () = sleep_until(due.into()) => {
                    if self.client.next_timeout().is_some_and(|due| due <= now()) {
                        self.client.timeout(now());
                    }
                }
            }
        }
    }
}
