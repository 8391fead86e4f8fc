//! Moments in words, in Beijing time (UTC+8, no summer time): the one place that knows the zone.
//!
//! A reading page has no script, so nothing on it counts down: it says when something ends.

use crate::t;
use leptos::prelude::*;
use market::{Lang, Millis};
use time::{Date, OffsetDateTime, UtcOffset};

const BEIJING: UtcOffset = match UtcOffset::from_hms(8, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// The moment as Beijing's clocks and calendars show it. A moment outside of years 1 to 9999 is 1970.
pub fn beijing(at: Millis) -> OffsetDateTime {
    let utc = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000);
    utc.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(BEIJING)
}

/// `21:05`.
pub fn clock(at: Millis) -> String {
    let at = beijing(at);
    format!("{}:{:02}", at.hour(), at.minute())
}

/// `10:00–19:00`, from minutes after midnight.
pub fn hours(opens_minute: i64, closes_minute: i64) -> String {
    let show = |minute: i64| format!("{}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", show(opens_minute), show(closes_minute))
}

/// 2026年11月20日 · 20 Nov 2026.
pub fn date(lang: Lang, at: Millis) -> String {
    let at = beijing(at).date();
    t!(
        lang,
        moment.full_date,
        year = at.year(),
        month = month(lang, at),
        day = at.day()
    )
}

/// 今天, 明天, 昨天, otherwise 11月20日, with the year when it is another one.
pub fn day(lang: Lang, at: Millis, now: Millis) -> String {
    let (day, today) = (beijing(at).date(), beijing(now).date());
    match (day - today).whole_days() {
        0 => t!(lang, moment.today),
        1 => t!(lang, moment.tomorrow),
        -1 => t!(lang, moment.yesterday),
        _ if day.year() == today.year() => t!(lang, moment.date, month = month(lang, day), day = day.day()),
        _ => date(lang, at),
    }
}

/// 今晚 22:00, 明天 10:00, 11月20日 5:40 · tonight 22:00, tomorrow 10:00, 20 Nov 5:40.
pub fn moment(lang: Lang, at: Millis, now: Millis) -> String {
    let there = beijing(at);
    let tonight = there.date() == beijing(now).date() && there.hour() >= 18;
    let day = if tonight {
        t!(lang, moment.tonight)
    } else {
        day(lang, at, now)
    };
    t!(lang, moment.day_and_time, day = day, time = clock(at))
}

/// As machines read it (RFC 3339), for `<time datetime>`: 2026-11-22T22:00:00+08:00.
pub fn machine(at: Millis) -> String {
    let at = beijing(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// `<time>` around words made by the functions above.
#[component]
pub fn When(
    /// The moment.
    at: Millis,
    /// Its words.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! { <time datetime=machine(at)>{words}</time> }
}

fn month(lang: Lang, date: Date) -> String {
    let names = t!(lang, moment.months);
    names
        .split(' ')
        .nth(usize::from(u8::from(date.month())) - 1)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 13:53:00 in Beijing.
    const NOW: Millis = Millis(1_795_326_780_000);
    const HOUR: i64 = 3_600_000;

    #[test]
    fn moments_are_told_as_people_tell_them() {
        let cases = [
            (0, "今天 13:53", "today 13:53"),
            (8 * HOUR + 420_000, "今晚 22:00", "tonight 22:00"),
            (20 * HOUR, "明天 9:53", "tomorrow 9:53"),
            (-14 * HOUR, "昨天 23:53", "yesterday 23:53"),
            (-80 * 24 * HOUR, "9月3日 13:53", "3 Sep 13:53"),
            (60 * 24 * HOUR, "2027年1月21日 13:53", "21 Jan 2027 13:53"),
        ];
        for (from_now, zh, en) in cases {
            assert_eq!(moment(Lang::Zh, NOW.plus(from_now), NOW), zh);
            assert_eq!(moment(Lang::En, NOW.plus(from_now), NOW), en);
        }
    }

    #[test]
    fn the_day_turns_at_midnight_in_beijing() {
        let before = Millis(1_795_363_199_000); // 23:59:59 on the 22nd
        assert_eq!(day(Lang::Zh, before, NOW), "今天");
        assert_eq!(day(Lang::Zh, before.plus(1000), NOW), "明天");
        assert_eq!(machine(before), "2026-11-22T23:59:59+08:00");
    }

    #[test]
    fn dates_and_hours() {
        assert_eq!(date(Lang::Zh, NOW), "2026年11月22日");
        assert_eq!(date(Lang::En, NOW), "22 Nov 2026");
        assert_eq!(hours(600, 1140), "10:00–19:00");
        assert_eq!(machine(Millis(i64::MAX)), "1970-01-01T08:00:00+08:00");
    }
}
