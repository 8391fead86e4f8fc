//! The body of a trickle PATCH (RFC 8840 §9): read for whom it speaks, and
//! written in answer to an ICE restart.

use crate::id::IceCredentials;
use crate::refusal::Refusal;
use std::fmt::Write;
use std::net::SocketAddr;

/// The type of such a body.
pub(crate) const MEDIA_TYPE: &str = "application/trickle-ice-sdpfrag";

/// The sender's ICE name, if the fragment gives one.
///
/// # Errors
/// `Malformed` when a line is not an SDP line, or nothing in it is about ICE.
/// Which candidates are offered is not looked at: unknown, mDNS and TCP ones
/// are as welcome as others.
pub(crate) fn ufrag(fragment: &str) -> Result<Option<&str>, Refusal> {
    let mut ufrag = None;
    let mut about_ice = false;
    for line in fragment.lines().map(str::trim_end).filter(|l| !l.is_empty()) {
        if line.as_bytes().get(1) != Some(&b'=') {
            return Err(Refusal::Malformed("this is not an SDP fragment"));
        }
        if let Some(value) = line.strip_prefix("a=ice-ufrag:") {
            ufrag = Some(value);
        }
        about_ice |= ["a=ice-", "a=candidate:", "a=end-of-candidates"]
            .iter()
            .any(|start| line.starts_with(start));
    }
    if !about_ice {
        return Err(Refusal::Malformed("the fragment has no candidate"));
    }
    Ok(ufrag)
}

/// The new name and password in a fragment that asks for an ICE restart, if it
/// has both, the password of the length that RFC 8839 §5.4 asks for.
pub(crate) fn credentials(fragment: &str) -> Option<IceCredentials> {
    let value = |start| fragment.lines().find_map(|line| line.trim_end().strip_prefix(start));
    let ufrag: &str = value("a=ice-ufrag:")?;
    let password: &str = value("a=ice-pwd:")?;
    (22..=256).contains(&password.len()).then(|| IceCredentials {
        ufrag: ufrag.to_owned(),
        password: password.to_owned(),
    })
}

/// The answer to an ICE restart (RFC 9725 §4.3.2, RFC 8840 §9): new name and
/// password at the `first` section (`video` or `audio`), with which the others
/// are bundled.
pub(crate) fn restarted(own: &IceCredentials, addresses: &[SocketAddr], first: &str, mids: &[String]) -> String {
    let mut out = format!(
        "a=ice-lite\r\na=group:BUNDLE {}\r\nm={first} 9 RTP/AVP 0\r\na=mid:{}\r\n\
         a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n",
        mids.join(" "),
        mids.first().map_or("", String::as_str),
        own.ufrag,
        own.password
    );
    candidates(&mut out, addresses);
    out
}

/// Host candidates, best first (RFC 8839 §5.1, RFC 8445 §5.1.2.1); the first
/// section speaks for all that are bundled with it.
pub(crate) fn candidates(out: &mut String, addresses: &[SocketAddr]) {
    for (at, address) in addresses.iter().enumerate() {
        let preference = 65_535u32.saturating_sub(at as u32);
        let priority = (126 << 24) | (preference << 8) | 255;
        let (ip, port) = (address.ip(), address.port());
        // writing into a string cannot fail
        let _ = write!(out, "a=candidate:{} 1 udp {priority} {ip} {port} typ host\r\n", at + 1);
    }
    out.push_str("a=end-of-candidates\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_name_among_candidates() {
        let fragment = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uY\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
            a=candidate:1 1 udp 2130706431 abc.local 9 typ host\r\na=end-of-candidates\r\n";
        assert_eq!(ufrag(fragment), Ok(Some("EsAw")));
        assert_eq!(ufrag("a=candidate:x\n"), Ok(None));
    }

    #[test]
    fn a_restart_needs_a_password() {
        let whole = credentials("a=ice-ufrag:EsAw\r\na=ice-pwd:0123456789012345678901\r\n").unwrap();
        assert_eq!((&*whole.ufrag, &*whole.password), ("EsAw", "0123456789012345678901"));
        assert_eq!(credentials("a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n"), None);
        assert_eq!(credentials("a=ice-ufrag:EsAw\r\n"), None);
        assert_eq!(credentials("a=ice-pwd:0123456789012345678901\r\n"), None);
    }

    #[test]
    fn other_text_is_malformed() {
        for text in ["", "hello", "m=audio 9 RTP/AVP 0\r\n", "a=mid:0", "a"] {
            assert!(matches!(ufrag(text), Err(Refusal::Malformed(_))), "{text}");
        }
    }
}
