//! With real sockets on loopback: the virtual farmer through the real door,
//! and a viewer that counts what comes.
#![allow(clippy::disallowed_methods)] // sockets are driven here

use live::admission::{Key, Ticket};
use live::client::{Client, ClientEvent, Part};
use live::farmer::{self, Clip, FarmerError};
use live::{Clock, Config, Kind, Live, RoomEventKind, VideoCodec};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::oneshot;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

struct House {
    live: Live,
    url: String,
    key: Key,
}

async fn open() -> House {
    let key = Key::new(b"publish test");
    let config = Config {
        udp: (Ipv4Addr::LOCALHOST, 0).into(),
        clock: Clock::new(|| 1_000),
        ..Config::default()
    };
    let live = Live::start(config, key.clone()).unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = live::router(live.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    House { live, url, key }
}

impl House {
    fn token(&self, room: &str) -> String {
        let ticket = Ticket {
            room: room.into(),
            publisher: "chen".into(),
            expires_at_ms: 2_000,
        };
        ticket.sign(&self.key)
    }
}

fn clip() -> Arc<Clip> {
    let ivf = include_bytes!("../clip/farm.ivf");
    let ogg = include_bytes!("../clip/farm.ogg");
    Arc::new(Clip::parse(ivf, ogg).unwrap())
}

struct Viewer {
    client: Client,
    socket: UdpSocket,
    packets: Vec<(Kind, u16, u32, Vec<u8>)>,
    first: Option<Duration>,
    posted: Instant,
}

impl Viewer {
    async fn join(url: &str) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let at: SocketAddr = socket.local_addr().unwrap();
        let posted = Instant::now();
        let mut client = Client::new(posted, at, Part::Viewer, VideoCodec::Vp8, &mut rand::rng()).unwrap();
        let response = reqwest::Client::new()
            .post(url)
            .header("content-type", "application/sdp")
            .body(client.offer().to_owned())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), 201);
        let answer = response.text().await.unwrap();
        client.accept(Instant::now(), answer).unwrap();
        Self {
            client,
            socket,
            packets: Vec::new(),
            first: None,
            posted,
        }
    }

    async fn watch(&mut self, done: impl Fn(&Self) -> bool) {
        let mut datagram = [0; 2048];
        while !done(self) {
            while let Some((to, out)) = self.client.poll_transmit() {
                self.socket.send_to(&out, to).await.unwrap();
            }
            let due = self.client.next_timeout();
            let due = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(1));
            tokio::select! {
                Ok((length, from)) = self.socket.recv_from(&mut datagram) => {
                    self.client.receive(Instant::now(), from, &datagram[..length]);
                }
                () = tokio::time::sleep_until(due.into()) => self.client.timeout(Instant::now()),
            }
            for event in self.client.take_events() {
                if let ClientEvent::Packet(kind, packet) = event {
                    let header = &packet.header;
                    self.first.get_or_insert(self.posted.elapsed());
                    let payload = packet.payload.to_vec();
                    self.packets
                        .push((kind, header.sequence_number, header.timestamp, payload));
                }
            }
        }
    }

    fn video(&self) -> usize {
        self.packets.iter().filter(|p| p.0 == Kind::Video).count()
    }
}

fn begins_keyframe(payload: &[u8]) -> bool {
    // descriptor with a 15-bit picture id, as the farmer sends it
    let data = if payload[2] & 0x80 != 0 { 4 } else { 3 };
    payload[0] & 0x10 != 0 && payload[data] & 1 == 0
}

#[tokio::test]
async fn the_farmers_clip_reaches_a_viewer() {
    let house = open().await;
    let mut events = house.live.subscribe();
    let (stop, stopped) = oneshot::channel::<()>();
    let (whip, token) = (format!("{}/whip/farm", house.url), house.token("farm"));
    let farm = tokio::spawn(async move {
        let until = async { stopped.await.unwrap_or(()) };
        farmer::publish(&whip, &token, clip(), until).await
    });
    let active = timeout(PATIENCE, events.recv()).await.unwrap().unwrap();
    assert_eq!((active.room.as_str(), active.kind), ("farm", RoomEventKind::Active));

    let whep = format!("{}/whep/farm", house.url);
    let mut firsts = Vec::new();
    for _ in 0..5 {
        let mut viewer = Viewer::join(&whep).await;
        let enough = |v: &Viewer| v.video() >= 200 && v.packets.len() > v.video();
        timeout(PATIENCE, viewer.watch(enough)).await.expect("media flows");
        let first_video = viewer.packets.iter().find(|p| p.0 == Kind::Video).unwrap();
        assert!(begins_keyframe(&first_video.3), "the first picture needs no other");
        let video: Vec<_> = viewer.packets.iter().filter(|p| p.0 == Kind::Video).collect();
        let unbroken = video
            .windows(2)
            .all(|w| w[1].1 == w[0].1.wrapping_add(1) && w[1].2.wrapping_sub(w[0].2) < 90_000);
        assert!(unbroken);
        firsts.push(viewer.first.unwrap());
    }
    firsts.sort();
    println!("WHEP POST to first RTP packet: median {:?} of {firsts:?}", firsts[2]);
    assert!(firsts[2] < Duration::from_secs(1));

    let rooms = house.live.rooms().await;
    assert!(rooms[0].publishing && rooms[0].packets_out >= 1_000);
    stop.send(()).unwrap();
    timeout(PATIENCE, farm).await.unwrap().unwrap().unwrap();
    let inactive = async { while events.recv().await.unwrap().kind != RoomEventKind::Inactive {} };
    timeout(PATIENCE, inactive).await.expect("its session was deleted");
}

#[tokio::test]
async fn the_farmer_is_told_why_not() {
    let house = open().await;
    let whip = format!("{}/whip/farm", house.url);
    let wrong = house.token("another");
    let never = std::future::pending();
    match farmer::publish(&whip, &wrong, clip(), never).await {
        Err(FarmerError::Refused { status: 403, words }) => assert!(words.contains("another room")),
        other => panic!("{other:?}"),
    }
    assert!(house.live.rooms().await.is_empty());
}

#[tokio::test]
async fn the_farmer_notices_that_the_live_was_ended() {
    let house = open().await;
    let mut events = house.live.subscribe();
    let (whip, token) = (format!("{}/whip/farm", house.url), house.token("farm"));
    let farm = tokio::spawn(async move { farmer::publish(&whip, &token, clip(), std::future::pending()).await });
    timeout(PATIENCE, events.recv()).await.unwrap().unwrap();
    house.live.end_room("farm").await;
    let ended = timeout(PATIENCE, farm).await.unwrap().unwrap();
    assert!(matches!(ended, Err(FarmerError::Lost)), "{ended:?}");
    assert!(house.live.rooms().await.is_empty());
}
