//! The codecs that pass through, and when a viewer's decoder takes what a
//! publisher's encoder makes. A pair that would only show black is refused
//! here, with words, before anything is sent.

use std::fmt;

/// H.264 profiles by family: the level does not decide whether a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// 42 with the "constrained" flag: what every decoder takes.
    ConstrainedBaseline,
    /// 42 without it.
    Baseline,
    /// 4d.
    Main,
    /// 64.
    High,
}

/// A video coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VideoCodec {
    /// RFC 7741.
    Vp8,
    /// RFC 6184.
    H264 {
        /// The family of `profile-level-id`.
        profile: Profile,
        /// 0: one unit a packet; 1: fragments and aggregates too.
        packetization: u8,
    },
}

impl fmt::Display for VideoCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vp8 => f.write_str("VP8"),
            Self::H264 { profile, packetization } => {
                write!(f, "H.264 {profile:?} (packetization mode {packetization})")
            }
        }
    }
}

impl VideoCodec {
    /// Reads an `a=rtpmap` name and its `a=fmtp`; none for what does not pass.
    pub(crate) fn from_sdp(name: &str, fmtp: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("VP8") {
            return Some(Self::Vp8);
        }
        if !name.eq_ignore_ascii_case("H264") {
            return None;
        }
        // RFC 6184 §8.1: absent means baseline, and one unit a packet.
        let packetization = match parameter(fmtp, "packetization-mode") {
            None => 0,
            Some(mode) => mode.parse().ok().filter(|mode| *mode <= 1)?,
        };
        let profile = match parameter(fmtp, "profile-level-id") {
            None => Profile::Baseline,
            Some(id) => family(id)?,
        };
        Some(Self::H264 { profile, packetization })
    }

    /// Whether a decoder that announced `self` shows what an encoder that
    /// announced `published` sends.
    pub(crate) fn decodes(&self, published: &Self) -> bool {
        match (self, published) {
            (Self::Vp8, Self::Vp8) => true,
            (
                Self::H264 {
                    profile: decoder,
                    packetization: taken,
                },
                Self::H264 {
                    profile: encoder,
                    packetization: sent,
                },
            ) => taken >= sent && takes(*decoder, *encoder),
            _ => false,
        }
    }
}

fn family(profile_level_id: &str) -> Option<Profile> {
    if profile_level_id.len() != 6 {
        return None;
    }
    let id = u32::from_str_radix(profile_level_id, 16).ok()?;
    let constrained = id & 0x00_40_00 != 0; // constraint_set1_flag
    match id >> 16 {
        0x42 if constrained => Some(Profile::ConstrainedBaseline),
        0x42 => Some(Profile::Baseline),
        0x4d => Some(Profile::Main),
        0x64 => Some(Profile::High),
        _ => None,
    }
}

/// Constrained baseline is a subset of all three; main of high. Full baseline
/// has tools that main lacks, so it is taken only by itself (ISO 14496-10 A.2).
fn takes(decoder: Profile, encoder: Profile) -> bool {
    use Profile::{Baseline, ConstrainedBaseline, High, Main};
    matches!(
        (decoder, encoder),
        (_, ConstrainedBaseline) | (Baseline, Baseline) | (Main | High, Main) | (High, High)
    )
}

/// A parameter of an `a=fmtp` line.
pub(crate) fn parameter<'a>(fmtp: &'a str, name: &str) -> Option<&'a str> {
    fmtp.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h264(fmtp: &str) -> Option<VideoCodec> {
        VideoCodec::from_sdp("h264", fmtp)
    }

    #[test]
    fn profiles_are_read_by_family() {
        let profile = |id: &str| match h264(&format!("profile-level-id={id}")) {
            Some(VideoCodec::H264 { profile, .. }) => Some(profile),
            _ => None,
        };
        assert_eq!(profile("42e01f"), Some(Profile::ConstrainedBaseline));
        assert_eq!(profile("42C02A"), Some(Profile::ConstrainedBaseline));
        assert_eq!(profile("42001f"), Some(Profile::Baseline));
        assert_eq!(profile("4d001f"), Some(Profile::Main));
        assert_eq!(profile("640032"), Some(Profile::High));
        for other in ["f4001f", "", "42e0", "zzzzzz", "42e01f00"] {
            assert_eq!(profile(other), None, "{other}");
        }
    }

    #[test]
    fn absent_parameters_have_the_rfcs_defaults() {
        assert_eq!(
            h264(""),
            Some(VideoCodec::H264 {
                profile: Profile::Baseline,
                packetization: 0
            })
        );
        assert_eq!(h264("packetization-mode=2"), None, "interleaved");
    }

    #[test]
    fn decoders_take_what_they_can_show() {
        let v = |mode: u8, id: &str| h264(&format!("packetization-mode={mode};profile-level-id={id}")).unwrap();
        assert!(v(1, "640032").decodes(&v(1, "42e01f")));
        assert!(v(1, "42e01f").decodes(&v(0, "42e034")), "a mode 1 decoder takes mode 0");
        assert!(!v(0, "42e01f").decodes(&v(1, "42e01f")));
        assert!(!v(1, "42e01f").decodes(&v(1, "640032")), "never a black picture");
        assert!(!v(1, "4d001f").decodes(&v(1, "42001f")));
        assert!(VideoCodec::Vp8.decodes(&VideoCodec::Vp8));
        assert!(!VideoCodec::Vp8.decodes(&v(1, "42e01f")));
    }

    #[test]
    fn others_do_not_pass() {
        for name in ["VP9", "AV1", "rtx", "red", "ulpfec", ""] {
            assert_eq!(VideoCodec::from_sdp(name, ""), None, "{name}");
        }
    }
}
