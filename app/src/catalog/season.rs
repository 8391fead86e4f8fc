//! The solar term of the day, by the calendar of tyme4rs (the sun's position, Beijing time).

use crate::{t, ui::moment::beijing};
use market::{Lang, Millis};
use tyme4rs::tyme::{Tyme, solar::SolarDay};

/// Where the year stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// The current term: 小雪 · Minor Snow.
    pub name: String,
    /// The next one.
    pub next: String,
    /// Days until it begins, at least 1.
    pub days: i64,
}

/// The term that is on at `now`. A term begins with the day, in Beijing, on which the sun reaches it.
pub fn season(lang: Lang, now: Millis) -> Season {
    let date = beijing(now).date();
    let year = isize::try_from(date.year()).unwrap_or(1970);
    let today = SolarDay::from_ymd(year, usize::from(u8::from(date.month())), usize::from(date.day()));
    let term = today.get_term_day().get_solar_term();
    let next = term.next(1);
    let days = i64::try_from(next.get_solar_day().subtract(today)).unwrap_or(1);
    Season {
        name: name(lang, term.get_index()),
        next: name(lang, next.get_index()),
        days: days.max(1),
    }
}

/// Terms are counted from the winter solstice.
fn name(lang: Lang, index: usize) -> String {
    t!(lang, home.terms)
        .split('|')
        .nth(index)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(unix_seconds: i64) -> Season {
        season(Lang::Zh, Millis(unix_seconds * 1000))
    }

    fn told(name: &str, next: &str, days: i64) -> Season {
        Season {
            name: name.into(),
            next: next.into(),
            days,
        }
    }

    /// Dates of the Purple Mountain Observatory's calendar for 2026: 小雪 on 22 November, 大雪 on
    /// 7 December, 冬至 on 22 December; 2027: 小寒 on 5 January.
    #[test]
    fn a_term_begins_with_its_day_in_beijing() {
        let midnight = 1_795_276_800; // 2026-11-22 00:00 in Beijing
        let day = 86_400;
        assert_eq!(at(midnight - 1), told("立冬", "小雪", 1));
        assert_eq!(at(midnight), told("小雪", "大雪", 15));
        assert_eq!(at(midnight + 15 * day - 1), told("小雪", "大雪", 1));
        assert_eq!(at(midnight + 15 * day), told("大雪", "冬至", 15));
        assert_eq!(at(midnight + 40 * day), told("冬至", "小寒", 4));
    }

    #[test]
    fn every_term_has_a_name_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let names: std::collections::HashSet<_> = (0..365)
                .map(|day| season(lang, Millis(1_795_276_800_000 + day * 86_400_000)).name)
                .collect();
            assert_eq!(names.len(), 24);
            assert!(!names.contains(""));
        }
        assert_eq!(season(Lang::En, Millis(1_795_276_800_000)).next, "Major Snow");
    }
}
