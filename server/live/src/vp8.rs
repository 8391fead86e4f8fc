//! What stands before the picture in a VP8 packet (RFC 7741 §4.2): whether a picture begins here, and
//! the numbers that count pictures through the stream.

/// The descriptor of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// The first packet of a picture.
    pub(crate) begins: bool,
    /// Where the compressed data begins.
    pub(crate) data: usize,
    pub(crate) counts: Counts,
}

/// The numbers that run on from picture to picture, and where they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// PictureID: its place, and whether it has 15 bits or 7.
    picture_at: Option<(u8, bool)>,
    /// TL0PICIDX, which counts pictures of the lowest temporal layer.
    base_at: Option<u8>,
    pub(crate) picture: u16,
    pub(crate) base: u8,
}

impl Descriptor {
    /// Reads the descriptor; none when it is cut short.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let mut counts = Counts::default();
        let mut at = 1;
        if first & 0x80 != 0 {
            let extended = *payload.get(at)?;
            at += 1;
            if extended & 0x80 != 0 {
                let high = *payload.get(at)?;
                let wide = high & 0x80 != 0;
                counts.picture_at = Some((at as u8, wide));
                counts.picture = u16::from(high & 0x7f);
                at += 1;
                if wide {
                    counts.picture = counts.picture << 8 | u16::from(*payload.get(at)?);
                    at += 1;
                }
            }
            if extended & 0x40 != 0 {
                counts.base_at = Some(at as u8);
                counts.base = *payload.get(at)?;
                at += 1;
            }
            if extended & 0x30 != 0 {
                at += 1;
            }
        }
        payload.get(at)?;
        Some(Self {
            begins: first & 0x10 != 0 && first & 0x07 == 0,
            data: at,
            counts,
        })
    }
}

impl Counts {
    /// Writes other numbers where `payload` has its own.
    pub(crate) fn write(&self, payload: &mut [u8], picture: u16, base: u8) {
        match self.picture_at.map(|(at, wide)| (usize::from(at), wide)) {
            Some((at, true)) if payload.len() > at + 1 => {
                payload[at] = 0x80 | (picture >> 8) as u8;
                payload[at + 1] = picture as u8;
            }
            Some((at, false)) if payload.len() > at => payload[at] = picture as u8 & 0x7f,
            _ => {}
        }
        if let Some(place) = self.base_at.and_then(|at| payload.get_mut(usize::from(at))) {
            *place = base;
        }
    }
}

/// Width and height, from the head of a keyframe (RFC 6386 §9.1).
pub(crate) fn size(payload: &[u8]) -> Option<(u16, u16)> {
    let descriptor = Descriptor::read(payload).filter(|d| d.begins)?;
    let head = payload.get(descriptor.data..descriptor.data + 10)?;
    let [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1] = *head else {
        return None;
    };
    let side = |low, high| u16::from_le_bytes([low, high]) & 0x3fff;
    (tag & 1 == 0).then(|| (side(w0, w1), side(h0, h1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_read_and_written_in_their_places() {
        let mut wide = [0x90, 0xe0, 0x85, 0x01, 0x09, 0x40, 0x00];
        let read = Descriptor::read(&wide).unwrap();
        assert!(read.begins);
        assert_eq!((read.data, read.counts.picture, read.counts.base), (6, 0x501, 9));
        read.counts.write(&mut wide, 0x7ffe, 255);
        assert_eq!(wide, [0x90, 0xe0, 0xff, 0xfe, 255, 0x40, 0x00]);
        let mut short = [0x80, 0x80, 0x05, 0x01];
        let read = Descriptor::read(&short).unwrap();
        assert_eq!((read.begins, read.data, read.counts.picture), (false, 3, 5));
        read.counts.write(&mut short, 0x81, 7);
        assert_eq!(short, [0x80, 0x80, 0x01, 0x01]);
        let mut none = [0x10, 0x00];
        Descriptor::read(&none).unwrap().counts.write(&mut none, 7, 7);
        assert_eq!(none, [0x10, 0x00]);
    }

    #[test]
    fn what_is_cut_short_is_none() {
        let whole = [0x90, 0xf0, 0x85, 0x01, 0x09, 0x40, 0x00];
        for end in 0..whole.len() {
            assert_eq!(Descriptor::read(&whole[..end]), None, "{end}");
        }
        assert!(Descriptor::read(&whole).is_some());
    }

    #[test]
    fn a_keyframe_says_how_large_it_is() {
        let key = [0x10, 0x10, 2, 0, 0x9d, 0x01, 0x2a, 0xe0, 0x41, 0x56, 0x03];
        assert_eq!(size(&key), Some((480, 854)), "scaling bits are no size");
        let mut delta = key;
        delta[1] |= 1;
        assert_eq!(size(&delta), None);
        assert_eq!(size(&key[..10]), None);
    }
}
