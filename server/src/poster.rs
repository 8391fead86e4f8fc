//! A group's poster, 1080 × 1440: the photo, what it is, what it costs, how many are missing, and a
//! code that a phone reads. Drawn as SVG over the photo, so that edges are smooth and shapes are the
//! site's own; text is set with the fonts in `server/assets`, the same on every machine.

use app::text::poster::Words;
use image::{ImageEncoder, RgbaImage, codecs::png::PngEncoder, imageops::FilterType};
use market::group_buy::Group;
use qrcode::{EcLevel, QrCode};
use resvg::{tiny_skia, usvg};
use std::{
    fmt::Write,
    sync::{Arc, LazyLock},
};

/// Pixels.
const WIDTH: u32 = 1080;
const HEIGHT: u32 = 1440;
/// The photo's height; the sheet of paper begins a little above its foot.
const PHOTO_HEIGHT: u32 = 770;
/// The code's side with its quiet zone: at least 240, so that it is read from a screen held at arm's length.
const CODE_SIDE: usize = 300;
/// The quiet zone, in modules (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// Colours of `style/tokens.css`.
const PAPER: &str = "#f6f0e1";
const INK: &str = "#1d1812";
const INK_2: &str = "#463d31";
const INK_3: &str = "#63584a";
const LEAF: &str = "#1e5a35";
const KAKI: &str = "#8f2b03";
const SEAL: &str = "#a81f17";

static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../assets/Roboto-Bold.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../assets/DroidSansFallbackFull.ttf").to_vec());
    usvg::Options {
        fontdb: Arc::new(fonts),
        font_family: "Roboto".into(),
        ..usvg::Options::default()
    }
});

/// Why there is no poster.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PosterError {
    #[error("photo or output: {0}")]
    Picture(#[from] image::ImageError),
    #[error("code: {0}")]
    Code(#[from] qrcode::types::QrError),
    #[error("drawing: {0}")]
    Drawing(#[from] usvg::Error),
    #[error("no canvas of this size")]
    Canvas,
}

/// The poster of `group` as PNG, with a code that leads to `link`. `photo` is the product's picture;
/// the seal is drawn only for a `verified` batch.
///
/// # Errors
/// When the photo cannot be read.
pub(crate) fn draw(
    group: &Group,
    words: &Words,
    link: &str,
    photo: &[u8],
    verified: bool,
) -> Result<Vec<u8>, PosterError> {
    let mut canvas = tiny_skia::Pixmap::new(WIDTH, HEIGHT).ok_or(PosterError::Canvas)?;
    let photo = image::load_from_memory(photo)?
        .resize_to_fill(WIDTH, PHOTO_HEIGHT, FilterType::Lanczos3)
        .to_rgba8();
    // the photo is opaque: its bytes are premultiplied as they are
    canvas.data_mut()[..photo.len()].copy_from_slice(&photo);
    let drawing = svg(group, words, link, verified)?;
    let tree = usvg::Tree::from_str(&drawing, &OPTIONS)?;
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut canvas.as_mut());
    let pixels = RgbaImage::from_raw(WIDTH, HEIGHT, canvas.take()).ok_or(PosterError::Canvas)?;
    let pixels = image::DynamicImage::ImageRgba8(pixels).to_rgb8();
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(&pixels, WIDTH, HEIGHT, image::ExtendedColorType::Rgb8)?;
    Ok(png)
}

fn svg(group: &Group, words: &Words, link: &str, verified: bool) -> Result<String, PosterError> {
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="Roboto, Droid Sans Fallback">
<rect x="56" y="52" width="230" height="94" rx="16" fill="#fffdf6"/>{LOGO}
<text x="150" y="117" font-size="50" fill="{INK}" stroke="{INK}" stroke-width="1.6">{site}</text>
<path d="M0 1440V748q0-48 48-48h984q48 0 48 48v692z" fill="{PAPER}"/>{FURROWS}"##,
        site = escape(&words.site),
    );
    if verified {
        svg.push_str(&seal(words));
    }
    text(&mut svg, 56, 812, fit(&words.title, 64, 780), INK, true, &words.title);
    text(
        &mut svg,
        56,
        872,
        fit(&words.about, 36, 960),
        INK_2,
        false,
        &words.about,
    );
    let price = format!("¥{}", words.price);
    text(&mut svg, 50, 1000, 112, KAKI, true, &price);
    let beside = 66 + width(&price, 112);
    text(&mut svg, beside, 962, 36, INK, false, &words.unit);
    text(&mut svg, beside, 1004, 34, INK_3, false, &words.alone);
    sprouts(&mut svg, group);
    svg.push_str(r##"<rect x="56" y="1052" width="968" height="352" rx="28" fill="#fffdf6" stroke="#d9ccb0" stroke-width="2"/>"##);
    code(&mut svg, link)?;
    text(
        &mut svg,
        416,
        1140,
        fit(&words.invite, 44, 580),
        INK,
        true,
        &words.invite,
    );
    text(
        &mut svg,
        416,
        1204,
        fit(&words.missing, 40, 580),
        LEAF,
        true,
        &words.missing,
    );
    text(
        &mut svg,
        416,
        1266,
        fit(&words.pickup, 36, 580),
        INK_2,
        false,
        &words.pickup,
    );
    text(
        &mut svg,
        416,
        1326,
        fit(&words.until, 36, 580),
        KAKI,
        true,
        &words.until,
    );
    svg.push_str("</svg>");
    Ok(svg)
}

/// The site's mark: 田 in a green seal, with furrows and a sun in its cells.
const LOGO: &str = r##"<g transform="translate(72 66) scale(1.6)"><path fill="#1e5a35" d="M2.5 3.6 14 2.4 27 3.2 37.6 2.7 37.9 15 37.2 26 37.7 37.5 25 37 13 37.9 2.7 37.3 3.1 24 2.2 13z"/><path d="M9 9.2h22v21.8H9zM20 9.2V31M9 19.6h22" fill="none" stroke="#fffdf6" stroke-width="3.3"/><path d="M18 22 11.8 29M22 22l6.2 7" fill="none" stroke="#f2c14e" stroke-width="2"/><circle cx="25.6" cy="14.5" r="2.7" fill="#f2c14e"/></g>"##;

/// Furrows that run to the horizon, at the foot of the sheet.
const FURROWS: &str = r##"<g fill="none" stroke="#1e5a35" stroke-opacity=".22" stroke-width="3"><path d="M-120 1440Q330 1290 530 1240M110 1440Q420 1300 535 1240M350 1440Q490 1310 540 1240M567 1440Q545 1310 543 1240M783 1440Q605 1310 546 1240M1000 1440Q686 1300 551 1240M1240 1440Q783 1290 556 1240"/></g>"##;

fn seal(words: &Words) -> String {
    let mut seal = format!(
        r##"<g transform="translate(836 616) rotate(-5 94 94) scale(2.9)"><path fill="{SEAL}" d="M5 4.2 13 3.4 25 4.4 30 3.3 39 3.1 51 4.2 59.5 3.9 60.9 9 60 19 60.9 30 59.3 37 60.3 45 60.6 56 58.5 60.4 47 59.7 40 60.8 33 60.3 20 59.6 9 60.7 4 59.8 4.4 47 3.2 41 4 33 3 20 3.9 11z"/><path d="M7 7.5h50v49.5H7z" fill="none" stroke="#fffdf6" stroke-width="1.5"/><g fill="#fffdf6" stroke="#fffdf6" stroke-width=".8" font-size="22" text-anchor="middle">"##
    );
    // read from the right, downwards, as seals are
    for (sign, (x, y)) in words.seal.chars().zip([(44, 29), (44, 53), (20, 29), (20, 53)]) {
        let _ = write!(seal, r#"<text x="{x}" y="{y}">{sign}</text>"#);
    }
    seal.push_str("</g></g>");
    seal
}

/// One sprout a person, a seed for each who is missing; up to ten, as on the pages.
fn sprouts(svg: &mut String, group: &Group) {
    if group.need > 10 {
        return;
    }
    let left = 1024 - group.need * 36;
    for seat in 0..group.need {
        let x = left + seat * 36;
        let shape = if seat < group.joined {
            r##"<g fill="#1e5a35"><path d="M11 15h2.600v13H11z"/><path d="M12 15C12 8 8 5 1.500 5 1.500 12 6 15 12 15zM12 12c0-6 4-9.500 10.500-9.500C22.500 9 18 12 12 12z"/></g>"##
        } else {
            r##"<g fill="none" stroke="#a8977a" stroke-width="2"><path d="M12 28v-5"/><ellipse cx="12" cy="20" rx="4" ry="3.200"/></g>"##
        };
        let _ = write!(svg, r#"<g transform="translate({x} 946) scale(1.450)">{shape}</g>"#);
    }
    let _ = write!(
        svg,
        r##"<rect x="{left}" y="986" width="{}" height="5" rx="2" fill="#7b5b38"/>"##,
        group.need * 36
    );
}

fn code(svg: &mut String, link: &str) -> Result<(), PosterError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)?;
    let side = code.width();
    // whole pixels: a scanner reads them at any size
    let module = CODE_SIDE / (side + 2 * QUIET);
    let (left, top) = (
        82 + (CODE_SIDE - module * side) / 2,
        1078 + (CODE_SIDE - module * side) / 2,
    );
    let _ = write!(
        svg,
        r##"<rect x="82" y="1078" width="{CODE_SIDE}" height="{CODE_SIDE}" fill="#fff"/><path shape-rendering="crispEdges" fill="{INK}" d=""##
    );
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let (x, y) = (left + place % side * module, top + place / side * module);
            let _ = write!(svg, "M{x} {y}h{module}v{module}h-{module}z");
        }
    }
    svg.push_str("\"/>");
    Ok(())
}

fn text(svg: &mut String, x: i64, y: i64, size: i64, colour: &str, strong: bool, words: &str) {
    // the one Chinese font has one weight: a thin outline makes it strong
    let stroke = if strong {
        format!(r#" stroke="{colour}" stroke-width="{:.1}""#, size as f64 / 36.0)
    } else {
        String::new()
    };
    let _ = write!(
        svg,
        r#"<text x="{x}" y="{y}" font-size="{size}" fill="{colour}"{stroke}>{}</text>"#,
        escape(words)
    );
}

/// About how wide `words` are at `size`: a full square for a Chinese character, 0.58 of it for others.
fn width(words: &str, size: i64) -> i64 {
    words
        .chars()
        .map(|c| {
            if c.is_ascii() || c == '¥' {
                size * 58 / 100
            } else {
                size
            }
        })
        .sum()
}

/// The size at which `words` fit into `room`, at most `size`.
fn fit(words: &str, size: i64, room: i64) -> i64 {
    let needed = width(words, size);
    if needed <= room {
        size
    } else {
        (size * room / needed).max(20)
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fit_their_room() {
        assert_eq!(fit("红颜草莓", 64, 780), 64);
        assert!(fit("红颜草莓红颜草莓红颜草莓红颜草莓", 64, 780) < 64);
        assert_eq!(escape("<李&秀>"), "&lt;李&amp;秀&gt;");
    }

    #[test]
    fn the_code_is_read_by_a_scanner() {
        let link = "http://localhost:3000/g/ABCD2345";
        let mut drawing = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"><rect width="1080" height="1440" fill="{PAPER}"/>"#
        );
        code(&mut drawing, link).expect("a code");
        drawing.push_str("</svg>");
        let tree = usvg::Tree::from_str(&drawing, &OPTIONS).expect("a drawing");
        let mut canvas = tiny_skia::Pixmap::new(WIDTH, HEIGHT).expect("a canvas");
        resvg::render(&tree, tiny_skia::Transform::identity(), &mut canvas.as_mut());
        let pixels = RgbaImage::from_raw(WIDTH, HEIGHT, canvas.take()).expect("pixels");
        let grey = image::DynamicImage::ImageRgba8(pixels).to_luma8();
        let read = |scale: u32| {
            let grey = image::imageops::resize(&grey, WIDTH / scale, HEIGHT / scale, FilterType::Triangle);
            let mut scanner =
                rqrr::PreparedImage::prepare_from_greyscale(grey.width() as usize, grey.height() as usize, |x, y| {
                    grey.get_pixel(x as u32, y as u32).0[0]
                });
            scanner
                .detect_grids()
                .first()
                .and_then(|grid| grid.decode().ok())
                .map(|(_, text)| text)
        };
        assert_eq!(read(1).as_deref(), Some(link));
        assert_eq!(read(2).as_deref(), Some(link), "also as small as a chat app shows it");
    }
}
