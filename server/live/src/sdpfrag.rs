//! The body of a trickle PATCH (RFC 8840 §9): read for whom it speaks.

use crate::refusal::Refusal;

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

/// Whether a fragment has what an ICE restart needs: a password of the length
/// RFC 8839 §5.4 asks for, beside the name.
pub(crate) fn restarts(fragment: &str) -> bool {
    let mut passwords = fragment.lines().filter_map(|l| l.trim_end().strip_prefix("a=ice-pwd:"));
    passwords.any(|password| (22..=256).contains(&password.len()))
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
        assert!(restarts("a=ice-ufrag:EsAw\r\na=ice-pwd:0123456789012345678901\r\n"));
        assert!(!restarts("a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n"));
        assert!(!restarts("a=ice-ufrag:EsAw\r\n"));
    }

    #[test]
    fn other_text_is_malformed() {
        for text in ["", "hello", "m=audio 9 RTP/AVP 0\r\n", "a=mid:0", "a"] {
            assert!(matches!(ufrag(text), Err(Refusal::Malformed(_))), "{text}");
        }
    }
}
