//! The SDP answer to a viewer (RFC 3264, RFC 8829 §5.3): what was chosen, and
//! of what the offer said about it only what is done here.

use super::identity::Identity;
use crate::id::IceCredentials;
use crate::offer::{Format, Offer};
use crate::sdpfrag::candidates;
use crate::track::Kind;
use rtc::sdp::MediaDescription;
use rtc::sdp::extmap::{TRANSPORT_CC_URI, VIDEO_ORIENTATION_URI};
use std::fmt::Write;
use std::net::SocketAddr;

/// Feedback that is acted on: of what the offer has, no more is answered.
const FEEDBACK: [&str; 3] = ["nack", "nack pli", "ccm fir"];
/// How a viewer tells what arrived: by each packet's number, or else what it believes to carry.
const ARRIVALS: &str = "transport-cc";
const CARRIES: &str = "goog-remb";

/// One media section of the answer.
pub(super) struct Sending<'a> {
    pub(super) kind: Kind,
    pub(super) format: &'a Format,
    pub(super) ssrc: u32,
    /// Of the retransmissions, where they were agreed on.
    pub(super) rtx_ssrc: Option<u32>,
}

/// What the answer says about the transport.
pub(super) struct Transport<'a> {
    pub(super) identity: &'a Identity,
    pub(super) own: &'a IceCredentials,
    pub(super) candidates: &'a [SocketAddr],
    pub(super) session: u64,
    /// The id of the header extension that numbers all packets, if they are numbered.
    pub(super) numbered: Option<u8>,
}

/// The id of the camera's orientation in the offer's `section`.
pub(super) fn orientation_of(section: &MediaDescription) -> Option<u8> {
    extension(section, VIDEO_ORIENTATION_URI)
}

/// The id of the number among all packets in the offer, where each section has it with feedback.
pub(super) fn numbered_by(offer: &Offer) -> Option<u8> {
    let told = |media: &MediaDescription| {
        let tells = lines(media, "rtcp-fb").any(|(_, feedback)| feedback == ARRIVALS);
        extension(media, TRANSPORT_CC_URI).filter(|_| tells)
    };
    let first = told(offer.media().first()?)?;
    offer
        .media()
        .iter()
        .all(|media| told(media) == Some(first))
        .then_some(first)
}

fn extension(section: &MediaDescription, wanted: &str) -> Option<u8> {
    let maps = section.attributes.iter().filter(|a| a.key == "extmap");
    maps.filter_map(|a| a.value.as_deref()?.split_once(' '))
        .find(|(_, uri)| uri.trim() == wanted)
        .and_then(|(id, _)| id.split('/').next()?.parse().ok())
        // one-byte headers only (RFC 8285 §4.2)
        .filter(|id| (1..=14).contains(id))
}

/// The answer to `offer`, section by section in the offer's order.
pub(super) fn answer(offer: &Offer, transport: &Transport<'_>, sending: &[Sending<'_>]) -> String {
    let mut out = format!(
        "v=0\r\no=- {} 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\na=ice-lite\r\n\
         a=msid-semantic: WMS live\r\n",
        transport.session >> 2,
        offer.mids().join(" ")
    );
    for (at, section) in offer.media().iter().enumerate() {
        let kind = if section.media_name.media == "video" {
            Kind::Video
        } else {
            Kind::Audio
        };
        if let Some(sending) = sending.iter().find(|s| s.kind == kind) {
            media(&mut out, offer, transport, section, sending);
            if at == 0 {
                candidates(&mut out, transport.candidates);
            }
        }
    }
    out
}

fn mid(section: &MediaDescription) -> Option<&str> {
    section.attribute("mid").flatten()
}

fn media(
    out: &mut String,
    offer: &Offer,
    transport: &Transport<'_>,
    section: &MediaDescription,
    sending: &Sending<'_>,
) {
    let Format {
        payload_type: pt,
        fmtp,
        rtx,
    } = sending.format;
    let rtx = rtx.zip(sending.rtx_ssrc);
    let name = &section.media_name.media;
    let more = rtx.map(|(rtx, _)| format!(" {rtx}")).unwrap_or_default();
    let protocol = section.media_name.protos.join("/");
    let own = transport.own;
    let mut line = |text: std::fmt::Arguments<'_>| {
        // writing into a string cannot fail
        let _ = write!(out, "{text}\r\n");
    };
    line(format_args!("m={name} 9 {protocol} {pt}{more}"));
    line(format_args!("c=IN IP4 0.0.0.0"));
    line(format_args!("a=mid:{}", mid(section).unwrap_or_default()));
    line(format_args!("a=ice-ufrag:{}", own.ufrag));
    line(format_args!("a=ice-pwd:{}", own.password));
    line(format_args!(
        "a=fingerprint:sha-256 {}",
        transport.identity.fingerprint()
    ));
    line(format_args!(
        "a=setup:{}",
        if offer.dtls_client { "passive" } else { "active" }
    ));
    line(format_args!("a=rtcp-mux"));
    if section.has_attribute("rtcp-rsize") {
        line(format_args!("a=rtcp-rsize"));
    }
    line(format_args!("a=sendonly"));
    for (of, map) in lines(section, "rtpmap").filter(|(of, _)| of == pt || Some(*of) == rtx.map(|(rtx, _)| rtx)) {
        line(format_args!("a=rtpmap:{of} {map}"));
    }
    for (_, feedback) in lines(section, "rtcp-fb").filter(|(of, _)| of == pt) {
        let tells = match transport.numbered {
            Some(_) => feedback == ARRIVALS,
            None => feedback == CARRIES,
        };
        if FEEDBACK.contains(&feedback) || tells {
            line(format_args!("a=rtcp-fb:{pt} {feedback}"));
        }
    }
    if !fmtp.is_empty() {
        line(format_args!("a=fmtp:{pt} {fmtp}"));
    }
    if let Some((rtx, rtx_ssrc)) = rtx {
        line(format_args!("a=fmtp:{rtx} apt={pt}"));
        line(format_args!("a=ssrc-group:FID {} {rtx_ssrc}", sending.ssrc));
    }
    if let (Kind::Video, Some(id)) = (sending.kind, orientation_of(section)) {
        line(format_args!("a=extmap:{id} {VIDEO_ORIENTATION_URI}"));
    }
    if let Some(id) = transport.numbered {
        line(format_args!("a=extmap:{id} {TRANSPORT_CC_URI}"));
    }
    line(format_args!("a=msid:live {name}"));
    for ssrc in [Some(sending.ssrc), rtx.map(|(_, ssrc)| ssrc)].into_iter().flatten() {
        line(format_args!("a=ssrc:{ssrc} cname:live"));
        line(format_args!("a=ssrc:{ssrc} msid:live {name}"));
    }
}

/// `a=<key>:<payload type> <rest>` lines.
fn lines<'a>(section: &'a MediaDescription, key: &'static str) -> impl Iterator<Item = (u8, &'a str)> {
    let of = section.attributes.iter().filter(move |a| a.key == key);
    of.filter_map(|a| {
        let (payload_type, rest) = a.value.as_deref()?.split_once(' ')?;
        Some((payload_type.parse().ok()?, rest.trim()))
    })
}
