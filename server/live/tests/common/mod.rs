//! A world without sockets: a core, clients, and wires between them that can
//! delay and lose. Time moves only when a test moves it.
#![allow(dead_code)] // each test binary uses its part

use bytes::BytesMut;
use live::client::{Client, ClientEvent, Media, Part};
use live::sfu::{Limits, Opened, Sfu};
use live::{Kind, Refusal, RoomEventKind, SessionId, VideoCodec};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub const SERVER: &str = "10.0.0.1:4000";
/// One way.
const DELAY: Duration = Duration::from_millis(5);

/// A packet a client received.
#[derive(Debug, Clone)]
pub struct Received {
    pub kind: Kind,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: Vec<u8>,
    pub orientation: Option<u8>,
    pub at: Instant,
}

pub struct Node {
    pub client: Client,
    pub session: SessionId,
    pub etag: String,
    pub answer: String,
    pub received: Vec<Received>,
    pub keyframes_wanted: Vec<Instant>,
    pub connected_at: Option<Instant>,
    pub gone: bool,
    /// Its wire is cut.
    pub cut: bool,
    next: [(u16, u32); 2],
}

/// What becomes of a datagram on its way, given when it is sent and whether by
/// the server: how long each of its copies takes beyond the usual; none is a loss.
pub type Fate = Box<dyn FnMut(Instant, bool, &[u8]) -> Vec<Duration>>;

pub struct World {
    pub now: Instant,
    pub start: Instant,
    pub sfu: Sfu,
    pub nodes: BTreeMap<SocketAddr, Node>,
    pub events: Vec<(String, RoomEventKind)>,
    /// Of datagrams in either direction, after the DTLS handshake too.
    pub loss_percent: u32,
    /// How cameras are turned.
    pub turned: Option<u8>,
    /// Every datagram is followed by a damaged copy of itself.
    pub damage: bool,
    /// The datagram of this number is lost.
    pub lose: Option<u64>,
    /// What becomes of each datagram that is not lost anyway.
    pub fate: Option<Fate>,
    /// Where a node appears to the server, if its router or network changed:
    /// from here on what is sent to its first address arrives nowhere.
    pub appears: BTreeMap<SocketAddr, SocketAddr>,
    /// What came to addresses at which there is nobody.
    pub strays: Vec<(SocketAddr, BytesMut)>,
    /// Sender reports sent to each address (SRTCP shows the type, RFC 3711 §3.4).
    pub reports: BTreeMap<SocketAddr, usize>,
    /// What the way to a node carries, in bits a second, with a queue of 300 ms, and until when it is
    /// taken.
    pub narrow: BTreeMap<SocketAddr, (f64, Instant)>,
    flying: BTreeMap<(Instant, u64), (SocketAddr, SocketAddr, BytesMut)>,
    sent: u64,
    rng: StdRng,
    pub last_host: u8,
}

pub fn limits() -> Limits {
    Limits {
        publishers: 3,
        viewers: 4,
        viewers_total: 6,
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(limits())
    }

    pub fn with(limits: Limits) -> Self {
        let now = Instant::now();
        let rng = StdRng::seed_from_u64(7);
        Self {
            now,
            start: now,
            sfu: Sfu::new(now, vec![SERVER.parse().unwrap()], limits, rng.clone()).unwrap(),
            nodes: BTreeMap::new(),
            events: Vec::new(),
            loss_percent: 0,
            turned: None,
            damage: false,
            lose: None,
            fate: None,
            appears: BTreeMap::new(),
            strays: Vec::new(),
            reports: BTreeMap::new(),
            narrow: BTreeMap::new(),
            flying: BTreeMap::new(),
            sent: 0,
            rng,
            last_host: 1,
        }
    }

    pub fn reseed(&mut self, seed: u64) {
        self.rng = StdRng::seed_from_u64(seed);
    }

    pub fn offer(&mut self, part: Part, codec: VideoCodec) -> Client {
        self.last_host += 1;
        let at: SocketAddr = format!("10.0.0.{}:5000", self.last_host).parse().unwrap();
        Client::new(self.now, at, part, codec, &mut self.rng).unwrap()
    }

    pub fn publish(&mut self, room: &str, who: &str, codec: VideoCodec) -> Result<SocketAddr, Refusal> {
        let client = self.offer(Part::Publisher, codec);
        let opened = self.sfu.publish(self.now, room, who, client.offer())?;
        Ok(self.add(client, opened))
    }

    pub fn view(&mut self, room: &str, codec: VideoCodec) -> Result<SocketAddr, Refusal> {
        let client = self.offer(Part::Viewer, codec);
        let opened = self.sfu.view(self.now, room, client.offer())?;
        Ok(self.add(client, opened))
    }

    pub fn add(&mut self, mut client: Client, opened: Opened) -> SocketAddr {
        let at = client.local();
        client.accept(self.now, opened.answer.clone()).unwrap();
        let node = Node {
            client,
            session: opened.session,
            etag: opened.etag,
            answer: opened.answer,
            received: Vec::new(),
            keyframes_wanted: Vec::new(),
            connected_at: None,
            gone: false,
            cut: false,
            next: [
                (self.rng.random(), self.rng.random()),
                (self.rng.random(), self.rng.random()),
            ],
        };
        self.nodes.insert(at, node);
        at
    }

    pub fn node(&mut self, at: SocketAddr) -> &mut Node {
        self.nodes.get_mut(&at).unwrap()
    }

    /// Until `done` says so, at most `most`; whether it did.
    pub fn run_until(&mut self, most: Duration, mut done: impl FnMut(&mut World) -> bool) -> bool {
        let end = self.now + most;
        loop {
            self.settle();
            if done(self) {
                return true;
            }
            let Some(next) = self.next_moment().filter(|at| *at <= end) else {
                self.now = end;
                self.settle();
                return done(self);
            };
            self.now = next.max(self.now);
            self.deliver();
            if self.sfu.next_timeout().is_some_and(|at| at <= self.now) {
                self.sfu.timeout(self.now);
            }
            for node in self.nodes.values_mut() {
                if node.client.next_timeout().is_some_and(|at| at <= self.now) {
                    node.client.timeout(self.now);
                }
            }
        }
    }

    pub fn run(&mut self, time: Duration) {
        self.run_until(time, |_| false);
    }

    pub fn connect(&mut self, at: SocketAddr) {
        let stands = self.run_until(Duration::from_secs(10), |w| w.nodes[&at].connected_at.is_some());
        assert!(stands, "{at} connects");
        // The server learns of it within a round trip.
        self.run(Duration::from_millis(50));
    }

    /// `publisher` sends one picture of `packets` packets.
    pub fn picture(&mut self, publisher: SocketAddr, key: bool, packets: usize) {
        for part in 0..packets {
            let descriptor = if part == 0 { 0x10 } else { 0x00 };
            let tag = if key { 0x00 } else { 0x01 };
            let payload = vec![descriptor, tag, part as u8, 9, 9, 9];
            let step = if part == 0 { 6_000 } else { 0 };
            self.packet(publisher, Kind::Video, step, part + 1 == packets, payload);
        }
    }

    pub fn sound(&mut self, publisher: SocketAddr) {
        self.packet(publisher, Kind::Audio, 960, false, vec![0xf8, 1, 2]);
    }

    fn packet(&mut self, at: SocketAddr, kind: Kind, step: u32, marker: bool, payload: Vec<u8>) {
        let (now, orientation) = (self.now, self.turned.filter(|_| kind == Kind::Video));
        let node = self.node(at);
        let next = &mut node.next[kind as usize];
        next.0 = next.0.wrapping_add(1);
        next.1 = next.1.wrapping_add(step);
        let media = Media {
            kind,
            sequence_number: next.0,
            timestamp: next.1,
            marker,
            orientation,
            payload: payload.into(),
        };
        node.client.send(now, media).unwrap();
    }

    /// `seconds` of pictures at 15 a second, a keyframe every `every`.
    pub fn film(&mut self, publisher: SocketAddr, pictures: usize, every: usize) {
        for n in 0..pictures {
            self.picture(publisher, n % every == 0, 3);
            self.sound(publisher);
            self.run(Duration::from_micros(66_667));
        }
    }

    pub fn video(&self, at: SocketAddr) -> Vec<Received> {
        let of = |r: &&Received| r.kind == Kind::Video;
        self.nodes[&at].received.iter().filter(of).cloned().collect()
    }

    pub fn happened(&self, room: &str) -> Vec<RoomEventKind> {
        let of = |(code, _): &&(String, RoomEventKind)| code == room;
        self.events.iter().filter(of).map(|(_, kind)| *kind).collect()
    }

    fn next_moment(&mut self) -> Option<Instant> {
        let wire = self.flying.keys().next().map(|(at, _)| *at);
        let core = self.sfu.next_timeout();
        let client = |node: &mut Node| node.client.next_timeout();
        let clients = self.nodes.values_mut().filter_map(client).min();
        [wire, core, clients].into_iter().flatten().min()
    }

    fn deliver(&mut self) {
        let server: SocketAddr = SERVER.parse().unwrap();
        while let Some(entry) = self.flying.first_entry() {
            if entry.key().0 > self.now {
                return;
            }
            let (from, to, datagram) = entry.remove();
            if to == server {
                let from = self.appears.get(&from).copied().unwrap_or(from);
                self.sfu.receive(self.now, from, &datagram);
                continue;
            }
            let behind = self.appears.iter().find(|(_, public)| **public == to);
            let to = match behind {
                Some((at, _)) => *at,
                None if self.appears.contains_key(&to) => continue,
                None => to,
            };
            match self.nodes.get_mut(&to) {
                Some(node) if !node.cut => node.client.receive(self.now, from, &datagram),
                Some(_) => {}
                None => self.strays.push((to, datagram)),
            }
        }
    }

    /// Puts on the wire what wants to be sent, and notes what happened.
    fn settle(&mut self) {
        let server: SocketAddr = SERVER.parse().unwrap();
        let mut out = Vec::new();
        while let Some(transmit) = self.sfu.poll_transmit() {
            if matches!(transmit.payload[..2], [0x80..=0xbf, 200]) {
                *self.reports.entry(transmit.to).or_default() += 1;
            }
            out.push((server, transmit.to, transmit.payload));
        }
        for (at, node) in &mut self.nodes {
            for event in node.client.take_events() {
                note(node, self.now, event);
            }
            while let Some((to, payload)) = node.client.poll_transmit() {
                if !node.cut {
                    out.push((*at, to, payload));
                }
            }
        }
        for datagram in out {
            self.sent += 1;
            let lost = self.rng.random_range(0..100) < self.loss_percent;
            if lost || self.lose == Some(self.sent - 1) {
                continue;
            }
            if let Some(fate) = &mut self.fate {
                for late in fate(self.now, datagram.0 == server, &datagram.2) {
                    let at = self.now + DELAY + late;
                    self.flying.insert((at, self.sent), datagram.clone());
                    self.sent += 1;
                }
                continue;
            }
            let mut at = self.now + DELAY;
            if let Some((bits, taken)) = self.narrow.get_mut(&datagram.1) {
                let start = self.now.max(*taken);
                if start > self.now + Duration::from_millis(300) {
                    continue;
                }
                *taken = start + Duration::from_secs_f64((datagram.2.len() + 28) as f64 * 8.0 / *bits);
                at = *taken + DELAY;
            }
            if self.damage {
                let mut copy = datagram.clone();
                let byte = self.rng.random_range(0..copy.2.len());
                copy.2[byte] ^= self.rng.random_range(1..=255);
                copy.2.truncate(self.rng.random_range(1..=copy.2.len()));
                self.flying.insert((at, self.sent), copy);
                self.sent += 1;
            }
            self.flying.insert((at, self.sent), datagram);
        }
        while let Some(event) = self.sfu.poll_event() {
            self.events.push((event.room, event.kind));
        }
    }
}

/// The only extension here of one byte; the number among all packets has two.
fn oriented(extensions: &[rtc::rtp::header::Extension]) -> Option<u8> {
    let one = extensions.iter().find(|extension| extension.payload.len() == 1)?;
    Some(one.payload[0])
}

fn note(node: &mut Node, now: Instant, event: ClientEvent) {
    match event {
        ClientEvent::Connected => node.connected_at = node.connected_at.or(Some(now)),
        ClientEvent::Gone => node.gone = true,
        ClientEvent::KeyframeWanted => node.keyframes_wanted.push(now),
        ClientEvent::Packet(kind, packet) => node.received.push(Received {
            kind,
            sequence: packet.header.sequence_number,
            timestamp: packet.header.timestamp,
            ssrc: packet.header.ssrc,
            payload: packet.payload.to_vec(),
            orientation: oriented(&packet.header.extensions),
            at: now,
        }),
    }
}

/// Asserts one unbroken stream: one SSRC, consecutive numbers, time not going
/// back.
pub fn assert_unbroken(packets: &[Received]) {
    assert!(packets.len() > 1, "{} packets", packets.len());
    for pair in packets.windows(2) {
        assert_eq!(pair[0].ssrc, pair[1].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1), "{pair:?}");
        let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp) as i32;
        assert!(step >= 0, "{pair:?}");
    }
}
