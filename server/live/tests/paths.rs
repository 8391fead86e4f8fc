//! Where media goes is decided by answers to our own checks: nobody can point it
//! elsewhere, take another's address, or keep it flowing to who does not want it.
#![allow(clippy::disallowed_methods)] // virtual time begins at some moment

mod common;

use common::{World, assert_unbroken};
use live::sfu::{PUBLISHER_SILENCE, VIEWER_SILENCE};
use live::{RoomEventKind, VideoCodec};
use rtc::crypto::default_provider;
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME, RawAttribute};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, MessageType, Setter, TransactionId};
use rtc::stun::textattrs::TextAttribute;
use std::net::SocketAddr;
use std::time::Duration;

const VP8: VideoCodec = VideoCodec::Vp8;
const SECOND: Duration = Duration::from_secs(1);
const ELSEWHERE: &str = "198.51.100.7:99";

fn watching() -> (World, SocketAddr, SocketAddr) {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    world.film(farmer, 3, 1);
    (world, farmer, viewer)
}

fn line<'a>(sdp: &'a str, start: &str) -> &'a str {
    sdp.lines().find_map(|line| line.strip_prefix(start)).unwrap()
}

fn message(kind: MessageType, id: TransactionId, password: &str, more: Vec<Box<dyn Setter>>) -> Vec<u8> {
    let provider = default_provider().unwrap();
    let mut parts: Vec<Box<dyn Setter + '_>> = vec![Box::new(id), Box::new(kind)];
    parts.extend(more.into_iter().map(|part| part as Box<dyn Setter + '_>));
    let seal = MessageIntegrity::new_short_term_integrity_with_provider(password.into(), provider.crypto());
    parts.push(Box::new(seal));
    parts.push(Box::new(FINGERPRINT));
    let mut message = Message::new();
    message.build(&parts).unwrap();
    message.raw
}

/// A nomination to who answered with `answer`, as one may have been recorded on the way.
fn nomination(answer: &str) -> Vec<u8> {
    let name = format!("{}:theirs", line(answer, "a=ice-ufrag:"));
    let more: Vec<Box<dyn Setter>> = vec![
        Box::new(TextAttribute::new(ATTR_USERNAME, name)),
        Box::new(RawAttribute {
            typ: ATTR_USE_CANDIDATE,
            ..RawAttribute::default()
        }),
    ];
    message(
        BINDING_REQUEST,
        TransactionId([5; 12]),
        line(answer, "a=ice-pwd:"),
        more,
    )
}

fn sent_to(world: &World, to: SocketAddr) -> Vec<&[u8]> {
    let of = world.strays.iter().filter(|(at, _)| *at == to);
    of.map(|(_, datagram)| &datagram[..]).collect()
}

#[test]
fn a_recorded_check_moves_nothing() {
    let (mut world, farmer, viewer) = watching();
    let elsewhere = ELSEWHERE.parse().unwrap();
    let recorded = nomination(&world.node(viewer).answer.clone());
    let before = world.video(viewer).len();
    for _ in 0..60 {
        let now = world.now;
        world.sfu.receive(now, elsewhere, &recorded);
        world.film(farmer, 1, 15);
    }
    assert_eq!(world.video(viewer).len() - before, 180);
    assert_unbroken(&world.video(viewer));
    let sent = sent_to(&world, elsewhere);
    assert!(sent.iter().all(|datagram| datagram[0] <= 1), "no media, only STUN");
    // Each was answered, and ours was repeated a few times.
    assert!((61..=60 + 3 * 6).contains(&sent.len()), "{}", sent.len());
}

#[test]
fn a_recorded_check_takes_no_address_from_another() {
    let (mut world, farmer, viewer) = watching();
    let second = world.view("r", VP8).unwrap();
    world.connect(second);
    let recorded = nomination(&world.node(second).answer.clone());
    for at in [farmer, viewer] {
        let now = world.now;
        world.sfu.receive(now, at, &recorded);
    }
    let before = (world.video(viewer).len(), world.video(second).len());
    world.loss_percent = 5;
    world.film(farmer, 30, 15);
    world.loss_percent = 0;
    world.film(farmer, 5, 15);
    // The farmer's packets still are the farmer's, the viewer's requests for what was lost still the viewer's.
    for (at, before) in [(viewer, before.0), (second, before.1)] {
        let numbers = world
            .video(at)
            .iter()
            .skip(before)
            .map(|r| r.sequence)
            .collect::<std::collections::HashSet<_>>();
        assert!(numbers.len() >= 104, "{} of 105", numbers.len());
    }
}

#[test]
fn media_stops_when_nobody_answers_whatever_comes() {
    let (mut world, farmer, viewer) = watching();
    let recorded = nomination(&world.node(viewer).answer.clone());
    world.node(viewer).cut = true;
    let went = world.now;
    let gone = |w: &World| w.happened("r").last() == Some(&RoomEventKind::Viewers(0));
    while !gone(&world) {
        let now = world.now;
        assert!(now - went <= VIEWER_SILENCE + SECOND, "still there");
        world.sfu.receive(now, viewer, &recorded);
        world
            .sfu
            .receive(now, viewer, &[0x80, 200, 0, 6, 1, 2, 3, 4, 5, 6, 7, 8]);
        world.film(farmer, 3, 15);
    }
    assert!(
        world.now - went >= VIEWER_SILENCE - 7 * SECOND,
        "a few answers may be lost"
    );
}

#[test]
fn a_publisher_is_gone_when_only_its_recorded_checks_come() {
    let (mut world, farmer, _) = watching();
    let recorded = nomination(&world.node(farmer).answer.clone());
    world.node(farmer).cut = true;
    let went = world.now;
    while world.happened("r").last() != Some(&RoomEventKind::Inactive) {
        let now = world.now;
        assert!(now - went <= PUBLISHER_SILENCE + SECOND, "still there");
        world.sfu.receive(now, farmer, &recorded);
        world.run(SECOND / 4);
    }
}

#[test]
fn a_quiet_viewer_and_a_muted_farmer_stay() {
    let (mut world, farmer, viewer) = watching();
    world.run(3 * VIEWER_SILENCE);
    assert_eq!(world.sfu.session_count(), 2, "they answer");
    let before = world.video(viewer).len();
    world.film(farmer, 3, 3);
    assert_eq!(world.video(viewer).len() - before, 9);
}

#[test]
fn no_handshake_before_a_good_check() {
    let mut world = World::new();
    let client = world.offer(live::client::Part::Publisher, VP8);
    let insisting = client.offer().replace("a=setup:actpass", "a=setup:active");
    let now = world.now;
    world.sfu.publish(now, "r", "chen", &insisting).unwrap();
    let hello = [&[22, 254, 253][..], &[0; 60]].concat();
    for _ in 0..10 {
        world.sfu.receive(now, ELSEWHERE.parse().unwrap(), &hello);
    }
    world.run(SECOND);
    assert_eq!(world.strays.len(), 0, "nothing is said to a stranger");
}

/// Restarts ICE of who is `at`, from another address; the time until it was followed.
fn restart(world: &mut World, at: SocketAddr, owner: Option<&str>) {
    let session = world.node(at).session;
    let now = world.now;
    let fragment = world.node(at).client.restart(now).unwrap();
    let restarted = world.sfu.trickle("r", session, owner, "*", &fragment).unwrap().unwrap();
    assert_ne!(restarted.etag, world.node(at).etag);
    world.node(at).client.accept_restart(now, &restarted.fragment).unwrap();
}

#[test]
fn a_farmer_may_restart_from_another_network() {
    let (mut world, farmer, viewer) = watching();
    let events = world.happened("r").len();
    for host in 1..=3 {
        world
            .appears
            .insert(farmer, format!("198.51.100.{host}:777").parse().unwrap());
        let (moved, before) = (world.now, world.video(viewer).len());
        restart(&mut world, farmer, Some("chen"));
        world.film(farmer, 30, 1);
        let back = world.video(viewer).get(before).expect("the picture comes back").at - moved;
        assert!(back <= SECOND, "{back:?}");
    }
    let video = world.video(viewer);
    assert!(
        video.windows(2).all(|w| w[0].ssrc == w[1].ssrc),
        "one stream to the viewer"
    );
    assert_eq!(world.happened("r").len(), events, "the same session, the same viewers");
    world.run(2 * PUBLISHER_SILENCE);
    assert_eq!(world.sfu.session_count(), 2);
    let now = world.now;
    world.sfu.end_room(now, "r");
    world.run(SECOND);
    assert_eq!(world.sfu.footprint(), 0, "no name is left behind");
}

#[test]
fn a_viewer_may_restart_from_another_network() {
    let (mut world, farmer, viewer) = watching();
    for host in 1..=3 {
        world
            .appears
            .insert(viewer, format!("198.51.100.{host}:777").parse().unwrap());
        let (moved, before) = (world.now, world.video(viewer).len());
        restart(&mut world, viewer, None);
        world.film(farmer, 30, 1);
        let back = world.video(viewer).get(before).expect("the picture comes back").at - moved;
        assert!(back <= SECOND, "{back:?}");
    }
    let now = world.now;
    world.sfu.end_room(now, "r");
    world.run(SECOND);
    assert_eq!(world.sfu.footprint(), 0, "no name is left behind");
}

#[test]
fn a_farmers_restart_that_leads_nowhere_costs_nothing() {
    let (mut world, farmer, viewer) = watching();
    let session = world.node(farmer).session;
    for name in ["new1", "new2"] {
        let fragment = format!("a=ice-ufrag:{name}\r\na=ice-pwd:0123456789012345678901\r\n");
        world
            .sfu
            .trickle("r", session, Some("chen"), "*", &fragment)
            .unwrap()
            .unwrap();
    }
    let before = world.video(viewer).len();
    world.film(farmer, 15 * 20, 15);
    assert_eq!(world.video(viewer).len() - before, 15 * 20 * 3, "the old path lives on");
}

#[test]
fn an_answer_counts_only_from_where_it_was_asked_and_by_who_was() {
    let (mut world, farmer, viewer) = watching();
    let elsewhere: SocketAddr = ELSEWHERE.parse().unwrap();
    let third = "198.51.100.8:1".parse().unwrap();
    let recorded = nomination(&world.node(viewer).answer.clone());
    let now = world.now;
    world.sfu.receive(now, elsewhere, &recorded);
    world.run(SECOND / 50);
    let mut question = Message::new();
    let asked = sent_to(&world, elsewhere)
        .into_iter()
        .find(|datagram| datagram[..2] == [0, 1]);
    question.unmarshal_binary(asked.expect("we ask back")).unwrap();
    let password = line(world.node(viewer).client.offer(), "a=ice-pwd:").to_owned();
    let good = message(BINDING_SUCCESS, question.transaction_id, &password, Vec::new());
    let guessed = message(
        BINDING_SUCCESS,
        question.transaction_id,
        "another's long password",
        Vec::new(),
    );
    let other = message(BINDING_SUCCESS, TransactionId([1; 12]), &password, Vec::new());
    let now = world.now;
    for (from, answer) in [(third, &good), (elsewhere, &guessed), (elsewhere, &other)] {
        world.sfu.receive(now, from, answer);
    }
    let before = world.video(viewer).len();
    world.film(farmer, 3, 3);
    assert_eq!(world.video(viewer).len() - before, 9, "it stays");
    let now = world.now;
    world.sfu.receive(now, elsewhere, &good);
    world.film(farmer, 3, 3);
    assert_eq!(world.video(viewer).len() - before, 9, "it goes");
    assert!(sent_to(&world, elsewhere).iter().any(|datagram| datagram[0] >= 0x80));
}
