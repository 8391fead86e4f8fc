//! Whether coming and going leaves anything behind: the door's memory and descriptors over time,
//! by the kernel's accounting, while visitors join and leave.

use super::house::{Process, stage};
use crate::run::StartError;
use clap::Args;
use live::load::{Cost, Visits, come_and_go};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::time::Instant;

/// How long, how many.
#[derive(Debug, Args)]
pub struct Soak {
    /// How long visitors come.
    #[arg(long, default_value_t = 3600)]
    seconds: u64,
    /// Visitors at once.
    #[arg(long, default_value_t = 8)]
    visitors: usize,
    /// Seconds between two lines.
    #[arg(long, default_value_t = 10)]
    every: u64,
    /// One JSON object a line, the verdict last.
    #[arg(long)]
    json: bool,
}

/// Growth of the median that is noise: sessions whose visitors vanished are kept for up to half a
/// minute, and their number varies.
const NOISE_KIB: u64 = 6 * 1024;
/// Kept-alive connections of the visitors' HTTP client come and go.
const NOISE_DESCRIPTORS: u64 = 4;

struct Sample {
    at: f64,
    visits: u64,
    cost: Cost,
}

impl Soak {
    /// Prints a line now and then, and at the end what it means.
    ///
    /// # Errors
    /// When memory or descriptors grew, when visitors saw nothing, or the door no longer answers.
    #[allow(clippy::disallowed_methods)] // measuring, not deciding
    pub async fn run(self) -> Result<(), StartError> {
        let (mut door, place) = stage().await?;
        let visits = Arc::new(Visits::default());
        let begun = Instant::now();
        let end = begun + Duration::from_secs(self.seconds);
        let mut visiting = {
            let visits = Arc::clone(&visits);
            let visitors = self.visitors;
            tokio::spawn(async move { come_and_go(&place.http, &place.token, visitors, end.into_std(), visits).await })
        };
        let mut samples = Vec::new();
        let mut tick = tokio::time::interval(Duration::from_secs(self.every.max(1)));
        tick.tick().await;
        loop {
            tokio::select! {
                _ = tick.tick() => samples.push(self.sample(&mut door, begun, &visits).await?),
                done = &mut visiting => { done??; break }
            }
        }
        samples.push(self.sample(&mut door, begun, &visits).await?);
        door.stop().await?;
        self.judge(&samples, &visits)
    }

    async fn sample(&self, door: &mut Process, begun: Instant, visits: &Visits) -> Result<Sample, StartError> {
        let cost: Cost = door.ask("cost").await?.parse()?;
        let at = begun.elapsed().as_secs_f64();
        let seen = visits.seen.load(Ordering::Relaxed) + visits.absent.load(Ordering::Relaxed);
        let (kib, descriptors) = (cost.resident_kib, cost.descriptors);
        if self.json {
            let line = serde_json::json!({
                "at_s": at, "visits": seen, "resident_kib": kib, "descriptors": descriptors
            });
            println!("{line}");
        } else {
            println!("{at:>7.0} s {seen:>9} visits {kib:>8} KiB {descriptors:>5} descriptors");
        }
        Ok(Sample { at, visits: seen, cost })
    }

    fn judge(&self, samples: &[Sample], visits: &Visits) -> Result<(), StartError> {
        let all = samples.last().map_or(0.0, |last| last.at);
        let part = |third: f64| {
            let within =
                move |sample: &&Sample| sample.at >= all * third / 3.0 && sample.at <= all * (third + 1.0) / 3.0;
            samples.iter().filter(within).collect::<Vec<_>>()
        };
        let (second, last) = (part(1.0), part(2.0));
        let kib = |part: &[&Sample]| median(part.iter().map(|s| s.cost.resident_kib).collect());
        let descriptors = |part: &[&Sample]| part.iter().map(|s| s.cost.descriptors).max().unwrap_or(0);
        let (kib_before, kib_after) = (kib(&second), kib(&last));
        let (open_before, open_after) = (descriptors(&second), descriptors(&last));
        let failed = visits.failed.load(Ordering::Relaxed);
        let verdict = serde_json::json!({
            "visits": samples.last().map_or(0, |last| last.visits),
            "publishers": visits.publishers.load(Ordering::Relaxed),
            "failed": failed,
            "kib_second_third": kib_before, "kib_last_third": kib_after,
            "descriptors_second_third": open_before, "descriptors_last_third": open_after,
        });
        println!("{verdict}");
        if kib_after > kib_before + NOISE_KIB {
            return Err(format!("memory grew from {kib_before} to {kib_after} KiB").into());
        }
        if open_after > open_before + NOISE_DESCRIPTORS {
            return Err(format!("descriptors grew from {open_before} to {open_after}").into());
        }
        if failed > 0 {
            return Err(format!("{failed} visitors saw nothing").into());
        }
        Ok(())
    }
}

fn median(mut of: Vec<u64>) -> u64 {
    of.sort_unstable();
    of.get(of.len() / 2).copied().unwrap_or(0)
}
