//! The other side of a connection, sans-IO: what the virtual farmer is made
//! of, and the viewers and publishers of tests and load runs. It offers one
//! codec and speaks no HTTP.

mod setup;

use crate::codec::VideoCodec;
use crate::engine::{Engine, IceRole, extension_id, orientation_id};
use crate::outbox::Outbox;
use crate::peer::{Notice, Peer};
use crate::sdpfrag;
use crate::track::Kind;
use bytes::{Bytes, BytesMut};
use rand::Rng;
use rtc::peer_connection::configuration::RTCOfferOptions;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::rtp;
use rtc::sdp::extmap::{SDES_MID_URI, SDES_RTP_STREAM_ID_URI};
use rtc::shared::error::{Error, Result};
pub(crate) use setup::VIDEO_TYPE;
use setup::{Sender, formats, media_kind, sender};
use std::net::SocketAddr;
use std::time::Instant;

/// Which end of the live this client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Sends video and audio.
    Publisher,
    /// Receives them.
    Viewer,
}

/// A piece of media to send in one packet.
#[derive(Debug, Clone)]
pub struct Media {
    /// Audio or video.
    pub kind: Kind,
    /// RTP sequence number.
    pub sequence_number: u16,
    /// RTP timestamp, in ticks of the kind's clock.
    pub timestamp: u32,
    /// RTP marker: the last packet of a picture.
    pub marker: bool,
    /// How the camera is turned (3GPP TS 26.114 §7.4.5), where negotiated.
    pub orientation: Option<u8>,
    /// The payload, in the codec's RTP format.
    pub payload: Bytes,
}

/// What happened to a client.
#[derive(Debug)]
pub enum ClientEvent {
    /// Media can flow.
    Connected,
    /// The connection is over.
    Gone,
    /// A media packet came.
    Packet(Kind, rtp::Packet),
    /// The server asks this publisher for a keyframe.
    KeyframeWanted,
}

/// One WebRTC client.
pub struct Client {
    peer: Peer,
    offer: String,
    answer: String,
    video: Option<Sender>,
    audio: Option<Sender>,
    orientation_id: Option<u8>,
    /// Extension ids of the section's and the layer's name, where several layers are sent.
    names: Option<(u8, u8)>,
    notices: Vec<Notice>,
    transmits: Outbox,
}

impl Client {
    /// A client at `local` that will speak `codec`; its offer is ready.
    ///
    /// # Errors
    /// When the connection cannot be set up.
    pub fn new(now: Instant, local: SocketAddr, part: Part, codec: VideoCodec, rng: &mut impl Rng) -> Result<Self> {
        Self::layered(now, local, part, codec, &[], rng)
    }

    /// The same, for a publisher that will send its picture in layers of these names.
    ///
    /// # Errors
    /// When the connection cannot be set up.
    pub fn layered(
        now: Instant,
        local: SocketAddr,
        part: Part,
        codec: VideoCodec,
        layers: &[&str],
        rng: &mut impl Rng,
    ) -> Result<Self> {
        let engine = Engine::new(vec![local])?;
        let formats = formats(codec);
        let mut connection = engine.connection(now, IceRole::Full, &formats)?;
        let mut senders = [None, None];
        for (place, kind) in senders.iter_mut().zip([Kind::Video, Kind::Audio]) {
            match part {
                Part::Viewer => {
                    connection.add_transceiver_from_kind(media_kind(kind), None)?;
                }
                Part::Publisher => {
                    let names = if kind == Kind::Video { layers } else { &[] };
                    *place = Some(sender(&mut connection, kind, codec, names, rng)?);
                }
            }
        }
        let offer = connection.create_offer(None)?;
        connection.set_local_description(now, offer)?;
        let offer = connection.local_description().ok_or(Error::ErrNoRemoteDescription)?.sdp;
        let [video, audio] = senders;
        Ok(Self {
            peer: Peer::new(now, connection, local),
            offer,
            answer: String::new(),
            video,
            audio,
            orientation_id: None,
            names: None,
            notices: Vec::new(),
            transmits: Outbox::default(),
        })
    }

    /// Begins ICE anew (RFC 8445 §9), as after a change of network: the SDP
    /// fragment to send by PATCH with `If-Match: *` (RFC 9725 §4.3.2).
    ///
    /// # Errors
    /// When it was never connected.
    pub fn restart(&mut self, now: Instant) -> Result<String> {
        let options = RTCOfferOptions { ice_restart: true };
        let offer = self.peer.connection.create_offer(Some(options))?;
        self.peer.connection.set_local_description(now, offer)?;
        let sdp = self
            .peer
            .connection
            .local_description()
            .ok_or(Error::ErrNoRemoteDescription)?
            .sdp;
        let mut fragment = String::new();
        for line in sdp.lines().skip_while(|line| !line.starts_with("m=")) {
            if line.starts_with("m=") && !fragment.is_empty() {
                break;
            }
            if ["m=", "a=mid:", "a=ice-ufrag:", "a=ice-pwd:"]
                .iter()
                .any(|start| line.starts_with(start))
            {
                fragment.extend([line, "\r\n"]);
            }
        }
        Ok(fragment)
    }

    /// Takes the fragment that answers [`Client::restart`].
    ///
    /// # Errors
    /// When it has no new name and password.
    pub fn accept_restart(&mut self, now: Instant, fragment: &str) -> Result<()> {
        let new = sdpfrag::credentials(fragment).ok_or(Error::ErrPasswordEmpty)?;
        let mut answer = String::new();
        for line in self.answer.lines() {
            match line {
                _ if line.starts_with("a=ice-ufrag:") => answer.extend(["a=ice-ufrag:", &new.ufrag]),
                _ if line.starts_with("a=ice-pwd:") => answer.extend(["a=ice-pwd:", &new.password]),
                _ => answer.push_str(line),
            }
            answer.push_str("\r\n");
        }
        self.accept(now, answer)
    }

    /// Where this client is.
    pub fn local(&self) -> SocketAddr {
        self.peer.local()
    }

    /// The SDP offer to post.
    pub fn offer(&self) -> &str {
        &self.offer
    }

    /// Takes the SDP answer; from now on the client tries to connect.
    ///
    /// # Errors
    /// When the answer does not fit the offer.
    pub fn accept(&mut self, now: Instant, answer: String) -> Result<()> {
        self.orientation_id = orientation_id(&answer);
        self.names = extension_id(&answer, SDES_MID_URI).zip(extension_id(&answer, SDES_RTP_STREAM_ID_URI));
        self.answer.clone_from(&answer);
        let answer = RTCSessionDescription::answer(answer)?;
        self.peer.connection.set_remote_description(now, answer)?;
        self.drain();
        Ok(())
    }

    /// A datagram came in.
    pub fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        self.peer.receive(now, from, datagram);
        self.drain();
    }

    /// Time has passed.
    pub fn timeout(&mut self, now: Instant) {
        self.peer.timeout(now);
        self.drain();
    }

    /// When time must pass next.
    pub fn next_timeout(&mut self) -> Option<Instant> {
        self.peer.next_timeout()
    }

    /// Whether media can flow.
    pub fn is_connected(&self) -> bool {
        self.peer.is_connected()
    }

    /// Sends one RTP packet.
    ///
    /// # Errors
    /// When this client does not send this kind, or the packet is not taken.
    pub fn send(&mut self, now: Instant, media: Media) -> Result<()> {
        self.send_layer(now, 0, media)
    }

    /// Sends one RTP packet of the layer that was named at this place.
    ///
    /// # Errors
    /// When this client does not send this kind or layer, or the packet is not taken.
    pub fn send_layer(&mut self, now: Instant, layer: usize, media: Media) -> Result<()> {
        let sender = match media.kind {
            Kind::Video => &self.video,
            Kind::Audio => &self.audio,
        };
        let sender = sender.as_ref().ok_or(Error::ErrSenderWithNoSSRCs)?;
        let mut header = rtp::Header {
            version: 2,
            marker: media.marker,
            payload_type: sender.payload_type,
            sequence_number: media.sequence_number,
            timestamp: media.timestamp,
            ssrc: sender.layers.get(layer).ok_or(Error::ErrSenderWithNoSSRCs)?.1,
            ..Default::default()
        };
        if let (Some((mid, rid)), Some((name, _))) = (self.names, sender.layers.get(layer))
            && !name.is_empty()
        {
            // the picture's section is the offer's first
            header.set_extension(mid, Bytes::from_static(b"0"))?;
            header.set_extension(rid, Bytes::copy_from_slice(name.as_bytes()))?;
        }
        if let (Some(id), Some(turned)) = (self.orientation_id, media.orientation) {
            header.set_extension(id, Bytes::copy_from_slice(&[turned]))?;
        }
        let payload = media.payload;
        self.peer
            .connection
            .rtp_sender(sender.id)
            .ok_or(Error::ErrSenderWithNoSSRCs)?
            .write_rtp(now, rtp::Packet { header, payload })?;
        self.drain();
        Ok(())
    }

    /// Ends the connection; what says goodbye is still to be sent.
    pub fn close(&mut self) {
        self.peer.close();
        self.drain();
    }

    /// What happened, oldest first.
    pub fn take_events(&mut self) -> Vec<ClientEvent> {
        let event = |notice| match notice {
            Notice::Connected => Some(ClientEvent::Connected),
            Notice::Gone => Some(ClientEvent::Gone),
            Notice::Packet(kind, packet) => Some(ClientEvent::Packet(kind, packet)),
            Notice::KeyframeWanted => Some(ClientEvent::KeyframeWanted),
            // the stack of a whole connection sees to these itself
            Notice::Missed(_) | Notice::Moved(_) | Notice::Heard(_) => None,
        };
        self.notices.drain(..).filter_map(event).collect()
    }

    /// The next datagram to send, and to whom.
    pub fn poll_transmit(&mut self) -> Option<(SocketAddr, BytesMut)> {
        let (to, datagram) = self.transmits.pop()?;
        Some((to, BytesMut::from(datagram)))
    }

    fn drain(&mut self) {
        self.peer.drain(&mut self.notices, &mut self.transmits);
    }
}
