//! A picture in three layers (simulcast) to viewers on paths of all widths, in virtual time: who gets
//! which, and that a change of layers is one unbroken stream.
#![allow(clippy::disallowed_methods)] // virtual time begins at some moment

mod common;

use common::{Received, World, assert_unbroken};
use live::client::{Client, Media, Part};
use live::{Kind, Refusal, VideoCodec};
use std::net::SocketAddr;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const NAMES: [&str; 3] = ["f", "q", "h"];
/// Packets of 1,000 bytes a picture and widths, in the order of the names: 120, 480 and 1,440 kbit/s.
const PACKETS: [usize; 3] = [12, 1, 4];
const WIDTHS: [u16; 3] = [720, 180, 360];

/// A farmer whose browser sends three layers.
struct Farm {
    at: SocketAddr,
    sequence: [u16; 3],
    picture: [u16; 3],
    pictures: u32,
    seen: usize,
}

impl Farm {
    fn open(world: &mut World) -> Self {
        world.last_host += 1;
        let at = format!("10.0.1.{}:5000", world.last_host).parse().unwrap();
        let mut rng = rand::rng();
        let client = Client::layered(world.now, at, Part::Publisher, VideoCodec::Vp8, &NAMES, &mut rng).unwrap();
        let offer = client.offer();
        assert!(offer.contains("a=simulcast:send f;q;h"), "{offer}");
        let opened = world.sfu.publish(world.now, "r", "chen", offer).unwrap();
        assert!(opened.answer.contains("a=rid:h recv"), "{}", opened.answer);
        let at = world.add(client, opened);
        world.connect(at);
        Self {
            at,
            sequence: [65_500, 100, 40_000],
            picture: [7, 0x7ff0, 900],
            pictures: 0,
            seen: 0,
        }
    }

    /// One picture in these layers, and its sound; a keyframe if one was asked for.
    fn shoot(&mut self, world: &mut World, layers: &[usize]) {
        let wanted = world.node(self.at).keyframes_wanted.len();
        let key = wanted > self.seen || self.pictures == 0;
        self.seen = wanted;
        self.pictures += 1;
        let now = world.now;
        for layer in layers.iter().copied() {
            self.picture[layer] = self.picture[layer].wrapping_add(1) & 0x7fff;
            for part in 0..PACKETS[layer] {
                self.sequence[layer] = self.sequence[layer].wrapping_add(1);
                let media = Media {
                    kind: Kind::Video,
                    sequence_number: self.sequence[layer],
                    timestamp: self.pictures * 6_000 + layer as u32 * 1_000_000,
                    marker: part + 1 == PACKETS[layer],
                    orientation: None,
                    payload: payload(part == 0, key, self.picture[layer], WIDTHS[layer]).into(),
                };
                world.node(self.at).client.send_layer(now, layer, media).unwrap();
            }
        }
        world.sound(self.at);
    }

    fn film(&mut self, world: &mut World, time: Duration, layers: &[usize]) {
        let end = world.now + time;
        while world.now < end {
            self.shoot(world, layers);
            world.run(Duration::from_micros(66_667));
        }
    }
}

/// RFC 7741 with a picture id of 15 bits, and a keyframe's size (RFC 6386 §9.1).
fn payload(first: bool, key: bool, picture: u16, width: u16) -> Vec<u8> {
    let [high, low] = picture.to_be_bytes();
    let mut bytes = vec![if first { 0x90 } else { 0x80 }, 0x80, 0x80 | high, low];
    bytes.extend([u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a]);
    bytes.extend(width.to_le_bytes());
    bytes.extend((width * 16 / 9).to_le_bytes());
    bytes.resize(1_000, 9);
    bytes
}

/// The layer that most of the last second's packets were of.
fn shown(world: &World, viewer: SocketAddr) -> Option<String> {
    let figures = world.sfu.figures(world.now);
    let number = world
        .nodes
        .keys()
        .filter(|at| world.nodes[at].client.local() == viewer)
        .count();
    assert_eq!((figures.len(), number), (1, 1));
    figures[0]
        .peers
        .iter()
        .rfind(|peer| peer.part == live::Part::Viewer)?
        .layer
        .clone()
}

fn pictures_in_order(packets: &[Received]) {
    let id = |r: &Received| u16::from_be_bytes([r.payload[2] & 0x7f, r.payload[3]]);
    for pair in packets.windows(2) {
        let step = id(&pair[1]).wrapping_sub(id(&pair[0])) & 0x7fff;
        assert!(step <= 1, "picture {} after {}", id(&pair[1]), id(&pair[0]));
        assert_eq!(step == 1, pair[1].timestamp != pair[0].timestamp, "{:?}", pair[1].at);
    }
}

const ALL: [usize; 3] = [0, 1, 2];

#[test]
fn a_viewer_gets_one_layer_and_may_choose_another_or_none() {
    let mut world = World::new();
    let mut farm = Farm::open(&mut world);
    farm.film(&mut world, 2 * SECOND, &ALL);
    let layers = &world.sfu.figures(world.now)[0].layers;
    let seen: Vec<_> = layers.iter().map(|l| (l.rid.as_deref(), l.size, l.active)).collect();
    assert_eq!(
        seen,
        [
            (Some("q"), Some((180, 320)), true),
            (Some("h"), Some((360, 640)), true),
            (Some("f"), Some((720, 1280)), true)
        ]
    );
    let viewer = world.view("r", VideoCodec::Vp8).unwrap();
    world.connect(viewer);
    let session = world.node(viewer).session;
    for (wish, packets) in [
        (Some("q"), 1),
        (Some("f"), 12),
        (Some("h"), 4),
        (Some(""), 0),
        (Some("f"), 12),
    ] {
        let now = world.now;
        world.sfu.choose_layer(now, "r", session, wish).unwrap();
        farm.film(&mut world, 2 * SECOND, &ALL);
        let before = world.video(viewer).len();
        farm.film(&mut world, SECOND, &ALL);
        let came = world.video(viewer).len() - before;
        assert!(
            (15 * packets..=16 * packets).contains(&came),
            "{wish:?}: {came} packets"
        );
    }
    let video = world.video(viewer);
    assert_unbroken(&video);
    pictures_in_order(&video);
    let unknown = world.sfu.choose_layer(world.now, "r", session, Some("x"));
    assert_eq!(unknown, Err(Refusal::Unprocessable("no such layer")));
    let asked = world.node(farm.at).keyframes_wanted.clone();
    let seconds = (world.now - world.start).as_secs() as usize;
    assert!(asked.len() <= 3 * seconds, "{} in {seconds} s", asked.len());
}

#[test]
fn a_layer_that_stops_is_replaced_by_a_smaller_one() {
    let mut world = World::new();
    let mut farm = Farm::open(&mut world);
    farm.film(&mut world, 2 * SECOND, &ALL);
    let viewer = world.view("r", VideoCodec::Vp8).unwrap();
    world.connect(viewer);
    let (now, session) = (world.now, world.node(viewer).session);
    world.sfu.choose_layer(now, "r", session, Some("f")).unwrap();
    farm.film(&mut world, 2 * SECOND, &ALL);
    assert_eq!(shown(&world, viewer).as_deref(), Some("f"));
    farm.film(&mut world, 4 * SECOND, &[1, 2]);
    assert_eq!(
        shown(&world, viewer).as_deref(),
        Some("h"),
        "the publisher's way is narrow"
    );
    farm.film(&mut world, 4 * SECOND, &ALL);
    assert_eq!(shown(&world, viewer).as_deref(), Some("f"), "and wide again");
    assert_unbroken(&world.video(viewer));
}

#[test]
fn a_path_cut_to_300_kbits_gets_the_small_layer_in_two_seconds_and_more_in_ten() {
    let mut world = World::new();
    let mut farm = Farm::open(&mut world);
    farm.film(&mut world, 2 * SECOND, &ALL);
    let viewer = world.view("r", VideoCodec::Vp8).unwrap();
    world.connect(viewer);
    world.narrow.insert(viewer, (8_000_000.0, world.now));
    let reach = |world: &mut World, farm: &mut Farm, name: &str, most: Duration| {
        let begun = world.now;
        while shown(world, viewer).as_deref() != Some(name) {
            farm.film(world, Duration::from_millis(100), &ALL);
            assert!(
                world.now - begun <= most,
                "{name} after {most:?}: {:?}",
                shown(world, viewer)
            );
        }
        println!("{name} after {:?}", world.now - begun);
    };
    reach(&mut world, &mut farm, "f", 10 * SECOND);
    farm.film(&mut world, 10 * SECOND, &ALL);
    assert_eq!(shown(&world, viewer).as_deref(), Some("f"), "and stays");
    world.narrow.insert(viewer, (300_000.0, world.now));
    reach(&mut world, &mut farm, "q", 2 * SECOND);
    farm.film(&mut world, 20 * SECOND, &ALL);
    assert_eq!(shown(&world, viewer).as_deref(), Some("q"), "as long as it is narrow");
    world.narrow.insert(viewer, (8_000_000.0, world.now));
    reach(&mut world, &mut farm, "f", 10 * SECOND);
}
