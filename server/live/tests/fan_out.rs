//! One publisher to many viewers, in memory and in virtual time: whole
//! connections (ICE, DTLS, SRTP) on both sides, no sockets.
#![allow(clippy::disallowed_methods)] // virtual time begins at some moment

mod common;

use common::{World, assert_unbroken};
use live::client::Part;
use live::sfu::{HALF_OPEN, Limits, PUBLISHER_SILENCE};
use live::{Kind, Profile, Refusal, RoomEventKind, VACANCY, VideoCodec};
use std::time::Duration;

const VP8: VideoCodec = VideoCodec::Vp8;
const SECOND: Duration = Duration::from_secs(1);

fn h264(profile: Profile) -> VideoCodec {
    VideoCodec::H264 {
        profile,
        packetization: 1,
    }
}

#[test]
fn a_viewer_gets_what_is_published_in_its_own_numbers() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(farmer, 15, 5);
    let video = world.video(viewer);
    assert_eq!(video.len(), 45);
    assert_unbroken(&video);
    assert_eq!(video[0].payload[..2], [0x10, 0x00], "begins with the keyframe");
    let sound = world.nodes[&viewer].received.iter();
    assert_eq!(sound.filter(|r| r.kind == Kind::Audio).count(), 15);
    assert_eq!(world.happened("r"), [RoomEventKind::Active, RoomEventKind::Viewers(1)]);
    let stats = &world.sfu.rooms()[0];
    assert_eq!((stats.packets_in, stats.packets_out), (60, 60));
}

#[test]
fn a_late_viewer_sees_the_cached_picture_at_once() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    world.film(farmer, 6, 100);
    let asked = world.node(farmer).keyframes_wanted.len();
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    let video = world.video(viewer);
    assert_eq!(video.len(), 18, "six pictures, though none was sent since");
    assert_unbroken(&video);
    let span = video[17].timestamp.wrapping_sub(video[0].timestamp);
    assert_eq!(span, 5 * 90, "drawn together: shown now, not half a second late");
    world.film(farmer, 3, 100);
    assert_unbroken(&world.video(viewer));
    world.run(2 * SECOND);
    let asked_since = world.node(farmer).keyframes_wanted.len() - asked;
    assert_eq!(asked_since, 0, "and the encoder is left alone");
}

#[test]
fn keyframes_are_asked_once_a_second_until_one_comes() {
    let limits = Limits {
        publishers: 1,
        viewers: 40,
        viewers_total: 40,
    };
    let mut world = World::with(limits);
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    world.picture(farmer, false, 3);
    world.run(SECOND);
    let before = world.node(farmer).keyframes_wanted.len();
    let begins = world.now;
    for _ in 0..12 {
        world.view("r", VP8).unwrap();
        world.picture(farmer, false, 1);
        world.run(SECOND / 4);
    }
    let asked = world.node(farmer).keyframes_wanted.clone();
    let gaps_hold = asked
        .windows(2)
        .all(|w| w[1] - w[0] >= SECOND - Duration::from_millis(20));
    assert!(gaps_hold, "{asked:?}");
    assert!((3..=4).contains(&(asked.len() - before)), "{}", asked.len() - before);
    assert!(world.now - begins >= 3 * SECOND);
    world.picture(farmer, true, 3);
    world.run(SECOND / 10);
    let answered = world.node(farmer).keyframes_wanted.len();
    world.run(5 * SECOND);
    assert_eq!(world.node(farmer).keyframes_wanted.len(), answered);
}

#[test]
fn no_picture_is_sent_before_a_keyframe() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    for _ in 0..5 {
        world.picture(farmer, false, 2);
        world.run(SECOND / 15);
    }
    assert_eq!(world.video(viewer).len(), 0);
    world.picture(farmer, true, 2);
    world.run(SECOND / 15);
    assert_eq!(world.video(viewer).len(), 2);
}

#[test]
fn the_same_publisher_takes_over_and_viewers_stay() {
    let mut world = World::new();
    let first = world.publish("r", "chen", VP8).unwrap();
    world.connect(first);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(first, 10, 5);
    let second = world.publish("r", "chen", VP8).unwrap();
    world.picture(first, false, 2);
    world.connect(second);
    assert!(world.node(first).gone, "the first connection was closed");
    world.film(second, 10, 5);
    let video = world.video(viewer);
    assert_eq!(video.len(), 30 + 2 + 30);
    assert_unbroken(&video);
    assert!(!world.node(viewer).gone);
    let inactive = world.happened("r").contains(&RoomEventKind::Inactive);
    assert!(!inactive, "a take-over is no interruption");
}

#[test]
fn a_failed_take_over_costs_nothing() {
    let mut world = World::new();
    let first = world.publish("r", "chen", VP8).unwrap();
    world.connect(first);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    let second = world.publish("r", "chen", VP8).unwrap();
    world.node(second).cut = true;
    world.film(first, 15 * 20, 15);
    assert_eq!(world.video(viewer).len(), 15 * 20 * 3);
    assert_eq!(world.sfu.session_count(), 2, "the half-open one is gone");
}

#[test]
fn another_publisher_is_refused_while_the_room_is_live() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    assert_eq!(world.publish("r", "wang", VP8).unwrap_err(), Refusal::Taken);
    world.connect(farmer);
    assert_eq!(world.publish("r", "wang", VP8).unwrap_err(), Refusal::Taken);
    let session = world.node(farmer).session;
    let now = world.now;
    let by_other = world.sfu.leave(now, "r", session, Some("wang"));
    assert!(matches!(by_other, Err(Refusal::Forbidden(_))));
    world.sfu.leave(now, "r", session, Some("chen")).unwrap();
    assert!(world.publish("r", "wang", VP8).is_ok());
}

#[test]
fn a_publisher_gone_and_back_is_seen_by_the_same_viewers() {
    let mut world = World::new();
    let first = world.publish("r", "chen", VP8).unwrap();
    world.connect(first);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(first, 10, 5);
    world.node(first).cut = true;
    world.run(PUBLISHER_SILENCE + SECOND);
    assert_eq!(world.happened("r").last(), Some(&RoomEventKind::Inactive));
    assert_eq!(world.view("r", VP8).unwrap_err(), Refusal::NotLive);
    world.run(20 * SECOND);
    assert!(!world.node(viewer).gone, "kept waiting");
    let second = world.publish("r", "chen", VP8).unwrap();
    world.connect(second);
    world.film(second, 10, 5);
    assert_eq!(world.happened("r").last(), Some(&RoomEventKind::Active));
    let video = world.video(viewer);
    assert_eq!(video.len(), 60);
    assert_unbroken(&video);
    let pause = video[30].timestamp.wrapping_sub(video[29].timestamp) / 90_000;
    assert!((28..34).contains(&pause), "the clock went on: {pause} s");
}

#[test]
fn viewers_of_a_room_nobody_returns_to_are_let_go() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    let (now, session) = (world.now, world.node(farmer).session);
    world.sfu.leave(now, "r", session, Some("chen")).unwrap();
    world.run(VACANCY - SECOND);
    assert_eq!(world.sfu.session_count(), 1);
    world.run(2 * SECOND);
    assert_eq!(world.sfu.session_count(), 0);
    assert!(world.node(viewer).gone, "and told so");
    assert!(world.sfu.rooms().is_empty());
}

#[test]
fn ending_the_live_drops_everybody() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    let other = world.publish("s", "wang", VP8).unwrap();
    world.connect(other);
    let now = world.now;
    world.sfu.end_room(now, "r");
    world.run(SECOND);
    assert!(world.node(farmer).gone && world.node(viewer).gone);
    assert!(!world.node(other).gone, "the room beside goes on");
    assert!(world.happened("r").contains(&RoomEventKind::Inactive));
    assert_eq!(world.sfu.session_count(), 1);
}

#[test]
fn who_never_connects_is_dropped() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let ghost = world.view("r", VP8).unwrap();
    world.node(ghost).cut = true;
    world.run(HALF_OPEN - SECOND);
    assert_eq!(world.sfu.session_count(), 2);
    world.run(2 * SECOND);
    assert_eq!(world.sfu.session_count(), 1);
    let told = world.happened("r");
    assert_eq!(told, [RoomEventKind::Active], "it never counted as a viewer");
}

#[test]
fn limits_hold_and_free_again() {
    let mut world = World::new();
    for (room, who) in [("a", "1"), ("b", "2"), ("c", "3")] {
        let farmer = world.publish(room, who, VP8).unwrap();
        world.connect(farmer);
    }
    assert!(matches!(world.publish("d", "4", VP8), Err(Refusal::Full(_))));
    let viewers: Vec<_> = (0..4).map(|_| world.view("a", VP8).unwrap()).collect();
    assert!(matches!(world.view("a", VP8), Err(Refusal::Full(_))), "this room");
    world.view("b", VP8).unwrap();
    world.view("b", VP8).unwrap();
    assert!(matches!(world.view("c", VP8), Err(Refusal::Full(_))), "all rooms");
    let before = world.sfu.session_count();
    assert!(world.view("c", VP8).is_err());
    assert_eq!(world.sfu.session_count(), before, "nothing left behind");
    let (now, session) = (world.now, world.node(viewers[0]).session);
    world.sfu.leave(now, "a", session, None).unwrap();
    assert_eq!(world.sfu.leave(now, "a", session, None), Err(Refusal::NoSession));
    world.view("c", VP8).unwrap();
}

#[test]
fn codecs_match_or_fail_with_words() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", h264(Profile::ConstrainedBaseline)).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", h264(Profile::High)).unwrap();
    world.connect(viewer);
    match world.view("r", VP8) {
        Err(Refusal::Unacceptable(words)) => assert!(words.contains("H.264"), "{words}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.sfu.session_count(), 2);
}

#[test]
fn a_viewer_that_cannot_show_the_new_codec_is_let_go() {
    let mut world = World::new();
    let first = world.publish("r", "chen", VP8).unwrap();
    world.connect(first);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    let second = world.publish("r", "chen", h264(Profile::ConstrainedBaseline)).unwrap();
    world.connect(second);
    world.run(SECOND);
    assert!(world.node(viewer).gone, "it comes back with a new offer");
}

#[test]
fn loss_is_repaired() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(farmer, 2, 1);
    world.loss_percent = 5;
    world.film(farmer, 60, 10);
    world.loss_percent = 0;
    world.film(farmer, 15, 10);
    let sent = (2 + 60 + 15) * 3;
    let mut numbers: Vec<u16> = world.video(viewer).iter().map(|r| r.sequence).collect();
    let first = numbers[0];
    numbers.iter_mut().for_each(|n| *n = n.wrapping_sub(first));
    numbers.sort_unstable();
    numbers.dedup();
    let missing = sent - numbers.len();
    assert!(missing <= sent / 100, "{missing} of {sent} never came");
    assert!(numbers.len() > 2 * 60, "media flowed");
}

#[test]
fn a_handshake_survives_the_loss_of_any_datagram() {
    let mut slowest = Duration::ZERO;
    for lost in 0..16 {
        let mut world = World::new();
        world.lose = Some(lost);
        let farmer = world.publish("r", "chen", VP8).unwrap();
        let start = world.now;
        world.connect(farmer);
        slowest = slowest.max(world.now - start);
    }
    assert!(slowest > SECOND / 2, "something was lost: {slowest:?}");
    assert!(slowest < 3 * SECOND, "{slowest:?}");
}

#[test]
fn handshakes_survive_a_bad_network() {
    let mut stood = 0;
    for seed in 0..40 {
        let mut world = World::new();
        world.reseed(seed);
        world.loss_percent = 10;
        let farmer = world.publish("r", "chen", VP8).unwrap();
        let both = |w: &mut World| {
            let here = w.nodes[&farmer].connected_at.is_some();
            here && w.sfu.rooms().first().is_some_and(|r| r.publishing)
        };
        stood += usize::from(world.run_until(HALF_OPEN, both));
    }
    assert!(stood >= 39, "{stood} of 40 within {HALF_OPEN:?} at 10 % loss");
}

#[test]
fn without_loss_it_takes_a_few_round_trips() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    let start = world.now;
    world.connect(farmer);
    let took = world.nodes[&farmer].connected_at.unwrap() - start;
    // Two for ICE, three for DTLS, of 10 ms each; no timer in between.
    assert!(took <= Duration::from_millis(60), "{took:?}");
}

#[test]
fn strangers_datagrams_change_nothing() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let etag = world.node(farmer).etag.clone();
    let stranger = "10.9.9.9:1".parse().unwrap();
    let mut claims = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    claims.resize(20, 1);
    let name = format!("{etag}:x");
    claims.extend([0, 6, 0, name.len() as u8]);
    claims.extend(name.as_bytes());
    claims.resize(claims.len().next_multiple_of(4), 0);
    for datagram in [&claims[..], &[0x80, 96, 0, 1], &[22, 254, 253], &[], &[0; 1_500]] {
        let now = world.now;
        world.sfu.receive(now, stranger, datagram);
        world.sfu.receive(now, farmer, datagram);
    }
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(farmer, 5, 5);
    assert_eq!(world.video(viewer).len(), 15);
}

#[test]
fn damaged_copies_of_everything_change_nothing() {
    let mut world = World::new();
    world.damage = true;
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(farmer, 60, 15);
    let video = world.video(viewer);
    assert_eq!(video.len(), 180);
    assert_unbroken(&video);
}

#[test]
fn the_cameras_orientation_passes() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    world.turned = Some(3);
    world.film(farmer, 2, 5);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.turned = Some(1);
    world.film(farmer, 1, 5);
    world.turned = None;
    world.film(farmer, 1, 5);
    let turned: Vec<_> = world.video(viewer).iter().map(|r| r.orientation).collect();
    let expected = [[Some(3); 6].as_slice(), &[Some(1); 3], &[None; 3]].concat();
    assert_eq!(turned, expected, "cached pictures too");
}

#[test]
fn a_day_of_coming_and_going_leaves_nothing() {
    let mut world = World::new();
    for round in 0..9 {
        let farmer = world.publish("r", "chen", VP8).unwrap();
        world.connect(farmer);
        let viewer = world.view("r", VP8).unwrap();
        world.connect(viewer);
        let ghost = world.view("r", VP8).unwrap();
        world.node(ghost).cut = true;
        world.film(farmer, 2, 5);
        let (now, session) = (world.now, world.node(farmer).session);
        match round % 3 {
            0 => world.sfu.end_room(now, "r"),
            1 => world.sfu.leave(now, "r", session, Some("chen")).unwrap(),
            _ => {
                world.node(farmer).cut = true;
                world.node(viewer).cut = true;
            }
        }
        world.run(VACANCY + 2 * HALF_OPEN);
        assert_eq!(world.sfu.footprint(), 0, "round {round}");
        world.nodes.clear();
    }
}

#[test]
fn a_goodbye_is_heard_at_once() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.node(viewer).client.close();
    world.run(SECOND / 10);
    assert_eq!(world.happened("r").last(), Some(&RoomEventKind::Viewers(0)));
    world.node(farmer).client.close();
    world.run(SECOND / 10);
    assert_eq!(world.happened("r").last(), Some(&RoomEventKind::Inactive));
    assert_eq!(world.sfu.footprint(), 0);
}

#[test]
fn an_offerer_may_be_the_dtls_client() {
    let mut world = World::new();
    let client = world.offer(Part::Publisher, VP8);
    let insisting = client.offer().replace("a=setup:actpass", "a=setup:active");
    let now = world.now;
    let opened = world.sfu.publish(now, "r", "chen", &insisting).unwrap();
    assert!(opened.answer.contains("a=setup:passive"), "{}", opened.answer);
    let at = world.add(client, opened);
    world.connect(at);
    assert!(world.sfu.rooms()[0].publishing);
}
