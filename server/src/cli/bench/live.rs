//! What a viewer costs: the door in one process, a publisher and a crowd of lightweight viewers in
//! another, and beside them, in the same run, the floor.

use super::house::House;
use crate::run::StartError;
use clap::Args;
use live::load::{Floor, Pace, floor};
use std::{net::SocketAddr, time::Duration};

/// How many viewers, how long.
#[derive(Debug, Args)]
pub struct Live {
    /// Viewers of each row.
    #[arg(long, value_delimiter = ',', default_value = "50,100,200,400,800")]
    viewers: Vec<usize>,
    /// Also time joining while so many are watching, without a row of media.
    #[arg(long, value_delimiter = ',', default_value = "0,500")]
    join_beside: Vec<usize>,
    /// Seconds a row.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Spread each picture's packets as a browser does, instead of sending them at once.
    #[arg(long)]
    spread: bool,
    /// One JSON object a row.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// The processes of a run; the bench starts them itself.
#[derive(Debug, clap::Subcommand)]
enum Part {
    #[command(hide = true)]
    Stage,
    #[command(hide = true)]
    Crowd { stage: String, token: String, pace: Pace },
}

/// Before measuring: handshakes' leftovers, and keyframes asked for by who joined.
const SETTLE: Duration = Duration::from_millis(1500);

struct Row {
    viewers: usize,
    us_per_packet: f64,
    delivered: f64,
    gaps: u64,
    join_p50_ms: f64,
    kib_per_viewer: f64,
    peak_kib_per_viewer: f64,
    floor_sendmmsg_us: f64,
    floor_gso_us: f64,
    packets_per_s: f64,
    decrypted: u64,
}

impl Live {
    /// Measures and prints, or is one of the processes.
    ///
    /// # Errors
    /// When a process ends early, or viewers cannot join.
    pub async fn run(self) -> Result<(), StartError> {
        match &self.part {
            Some(Part::Stage) => return live::load::stage().await,
            Some(Part::Crowd { stage, token, pace }) => {
                return live::load::crowd(stage, token, *pace).await;
            }
            None => {}
        }
        if !self.json {
            println!(
                "{:>7} {:>9} {:>10} {:>7} {:>10} {:>6} {:>9} {:>8} {:>9}",
                "viewers", "us/packet", "sendmmsg", "gso", "delivered", "gaps", "packets/s", "join ms", "KiB/view."
            );
        }
        for &viewers in &self.viewers {
            let row = self.row(viewers).await?;
            self.print(&row);
        }
        for &viewers in &self.join_beside {
            let mut house = House::open(self.pace()).await?;
            house.join(viewers).await?;
            tokio::time::sleep(SETTLE).await;
            let p50 = house.timed_joins().await?;
            house.close().await?;
            if self.json {
                println!("{}", serde_json::json!({ "join_beside": viewers, "join_p50_ms": p50 }));
            } else {
                println!("joining beside {viewers}: {p50:.0} ms (median)");
            }
        }
        Ok(())
    }

    fn pace(&self) -> Pace {
        if self.spread { Pace::Spread } else { Pace::Burst }
    }

    async fn row(&self, viewers: usize) -> Result<Row, StartError> {
        let mut house = House::open(self.pace()).await?;
        let empty = house.cost().await?;
        house.join(viewers).await?;
        tokio::time::sleep(SETTLE).await;
        let (before, counted) = (house.cost().await?, house.count().await?);
        tokio::time::sleep(Duration::from_secs(self.seconds)).await;
        let (after, counted_after) = (house.cost().await?, house.count().await?);
        let join_p50_ms = house.timed_joins().await?;
        let addresses = house.addresses().await?;
        house.stage.stop().await?;
        let addresses: Vec<SocketAddr> = addresses.into_iter().take(viewers).collect();
        let seconds = self.seconds.min(2);
        let under = async |kind| {
            let addresses = addresses.clone();
            tokio::task::spawn_blocking(move || floor(kind, &addresses, seconds)).await?
        };
        let (floor_sendmmsg_us, floor_gso_us) = (under(Floor::Sendmmsg).await?, under(Floor::Gso).await?);
        house.crowd.stop().await?;
        let forwarded = (after.forwarded - before.forwarded) as f64;
        let expected = (counted_after.published - counted.published) as f64 * viewers as f64;
        let kib = |kib: u64| kib.saturating_sub(empty.resident_kib) as f64 / viewers as f64;
        Ok(Row {
            viewers,
            us_per_packet: (after.cpu_us - before.cpu_us) as f64 / forwarded,
            delivered: (counted_after.received - counted.received) as f64 / expected,
            gaps: counted_after.missing - counted.missing,
            join_p50_ms,
            kib_per_viewer: kib(after.resident_kib),
            peak_kib_per_viewer: kib(after.peak_kib),
            floor_sendmmsg_us,
            floor_gso_us,
            packets_per_s: forwarded / self.seconds as f64,
            decrypted: counted_after.decrypted - counted.decrypted,
        })
    }

    fn print(&self, row: &Row) {
        if self.json {
            let row = serde_json::json!({
                "viewers": row.viewers, "us_per_packet": row.us_per_packet,
                "floor_sendmmsg_us": row.floor_sendmmsg_us, "floor_gso_us": row.floor_gso_us,
                "delivered": row.delivered, "gaps": row.gaps, "packets_per_s": row.packets_per_s,
                "join_p50_ms": row.join_p50_ms, "kib_per_viewer": row.peak_kib_per_viewer,
                "kib_per_viewer_after": row.kib_per_viewer, "decrypted_by_first": row.decrypted,
                "pace": self.pace().to_string(),
            });
            println!("{row}");
        } else {
            println!(
                "{:>7} {:>9.2} {:>10.2} {:>7.2} {:>9.3}% {:>6} {:>9.0} {:>8.0} {:>9.0}",
                row.viewers,
                row.us_per_packet,
                row.floor_sendmmsg_us,
                row.floor_gso_us,
                row.delivered * 100.0,
                row.gaps,
                row.packets_per_s,
                row.join_p50_ms,
                row.peak_kib_per_viewer
            );
        }
    }
}
