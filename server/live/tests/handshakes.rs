//! Every flight of the DTLS handshake lost, doubled, late and in the wrong
//! order, with the server in either role, towards a publisher and a viewer: the
//! handshake completes, or both sides end it (RFC 6347 §4.2.4).
#![allow(clippy::disallowed_methods)] // virtual time begins at some moment

mod common;

use common::{World, assert_unbroken};
use live::VideoCodec;
use live::client::Part;
use live::sfu::{HALF_OPEN, VIEWER_SILENCE};
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

const VP8: VideoCodec = VideoCodec::Vp8;
/// A lost flight is sent again after a second; a second loss is not part of these tests.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longer than a handshake's timers and shorter than `PATIENCE`.
const LATE: Duration = Duration::from_millis(2_500);
const ROLES: [(Part, Role); 4] = [
    (Part::Publisher, Role::ServerBegins),
    (Part::Publisher, Role::ServerWaits),
    (Part::Viewer, Role::ServerBegins),
    (Part::Viewer, Role::ServerWaits),
];

/// Which DTLS role the server plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The DTLS client.
    ServerBegins,
    /// The DTLS server.
    ServerWaits,
}

/// What becomes of the datagrams of one flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    Lost,
    Doubled,
    /// The copy comes when the handshake is over.
    DoubledLate,
    Late,
    /// The last of the flight comes first.
    Reversed,
    /// Lost, and whatever follows it in either direction.
    LostForEver,
}

const HARMS: [Harm; 5] = [Harm::Lost, Harm::Doubled, Harm::DoubledLate, Harm::Late, Harm::Reversed];

/// Between two flights of one side: far below a handshake's timers.
const PAUSE: Duration = Duration::from_millis(20);

/// Counts flights: a run of DTLS datagrams from one side, without a pause.
struct Flights {
    harmed: Option<(usize, Harm)>,
    newest: Option<(Instant, bool)>,
    seen: Rc<Cell<usize>>,
    within: u32,
}

impl Flights {
    fn fate(&mut self, now: Instant, from_server: bool, datagram: &[u8]) -> Vec<Duration> {
        let on_time = vec![Duration::ZERO];
        if !matches!(datagram.first(), Some(20..=63)) {
            return on_time;
        }
        let goes_on = |(at, side)| side == from_server && now < at + PAUSE;
        if !self.newest.replace((now, from_server)).is_some_and(goes_on) {
            self.seen.set(self.seen.get() + 1);
            self.within = 0;
        }
        self.within += 1;
        let flight = self.seen.get() - 1;
        match self.harmed {
            Some((at, Harm::LostForEver)) if flight >= at => vec![],
            Some((at, harm)) if flight == at => match harm {
                Harm::Lost | Harm::LostForEver => vec![],
                Harm::Doubled => vec![Duration::ZERO; 2],
                Harm::DoubledLate => vec![Duration::ZERO, LATE],
                Harm::Late => vec![LATE],
                Harm::Reversed => vec![Duration::from_millis(20) / self.within],
            },
            _ => on_time,
        }
    }
}

struct Try {
    world: World,
    farmer: Option<SocketAddr>,
    joining: SocketAddr,
    flights: Rc<Cell<usize>>,
}

/// Somebody who plays `part` joins, and one flight is harmed.
fn join(part: Part, role: Role, harmed: Option<(usize, Harm)>) -> Try {
    let mut world = World::new();
    let farmer = (part == Part::Viewer).then(|| {
        let farmer = world.publish("r", "chen", VP8).unwrap();
        world.connect(farmer);
        farmer
    });
    let flights = Rc::new(Cell::new(0));
    let mut harm = Flights {
        harmed,
        newest: None,
        seen: Rc::clone(&flights),
        within: 0,
    };
    world.fate = Some(Box::new(move |now, from_server, datagram| {
        harm.fate(now, from_server, datagram)
    }));
    let client = world.offer(part, VP8);
    let offer = match role {
        Role::ServerBegins => client.offer().to_owned(),
        Role::ServerWaits => client.offer().replace("a=setup:actpass", "a=setup:active"),
    };
    let now = world.now;
    let opened = match part {
        Part::Publisher => world.sfu.publish(now, "r", "chen", &offer).unwrap(),
        Part::Viewer => world.sfu.view(now, "r", &offer).unwrap(),
    };
    let passive = opened.answer.contains("a=setup:passive");
    assert_eq!(passive, role == Role::ServerWaits, "{}", opened.answer);
    let joining = world.add(client, opened);
    Try {
        world,
        farmer,
        joining,
        flights,
    }
}

impl Try {
    /// Until both sides say that the connection stands.
    fn run_until_it_stands(&mut self, most: Duration) -> bool {
        let (joining, watches) = (self.joining, self.farmer.is_some());
        self.world.run_until(most, |world| {
            let stats = world.sfu.rooms();
            let server = stats
                .first()
                .is_some_and(|room| if watches { room.viewers == 1 } else { room.publishing });
            let node = &world.nodes[&joining];
            server && node.connected_at.is_some() && !node.gone
        })
    }

    /// Media passes, whichever of the two joined.
    fn film(&mut self) {
        let (farmer, viewer) = match self.farmer {
            Some(farmer) => (farmer, self.joining),
            None => {
                let viewer = self.world.view("r", VP8).unwrap();
                self.world.connect(viewer);
                (self.joining, viewer)
            }
        };
        self.world.film(farmer, 10, 5);
        self.world.run(Duration::from_millis(100));
        let video = self.world.video(viewer);
        assert!(video.len() >= 20, "{} packets", video.len());
        assert_unbroken(&video);
    }
}

#[test]
fn every_flight_may_be_lost_doubled_late_or_disordered() {
    for (part, role) in ROLES {
        let mut calm = join(part, role, None);
        assert!(calm.run_until_it_stands(PATIENCE), "{part:?} {role:?}");
        let flights = calm.flights.get();
        assert!((4..=7).contains(&flights), "{part:?} {role:?}: {flights} flights");
        for flight in 0..flights {
            for harm in HARMS {
                let mut harmed = join(part, role, Some((flight, harm)));
                let stands = harmed.run_until_it_stands(PATIENCE);
                assert!(stands, "{part:?} {role:?}: flight {flight} {harm:?}");
                // late copies of the handshake come into running media
                harmed.film();
                harmed.world.run(LATE);
                let stands = harmed.run_until_it_stands(Duration::ZERO);
                assert!(stands, "{part:?} {role:?}: flight {flight} {harm:?}, afterwards");
            }
        }
    }
}

#[test]
fn a_handshake_that_cannot_complete_leaves_nothing() {
    for (part, role) in ROLES {
        let mut calm = join(part, role, None);
        assert!(calm.run_until_it_stands(PATIENCE));
        for flight in 0..calm.flights.get() {
            let mut broken = join(part, role, Some((flight, Harm::LostForEver)));
            let others = usize::from(broken.farmer.is_some());
            let stands = broken.run_until_it_stands(HALF_OPEN * 2);
            let last_flight = flight + 1 == calm.flights.get();
            assert!(!stands || last_flight, "{part:?} {role:?}: flight {flight}");
            // who got no connection closes the page
            broken.world.nodes.remove(&broken.joining);
            broken.world.run(VIEWER_SILENCE + HALF_OPEN);
            let sessions = broken.world.sfu.session_count();
            assert_eq!(sessions, others, "{part:?} {role:?}: flight {flight}");
        }
    }
}
