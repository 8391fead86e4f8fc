//! The floor: AES-128-GCM over the same packets and the same batched send, with
//! nothing else around it. No door can cost less.

use super::script::picture_sizes;
use super::stage::cpu_us;
use super::{LoadError, now};
use crate::outbox::Outbox;
use crate::send::Sender;
use nix::sys::resource::UsageWho;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

const PICTURE_EVERY: Duration = Duration::from_millis(40);
const HEADER: usize = 12;
const SOUND: usize = 80;

/// Which floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// One message a packet, many messages a call.
    Sendmmsg,
    /// A picture's packets to one viewer as one message (UDP GSO).
    Gso,
}

/// Sends `viewers` the stream for `seconds`; CPU microseconds of this thread per packet.
///
/// # Errors
/// When there is no socket, or the kernel refuses to send or to tell.
pub fn floor(kind: Floor, viewers: &[SocketAddr], seconds: u64) -> Result<f64, LoadError> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    crate::send::make_room(&socket);
    let mut sender = Sender::new(kind == Floor::Gso);
    let mut out = Outbox::default();
    let keys = viewers.iter().enumerate().map(|(n, _)| key(n as u8));
    let keys: Vec<LessSafeKey> = keys.collect::<Result<_, _>>()?;
    let content = [0u8; 1_500];
    let (begun, before) = (now(), cpu_us(UsageWho::RUSAGE_THREAD)?);
    let (mut packets, mut sequence) = (0u64, 0u64);
    for picture in 0..(seconds * 25) as u32 {
        let sizes: Vec<usize> = picture_sizes(picture.is_multiple_of(50)).collect();
        for run in [&sizes[..], &[SOUND], &[SOUND]] {
            let step = if kind == Floor::Gso { run.len() } else { 1 };
            for part in run.chunks(step) {
                for (to, key) in viewers.iter().zip(&keys) {
                    out.begin(*to);
                    for (n, size) in part.iter().enumerate() {
                        seal(key, sequence + n as u64, &content[..*size], &mut out)?;
                    }
                    packets += part.len() as u64;
                }
                sequence += part.len() as u64;
            }
        }
        let (_, lost) = sender.send(&socket, &mut out);
        if lost > 0 {
            return Err(format!("{lost} datagrams could not be sent").into());
        }
        std::thread::sleep((begun + PICTURE_EVERY * picture).saturating_duration_since(now()));
    }
    Ok((cpu_us(UsageWho::RUSAGE_THREAD)? - before) as f64 / packets as f64)
}

fn key(n: u8) -> Result<LessSafeKey, LoadError> {
    let key = UnboundKey::new(&AES_128_GCM, &[n; 16]).map_err(|_| "no key")?;
    Ok(LessSafeKey::new(key))
}

fn seal(key: &LessSafeKey, sequence: u64, payload: &[u8], out: &mut Outbox) -> Result<(), LoadError> {
    let header = [0x80; HEADER];
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&sequence.to_be_bytes());
    let sealed = out.datagram(|bytes| {
        bytes.extend_from_slice(&header);
        let from = bytes.len();
        bytes.extend_from_slice(payload);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(header), &mut bytes[from..]);
        tag.map(|tag| bytes.extend_from_slice(tag.as_ref())).is_ok()
    });
    sealed.then_some(()).ok_or_else(|| "not sealed".into())
}
