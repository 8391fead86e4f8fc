//! Three batches and what they went through: strawberries with a full cold chain, oranges with a
//! warm hour on the road and a corrected weight, rice with a lot that was milled.

mod citrus;
mod rice;
mod strawberry;

use super::{MINUTE, ZONE_MINUTES, at, both};
use crate::{
    Bilingual, Error, Millis, ProductId, Weight,
    db::Tx,
    trace::{self, Action, BizStep, EventType, Facts, LabLine, LabReport, NewBatch, Reading},
};

pub(super) const STRAWBERRY: &str = "DG-HY-03";
pub(super) const CITRUS: &str = "XF-QC-07";
pub(super) const RICE: &str = "DG-XM-01";

/// Grams of a 斤.
const JIN: i64 = 500;

/// Facts, and how many minutes later they were recorded.
struct Step {
    facts: Facts,
    lag_minutes: i64,
}

/// A step with what every step has; the rest is added by the methods below.
fn step(
    time: Millis,
    biz_step: BizStep,
    place: Bilingual,
    actor: Bilingual,
    title: Bilingual,
    lag_minutes: i64,
) -> Step {
    let action = if biz_step == BizStep::Commissioning {
        Action::Add
    } else {
        Action::Observe
    };
    let facts = Facts {
        kind: EventType::Object,
        action,
        event_time: time,
        zone_minutes: ZONE_MINUTES,
        biz_step,
        batch: String::new(),
        weight: None,
        place,
        actor,
        title,
        note: None,
        photos: Vec::new(),
        temperatures: Vec::new(),
        band: None,
        report: None,
        corrects: None,
    };
    Step { facts, lag_minutes }
}

impl Step {
    fn weighing(mut self, jin: i64) -> Self {
        self.facts.weight = Some(Weight::grams(jin * JIN));
        self
    }

    fn noting(mut self, zh: &str, en: &str) -> Self {
        self.facts.note = Some(both(zh, en));
        self
    }

    fn with_photos(mut self, photos: &[&str]) -> Self {
        self.facts.photos = photos.iter().map(|&photo| photo.to_owned()).collect();
        self
    }

    fn reported(mut self, number: &str, lines: Vec<LabLine>) -> Self {
        let laboratory = both("田头演示检测站", "Tiantou demonstration laboratory");
        self.facts.report = Some(LabReport {
            laboratory,
            number: number.into(),
            lines,
        });
        self
    }

    /// One reading every `minutes` up to the step's own time, in tenths of a degree.
    fn at_degrees(mut self, band: (i64, i64), minutes: i64, readings: &[i64]) -> Self {
        let last = self.facts.event_time;
        let before = (0..readings.len() as i64).rev();
        self.facts.temperatures = before
            .zip(readings)
            .map(|(steps, &deci_celsius)| Reading {
                time: last.plus(-steps * minutes * MINUTE),
                deci_celsius,
            })
            .collect();
        self.facts.band = Some(band);
        self
    }

    fn correcting(mut self, position: i64) -> Self {
        self.facts.corrects = Some(position);
        self
    }

    /// A lot that became another: EPCIS has a type of its own for it.
    fn transforming(mut self) -> Self {
        self.facts.kind = EventType::Transformation;
        self
    }
}

/// Begins the batches that are not there yet and records their steps.
pub(super) async fn batches(tx: &mut Tx, products: &[(String, ProductId)], now: Millis) -> Result<(), Error> {
    let all = [
        (STRAWBERRY, "strawberry", at(now, 2, 5, 40), 620, strawberry::steps(now)),
        (CITRUS, "citrus", at(now, 5, 8, 20), 3000, citrus::steps(now)),
        (RICE, "rice", at(now, 40, 9, 30), 2100, rice::steps(now)),
    ];
    for (code, slug, harvested_at, jin, steps) in all {
        let product = products
            .iter()
            .find(|(listed, _)| listed == slug)
            .ok_or(sqlx::Error::RowNotFound)?;
        let batch = NewBatch {
            code: code.into(),
            product: product.1.clone(),
            harvested_at,
            weight: Weight::grams(jin * JIN),
        };
        if trace::begin_batch(tx, &batch).await? {
            for step in steps {
                let recorded_at = step.facts.event_time.plus(step.lag_minutes * MINUTE);
                trace::append(tx, code, step.facts, recorded_at, now).await?;
            }
        }
    }
    Ok(())
}

/// A line of a report: what, the limit, what was found, in both languages.
fn line(zh: &str, en: &str, limit: &str, found_zh: &str, found_en: &str) -> LabLine {
    LabLine {
        item: both(zh, en),
        limit: limit.into(),
        result: both(found_zh, found_en),
        pass: true,
    }
}

/// A line about something that was not there.
fn absent(zh: &str, en: &str, limit: &str) -> LabLine {
    line(zh, en, limit, "未检出", "not detected")
}
