//! Orders a second: a flash sale that distinct shoppers rush, made durable as the market ships it,
//! beside one transaction an order and beside the floor, the same rows without rules.
//!
//! Every row has a database of its own, and ends with the audit.

mod door;
mod load;
mod shop;

use crate::{config::DatabaseUrl, run::StartError};
use clap::{Args, ValueEnum};
use load::{Load, Pace};
use market::order::Batching;
use shop::{Plan, Shop};
use std::{path::PathBuf, sync::Arc};

/// How many orders, from how many hands, by which way, on what.
#[derive(Debug, Clone, Args)]
pub struct Orders {
    /// Orders of a row.
    #[arg(long, default_value_t = 20_000)]
    orders: usize,
    /// Shoppers who are asking at any moment.
    #[arg(long, default_value_t = 256)]
    clients: usize,
    /// People a group needs.
    #[arg(long, default_value_t = 200)]
    need: usize,
    /// By the market's verb, or over HTTP by the checkout's form.
    #[arg(long, value_delimiter = ',', default_value = "market,http")]
    via: Vec<Via>,
    /// A PostgreSQL to measure too: each row in a schema of its own, dropped afterwards.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    postgres: Option<DatabaseUrl>,
    /// The folder for SQLite files, on the disk that is to be measured.
    #[arg(long, default_value = "data")]
    folder: PathBuf,
    /// Leave out one transaction an order, the rush and the idle shop.
    #[arg(long)]
    quick: bool,
    /// One JSON object a row.
    #[arg(long)]
    json: bool,
    /// The folder of built files.
    #[arg(long, env = "TIANTOU_SITE", default_value = "target/site")]
    site: PathBuf,
}

/// The way an order takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Via {
    /// The market's verb, in this process.
    Market,
    /// `POST /checkout` on loopback.
    Http,
}

/// Orders written in one transaction by the floor: as many as a full desk.
const FLOOR_BATCH: usize = 128;
/// The rush: so many at once for so few packs.
const RUSH: (usize, i64) = (10_000, 100);
/// Orders placed one after the other on an idle shop.
const IDLE: usize = 200;
/// One transaction an order is slow: so many fewer of them.
const SINGLE_SHARE: usize = 8;

impl Orders {
    /// Measures and prints.
    ///
    /// # Errors
    /// When something cannot be started, an order is a fault, or the books do not add up afterwards.
    pub async fn run(self) -> Result<(), StartError> {
        std::fs::create_dir_all(&self.folder)?;
        if !self.json {
            println!(
                "{:<9} {:<7} {:<8} {:>9} {:>8} {:>8} {:>7} {:>8} {:>5} {:>9} {:>6}",
                "database",
                "via",
                "mode",
                "orders/s",
                "p50 ms",
                "p99 ms",
                "sold",
                "oversold",
                "lost",
                "floor/s",
                "ratio"
            );
        }
        self.rows("sqlite", None).await?;
        match &self.postgres {
            Some(url) if url.0.starts_with("postgres") => self.rows("postgres", Some(&url.0)).await,
            _ => Ok(()),
        }
    }

    async fn rows(&self, database: &'static str, postgres: Option<&str>) -> Result<(), StartError> {
        let floor = self.floor(postgres).await?;
        let print = |via: Via, mode: &str, load: &Load, quota: i64, lost: usize| {
            self.print(database, via, mode, load, quota, lost, floor);
        };
        for &via in &self.via {
            let quota = i64::try_from(self.orders)?;
            let (top, lost) = self
                .load(
                    postgres,
                    via,
                    Batching::Shared,
                    self.orders,
                    quota,
                    Pace::Closed(self.clients),
                )
                .await?;
            print(via, "batched", &top, quota, lost);
            let rate = top.per_second() / 2.0;
            let pace = Pace::Steady(self.clients, rate);
            let (half, lost) = self
                .load(postgres, via, Batching::Shared, self.orders / 2, quota, pace)
                .await?;
            print(via, "half", &half, quota, lost);
            if self.quick {
                continue;
            }
            let few = self.orders / SINGLE_SHARE;
            let (single, lost) = self
                .load(postgres, via, Batching::Single, few, quota, Pace::Closed(self.clients))
                .await?;
            print(via, "single", &single, quota, lost);
            let (idle, lost) = self
                .load(postgres, via, Batching::Shared, IDLE, quota, Pace::Closed(1))
                .await?;
            print(via, "idle", &idle, quota, lost);
            let (people, packs) = RUSH;
            // over HTTP everybody is a connection of this process: as many as its files allow
            let hands = if via == Via::Http { people / 20 } else { people };
            let (rush, lost) = self
                .load(postgres, via, Batching::Shared, people, packs, Pace::Closed(hands))
                .await?;
            if rush.placed.len() as i64 != packs || rush.placed.len() + rush.refused() != people {
                return Err(format!("{} of {packs} sold, {} refused", rush.placed.len(), rush.refused()).into());
            }
            print(via, "rush", &rush, packs, lost);
        }
        Ok(())
    }

    /// One row's load, on a shop of its own; with how many of the acknowledged orders are not there.
    async fn load(
        &self,
        postgres: Option<&str>,
        via: Via,
        batching: Batching,
        people: usize,
        quota: i64,
        pace: Pace,
    ) -> Result<(Load, usize), StartError> {
        let shop = self.shop(postgres, via, batching, people, quota).await?;
        let load = load::run(&shop, people, pace).await?;
        let stored = market::crowd::stored(&shop.market, &load.placed).await?;
        Arc::into_inner(shop).ok_or("somebody is still buying")?.close().await?;
        let lost = load.placed.len() - stored;
        Ok((load, lost))
    }

    /// Rows a second without rules.
    async fn floor(&self, postgres: Option<&str>) -> Result<f64, StartError> {
        let quota = i64::try_from(self.orders)?;
        let shop = self
            .shop(postgres, Via::Market, Batching::Shared, self.orders, quota)
            .await?;
        let per_second = load::floor(&shop, FLOOR_BATCH).await?;
        Arc::into_inner(shop).ok_or("somebody is still buying")?.close().await?;
        Ok(per_second)
    }

    async fn shop(
        &self,
        postgres: Option<&str>,
        via: Via,
        batching: Batching,
        people: usize,
        quota: i64,
    ) -> Result<Arc<Shop>, StartError> {
        let plan = Plan {
            postgres: postgres.map(str::to_owned),
            folder: self.folder.clone(),
            site: self.site.clone(),
            via,
            batching,
            people,
            quota,
            need: self.need,
        };
        Ok(Arc::new(Shop::open(plan).await?))
    }

    #[allow(clippy::too_many_arguments)] // a row has so many columns
    fn print(&self, database: &str, via: Via, mode: &str, load: &Load, quota: i64, lost: usize, floor: f64) {
        let (per_second, sold) = (load.per_second(), load.placed.len());
        let oversold = (sold as i64 - quota).max(0);
        let via = if via == Via::Market { "market" } else { "http" };
        if self.json {
            let row = serde_json::json!({
                "database": database, "servers": 1, "via": via, "mode": mode, "orders_per_s": per_second.round(),
                "p50_ms": load.ms(0.5), "p99_ms": load.ms(0.99), "refused_p99_ms": load.refused_ms(0.99),
                "sold": sold, "refused": load.refused(), "oversold": oversold, "lost": lost, "floor_per_s": floor.round(),
            });
            println!("{row}");
        } else {
            println!(
                "{database:<9} {via:<7} {mode:<8} {per_second:>9.0} {:>8.2} {:>8.2} {sold:>7} {oversold:>8} {lost:>5} {floor:>9.0} {:>6.2}",
                load.ms(0.5),
                load.ms(0.99),
                floor / per_second
            );
        }
    }
}
