//! The one thing the router of datagrams must read itself: for whom a STUN
//! request asks (RFC 8489 §14.3; ICE puts our name before the colon, RFC 8445
//! §7.2.2), and whose check is answered. Whether the asker may is decided by the peer, which checks the
//! message's integrity.

const HEADER: usize = 20;
const BINDING_REQUEST: [u8; 2] = [0, 1];
const BINDING_SUCCESS: [u8; 2] = [1, 1];
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const USERNAME: u16 = 6;

/// RFC 7983 §7: the first byte tells the protocols of one port apart.
pub(crate) fn is_stun(datagram: &[u8]) -> bool {
    matches!(datagram.first(), Some(0..=3))
}

/// What marks the checks of one session: the first half of their numbers. An
/// answer says nothing else of whom it is for.
pub(crate) type Mark = [u8; 6];

/// Whose check is answered, if the datagram is an answer.
pub(crate) fn answer_to(datagram: &[u8]) -> Option<Mark> {
    let header = datagram.get(..HEADER)?;
    let answers = header[..2] == BINDING_SUCCESS && header[4..8] == MAGIC_COOKIE;
    answers.then(|| header[8..14].try_into().ok())?
}

/// Our ICE name in a binding request, if the datagram is one.
pub(crate) fn addressed_to(datagram: &[u8]) -> Option<&str> {
    let header = datagram.get(..HEADER)?;
    if header[..2] != BINDING_REQUEST || header[4..8] != MAGIC_COOKIE {
        return None;
    }
    let mut rest = &datagram[HEADER..];
    loop {
        let kind = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
        let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let value = rest.get(4..4 + length)?;
        if kind == USERNAME {
            return std::str::from_utf8(value).ok()?.split(':').next();
        }
        rest = rest.get(4 + length.next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut out = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        out.resize(HEADER, 7);
        for (kind, value) in attributes {
            out.extend(kind.to_be_bytes());
            out.extend((value.len() as u16).to_be_bytes());
            out.extend(*value);
            out.resize(out.len().next_multiple_of(4), 0);
        }
        out
    }

    #[test]
    fn finds_our_name_after_other_attributes() {
        let datagram = request(&[(0x8022, b"abc"), (USERNAME, b"ours:theirs")]);
        assert_eq!(addressed_to(&datagram), Some("ours"));
    }

    #[test]
    fn every_truncation_is_quietly_nobody() {
        let datagram = request(&[(0x8022, b"abc"), (USERNAME, b"ours:theirs")]);
        for end in 0..datagram.len() - 1 {
            assert_eq!(addressed_to(&datagram[..end]), None, "{end}");
        }
    }

    #[test]
    fn an_answer_is_known_by_the_first_half_of_its_number() {
        let mut datagram = request(&[]);
        datagram[8..20].copy_from_slice(b"markedanswer");
        assert_eq!(answer_to(&datagram), None, "a request");
        datagram[..2].copy_from_slice(&BINDING_SUCCESS);
        assert_eq!(answer_to(&datagram), Some(*b"marked"));
        assert_eq!(answer_to(&datagram[..19]), None);
    }

    #[test]
    fn media_and_responses_name_nobody() {
        let mut datagram = request(&[(USERNAME, b"ours:theirs")]);
        datagram[0] = 0x80;
        assert_eq!(addressed_to(&datagram), None);
        assert_eq!(addressed_to(&request(&[(USERNAME, &[0xff, 0xfe])])), None);
    }
}
