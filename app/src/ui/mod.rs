//! Small parts without a domain: icon, price, photo, progress, seal, card, the page's frame, and
//! the words for moments. Every page may use them; they know money, weight and time, and nothing
//! of orders or groups.
//!
//! The parts that islands draw too ([`glyph`], [`price`], [`grow`]) hold no sentence, so that they
//! compile for the browser: words come in as properties.

pub mod count;
pub mod glyph;
pub mod grow;
pub mod price;

#[cfg(feature = "ssr")]
pub mod card;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod moment;
#[cfg(feature = "ssr")]
pub mod photo;
#[cfg(feature = "ssr")]
pub mod seal;

#[cfg(feature = "ssr")]
pub use card::{EmptyCard, ErrorCard, Section};
#[cfg(feature = "ssr")]
pub use frame::{Layout, bar};
pub use glyph::{Glyph, Icon};
pub use grow::{Beds, Crowd, Soil};
#[cfg(feature = "ssr")]
pub use photo::{DemonstrationChip, Photo, Portrait, SurnameSeal};
pub use price::{Price, PriceSize};
#[cfg(feature = "ssr")]
pub use seal::{BrokenSeal, VerifiedSeal};
