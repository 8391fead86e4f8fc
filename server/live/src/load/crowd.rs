//! The crowd: one publisher and any number of viewers on one thread.

use super::join::{Joined, join};
use super::script::{Pace, Script};
use super::tally::{Tally, is_media};
use super::{LoadError, asked, now};
use crate::client::{Client, ClientEvent};
use crate::track::Kind;
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token, Waker};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

const WAKE: Token = Token(usize::MAX);
/// How long a viewer may take to its first picture.
const PATIENCE: Duration = Duration::from_secs(15);
/// Joins under way at once.
const AT_ONCE: usize = 8;

struct Arrival {
    joined: Joined,
    /// Told when media flows: for a viewer, its first picture.
    shows: oneshot::Sender<Duration>,
}

#[derive(Default)]
struct Counts {
    received: AtomicU64,
    missing: AtomicU64,
    published: AtomicU64,
    decrypted: AtomicU64,
    asked: AtomicU64,
    /// The longest that any viewer heard nothing since this was last read.
    silence_ms: AtomicU64,
}

/// Publishes at `stage` (an HTTP address) with `token`, and for every line read
/// does what it says: `join <n>` answers the milliseconds each took, `count`
/// answers `<received> <missing> <published> <decrypted of the first viewer's> <longest silence since
/// the last count, ms>`,
/// `where` answers the viewers' addresses.
///
/// # Errors
/// When somebody cannot join.
pub async fn crowd(stage: &str, token: &str, pace: Pace) -> Result<(), LoadError> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    let counts = Arc::new(Counts::default());
    let (arrivals, inbox) = mpsc::channel();
    let mut hall = Hall::new(inbox, Arc::clone(&counts), pace)?;
    let waker = Arc::clone(&hall.waker);
    std::thread::Builder::new()
        .name("crowd".into())
        .spawn(move || hall.run())?;
    let http = reqwest::Client::new();
    let mut addresses = Vec::new();
    let enter = async |token: Option<&str>| -> Result<(String, Duration), LoadError> {
        let joined = join(&http, stage, token).await?;
        let at = joined.client.local().to_string();
        let (shows, shown) = oneshot::channel();
        arrivals
            .send(Arrival { joined, shows })
            .map_err(|_| "the crowd is gone")?;
        waker.wake()?;
        let took = tokio::time::timeout(PATIENCE, shown).await;
        Ok((at, took.map_err(|_| "a viewer saw nothing")??))
    };
    enter(Some(token)).await?;
    println!("publishing");
    let mut lines = asked();
    while let Some(line) = lines.recv().await {
        match line.split_once(' ').unwrap_or((&line, "1")) {
            ("join", count) => {
                let mut left: usize = count.parse()?;
                let mut times = Vec::new();
                while left > 0 {
                    let together = left.min(AT_ONCE);
                    let entering = (0..together).map(|_| enter(None));
                    for entered in futures::future::join_all(entering).await {
                        let (at, took) = entered?;
                        addresses.push(at);
                        times.push(format!("{:.1}", took.as_secs_f64() * 1_000.0));
                    }
                    left -= together;
                }
                println!("{}", times.join(" "));
            }
            ("count", _) => {
                let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
                println!(
                    "{} {} {} {} {}",
                    read(&counts.received),
                    read(&counts.missing),
                    read(&counts.published),
                    read(&counts.decrypted),
                    counts.silence_ms.swap(0, Ordering::Relaxed)
                );
            }
            ("where", _) => println!("{}", addresses.join(" ")),
            (other, _) => return Err(format!("{other}?").into()),
        }
    }
    Ok(())
}

struct Guest {
    client: Client,
    socket: UdpSocket,
    tally: Tally,
    begun: Instant,
    /// When media last came.
    heard: Option<Instant>,
    shows: Option<oneshot::Sender<Duration>>,
    script: Option<Script>,
    wake: Instant,
}

struct Hall {
    poll: Poll,
    waker: Arc<Waker>,
    inbox: mpsc::Receiver<Arrival>,
    guests: Vec<Guest>,
    wakes: BTreeSet<(Instant, usize)>,
    counts: Arc<Counts>,
    pace: Pace,
    counted_at: Instant,
}

impl Hall {
    fn new(inbox: mpsc::Receiver<Arrival>, counts: Arc<Counts>, pace: Pace) -> Result<Self, LoadError> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        Ok(Self {
            poll,
            waker,
            inbox,
            guests: Vec::new(),
            wakes: BTreeSet::new(),
            counts,
            pace,
            counted_at: now(),
        })
    }

    fn run(&mut self) {
        let mut ready = Events::with_capacity(1024);
        loop {
            let next = self.wakes.first().map(|(at, _)| at.saturating_duration_since(now()));
            let wait = next.unwrap_or(PATIENCE).min(Duration::from_millis(50));
            if self.poll.poll(&mut ready, Some(wait)).is_err() {
                continue;
            }
            while let Ok(arrival) = self.inbox.try_recv() {
                if let Err(error) = self.welcome(arrival) {
                    eprintln!("a guest could not come in: {error}");
                }
            }
            for event in &ready {
                if event.token() != WAKE {
                    self.read(event.token().0);
                }
            }
            let now = now();
            while let Some((due, at)) = self.wakes.first().copied().filter(|(due, _)| *due <= now) {
                self.wakes.remove(&(due, at));
                self.tick(now, at);
            }
            if now > self.counted_at + Duration::from_millis(20) {
                self.count(now);
            }
        }
    }

    fn count(&mut self, now: Instant) {
        self.counted_at = now;
        let totals = self.guests.iter().map(|guest| guest.tally.totals());
        let (received, missing) = totals.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        self.counts.received.store(received, Ordering::Relaxed);
        self.counts.missing.store(missing, Ordering::Relaxed);
    }

    fn welcome(&mut self, arrival: Arrival) -> Result<(), LoadError> {
        let Joined {
            client, socket, begun, ..
        } = arrival.joined;
        crate::send::make_room(&socket);
        let mut socket = UdpSocket::from_std(socket);
        let at = self.guests.len();
        self.poll
            .registry()
            .register(&mut socket, Token(at), Interest::READABLE)?;
        self.guests.push(Guest {
            client,
            socket,
            tally: Tally::default(),
            begun,
            heard: None,
            shows: Some(arrival.shows),
            script: None,
            wake: begun,
        });
        self.after(now(), at);
        Ok(())
    }

    fn read(&mut self, at: usize) {
        let mut datagram = [0; 2048];
        let now = now();
        let mut control = false;
        let guest = &mut self.guests[at];
        while let Ok((length, from)) = guest.socket.recv_from(&mut datagram) {
            let bytes = &datagram[..length];
            if is_media(bytes) {
                guest.tally.take(bytes);
                if let Some(before) = guest.heard.replace(now) {
                    let silence = (now - before).as_millis() as u64;
                    self.counts.silence_ms.fetch_max(silence, Ordering::Relaxed);
                }
                let picture = bytes[1] & 0x7f == crate::client::VIDEO_TYPE;
                if picture && let Some(shows) = guest.shows.take() {
                    let _ = shows.send(now - guest.begun);
                }
                // The publisher is guest 0; the first viewer is a whole one.
                if at != 1 {
                    continue;
                }
            }
            control = true;
            guest.client.receive(now, from, bytes);
        }
        if control {
            self.after(now, at);
        }
    }

    fn tick(&mut self, now: Instant, at: usize) {
        let guest = &mut self.guests[at];
        if guest.client.next_timeout().is_some_and(|due| due <= now) {
            guest.client.timeout(now);
        }
        if let Some(script) = &mut guest.script {
            while let Some(media) = script.next(now) {
                if guest.client.send(now, media).is_ok() {
                    self.counts.published.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        self.after(now, at);
    }

    /// Sends what is to be sent, hears what happened, sets the timer.
    fn after(&mut self, now: Instant, at: usize) {
        let guest = &mut self.guests[at];
        while let Some((to, datagram)) = guest.client.poll_transmit() {
            let _ = guest.socket.send_to(&datagram, to);
        }
        for event in guest.client.take_events() {
            match event {
                ClientEvent::Connected if at == 0 && guest.script.is_none() => {
                    guest.script = Some(Script::new(now, self.pace));
                    let shows = guest.shows.take();
                    let _ = shows.map(|shows| shows.send(now - guest.begun));
                }
                ClientEvent::KeyframeWanted => {
                    self.counts.asked.fetch_add(1, Ordering::Relaxed);
                    if let Some(script) = &mut guest.script {
                        script.want_key();
                    }
                }
                ClientEvent::Packet(Kind::Audio | Kind::Video, _) => {
                    self.counts.decrypted.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            }
        }
        let due = [guest.client.next_timeout(), guest.script.as_ref().map(Script::due)];
        let due = due.into_iter().flatten().min();
        let least = now + Duration::from_micros(500);
        let wake = due.unwrap_or(now + PATIENCE).max(least);
        self.wakes.remove(&(guest.wake, at));
        guest.wake = wake;
        self.wakes.insert((wake, at));
    }
}
