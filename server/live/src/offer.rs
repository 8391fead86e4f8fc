//! An SDP offer, read before anything is built for it: what it asks, whether
//! it can be answered, and the offer cut down to exactly what is accepted.
//! The peer connection sees only the cut, so that its answer has no surprises
//! and a refused offer has cost nothing but reading.

use crate::codec::{VideoCodec, parameter};
use crate::id::IceCredentials;
use crate::refusal::Refusal;
use rtc::sdp::{MediaDescription, SessionDescription};
use std::io::Cursor;

/// A payload format of one media section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) payload_type: u8,
    /// The `a=fmtp` line's parameters, empty if there was none.
    pub(crate) fmtp: String,
    /// The retransmission payload type paired with it (RFC 4588).
    pub(crate) rtx: Option<u8>,
}

/// Which way media may go, from the offerer's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Direction {
    pub(crate) sends: bool,
    pub(crate) receives: bool,
}

/// One audio or video section.
#[derive(Debug)]
pub(crate) struct Section {
    index: usize,
    pub(crate) direction: Direction,
    formats: Vec<(String, Format)>,
}

/// Layers of one picture that are taken: a browser has three, an encoder may have four.
const MOST_LAYERS: usize = 4;

/// A well-formed offer of at most one video and one audio section.
#[derive(Debug)]
pub(crate) struct Offer {
    description: SessionDescription,
    pub(crate) video: Option<Section>,
    pub(crate) audio: Option<Section>,
    /// The offerer's ICE name and password.
    pub(crate) ice: IceCredentials,
    /// The offerer insists on being the DTLS client (`a=setup:active`).
    pub(crate) dtls_client: bool,
    /// The SHA-256 of the offerer's certificate, in hexadecimal with colons.
    pub(crate) fingerprint: String,
}

impl Offer {
    /// Its media sections, in order.
    pub(crate) fn media(&self) -> &[MediaDescription] {
        &self.description.media_descriptions
    }

    /// The video section, if there is one.
    pub(crate) fn video_section(&self) -> Option<&MediaDescription> {
        self.video.as_ref().and_then(|section| self.media().get(section.index))
    }

    /// The names of its sections, in order.
    pub(crate) fn mids(&self) -> Vec<String> {
        let mid = |media: &MediaDescription| media.attribute("mid").flatten().map(str::to_owned);
        self.media().iter().filter_map(mid).collect()
    }

    /// What its first section is, `video` or `audio`: it speaks for all.
    pub(crate) fn first(&self) -> &'static str {
        match self.media().first() {
            Some(media) if media.media_name.media == "audio" => "audio",
            _ => "video",
        }
    }

    /// Reads `text`.
    ///
    /// # Errors
    /// `Malformed` for what is no WebRTC offer, `Unacceptable` for one that
    /// asks for something that does not pass here (RFC 9725 §4.4: one stream,
    /// BUNDLE and rtcp-mux required).
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::Malformed("the offer is empty"));
        }
        let description = SessionDescription::unmarshal(&mut Cursor::new(text.as_bytes()))
            .map_err(|_| Refusal::Malformed("this is not SDP"))?;
        let transport = transport(&description)?;
        let mut offer = Self {
            video: None,
            audio: None,
            ice: transport.ice,
            dtls_client: transport.dtls_client,
            fingerprint: transport.fingerprint,
            description,
        };
        for (index, media) in offer.description.media_descriptions.iter().enumerate() {
            let section = Section::read(index, media)?;
            let place = match media.media_name.media.as_str() {
                "video" => &mut offer.video,
                "audio" => &mut offer.audio,
                other => return Err(refuse(format!("{other} does not pass here"))),
            };
            if place.replace(section).is_some() {
                return Err(refuse(format!("one {} track, not two", media.media_name.media)));
            }
        }
        if offer.video.is_none() && offer.audio.is_none() {
            return Err(Refusal::Malformed("the offer has no media"));
        }
        offer.check_bundle()?;
        Ok(offer)
    }

    fn check_bundle(&self) -> Result<(), Refusal> {
        let media = &self.description.media_descriptions;
        let group = self.description.attribute("group").map(String::as_str);
        let bundled: Vec<&str> = group
            .and_then(|group| group.strip_prefix("BUNDLE"))
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let whole = media.iter().all(|m| {
            let mid = m.attribute("mid").flatten();
            mid.is_some_and(|mid| bundled.contains(&mid))
        });
        if !whole {
            return Err(refuse("BUNDLE all media".into()));
        }
        Ok(())
    }

    /// The offer with only `video` and `audio` formats left in its sections,
    /// and without the offerer's candidates: this side is ICE-lite and answers
    /// whoever proves to know the password, wherever the request comes from.
    pub(crate) fn cut(&self, video: Option<&Format>, audio: Option<&Format>) -> String {
        let mut description = self.description.clone();
        for (section, format) in [(&self.video, video), (&self.audio, audio)] {
            if let (Some(section), Some(format)) = (section, format) {
                keep_only(&mut description.media_descriptions[section.index], format);
            }
        }
        description.marshal()
    }
}

impl Section {
    fn read(index: usize, media: &MediaDescription) -> Result<Self, Refusal> {
        if !media.has_attribute("rtcp-mux") {
            return Err(refuse("rtcp-mux is required".into()));
        }
        let layers = layers(media);
        if layers > MOST_LAYERS {
            return Err(refuse(format!("at most {MOST_LAYERS} layers of one picture")));
        }
        if layers > 0 && media.media_name.media == "audio" {
            return Err(refuse("one encoding of the sound, not simulcast".into()));
        }
        let direction = match () {
            () if media.has_attribute("sendonly") => (true, false),
            () if media.has_attribute("recvonly") => (false, true),
            () if media.has_attribute("inactive") => (false, false),
            () => (true, true),
        };
        Ok(Self {
            index,
            direction: Direction {
                sends: direction.0,
                receives: direction.1,
            },
            formats: formats(media),
        })
    }

    /// The video formats that can pass, in the offerer's order.
    pub(crate) fn video_formats(&self) -> impl Iterator<Item = (VideoCodec, &Format)> {
        self.formats.iter().filter_map(|(name, format)| {
            let codec = VideoCodec::from_sdp(name, &format.fmtp)?;
            Some((codec, format))
        })
    }

    /// The Opus format, if offered.
    pub(crate) fn opus(&self) -> Option<&Format> {
        self.formats
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("opus"))
            .map(|(_, format)| format)
    }
}

fn refuse(words: String) -> Refusal {
    Refusal::Unacceptable(words)
}

/// What the offer says about its transport: all media is bundled, so the first
/// section speaks for all (RFC 9143 §7.1).
struct Transport {
    ice: IceCredentials,
    dtls_client: bool,
    fingerprint: String,
}

fn transport(description: &SessionDescription) -> Result<Transport, Refusal> {
    let first = description.media_descriptions.first();
    let value = |key: &str| {
        let own = first.and_then(|media| media.attribute(key).flatten());
        own.or_else(|| description.attribute(key).map(String::as_str))
    };
    let fingerprint = value("fingerprint").ok_or(Refusal::Malformed("no DTLS fingerprint"))?;
    let (hash, shown) = fingerprint.split_once(' ').unwrap_or_default();
    if !hash.eq_ignore_ascii_case("sha-256") {
        return Err(refuse("a sha-256 fingerprint is required".into()));
    }
    let password = value("ice-pwd").ok_or(Refusal::Malformed("no ICE password"))?;
    let ufrag = value("ice-ufrag").ok_or(Refusal::Malformed("no ICE name"))?;
    Ok(Transport {
        ice: IceCredentials {
            ufrag: ufrag.to_owned(),
            password: password.to_owned(),
        },
        dtls_client: value("setup") == Some("active"),
        fingerprint: shown.trim().to_owned(),
    })
}

/// How many layers of one picture the offerer would send (`a=rid:<name> send`, RFC 8851). What
/// `a=simulcast` adds, order and alternatives, says nothing of which is large: the pictures do.
fn layers(media: &MediaDescription) -> usize {
    let lines = media.attributes.iter().filter(|a| a.key == "rid");
    let sent = lines.filter(|a| a.value.as_deref().and_then(|v| v.split(' ').nth(1)) == Some("send"));
    sent.count()
}

fn formats(media: &MediaDescription) -> Vec<(String, Format)> {
    let lines = |key: &'static str| {
        media.attributes.iter().filter_map(move |a| {
            let (payload_type, rest) = a.value.as_deref()?.split_once(' ')?;
            (a.key == key).then_some(())?;
            Some((payload_type.parse::<u8>().ok()?, rest))
        })
    };
    let fmtp = |of: u8| lines("fmtp").find(|(pt, _)| *pt == of).map(|(_, rest)| rest);
    let name = |of: u8| {
        let (_, rest) = lines("rtpmap").find(|(pt, _)| *pt == of)?;
        rest.split('/').next()
    };
    let offered: Vec<u8> = media.media_name.formats.iter().filter_map(|f| f.parse().ok()).collect();
    let rtx = |of: u8| {
        offered.iter().copied().find(|pt| {
            let apt = fmtp(*pt).and_then(|line| parameter(line, "apt"));
            name(*pt).is_some_and(|n| n.eq_ignore_ascii_case("rtx")) && apt == Some(of.to_string().as_str())
        })
    };
    let format = |payload_type: u8| Format {
        payload_type,
        fmtp: fmtp(payload_type).unwrap_or_default().to_owned(),
        rtx: rtx(payload_type),
    };
    offered
        .iter()
        .filter_map(|pt| Some((name(*pt)?.to_owned(), format(*pt))))
        .collect()
}

fn keep_only(media: &mut MediaDescription, format: &Format) {
    let kept = |pt: &str| {
        let pt = pt.parse::<u8>().ok();
        pt == Some(format.payload_type) || (pt.is_some() && pt == format.rtx)
    };
    media.media_name.formats.retain(|pt| kept(pt));
    media.attributes.retain(|a| match a.key.as_str() {
        "candidate" | "end-of-candidates" => false,
        "rtpmap" | "fmtp" | "rtcp-fb" => {
            let value = a.value.as_deref().unwrap_or_default();
            let pt = value.split(' ').next().unwrap_or_default();
            // `rtcp-fb:* …` speaks of every format
            pt == "*" || kept(pt)
        }
        _ => true,
    });
}

#[cfg(test)]
mod tests;
