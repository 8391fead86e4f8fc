//! `tiantou bench`: figures beside a baseline, in one run.

pub mod feed;
pub mod flood;
mod house;
pub mod live;
pub mod orders;
pub mod pages;
pub mod scale;
pub mod soak;

use crate::{config::Config, run::StartError};
use clap::{Args, Parser, Subcommand};
use std::path::Path;

/// What is measured.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Requests a second of home, product and trace page, beside a bare handler with the same bytes.
    Pages(pages::Pages),
    /// How soon a change of a live reaches thousands of event streams, beside bare writes of the same bytes.
    Feed(feed::Feed),
    /// Server CPU per forwarded packet and memory per viewer, beside the floor (cipher and send).
    Live(live::Live),
    /// Whether viewers notice junk on the UDP port and posts to /whip.
    Flood(flood::Flood),
    /// Whether joining and leaving, for an hour, leaves memory or descriptors behind.
    Soak(soak::Soak),
    /// Durable orders a second in a flash sale, beside one transaction an order and the floor.
    Orders(orders::Orders),
    /// How long the journey's pages take in a large village, beside the same in an empty one.
    Scale(scale::Scale),
}

impl Bench {
    /// Measures and prints.
    ///
    /// # Errors
    /// Whatever kept it from being measured.
    pub async fn run(self) -> Result<(), StartError> {
        match self.what {
            What::Pages(pages) => pages.run().await,
            What::Feed(feed) => feed.run().await,
            What::Live(live) => live.run().await,
            What::Flood(flood) => flood.run().await,
            What::Soak(soak) => soak.run().await,
            What::Orders(orders) => orders.run().await,
            What::Scale(scale) => scale.run().await,
        }
    }
}

/// `serve`'s settings, read as its flags are.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    config: Config,
}

/// Settings for a server of one's own on a free port, with the demonstration village in `folder`.
fn alone(folder: &Path, site: &str) -> Result<Config, StartError> {
    let database = format!("sqlite:{}", folder.join("bench.db").display());
    let flags = [
        "bench",
        "--demo",
        "--listen",
        "127.0.0.1:0",
        "--site",
        site,
        "--database-url",
        &database,
    ];
    Ok(Alone::try_parse_from(flags)?.config)
}
