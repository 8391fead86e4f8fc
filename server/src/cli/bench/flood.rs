//! Whether viewers notice a flood: junk on the UDP port and posts to `/whip`, while they watch.

use super::house::House;
use crate::run::StartError;
use clap::Args;
use live::load::{Pace, flood};
use std::time::Duration;

/// How many watch, and how much comes.
#[derive(Debug, Args)]
pub struct Flood {
    /// Viewers.
    #[arg(long, default_value_t = 100)]
    viewers: usize,
    /// Junk datagrams a second.
    #[arg(long, default_value_t = 10_000)]
    datagrams: u32,
    /// Seconds without a flood, and then with it.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How the stream that is watched is sent: burst, spread or thin.
    #[arg(long, default_value_t = Pace::Spread)]
    pace: Pace,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Before measuring: keyframes asked for by who joined.
const SETTLE: Duration = Duration::from_millis(1500);

impl Flood {
    /// Measures and prints.
    ///
    /// # Errors
    /// When viewers cannot join, or the door no longer answers.
    pub async fn run(self) -> Result<(), StartError> {
        let mut house = House::open(self.pace).await?;
        house.join(self.viewers).await?;
        tokio::time::sleep(SETTLE).await;
        let time = Duration::from_secs(self.seconds);
        let begun = house.count().await?;
        tokio::time::sleep(time).await;
        let calm = house.count().await?;
        let place = &house.place;
        let flooded = flood(&place.http, place.udp, &place.token, self.datagrams, time).await?;
        let stormy = house.count().await?;
        house.close().await?;
        let row = serde_json::json!({
            "viewers": self.viewers,
            "junk_datagrams": flooded.datagrams,
            "posts": flooded.posts,
            "packets_before": calm.received - begun.received,
            "packets_during": stormy.received - calm.received,
            "gaps_before": calm.missing - begun.missing,
            "gaps_during": stormy.missing.saturating_sub(calm.missing),
            "longest_silence_before_ms": calm.silence_ms,
            "longest_silence_during_ms": stormy.silence_ms,
        });
        if self.json {
            println!("{row}");
        } else {
            println!("{row:#}");
        }
        Ok(())
    }
}
