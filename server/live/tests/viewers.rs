//! What keeps a viewer watching: losses mended within bounds, a changed
//! address followed, reports by which sound and picture stay together.
#![allow(clippy::disallowed_methods)] // virtual time begins at some moment

mod common;

use common::{World, assert_unbroken};
use live::VideoCodec;
use std::net::SocketAddr;
use std::time::Duration;

const VP8: VideoCodec = VideoCodec::Vp8;
const SECOND: Duration = Duration::from_secs(1);

fn watching() -> (World, SocketAddr, SocketAddr) {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    let viewer = world.view("r", VP8).unwrap();
    world.connect(viewer);
    (world, farmer, viewer)
}

#[test]
fn what_a_viewer_missed_is_sent_again_and_no_more_than_that() {
    let (mut world, farmer, viewer) = watching();
    world.film(farmer, 15, 15);
    assert_eq!(world.sfu.rooms()[0].packets_again, 0);
    world.loss_percent = 10;
    world.film(farmer, 60, 15);
    world.loss_percent = 0;
    world.film(farmer, 30, 15);
    let stats = &world.sfu.rooms()[0];
    let mut numbers: Vec<u16> = world.video(viewer).iter().map(|r| r.sequence).collect();
    numbers.sort_by_key(|n| n.wrapping_sub(world.video(viewer)[0].sequence));
    numbers.dedup();
    let whole = 3 * (15 + 60 + 30);
    assert!(numbers.len() + 2 >= whole, "{} of {whole}", numbers.len());
    let again = stats.packets_again;
    // The client here asks on even for what has come; each is sent five times at most.
    assert!((10..=5 * 40).contains(&again), "{again} of about 18 lost ones");
}

#[test]
fn cached_pictures_are_sent_again_as_they_were_shown() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    world.film(farmer, 20, 100);
    for seed in 0..5 {
        world.reseed(seed);
        let viewer = world.view("r", VP8).unwrap();
        world.run_until(2 * SECOND, |w| w.nodes[&viewer].connected_at.is_some());
        // the burst of cached pictures is on its way now: some of it is lost
        world.loss_percent = 20;
        world.run(Duration::from_millis(2));
        world.loss_percent = 0;
        world.film(farmer, 10, 100);
        world.run(SECOND);
        let mut video = world.video(viewer);
        let first = video[0].sequence;
        video.sort_by_key(|r| r.sequence.wrapping_sub(first) as i16);
        video.dedup_by_key(|r| r.sequence);
        assert_unbroken(&video);
        let (now, session) = (world.now, world.node(viewer).session);
        world.sfu.leave(now, "r", session, None).unwrap();
        world.nodes.remove(&viewer);
    }
}

#[test]
fn a_viewer_whose_address_changes_is_followed_within_two_seconds() {
    let (mut world, farmer, viewer) = watching();
    world.film(farmer, 15, 15);
    let public: SocketAddr = "198.51.100.9:777".parse().unwrap();
    world.appears.insert(viewer, public);
    let moved = world.now;
    let before = world.video(viewer).len();
    for _ in 0..45 {
        world.film(farmer, 1, 1);
    }
    let after = world.video(viewer);
    let back = after.get(before).expect("the picture comes back").at - moved;
    assert!(back <= 2 * SECOND + Duration::from_millis(100), "{back:?}");
    assert!(!world.node(viewer).gone);
    assert_eq!(world.sfu.session_count(), 2, "in the same session");
}

#[test]
fn reports_tell_how_sound_and_picture_go_together() {
    let (mut world, farmer, viewer) = watching();
    world.film(farmer, 75, 15);
    let reports = world.reports.get(&viewer).copied().unwrap_or_default();
    assert!((2..=3).contains(&reports), "{reports} in five seconds");
}

#[test]
fn joining_takes_a_few_round_trips_and_no_handshake_timer() {
    let mut world = World::new();
    let farmer = world.publish("r", "chen", VP8).unwrap();
    world.connect(farmer);
    world.film(farmer, 3, 100);
    let begun = world.now;
    let viewer = world.view("r", VP8).unwrap();
    world.run_until(SECOND, |w| !w.nodes[&viewer].received.is_empty());
    let took = world.now - begun;
    // Two for ICE, four for DTLS, of 10 ms each, and 30 ms till the client nominates.
    assert!(took <= Duration::from_millis(90), "{took:?}");
}

#[test]
fn a_restart_that_leads_nowhere_costs_nothing() {
    let (mut world, farmer, viewer) = watching();
    let session = world.node(viewer).session;
    for name in ["new1", "new2"] {
        let fragment = format!("a=ice-ufrag:{name}\r\na=ice-pwd:0123456789012345678901\r\n");
        let restarted = world.sfu.trickle("r", session, None, "*", &fragment).unwrap();
        assert!(restarted.unwrap().fragment.contains("a=ice-pwd:"));
    }
    // The client here never uses the new names: its old path lives on.
    world.film(farmer, 60, 15);
    assert_eq!(world.video(viewer).len(), 180);
    assert!(!world.node(viewer).gone);
    let (now, session) = (world.now, world.node(viewer).session);
    world.sfu.leave(now, "r", session, None).unwrap();
    world.sfu.end_room(now, "r");
    world.run(SECOND);
    assert_eq!(world.sfu.footprint(), 0, "no name is left behind");
}

#[test]
fn a_farmer_whose_address_changes_is_followed_too() {
    let (mut world, farmer, viewer) = watching();
    world.film(farmer, 15, 15);
    world.appears.insert(farmer, "198.51.100.8:777".parse().unwrap());
    let (moved, before) = (world.now, world.video(viewer).len());
    for _ in 0..45 {
        world.film(farmer, 1, 1);
    }
    let back = world.video(viewer).get(before).expect("the picture comes back").at - moved;
    assert!(back <= 2 * SECOND + Duration::from_millis(100), "{back:?}");
}
