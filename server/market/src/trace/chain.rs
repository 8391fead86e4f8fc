//! The chain of hashes: how a link is made, and how the whole is checked. Pure.

use super::{Facts, TraceEvent, Verdict};
use crate::Millis;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is hashed: the facts, and when they were recorded (EPCIS `recordTime`), so that nobody can
/// claim later to have said it sooner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    record_time: Millis,
    #[serde(flatten)]
    facts: Facts,
}

/// A link as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) position: i64,
    pub(super) prev_hash: String,
    pub(super) hash: String,
    pub(super) canonical: String,
    pub(super) recorded_at: Millis,
}

/// SHA-256, in hexadecimal, of the previous link's hash ("" for the first) followed by the
/// canonical text: `printf '%s%s' "$prev" "$text" | sha256sum` gives the same.
pub fn link_hash(prev: &str, canonical: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(prev.as_bytes());
    hash.update(canonical.as_bytes());
    hex::encode(hash.finalize())
}

impl Link {
    /// The link that says `facts` after one with the hash `prev`.
    ///
    /// # Errors
    /// Never for these types; JSON's own error is passed on all the same.
    pub(super) fn new(position: i64, prev: &str, facts: &Facts, recorded_at: Millis) -> serde_json::Result<Link> {
        let canonical = serde_json::to_string(&Said {
            record_time: recorded_at,
            facts: facts.clone(),
        })?;
        let hash = link_hash(prev, &canonical);
        Ok(Link {
            position,
            prev_hash: prev.to_owned(),
            hash,
            canonical,
            recorded_at,
        })
    }

    /// The link as pages show it. It holds when it stands where it should, names the hash before
    /// it, its text gives its hash, and the text speaks of this batch and this time of recording.
    fn event(self, batch: &str, position: i64, prev: &str) -> TraceEvent {
        let said = serde_json::from_str::<Said>(&self.canonical).ok();
        let tells = said
            .as_ref()
            .is_some_and(|said| said.facts.batch == batch && said.record_time == self.recorded_at);
        let tied = self.position == position && self.prev_hash == prev;
        let intact = tells && tied && self.hash == link_hash(prev, &self.canonical);
        TraceEvent {
            position: self.position,
            facts: said.map(|said| said.facts),
            canonical: self.canonical,
            hash: self.hash,
            recorded_at: self.recorded_at,
            intact,
        }
    }
}

/// Checks the whole chain of `batch` against its head and its length.
pub(super) fn check(batch: &str, head: &str, length: i64, links: Vec<Link>) -> (Vec<TraceEvent>, Verdict) {
    let mut events: Vec<TraceEvent> = Vec::with_capacity(links.len());
    for (position, link) in (1..).zip(links) {
        let prev = events.last().map_or("", |event| event.hash.as_str());
        let event = link.event(batch, position, prev);
        events.push(event);
    }
    let verdict = verdict(head, length, &mut events);
    (events, verdict)
}

/// The first place where it does not hold. Ends that do not fit the head spoil the last event.
fn verdict(head: &str, length: i64, events: &mut [TraceEvent]) -> Verdict {
    if let Some((at, _)) = (1..).zip(events.iter()).find(|(_, event)| !event.intact) {
        return Verdict::Broken { at };
    }
    let there = i64::try_from(events.len()).unwrap_or(i64::MAX);
    match events.last_mut() {
        None if length == 0 && head.is_empty() => Verdict::Empty,
        _ if there < length => Verdict::Broken { at: there + 1 },
        Some(last) if there > length || last.hash != head => {
            last.intact = false;
            Verdict::Broken { at: there }
        }
        Some(_) => Verdict::Intact,
        None => Verdict::Broken { at: 1 },
    }
}

#[cfg(test)]
mod tests;
