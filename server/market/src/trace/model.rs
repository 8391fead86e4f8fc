//! The facts of a trace event, the chain, and its check.

use crate::{
    Bilingual, Millis, Weight,
    catalog::{Farm, ProductCard},
    state::text_enum,
};
use serde::{Deserialize, Serialize};

text_enum! {
    /// EPCIS 2.0 `type`.
    EventType {
        /// Something was seen, made or ended.
        Object = "ObjectEvent",
        /// A lot was split or merged.
        Transformation = "TransformationEvent",
    }
}

text_enum! {
    /// EPCIS 2.0 `action`.
    Action {
        /// It began to exist.
        Add = "ADD",
        /// It was seen.
        Observe = "OBSERVE",
        /// It ceased to.
        Delete = "DELETE",
    }
}

text_enum! {
    /// CBV 2.0 business step. Harvest is `commissioning` (there is no "harvesting").
    BizStep {
        /// 定植 / 采摘: the lot begins.
        Commissioning = "commissioning",
        /// 抽检.
        Inspecting = "inspecting",
        /// 装箱.
        Packing = "packing",
        /// 入库.
        Storing = "storing",
        /// 发车.
        Shipping = "shipping",
        /// 在路上.
        Transporting = "transporting",
        /// 到货.
        Receiving = "receiving",
        /// 测温.
        SensorReporting = "sensor_reporting",
        /// 上架.
        RetailSelling = "retail_selling",
    }
}

/// A temperature reading, EPCIS `sensorReport` with `type: Temperature`, `uom: CEL`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When, milliseconds since 1970.
    pub time: Millis,
    /// Tenths of a degree Celsius: whole numbers hash the same everywhere.
    pub deci_celsius: i64,
}

/// One line of a laboratory report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabLine {
    /// What was looked for.
    pub item: Bilingual,
    /// The legal limit, "" where there is none.
    pub limit: String,
    /// What was found.
    pub result: Bilingual,
    /// Whether it is within the limit.
    pub pass: bool,
}

/// A laboratory report (EPCIS `certificationInfo`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabReport {
    /// Who tested.
    pub laboratory: Bilingual,
    /// The report's number.
    pub number: String,
    /// Its lines.
    pub lines: Vec<LabLine>,
}

/// What happened. These are the facts that are hashed: the order of the fields is the order of the
/// canonical JSON, so it must never change; a new fact goes to the end and is left out when absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// EPCIS type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// EPCIS action.
    pub action: Action,
    /// When it happened.
    pub event_time: Millis,
    /// Minutes east of UTC where it happened (`eventTimeZoneOffset`).
    pub zone_minutes: i64,
    /// CBV business step.
    pub biz_step: BizStep,
    /// The batch's code.
    pub batch: String,
    /// How much it is about, grams.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weight: Option<Weight>,
    /// Where.
    pub place: Bilingual,
    /// Who recorded it: a farm, a station, a carrier, with consent.
    pub actor: Bilingual,
    /// What was done, in a line.
    pub title: Bilingual,
    /// More on it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<Bilingual>,
    /// Pictures' base names under /img.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub photos: Vec<String>,
    /// Temperatures.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub temperatures: Vec<Reading>,
    /// The band the temperatures should keep, tenths of a degree.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub band: Option<(i64, i64)>,
    /// A laboratory's report.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub report: Option<LabReport>,
    /// This event corrects an earlier one: that one's position (EPCIS `errorDeclaration`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub corrects: Option<i64>,
}

/// A link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceEvent {
    /// 1, 2, 3 …
    pub position: i64,
    /// What happened; `None` when the stored facts can no longer be read.
    pub facts: Option<Facts>,
    /// The exact text that was hashed, so that anybody can do it again:
    /// `hash` is SHA-256 of the previous event's `hash` followed by this text (both UTF-8).
    pub canonical: String,
    /// SHA-256 in hexadecimal.
    pub hash: String,
    /// When it was recorded: the page shows how much later than it happened.
    pub recorded_at: Millis,
    /// Whether this link's own hash and its tie to the one before hold.
    pub intact: bool,
}

/// A batch with its chain, checked when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// For links and parcels.
    pub code: String,
    /// When it was harvested.
    pub harvested_at: Millis,
    /// How much.
    pub weight: Weight,
    /// What it is.
    pub product: ProductCard,
    /// Where it is from.
    pub farm: Farm,
    /// What it went through, in order.
    pub events: Vec<TraceEvent>,
    /// Hash of the last event.
    pub head: String,
    /// Whether every link holds and the last one is the head.
    pub verdict: Verdict,
}

/// Why something was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// It has not happened yet: only what was done is recorded.
    InFuture,
    /// A correction must name an earlier event of the same batch.
    NothingToCorrect,
    /// An event needs a title and a place, and no more than a page of words.
    BadFacts,
}

/// The outcome of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Every link holds.
    Intact,
    /// From this position on it does not.
    Broken {
        /// The first link that does not hold.
        at: i64,
    },
    /// Nothing was recorded yet.
    Empty,
}

/// Characters all words of an event may have together.
pub const MOST_WORDS: usize = 4000;

/// Whether `facts` can be recorded at `now` as the next of `length` events.
///
/// # Errors
/// When they lie in the future, correct nothing, or have no title, no place or too many words.
pub fn check_facts(facts: &Facts, length: i64, now: Millis) -> Result<(), Refusal> {
    let words = |text: &Bilingual| text.zh.chars().count() + text.en.chars().count();
    let all = words(&facts.title) + words(&facts.place) + words(&facts.actor) + facts.note.as_ref().map_or(0, words);
    let blank = facts.title.zh.trim().is_empty() || facts.place.zh.trim().is_empty();
    if blank || all > MOST_WORDS {
        Err(Refusal::BadFacts)
    } else if facts.event_time > now || facts.temperatures.iter().any(|reading| reading.time > now) {
        Err(Refusal::InFuture)
    } else if facts.corrects.is_some_and(|position| !(1..=length).contains(&position)) {
        Err(Refusal::NothingToCorrect)
    } else {
        Ok(())
    }
}
