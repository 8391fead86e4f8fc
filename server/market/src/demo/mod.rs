//! The demonstration village: what a newcomer finds on an empty database.
//!
//! Everything is made through the market's own verbs and stores, so that its books balance like
//! anybody's; the one exception is said in `store.rs`. Filling twice changes nothing: each thing is
//! looked for by its phone number, slug or code first. Dates are counted from the day it is filled.
//! Names, prices and readings are invented, and the pages say so.

mod batches;
mod fill;
mod goods;
mod keep_live;
mod lives;
mod people;
mod store;
mod stories;

pub use fill::fill;
pub use keep_live::keep_live;
pub use people::{PEOPLE, Villager};

use crate::{Bilingual, Millis};

/// The code of the live session in progress.
pub const LIVE: &str = "CHEN88";
/// The code of the one announced for tomorrow.
pub const SCHEDULED_LIVE: &str = "WANG66";
/// The code of the one that is over.
pub const PAST_LIVE: &str = "CHEN87";
/// The codes of the three batches: strawberries, oranges, rice.
pub const BATCHES: [&str; 3] = [batches::STRAWBERRY, batches::CITRUS, batches::RICE];
/// The slugs of the two stories.
pub const STORIES: [&str; 2] = [stories::CHEN, stories::WANG];

/// What [`fill`] left in the database, for whoever tells a newcomer what to open, as whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoReport {
    /// Whether the village was there before.
    pub was_there: bool,
    /// Whom to sign in as.
    pub people: &'static [Villager],
    /// The live session in progress.
    pub live: &'static str,
    /// The one announced.
    pub scheduled_live: &'static str,
    /// The one that is over.
    pub past_live: &'static str,
    /// Codes of batches.
    pub batches: &'static [&'static str],
    /// Slugs of stories.
    pub stories: &'static [&'static str],
}

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The village's clock: minutes east of UTC.
const ZONE_MINUTES: i64 = 8 * 60;

/// That time of the village's day, so many days before the day `now` is in.
fn at(now: Millis, days_ago: i64, hour: i64, minute: i64) -> Millis {
    let zone = ZONE_MINUTES * MINUTE;
    let midnight = (now.0 + zone).div_euclid(DAY) * DAY - zone;
    Millis(midnight - days_ago * DAY + hour * HOUR + minute * MINUTE)
}

/// Words in both languages.
fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_the_villages_day() {
        // 2026-11-22 06:00 UTC is 14:00 in the village, 23:00 UTC the day after at 7:00.
        let now = Millis(1_795_327_200_000);
        assert_eq!(at(now, 0, 14, 0), now);
        assert_eq!(at(now, 2, 5, 40).since(now), -(2 * DAY + 8 * HOUR + 20 * MINUTE));
        assert_eq!(at(now.plus(17 * HOUR), 0, 7, 0), now.plus(17 * HOUR));
    }
}
