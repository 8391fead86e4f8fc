//! Icons: 24 × 24 strokes, drawn in the text's colour.
//!
//! Each is a constant, not a file: a page carries only those it shows, and the wasm only those its
//! islands name.

use leptos::prelude::*;

/// The drawing of an icon: what is between `<svg>` and `</svg>`. Only the constants below exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph(&'static str);

/// An icon. It says nothing to a screen reader: the link or button around it does, by its text or
/// its `aria-label`.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
    /// `"s"`: 18 px, `"l"`: 30 px, `""`: 24 px.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    let class = match size {
        "s" => "i s",
        "l" => "i l",
        _ => "i",
    };
    view! { <svg class=class viewBox="0 0 24 24" aria-hidden="true" inner_html=glyph.0></svg> }
}

macro_rules! glyphs {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)+) => {
        impl Glyph {
            $($(#[$doc])* pub const $name: Glyph = Glyph(concat!("<path d=\"", $path, "\"/>"));)+
        }
    };
}

glyphs! {
    /// Back.
    BACK = "M15 5l-7 7 7 7";
    /// Onward: at the end of a link.
    NEXT = "M9 5l7 7-7 7";
    /// Unfold.
    DOWN = "M6 9l6 6 6-6";
    /// Close.
    CLOSE = "M6 6l12 12M18 6 6 18";
    /// Share.
    SHARE = "M12 15V4M8 7.5 12 4l4 3.5M5 12v8h14v-8";
    /// Save a file.
    DOWNLOAD = "M12 4v11M8 11.5l4 3.5 4-3.5M5 16v4h14v-4";
    /// A place.
    PLACE = "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z";
    /// Look for something.
    SEARCH = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.5 16.5 21 21";
    /// Watching.
    EYE = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.8a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z";
    /// Home.
    HOME = "M4 11 12 4l8 7v9h-5v-6H9v6H4z";
    /// Live.
    VIDEO = "M4 7h11v10H4zM15 11l5-3v8l-5-3";
    /// A group.
    PEOPLE = "M9 11a3.200 3.200 0 1 0 0-6.400A3.200 3.200 0 0 0 9 11zM3 20c0-4 2.600-6 6-6s6 2 6 6M16 5a3 3 0 0 1 0 6M18 14.500c2 .8 3 2.600 3 5.500";
    /// A person.
    PERSON = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.500 3.400-7 8-7s8 2.500 8 7";
    /// Traced.
    SHIELD = "M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6zM8.800 12l2.300 2.400 4.300-4.800";
    /// A key.
    KEY = "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9v4M17 12v3";
    /// Add.
    PLUS = "M12 5v14M5 12h14";
    /// Less.
    MINUS = "M5 12h14";
    /// Done.
    CHECK = "M5 12.500 10 17.500 19.500 7";
    /// Something went wrong.
    WARNING = "M12 4 2.500 20h19zM12 10v4.500M12 17.200v.1";
    /// No network.
    NO_SIGNAL = "M3 3l18 18M8.500 16a5 5 0 0 1 7 0M5 12.200a10 10 0 0 1 4-2.400M12 20h.1M14 9.500c1.900.4 3.600 1.300 5 2.700";
    /// A code to scan; a poster.
    SCAN = "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16";
    /// Saving data.
    LEAF = "M5 20C5 10 10 4 20 4c0 10-5 15-13 14M5 20c2-5 5-8 9-10";
    /// On its way.
    TRUCK = "M2 6h11v10H2zM13 10h5l3 3.500V16h-8M6.500 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z";
    /// Notices.
    BELL = "M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4";
    /// Play.
    PLAY = "M8 5l11 7-11 7z";
    /// Stop.
    STOP = "M6 6h12v12H6z";
    /// Call.
    PHONE = "M6 3h4l1.500 5-2.500 1.500a12 12 0 0 0 5.500 5.500L16 12.500l5 1.500v4c0 1.700-1.300 3-3 3C10 20.500 3.500 14 3 6c0-1.700 1.300-3 3-3z";
    /// A pick-up point; a shop.
    SHOP = "M4 10v10h16V10M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0zM10 20v-5h4v5";
    /// Goods in a box.
    BOX = "M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9";
    /// The balance.
    WALLET = "M3 7h17v12H3zM3 7l13-3v3M16 13h.1";
    /// Cash.
    CASH = "M3 6h18v12H3zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 9.500v.1M18 14.500v.1";
    /// A flash sale.
    FLASH = "M13 3 5 13.500h6L10.500 21 19 10h-6z";
    /// Money back.
    RETURN = "M4 9h11a5 5 0 0 1 0 10H8M4 9l4-4M4 9l4 4";
    /// A day.
    CALENDAR = "M4 6h16v14H4zM4 10.500h16M8 3.500v4M16 3.500v4";
    /// A time.
    CLOCK = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2";
    /// The other camera; again.
    FLIP = "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5";
    /// Microphone.
    MIC = "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V21";
    /// Microphone off.
    MIC_OFF = "M3 3l18 18M9 9v3a3 3 0 0 0 4.500 2.600M15 11V6a3 3 0 0 0-5.800-1M6 11.500a6 6 0 0 0 9 5.200M12 17.500V21";
    /// Sound.
    SOUND = "M4 9.500v5h4l5 4v-13l-5 4zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11";
    /// Sound off.
    MUTED = "M4 9.500v5h4l5 4v-13l-5 4zM17 10l4 4M21 10l-4 4";
    /// Settings; the camera's picture.
    CAMERA = "M4 8h4l1.500-3h5L16 8h4v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z";
    /// A story.
    BOOK = "M12 6c-2.500-1.600-5-2-8-2v14c3 0 5.500.4 8 2 2.500-1.600 5-2 8-2V4c-3 0-5.500.4-8 2zM12 6v14";
    /// A temperature.
    COLD = "M12 3v18M4.200 7.500l15.600 9M19.800 7.500l-15.600 9M9.500 4.500 12 6.500l2.500-2M9.500 19.500l2.500-2 2.500 2";
    /// The pin on a product.
    PUSHPIN = "M9 4h6l-1 6 4 4H6l4-4zM12 14v7";
}
