//! One WebRTC connection with its driving: datagrams and time go in, datagrams
//! and notices come out. It does not know what a room is.

use crate::outbox::Outbox;
use crate::path::{FAR_END, NEAR_END, Path, Tunnel};
use crate::repeats::Repeats;
use crate::stun;
use crate::track::Kind;
use crate::viewer::News;
use bytes::BytesMut;
use rtc::peer_connection::RTCPeerConnection;
use rtc::peer_connection::event::{RTCPeerConnectionEvent, RTCTrackEvent};
use rtc::peer_connection::message::{RTCMessage, TaggedRTCMessage};
use rtc::peer_connection::state::RTCPeerConnectionState;
use rtc::peer_connection::transport::RTCDtlsTransportState;
use rtc::rtp;
use rtc::rtp_transceiver::RTCRtpReceiverId;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};
use std::net::SocketAddr;
use std::time::Instant;

/// A datagram to send.
#[derive(Debug)]
pub struct Transmit {
    /// To whom.
    pub to: SocketAddr,
    /// What.
    pub payload: BytesMut,
}

/// What a connection tells its owner.
#[derive(Debug)]
pub(crate) enum Notice {
    /// Media can flow (again).
    Connected,
    /// It failed or was closed by the other side; it will not come back.
    Gone,
    /// A media packet came in.
    Packet(Kind, rtp::Packet),
    /// The other side asks for a keyframe.
    KeyframeWanted,
    /// A viewer has missed these packets of its video.
    Missed(Vec<u16>),
    /// A viewer told of its way.
    Heard(News),
    /// A viewer is at another address now, and has proven it.
    Moved(SocketAddr),
}

/// An incoming stream: the SSRC that is listened to, and where to answer.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) kind: Kind,
    pub(crate) ssrc: u32,
    /// The layer's name, where several layers of one picture come (RFC 8851).
    pub(crate) rid: Option<String>,
    track: String,
    pub(crate) receiver: RTCRtpReceiverId,
}

pub(crate) struct Peer {
    pub(crate) connection: RTCPeerConnection,
    local: SocketAddr,
    /// How a door's connection knows where the other side is; a client leaves
    /// that to the stack.
    tunnel: Option<Tunnel>,
    /// The stack knows that there is a path.
    told: bool,
    /// From where the newest datagram came that was not about the path.
    from: Option<SocketAddr>,
    incoming: Vec<Incoming>,
    /// When something was last done to it.
    now: Instant,
    connected: bool,
    /// The other side may have said goodbye.
    said_goodbye: bool,
    repeats: Repeats,
}

impl Peer {
    /// A client's peer over `connection`, which hears at `local`.
    pub(crate) fn new(now: Instant, connection: RTCPeerConnection, local: SocketAddr) -> Self {
        Self::over(now, connection, local, None)
    }

    /// A door's peer over `connection`, whose other side is behind `tunnel`.
    pub(crate) fn behind(now: Instant, connection: RTCPeerConnection, tunnel: Tunnel) -> Self {
        Self::over(now, connection, NEAR_END, Some(tunnel))
    }

    fn over(now: Instant, connection: RTCPeerConnection, local: SocketAddr, tunnel: Option<Tunnel>) -> Self {
        Self {
            connection,
            local,
            tunnel,
            told: false,
            from: None,
            incoming: Vec::new(),
            now,
            connected: false,
            said_goodbye: false,
            repeats: Repeats::default(),
        }
    }

    /// Where it hears.
    pub(crate) fn local(&self) -> SocketAddr {
        self.local
    }

    /// Where the other side is, for a door's peer.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.tunnel.as_ref().map(Tunnel::path)
    }

    pub(crate) fn path_mut(&mut self) -> Option<&mut Path> {
        self.tunnel.as_mut().map(Tunnel::path_mut)
    }

    /// Whether media can flow.
    pub(crate) fn is_connected(&self) -> bool {
        self.connected
    }

    /// The stream with this SSRC.
    pub(crate) fn incoming(&self, ssrc: u32) -> Option<&Incoming> {
        self.incoming.iter().find(|stream| stream.ssrc == ssrc)
    }

    /// Takes in a datagram.
    pub(crate) fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        self.now = now;
        if self.tunnel.is_some() && stun::is_stun(datagram) {
            return self.on_path(now, from, datagram);
        }
        self.from = Some(from);
        if is_dtls(datagram) {
            self.said_goodbye = self.connected;
            if !self.connected && self.repeats.is_repeat(datagram) {
                return;
            }
        }
        let from = self.tunnel.as_ref().map_or(from, |_| FAR_END);
        self.feed(from, datagram);
    }

    /// A message about the path. Once the other side has settled on one, the
    /// stack's agent is told: a hello that came sooner might be dropped there,
    /// and its repetition takes a second.
    fn on_path(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        let news = self.path_mut().map(|path| path.receive(now, from, datagram));
        match news {
            Some(Ok(news)) if news.nominated && !self.told => {
                self.told = true;
                for turn in 0..2 {
                    let knock = self.tunnel.as_ref().and_then(|tunnel| tunnel.knock(turn).ok());
                    knock.into_iter().for_each(|knock| self.feed(FAR_END, &knock));
                    while let Some(asks) = self.connection.poll_write() {
                        let reply = self.tunnel.as_ref().and_then(|tunnel| tunnel.reply(&asks.message));
                        reply.into_iter().for_each(|reply| self.feed(FAR_END, &reply));
                    }
                }
            }
            Some(Err(error)) => tracing::trace!(%error, "datagram dropped"),
            _ => {}
        }
    }

    fn feed(&mut self, from: SocketAddr, datagram: &[u8]) {
        let message = TaggedBytesMut {
            now: self.now,
            transport: TransportContext {
                local_addr: self.local,
                peer_addr: from,
                transport_protocol: TransportProtocol::UDP,
                ecn: None,
            },
            message: BytesMut::from(datagram),
        };
        // Anyone can send us bytes: what does not decode is dropped.
        if let Err(error) = self.connection.handle_read(message) {
            tracing::trace!(%error, "datagram dropped");
        }
    }

    /// Lets time pass.
    pub(crate) fn timeout(&mut self, now: Instant) {
        self.now = now;
        if let Some(path) = self.path_mut() {
            path.timeout(now);
        }
        if let Err(error) = self.connection.handle_timeout(now) {
            tracing::debug!(%error, "timeout failed");
        }
    }

    /// When time must pass next.
    pub(crate) fn next_timeout(&mut self) -> Option<Instant> {
        let path = self.path().and_then(Path::next_timeout);
        [self.connection.poll_timeout(), path].into_iter().flatten().min()
    }

    /// Says goodbye (a DTLS close_notify) and stops.
    pub(crate) fn close(&mut self) {
        if let Err(error) = self.connection.close() {
            tracing::debug!(%error, "close failed");
        }
    }

    /// Moves out what is to be sent.
    pub(crate) fn transmits(&mut self, out: &mut Outbox) {
        // Answers to checks go first: without them the other side would not take the rest.
        if let Some(path) = self.path_mut() {
            path.drain().for_each(|(to, message)| out.push(to, &message));
        }
        while let Some(message) = self.connection.poll_write() {
            let Some(tunnel) = &self.tunnel else {
                out.push(message.transport.peer_addr, &message.message);
                continue;
            };
            if stun::is_stun(&message.message) {
                let reply = tunnel.reply(&message.message);
                reply.into_iter().for_each(|reply| self.feed(FAR_END, &reply));
            } else if let Some(to) = tunnel.path().to() {
                out.push(to, &message.message);
            }
        }
    }

    /// Moves out everything: notices first, then what is to be sent.
    pub(crate) fn drain(&mut self, notices: &mut Vec<Notice>, out: &mut Outbox) {
        self.events(notices);
        if !self.connected {
            // When ICE has found its path the handshake is ready, but the
            // stack puts its first flight out only with the next timeout, up
            // to 200 ms later. It goes out after ICE's own answer, without
            // which the other side would not take it yet.
            self.transmits(out);
            self.timeout(self.now);
            self.events(notices);
        }
        while let Some(TaggedRTCMessage { message, .. }) = self.connection.poll_read() {
            match message {
                RTCMessage::RtpPacket(_, packet) => {
                    // What opens under the session's keys comes from the other side.
                    if let (Some(tunnel), Some(from)) = (&mut self.tunnel, self.from) {
                        tunnel.path_mut().consent_from(self.now, from);
                    }
                    if let Some(stream) = self.incoming(packet.header.ssrc) {
                        notices.push(Notice::Packet(stream.kind, packet));
                    }
                }
                RTCMessage::RtcpPacket(..) => notices.push(Notice::KeyframeWanted),
                _ => {}
            }
        }
        self.transmits(out);
        if self.said_goodbye && self.dtls_closed() {
            self.connected = false;
            notices.push(Notice::Gone);
        }
        self.said_goodbye = false;
    }

    fn events(&mut self, notices: &mut Vec<Notice>) {
        while let Some(event) = self.connection.poll_event() {
            self.on_event(self.now, event, notices);
        }
    }

    /// Whether the other side closed DTLS. The connection's own state does not
    /// tell: it stays "connected" until ICE fails half a minute later.
    fn dtls_closed(&mut self) -> bool {
        let receiver = self.connection.get_receivers().next();
        let sender = self.connection.get_senders().next();
        let state = match (receiver, sender) {
            (Some(id), _) => self
                .connection
                .rtp_receiver(id)
                .and_then(|r| r.transport().map(|t| t.state())),
            (None, Some(id)) => self
                .connection
                .rtp_sender(id)
                .and_then(|s| s.transport().map(|t| t.state())),
            (None, None) => None,
        };
        state == Some(RTCDtlsTransportState::Closed)
    }

    fn on_event(&mut self, now: Instant, event: RTCPeerConnectionEvent, notices: &mut Vec<Notice>) {
        match event {
            RTCPeerConnectionEvent::OnConnectionStateChangeEvent(state) => match state {
                RTCPeerConnectionState::Connected => {
                    self.connected = true;
                    // A handshake went to and fro: who is there wants it.
                    if let Some(path) = self.path_mut() {
                        path.consent(now);
                    }
                    notices.push(Notice::Connected);
                }
                // "Disconnected" passes by itself, or becomes "Failed".
                RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed => {
                    self.connected = false;
                    notices.push(Notice::Gone);
                }
                _ => {}
            },
            RTCPeerConnectionEvent::OnTrack(RTCTrackEvent::OnOpen(opened)) => {
                let Some(receiver) = self.connection.rtp_receiver(opened.receiver_id) else {
                    return;
                };
                let kind = match receiver.track().kind() {
                    RtpCodecKind::Audio => Kind::Audio,
                    RtpCodecKind::Video => Kind::Video,
                    _ => return,
                };
                // A layer's SSRC may change; a track without layers has the first it showed.
                let same = |stream: &Incoming| stream.track == opened.track_id && stream.rid == opened.rid;
                match self.incoming.iter_mut().find(|stream| same(stream)) {
                    Some(stream) if stream.rid.is_some() => stream.ssrc = opened.ssrc,
                    Some(_) => {}
                    None => self.incoming.push(Incoming {
                        kind,
                        ssrc: opened.ssrc,
                        rid: opened.rid,
                        track: opened.track_id,
                        receiver: opened.receiver_id,
                    }),
                }
            }
            _ => {}
        }
    }
}

/// RFC 7983 §7: the first byte tells the protocols of one port apart.
pub(crate) fn is_dtls(datagram: &[u8]) -> bool {
    matches!(datagram.first(), Some(20..=63))
}
