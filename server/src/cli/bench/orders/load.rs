//! Shoppers who ask: as fast as they are answered, or at a steady rate.

use super::{Via, door::Door, shop::Shop};
use crate::run::StartError;
use hdrhistogram::Histogram;
use market::PersonId;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// How shoppers come.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// So many at any moment, the next when one is answered.
    Closed(usize),
    /// At most so many at once, so many a second; the wait counts from when one should have asked.
    Steady(usize, f64),
}

/// What a row's shoppers saw.
pub(super) struct Load {
    /// The codes of the orders that were acknowledged.
    pub(super) placed: Vec<String>,
    /// Times of all answers, in microseconds.
    times: Histogram<u64>,
    /// Times of refusals alone.
    refusals: Histogram<u64>,
    /// Times until somebody was told anything.
    told: Histogram<u64>,
    elapsed: Duration,
}

impl Load {
    fn new() -> Result<Self, StartError> {
        Ok(Load {
            placed: Vec::new(),
            times: Histogram::new(3)?,
            refusals: Histogram::new(3)?,
            told: Histogram::new(3)?,
            elapsed: Duration::ZERO,
        })
    }

    /// Answers a second.
    pub(super) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// How many were refused.
    pub(super) fn refused(&self) -> usize {
        self.refusals.len() as usize
    }

    /// The time that so large a part of the answers took at most, in milliseconds.
    pub(super) fn ms(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// The same of being told anything: yes, no, or a place in line.
    pub(super) fn told_ms(&self, quantile: f64) -> f64 {
        self.told.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// The same of refusals.
    pub(super) fn refused_ms(&self, quantile: f64) -> f64 {
        self.refusals.value_at_quantile(quantile) as f64 / 1000.0
    }
}

/// The first `people` of the shop each buy one pack. With `loss`, one of several servers is killed
/// once so many orders were acknowledged.
#[allow(clippy::disallowed_methods)] // measuring
pub(super) async fn run(
    shop: &Arc<Shop>,
    via: Via,
    people: usize,
    pace: Pace,
    loss: Option<usize>,
) -> Result<Load, StartError> {
    let (hands, gap) = match pace {
        Pace::Closed(hands) => (hands, None),
        Pace::Steady(hands, rate) => (hands, Some(Duration::from_secs_f64(1.0 / rate))),
    };
    let mut doors = Vec::with_capacity(hands);
    for nth in 0..hands {
        doors.push(Door::open(shop, via, nth).await?);
    }
    let (next, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let mut buying = JoinSet::new();
    for mut door in doors {
        let (shop, next, acknowledged) = (Arc::clone(shop), Arc::clone(&next), Arc::clone(&acknowledged));
        buying.spawn(async move {
            let mut load = Load::new()?;
            loop {
                let who = next.fetch_add(1, Ordering::Relaxed);
                if who >= people {
                    return Ok::<_, StartError>(load);
                }
                let asked = match gap {
                    Some(gap) => begun + gap * u32::try_from(who)?,
                    None => Instant::now(),
                };
                sleep_until(asked).await;
                let code = door.buy(&shop, who).await?;
                let micros = u64::try_from(asked.elapsed().as_micros())?;
                load.times.record(micros)?;
                load.told.record(u64::try_from(door.told.as_micros())?)?;
                match code {
                    Some(code) => load.placed.push(code),
                    None => {
                        load.refusals.record(micros)?;
                        continue;
                    }
                }
                if Some(acknowledged.fetch_add(1, Ordering::Relaxed) + 1) == loss {
                    shop.lose_a_server().await?;
                }
            }
        });
    }
    let mut all = Load::new()?;
    while let Some(load) = buying.join_next().await {
        let load = load??;
        all.placed.extend(load.placed);
        all.times.add(load.times)?;
        all.refusals.add(load.refusals)?;
        all.told.add(load.told)?;
    }
    all.elapsed = begun.elapsed();
    Ok(all)
}

/// The rows of everybody's order, `batch` in a transaction: how many a second.
#[allow(clippy::disallowed_methods)] // measuring
pub(super) async fn floor(shop: &Shop, batch: usize) -> Result<f64, StartError> {
    let begun = Instant::now();
    for (group, people) in shop.groups.iter().zip(shop.people.chunks(shop.need)) {
        for piece in people.chunks(batch) {
            let ids: Vec<PersonId> = piece.iter().map(|person| person.id.clone()).collect();
            market::crowd::floor(&shop.market, &ids, group, &shop.live.id).await?;
        }
    }
    Ok(shop.people.len() as f64 / begun.elapsed().as_secs_f64())
}
