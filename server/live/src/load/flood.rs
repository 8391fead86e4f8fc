//! What strangers and a mad encoder can do to the door: junk on the UDP port,
//! and posts to `/whip` that are refused, malformed, or good and never followed
//! by a connection.

use super::join::join;
use super::{LoadError, ROOM, now};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Junk is sent in portions, this often.
const PORTION_EVERY: Duration = Duration::from_millis(5);
/// Posts of each kind under way at once.
const AT_ONCE: usize = 2;
/// Between two posts of one poster.
const BREATH: Duration = Duration::from_millis(10);

/// What was thrown at the door.
#[derive(Debug, Default)]
pub struct Flooded {
    /// Junk datagrams.
    pub datagrams: u64,
    /// Posts, by the status they were answered with.
    pub posts: BTreeMap<u16, u64>,
}

/// Throws `per_second` junk datagrams a second at `udp`, and posts at `stage`
/// with wrong tokens, with `token` and broken SDP, and with both right, for `time`.
///
/// # Errors
/// When the door no longer answers.
pub async fn flood(
    stage: &str,
    udp: SocketAddr,
    token: &str,
    per_second: u32,
    time: Duration,
) -> Result<Flooded, LoadError> {
    let http = reqwest::Client::new();
    // a name that the door knows: checks by it are worth their integrity's computation
    let known = join(&http, stage, None).await?.remote_name;
    let end = now() + time;
    let junk = tokio::task::spawn_blocking(move || throw_junk(udp, &known, per_second, end));
    let offer = join(&http, stage, Some(token)).await?.client.offer().to_owned();
    let wrong = format!("{token}x");
    let kinds = [
        (wrong.as_str(), offer.as_str()),
        (token, "v=0\r\nnonsense"),
        (token, offer.as_str()),
    ];
    let posters = kinds.iter().flat_map(|(token, sdp)| {
        let post = || post_until(&http, stage, token, sdp, end);
        (0..AT_ONCE).map(move |_| post())
    });
    let mut posts = BTreeMap::new();
    for answered in futures::future::try_join_all(posters).await? {
        for (status, count) in answered {
            *posts.entry(status).or_default() += count;
        }
    }
    let datagrams = junk.await??;
    Ok(Flooded { datagrams, posts })
}

async fn post_until(
    http: &reqwest::Client,
    stage: &str,
    token: &str,
    sdp: &str,
    end: Instant,
) -> Result<BTreeMap<u16, u64>, LoadError> {
    let mut answered = BTreeMap::new();
    while now() < end {
        let request = http
            .post(format!("http://{stage}/whip/{ROOM}"))
            .header(CONTENT_TYPE, "application/sdp")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(sdp.to_owned());
        let status = request.send().await?.status().as_u16();
        *answered.entry(status).or_default() += 1;
        tokio::time::sleep(BREATH).await;
    }
    Ok(answered)
}

fn throw_junk(udp: SocketAddr, known: &str, per_second: u32, end: Instant) -> std::io::Result<u64> {
    let sockets: Vec<UdpSocket> = (0..8)
        .map(|_| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<_, _>>()?;
    let mut rng = StdRng::seed_from_u64(3);
    let (begun, mut thrown) = (now(), 0u64);
    while now() < end {
        let due = (now() - begun).as_secs_f64() * f64::from(per_second);
        while (thrown as f64) < due {
            let junk = junk(&mut rng, known, thrown);
            // a full buffer at the other end is no failure of the flood
            let _ = sockets[thrown as usize % sockets.len()].send_to(&junk, udp);
            thrown += 1;
        }
        std::thread::sleep(PORTION_EVERY);
    }
    Ok(thrown)
}

fn junk(rng: &mut StdRng, known: &str, number: u64) -> Vec<u8> {
    match number % 6 {
        0 => check(rng, &format!("{number:016x}:flood")),
        1 | 2 => check(rng, &format!("{known}:flood")),
        3 => {
            let mut cut = check(rng, &format!("{known}:flood"));
            cut.truncate(rng.random_range(1..cut.len()));
            cut
        }
        4 => (0..rng.random_range(1..200)).map(|_| rng.random()).collect(),
        // a DTLS record and an RTP packet of nobody's session
        _ => {
            let first = if rng.random() { 22 } else { 0x80 };
            let mut bytes: Vec<u8> = (0..60).map(|_| rng.random()).collect();
            bytes[0] = first;
            bytes
        }
    }
}

/// A binding request in good form for `name`, with an integrity that is wrong (RFC 8489 §14).
fn check(rng: &mut StdRng, name: &str) -> Vec<u8> {
    let mut out = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    out.extend((0..12).map(|_| rng.random::<u8>()));
    let mut attribute = |kind: u16, value: &[u8]| {
        out.extend(kind.to_be_bytes());
        out.extend((value.len() as u16).to_be_bytes());
        out.extend(value);
        out.resize(out.len().next_multiple_of(4), 0);
    };
    attribute(0x0006, name.as_bytes());
    attribute(0x0025, &[]);
    attribute(0x0008, &rng.random::<[u8; 20]>());
    attribute(0x8028, &rng.random::<[u8; 4]>());
    let length = (out.len() - 20) as u16;
    out[2..4].copy_from_slice(&length.to_be_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_false_check_looks_like_a_check() {
        let mut rng = StdRng::seed_from_u64(1);
        let check = check(&mut rng, "ours:theirs");
        assert_eq!(crate::stun::addressed_to(&check), Some("ours"));
    }
}
