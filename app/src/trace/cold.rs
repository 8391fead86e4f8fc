//! The temperatures on the way, as a curve between the limits it should keep.

use crate::t;
use leptos::prelude::*;
use market::{Lang, trace::Facts};
use std::fmt::Write;

/// The curve, when there are two readings or more. Out of the band is said in words, not by colour.
pub(super) fn cold_chain(lang: Lang, facts: &Facts) -> Option<AnyView> {
    let readings = &facts.temperatures;
    let (first, last) = (readings.first()?, readings.last()?);
    if readings.len() < 2 {
        return None;
    }
    let values = || readings.iter().map(|reading| reading.deci_celsius);
    let (low, high) = (values().min()?, values().max()?);
    let (floor, ceiling) = facts.band.unwrap_or((low, high));
    let kept = values().all(|value| (floor..=ceiling).contains(&value));
    let scale = Scale {
        from: first.time.0,
        to: last.time.0,
        low: low.min(floor),
        high: high.max(ceiling),
    };
    let mut curve = String::new();
    for (at, reading) in readings.iter().enumerate() {
        let _ = write!(
            curve,
            "{}{} {}",
            if at == 0 { "M" } else { "L" },
            scale.x(reading.time.0),
            scale.y(reading.deci_celsius)
        );
    }
    let (top, foot) = (scale.y(ceiling), scale.y(floor));
    let drawing = format!(
        r##"<path d="M0 {top}h300M0 {foot}h300" stroke="#a9c398" stroke-dasharray="3 4"/><path d="{curve}" fill="none" stroke="#1e5a35" stroke-width="3"/><text x="300" y="{}" text-anchor="end">{} ℃</text><text x="300" y="{}" text-anchor="end">{} ℃</text>"##,
        top - 4,
        celsius(ceiling),
        foot + 14,
        celsius(floor),
    );
    let label = t!(lang, trace.cold_label, low = celsius(low), high = celsius(high));
    let words = if kept {
        t!(lang, trace.cold_kept, low = celsius(floor), high = celsius(ceiling))
    } else {
        t!(lang, trace.cold_left, low = celsius(low), high = celsius(high))
    };
    Some(
        view! {
            <span class=if kept { "tag" } else { "tag k" }>{words}</span>
            <svg class="cold" viewBox="0 0 300 72" role="img" aria-label=label inner_html=drawing></svg>
        }
        .into_any(),
    )
}

struct Scale {
    from: i64,
    to: i64,
    low: i64,
    high: i64,
}

impl Scale {
    fn x(&self, time: i64) -> i64 {
        (time - self.from) * 300 / (self.to - self.from).max(1)
    }
    /// The highest temperature at 16, the lowest at 56.
    fn y(&self, deci: i64) -> i64 {
        56 - (deci - self.low) * 40 / (self.high - self.low).max(1)
    }
}

/// Tenths of a degree as people write them: 2, 3.5, -0.5.
fn celsius(deci: i64) -> String {
    let sign = if deci < 0 { "-" } else { "" };
    match (deci.unsigned_abs() / 10, deci.unsigned_abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tenths_of_a_degree_are_written_as_people_write_them() {
        for (deci, text) in [(20, "2"), (35, "3.5"), (-5, "-0.5"), (0, "0"), (-40, "-4")] {
            assert_eq!(super::celsius(deci), text);
        }
    }
}
