//! Pictures that people upload. What is stored is a picture made anew: no position, no camera, no
//! name of a phone survives, and its size is ours.

use crate::failure::Failure;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use std::io::Cursor;
use tokio::sync::Semaphore;

/// Bytes an upload may have: 12 MiB.
pub(crate) const MOST_BYTES: usize = 12 << 20;
/// Pixels an upload may have: 24 megapixels, 72 MB when it is unpacked.
const MOST_PIXELS: u64 = 24_000_000;
/// Memory unpacking may take.
const MOST_MEMORY: u64 = 160 << 20;
/// The longer side of what is kept.
const KEPT_SIDE: u32 = 960;
/// JPEG quality of what is kept.
const QUALITY: u8 = 80;

/// Why a picture was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// More bytes than [`MOST_BYTES`].
    TooManyBytes,
    /// More pixels than [`MOST_PIXELS`].
    TooManyPixels,
    /// Not a JPEG, PNG or WebP picture, or a damaged one.
    Unreadable,
}

/// A picture to be kept.
#[derive(Debug)]
pub(crate) struct Kept {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// The type of what is kept.
pub(crate) const KEPT_TYPE: &str = "image/jpeg";

/// Makes uploads into pictures to be kept, one at a time: unpacking takes memory.
#[derive(Clone)]
pub struct Photos {
    turn: std::sync::Arc<Semaphore>,
}

impl Default for Photos {
    fn default() -> Self {
        Photos {
            turn: std::sync::Arc::new(Semaphore::new(1)),
        }
    }
}

impl Photos {
    /// The picture in `upload`, upright, smaller, and without anything but its pixels.
    pub(crate) async fn remake(&self, upload: Vec<u8>) -> Result<Result<Kept, Unfit>, Failure> {
        let _turn = self
            .turn
            .acquire()
            .await
            .map_err(|closed| Failure::Fault(closed.to_string()))?;
        tokio::task::spawn_blocking(move || remake(&upload))
            .await
            .map_err(|lost| Failure::Fault(lost.to_string()))
    }
}

fn remake(upload: &[u8]) -> Result<Kept, Unfit> {
    if upload.len() > MOST_BYTES {
        return Err(Unfit::TooManyBytes);
    }
    let picture = read(upload)?;
    let picture = if picture.width().max(picture.height()) > KEPT_SIDE {
        picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Lanczos3)
    } else {
        picture
    };
    let pixels = picture.to_rgb8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(&pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .map_err(|_| Unfit::Unreadable)?;
    Ok(Kept {
        bytes,
        width: pixels.width(),
        height: pixels.height(),
    })
}

/// Unpacks, after the size that the file claims was looked at.
fn read(upload: &[u8]) -> Result<DynamicImage, Unfit> {
    let mut reader = ImageReader::new(Cursor::new(upload))
        .with_guessed_format()
        .map_err(|_| Unfit::Unreadable)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Unfit::Unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unfit::TooManyPixels);
    }
    if upload.starts_with(JPEG_BEGINS) && !jpeg_is_whole(upload) {
        return Err(Unfit::Unreadable);
    }
    let orientation = decoder.orientation().map_err(|_| Unfit::Unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unfit::Unreadable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

const JPEG_BEGINS: &[u8] = &[0xff, 0xd8];
const JPEG_SCAN: [u8; 2] = [0xff, 0xda];
const JPEG_ENDS: [u8; 2] = [0xff, 0xd9];

/// Whether the last scan is ended (ITU-T T.81, B.1.1.3). The decoder fills what is missing with grey,
/// and a photo half of which is grey is not what somebody meant to send.
fn jpeg_is_whole(upload: &[u8]) -> bool {
    let last_scan = upload.windows(2).rposition(|pair| pair == JPEG_SCAN).unwrap_or(0);
    upload[last_scan..].windows(2).any(|pair| pair == JPEG_ENDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
        JpegEncoder::new(&mut bytes).encode_image(&pixels).expect("a picture");
        bytes
    }

    /// A JPEG with an EXIF block that says where it was taken and that it lies on its side.
    fn jpeg_with_exif() -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0".to_vec();
        tiff.extend_from_slice(&2u16.to_le_bytes());
        tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]); // Orientation: 6
        tiff.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]); // GPSInfo
        tiff.extend_from_slice(&[0, 0, 0, 0]);
        tiff.extend_from_slice(b"GPS-39.87N-124.15E");
        let mut block = b"Exif\0\0".to_vec();
        block.extend_from_slice(&tiff);
        let plain = jpeg(60, 30);
        let mut bytes = plain[..2].to_vec();
        bytes.extend_from_slice(&[0xff, 0xe1]);
        bytes.extend_from_slice(&u16::try_from(block.len() + 2).expect("short").to_be_bytes());
        bytes.extend_from_slice(&block);
        bytes.extend_from_slice(&plain[2..]);
        bytes
    }

    #[test]
    fn nothing_but_the_pixels_is_kept() {
        let upload = jpeg_with_exif();
        assert!(upload.windows(3).any(|part| part == b"GPS"));
        let kept = remake(&upload).expect("a picture");
        assert!(!kept.bytes.windows(3).any(|part| part == b"GPS"));
        assert!(!kept.bytes.windows(4).any(|part| part == b"Exif"));
        assert_eq!(
            (kept.width, kept.height),
            (30, 60),
            "turned upright before the note is dropped"
        );
    }

    #[test]
    fn a_large_picture_is_made_smaller() {
        let kept = remake(&jpeg(2000, 1000)).expect("a picture");
        assert_eq!((kept.width, kept.height), (960, 480));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let whole = jpeg(400, 400);
        assert_eq!(
            remake(&whole[..whole.len() / 3]).err(),
            Some(Unfit::Unreadable),
            "cut short"
        );
        assert_eq!(remake(b"<svg onload=alert(1)>").err(), Some(Unfit::Unreadable));
        assert_eq!(remake(&[]).err(), Some(Unfit::Unreadable));
        assert_eq!(remake(&vec![0; MOST_BYTES + 1]).err(), Some(Unfit::TooManyBytes));
    }

    #[test]
    fn forty_megapixels_are_refused_before_they_are_unpacked() {
        // the header of a PNG of 8000 × 5000 and nothing behind it
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        let mut header = b"IHDR".to_vec();
        for part in [&8000u32.to_be_bytes()[..], &5000u32.to_be_bytes(), &[8, 2, 0, 0, 0]] {
            png.extend_from_slice(part);
            header.extend_from_slice(part);
        }
        png.extend_from_slice(&crc32(&header).to_be_bytes());
        png.extend_from_slice(b"\0\0\0\x04IDAT\0\0\0\0");
        assert_eq!(remake(&png).err(), Some(Unfit::TooManyPixels));
    }

    /// PNG's check sum (ISO 3309).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
            })
        })
    }
}
