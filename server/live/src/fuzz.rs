//! Every parser that sees the network, one function each. `server/live/fuzz`
//! feeds them what libFuzzer finds; the test below feeds them what it has found
//! so far (`server/live/fuzz/corpus`), on the stable toolchain, in CI.
//!
//! Each must return: a panic, a hang or growth is the finding.

use crate::admission::{self, Key};
use crate::client::{Client, Part};
use crate::codec::{Profile, VideoCodec};
use crate::engine::Engine;
use crate::gop::Gop;
use crate::id::IceCredentials;
use crate::offer::Offer;
use crate::publisher::Publisher;
use crate::sfu::{Limits, Opened, Sfu};
use crate::track::Kind;
use crate::viewer::{Passing, Viewer, inputs};
use crate::vp8::Descriptor;
use crate::{keyframe, sdpfrag, stun};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rtc::rtp;
use rtc::shared::marshal::Unmarshal;
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A target's name, and what it does with its input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 8] = [
    ("offer", offer),
    ("fragment", fragment),
    ("check", check),
    ("media", media),
    ("control", control),
    ("handshake", handshake),
    ("ticket", ticket),
    ("door", door),
];

const HERE: &str = "10.0.0.1:4000";
const H264: VideoCodec = VideoCodec::H264 {
    profile: Profile::ConstrainedBaseline,
    packetization: 1,
};

#[allow(clippy::disallowed_methods)] // virtual time begins at some moment
fn begun() -> Instant {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    *BEGUN.get_or_init(Instant::now)
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(vec![address(HERE)]).expect("a certificate can be made"))
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn credentials() -> IceCredentials {
    IceCredentials {
        ufrag: "ours".into(),
        password: "a password of ours, long enough".into(),
    }
}

/// An SDP offer, to publish and to watch.
pub fn offer(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(offer) = Offer::parse(text) else { return };
    let mut rng = StdRng::seed_from_u64(1);
    let _ = Publisher::open(engine(), begun(), &mut rng, credentials(), &offer, "farmer");
    for published in [VideoCodec::Vp8, H264] {
        let _ = Viewer::open(engine(), begun(), &mut rng, credentials(), &offer, &published);
    }
}

/// The body of a trickle PATCH.
pub fn fragment(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = (sdpfrag::ufrag(text), sdpfrag::credentials(text));
}

/// A STUN request.
pub fn check(bytes: &[u8]) {
    let _ = stun::addressed_to(bytes);
    inputs::read_check(begun(), &credentials(), address(HERE), bytes);
}

/// RTP, as it comes out of the cipher: the packet, where pictures begin, and the quick start.
pub fn media(bytes: &[u8]) {
    let mut gop = Gop::default();
    for datagram in datagrams(bytes) {
        let mut read = datagram;
        let Ok(packet) = rtp::Packet::unmarshal(&mut read) else {
            continue;
        };
        let begins_keyframe = [VideoCodec::Vp8, H264]
            .iter()
            .any(|codec| keyframe::begins(codec, &packet.payload));
        gop.push(&Passing {
            kind: Kind::Video,
            epoch: 1,
            begins_keyframe,
            orientation: packet.header.get_extension(1),
            counts: Descriptor::read(&packet.payload).map(|read| read.counts),
            packet,
        });
    }
    gop.replay();
}

/// RTCP, as it comes out of the cipher.
pub fn control(bytes: &[u8]) {
    inputs::read_control(bytes);
}

/// DTLS records before there are keys; the first byte chooses the role.
pub fn handshake(bytes: &[u8]) {
    let Some((role, rest)) = bytes.split_first() else {
        return;
    };
    inputs::read_handshake(begun(), role & 1 == 1, datagrams(rest));
}

/// A bearer token.
pub fn ticket(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = admission::verify(text, &Key::new(b"key"), 0);
}

/// The core with a live going on: datagrams, requests and time in any order. Afterwards nothing is left.
pub fn door(bytes: &[u8]) {
    let limits = Limits {
        publishers: 2,
        viewers: 3,
        viewers_total: 3,
    };
    let Ok(mut sfu) = Sfu::new(begun(), vec![address(HERE)], limits, StdRng::seed_from_u64(2)) else {
        return;
    };
    let [publishes, watches] = offers();
    let mut now = begun();
    let farmer = sfu.publish(now, "r", "farmer", publishes).expect("a good offer");
    sfu.pretend_live(now, farmer.session);
    let mut viewer = sfu.view(now, "r", watches).expect("a good offer");
    let places = [address("10.0.0.2:5000"), address("10.0.0.3:5000")];
    sfu.receive(now, places[0], &check_of(&viewer, false));
    let mut rest = bytes;
    while let Some((kind, tail)) = rest.split_first() {
        let (part, after) = portion(tail);
        rest = after;
        let text = std::str::from_utf8(part).unwrap_or_default();
        match kind % 8 {
            0 => sfu.receive(now, places[0], part),
            1 => sfu.receive(now, places[1], part),
            2 => drop(sfu.publish(now, "r", "farmer", text)),
            3 => {
                if let Ok(opened) = sfu.view(now, "r", if text.is_empty() { watches } else { text }) {
                    viewer = opened;
                }
            }
            4 => drop(sfu.trickle("r", viewer.session, None, &format!("\"{}\"", viewer.etag), text)),
            5 => {
                now += Duration::from_millis(20) * part.len() as u32 + Duration::from_millis(1);
                sfu.timeout(now);
            }
            6 => sfu.receive(now, places[usize::from(kind / 128)], &check_of(&viewer, kind & 64 != 0)),
            _ => drop(sfu.trickle("r", viewer.session, None, "*", text)),
        }
        while sfu.poll_transmit().is_some() {}
        while sfu.poll_event().is_some() {}
    }
    sfu.close(now);
    while sfu.poll_transmit().is_some() {}
    while sfu.poll_event().is_some() {}
    assert_eq!(sfu.footprint(), 0, "something was left behind");
}

fn offers() -> [&'static str; 2] {
    static OFFERS: OnceLock<[String; 2]> = OnceLock::new();
    let offers = OFFERS.get_or_init(|| [Part::Publisher, Part::Viewer].map(offer_of));
    [&offers[0], &offers[1]]
}

fn offer_of(part: Part) -> String {
    let mut rng = StdRng::seed_from_u64(4);
    let client = Client::new(begun(), address("10.0.0.2:5000"), part, VideoCodec::Vp8, &mut rng);
    client.expect("a client can be made").offer().to_owned()
}

fn check_of(opened: &Opened, nominates: bool) -> Vec<u8> {
    let password = opened.answer.lines().find_map(|line| line.strip_prefix("a=ice-pwd:"));
    inputs::good_check(&opened.etag, password.unwrap_or_default(), nominates)
}

/// Two bytes of length and as many bytes, or what there is.
fn portion(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(([high, low], rest)) = bytes.split_first_chunk() else {
        return (bytes, &[]);
    };
    rest.split_at(usize::from(u16::from_be_bytes([*high, *low])).min(rest.len()))
}

fn datagrams(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        (!bytes.is_empty()).then(|| {
            let (part, rest) = portion(bytes);
            bytes = rest;
            part
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    fn corpus(target: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/corpus")
            .join(target)
    }

    #[test]
    fn what_was_found_so_far_is_survived() {
        for (name, run) in TARGETS {
            let mut inputs = 0;
            for entry in fs::read_dir(corpus(name)).unwrap() {
                run(&fs::read(entry.unwrap().path()).unwrap());
                inputs += 1;
            }
            assert!(inputs > 0, "{name} has no corpus");
        }
    }

    fn framed(parts: &[Vec<u8>]) -> Vec<u8> {
        let length = |part: &[u8]| (part.len() as u16).to_be_bytes();
        parts
            .iter()
            .flat_map(|part| [&length(part)[..], part].concat())
            .collect()
    }

    /// What the fuzzer begins with: one good input of each kind.
    #[test]
    #[ignore = "writes into the source tree; run by hand when a target is added"]
    fn write_good_inputs() {
        let [publishes, watches] = offers();
        let rtp = vec![
            0x90, 0xe0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0, 0x10, 0, 9,
        ];
        let check = inputs::good_check("ours", &credentials().password, true);
        let fragment = "a=ice-ufrag:EsAw\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\n\
            a=mid:0\r\na=candidate:1 1 udp 2130706431 abc.local 9 typ host\r\na=end-of-candidates\r\n";
        let ticket = admission::Ticket {
            room: "r".into(),
            publisher: "p".into(),
            expires_at_ms: 9,
        };
        let [client, server] = [false, true].map(|server| {
            let flights = framed(&inputs::good_handshake(begun(), server));
            [vec![u8::from(server)], flights].concat()
        });
        let hello = inputs::good_handshake(begun(), false);
        let steps = [
            vec![6, 0, 0, 0],
            framed(&hello[..1]),
            vec![5, 0, 1, 9, 3, 0, 0, 7],
            framed(&[fragment.into()]),
        ];
        let good: [(&str, Vec<u8>); 11] = [
            ("offer", publishes.into()),
            ("offer", watches.into()),
            ("fragment", fragment.into()),
            ("check", check),
            ("media", framed(&[rtp])),
            ("control", inputs::good_control()),
            ("handshake", client),
            ("handshake", server),
            ("ticket", ticket.sign(&Key::new(b"key")).into()),
            ("door", steps.concat()),
            ("door", vec![3, 0, 0, 70, 0, 0]),
        ];
        for (number, (target, bytes)) in good.iter().enumerate() {
            fs::create_dir_all(corpus(target)).unwrap();
            fs::write(corpus(target).join(format!("good-{number}")), bytes).unwrap();
        }
    }
}
