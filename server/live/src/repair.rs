//! Retransmissions of layers (RFC 4588). A publisher of several layers names neither their SSRCs nor
//! those of their retransmissions beforehand; each first packet says to which layer it belongs
//! (RFC 8852: rtp-stream-id, repaired-rtp-stream-id). The stack binds the layers but drops their
//! repairs (rtc 0.21.1); here, before all other interceptors, each is turned into what it repeats.

use rtc::interceptor::{Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::rtp;
use rtc::sansio::Protocol;
use rtc::sdp::extmap::{SDES_REPAIR_RTP_STREAM_ID_URI, SDES_RTP_STREAM_ID_URI};
use rtc::shared::error::Error;
use std::collections::VecDeque;
use std::time::Instant;

/// Where it stands in the chain: before the first of the named slots, nearest to the network, so that
/// who counts losses sees what was mended.
pub(crate) const SLOT: usize = 500;
/// Layers known by name; more than a publisher may have are a flood.
const MOST: usize = 8;

/// One layer: its name, its SSRC, and that of its retransmissions.
#[derive(Debug)]
struct Layer {
    rid: Vec<u8>,
    ssrc: Option<u32>,
    repair: Option<u32>,
}

/// Turns retransmissions of named layers into the packets they repeat.
#[derive(Default)]
pub(crate) struct Repairs {
    /// Header extension ids: of a layer's name, and of the name of the layer that is repaired.
    named: Option<u8>,
    repairs: Option<u8>,
    payload_type: u8,
    layers: Vec<Layer>,
    reads: VecDeque<TaggedPacket>,
    writes: VecDeque<TaggedPacket>,
}

impl Repairs {
    /// The layer that a packet names by the extension `id`.
    fn named_by(&mut self, packet: &rtp::Packet, id: Option<u8>) -> Option<&mut Layer> {
        let rid = packet.header.get_extension(id?)?;
        let known = self.layers.iter().position(|layer| layer.rid == rid);
        let at = match known {
            Some(at) => at,
            None if self.layers.len() < MOST => {
                self.layers.push(Layer {
                    rid: rid.to_vec(),
                    ssrc: None,
                    repair: None,
                });
                self.layers.len() - 1
            }
            None => return None,
        };
        self.layers.get_mut(at)
    }

    /// Learns from what a packet says of itself.
    fn learn(&mut self, packet: &rtp::Packet) {
        let ssrc = Some(packet.header.ssrc);
        if let Some(layer) = self.named_by(packet, self.repairs) {
            layer.repair = ssrc;
        } else if let Some(layer) = self.named_by(packet, self.named) {
            layer.ssrc = ssrc;
        }
    }

    /// What a packet is worth: itself, what it repeats, or nothing (padding that probes the path).
    fn mended(&mut self, mut packet: rtp::Packet) -> Option<rtp::Packet> {
        self.learn(&packet);
        let repaired = self.layers.iter().find(|l| l.repair == Some(packet.header.ssrc));
        let Some(layer) = repaired else {
            return Some(packet);
        };
        let original = packet.payload.get(..2)?;
        packet.header.sequence_number = u16::from_be_bytes([original[0], original[1]]);
        packet.header.ssrc = layer.ssrc?;
        packet.header.payload_type = self.payload_type;
        packet.payload = packet.payload.slice(2..);
        Some(packet)
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Repairs {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtp(packet) = &mut message.message.packet {
            let Some(mended) = self.mended(std::mem::take(packet)) else {
                return Ok(());
            };
            *packet = mended;
        }
        self.reads.push_back(message);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.reads.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.writes.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.writes.pop_front()
    }
}

impl Interceptor for Repairs {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}

    fn bind_remote_stream(&mut self, info: &StreamInfo) {
        let id = |uri: &str| {
            let found = info.rtp_header_extensions.iter().find(|e| e.uri == uri)?;
            u8::try_from(found.id).ok()
        };
        if let Some(named) = id(SDES_RTP_STREAM_ID_URI)
            && info.mime_type.starts_with("video/")
        {
            self.named = Some(named);
            self.repairs = id(SDES_REPAIR_RTP_STREAM_ID_URI);
            self.payload_type = info.payload_type;
        }
    }

    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn packet(ssrc: u32, name: Option<(u8, &'static [u8])>, payload: &'static [u8]) -> rtp::Packet {
        let mut header = rtp::Header {
            ssrc,
            payload_type: 97,
            sequence_number: 700,
            timestamp: 5,
            marker: true,
            ..Default::default()
        };
        if let Some((id, name)) = name {
            header.set_extension(id, Bytes::from_static(name)).unwrap();
        }
        rtp::Packet {
            header,
            payload: Bytes::from_static(payload),
        }
    }

    fn repairs() -> Repairs {
        Repairs {
            named: Some(10),
            repairs: Some(11),
            payload_type: 96,
            ..Repairs::default()
        }
    }

    #[test]
    fn a_repair_becomes_what_it_repeats() {
        let mut repairs = repairs();
        assert!(
            repairs.mended(packet(2, Some((11, b"h")), b"\x01\x02ab")).is_none(),
            "of whom?"
        );
        let layer = repairs.mended(packet(1, Some((10, b"h")), b"xy")).unwrap();
        assert_eq!((layer.header.ssrc, &layer.payload[..]), (1, &b"xy"[..]));
        for name in [Some((11, &b"h"[..])), None] {
            let mended = repairs.mended(packet(2, name, b"\x01\x02ab")).unwrap();
            assert_eq!((mended.header.ssrc, mended.header.sequence_number), (1, 0x0102));
            assert_eq!((mended.header.payload_type, mended.header.timestamp), (96, 5));
            assert_eq!(&mended.payload[..], b"ab");
        }
        assert!(repairs.mended(packet(2, None, b"")).is_none(), "padding");
        let other = repairs.mended(packet(3, None, b"sound")).unwrap();
        assert_eq!((other.header.ssrc, other.header.payload_type), (3, 97));
    }

    #[test]
    fn names_without_end_are_not_kept() {
        let mut repairs = repairs();
        for name in 0..=255_u8 {
            let mut header = packet(name.into(), None, b"").header;
            header.set_extension(10, Bytes::copy_from_slice(&[name])).unwrap();
            repairs.mended(rtp::Packet {
                header,
                payload: Bytes::new(),
            });
        }
        assert_eq!(repairs.layers.len(), MOST);
    }
}
