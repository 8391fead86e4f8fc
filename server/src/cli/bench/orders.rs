//! Orders a second: a flash sale that distinct shoppers rush, made durable as the market ships it,
//! beside one transaction an order and beside the floor, the same rows without rules.
//!
//! Every row has a database of its own, and ends with the audit.

mod door;
mod fleet;
mod load;
pub(super) mod shop;

use crate::{config::DatabaseUrl, run::StartError};
use clap::{Args, ValueEnum};
use load::{Load, Pace};
use market::order::Batching;
use shop::{Past, Plan, Shop};
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
    /// By the market's verb, over HTTP by the checkout's form, or by the public door for programs.
    #[arg(long, value_delimiter = ',', default_value = "market,http,api")]
    via: Vec<Via>,
    /// Servers on the PostgreSQL, a row each by the public door; above one they are programs of their own.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3")]
    servers: Vec<usize>,
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
    /// `POST /api/v1/orders` on loopback.
    Api,
}

/// Where a row's orders go, and by which way.
#[derive(Debug, Clone, Copy)]
struct Way<'a> {
    /// The PostgreSQL; without it, a SQLite file.
    postgres: Option<&'a str>,
    servers: usize,
    via: Via,
}

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
struct Rush {
    mode: &'static str,
    batching: Batching,
    people: usize,
    quota: i64,
    pace: Pace,
    /// Acknowledged orders after which a server is killed.
    loss: Option<usize>,
}

/// Orders written in one transaction by the floor: as many as a full desk.
const FLOOR_BATCH: usize = 128;
/// The rush: so many at once for so few packs.
const RUSH: (usize, i64) = (10_000, 100);
/// More connections than are served at once, for half as many packs as people: there is a line.
const CROWD: (usize, i64, usize) = (10_000, 5_000, 2_000);
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
            let [database, servers, via, mode, rate] = ["database", "servers", "via", "mode", "orders/s"];
            let [p50, p99, refused, sold, oversold] = ["p50 ms", "p99 ms", "no p99", "sold", "oversold"];
            let told = "told p99";
            println!(
                "{database:<9} {servers:>7} {via:<7} {mode:<8} {rate:>9} {p50:>8} {p99:>8} {refused:>8} {told:>8} {sold:>7} {oversold:>8} {:>5} {:>9} {:>6}",
                "lost", "floor/s", "ratio"
            );
        }
        self.rows(None).await?;
        match &self.postgres {
            Some(url) if url.0.starts_with("postgres") => self.rows(Some(&url.0)).await,
            _ => Ok(()),
        }
    }

    /// All rows on one database.
    async fn rows(&self, postgres: Option<&str>) -> Result<(), StartError> {
        let floor = self.floor(postgres).await?;
        let quota = i64::try_from(self.orders)?;
        let top = Rush {
            mode: "batched",
            batching: Batching::Shared,
            people: self.orders,
            quota,
            pace: Pace::Closed(self.clients),
            loss: None,
        };
        for &via in &self.via {
            let several = via == Via::Api && postgres.is_some();
            let servers = if several { self.servers.as_slice() } else { &[1] };
            for &servers in servers {
                let way = Way { postgres, servers, via };
                let rate = self.row(way, top, floor).await?;
                let half = Rush {
                    mode: "half",
                    people: self.orders / 2,
                    pace: Pace::Steady(self.clients, rate / 2.0),
                    ..top
                };
                self.row(way, half, floor).await?;
                if servers > 1 {
                    let killed = Rush {
                        mode: "killed",
                        quota: quota / 2,
                        loss: Some(self.orders / 4),
                        ..top
                    };
                    self.row(way, killed, floor).await?;
                } else if !self.quick {
                    self.more_rows(way, top, floor).await?;
                }
            }
        }
        Ok(())
    }

    /// One transaction an order, an idle shop, the rush, and over HTTP a crowd that must stand in line.
    async fn more_rows(&self, way: Way<'_>, top: Rush, floor: f64) -> Result<(), StartError> {
        let single = Rush {
            mode: "single",
            batching: Batching::Single,
            people: self.orders / SINGLE_SHARE,
            ..top
        };
        self.row(way, single, floor).await?;
        let idle = Rush {
            mode: "idle",
            people: IDLE,
            pace: Pace::Closed(1),
            ..top
        };
        self.row(way, idle, floor).await?;
        let (people, packs) = RUSH;
        // over HTTP everybody is a connection of this process: as many as its files allow
        let hands = if way.via == Via::Market { people } else { people / 20 };
        let rush = Rush {
            mode: "rush",
            people,
            quota: packs,
            pace: Pace::Closed(hands),
            ..top
        };
        self.row(way, rush, floor).await?;
        if way.via != Via::Market {
            let (people, packs, hands) = CROWD;
            let crowd = Rush {
                mode: "line",
                people,
                quota: packs,
                pace: Pace::Closed(hands),
                ..top
            };
            self.row(way, crowd, floor).await?;
        }
        Ok(())
    }

    /// One row, on a shop of its own: answers a second.
    async fn row(&self, way: Way<'_>, rush: Rush, floor: f64) -> Result<f64, StartError> {
        let shop = self.shop(way, rush).await?;
        let load = load::run(&shop, way.via, rush.people, rush.pace, rush.loss).await?;
        let lost = load.placed.len() - market::crowd::stored(&shop.market, &load.placed).await?;
        Arc::into_inner(shop).ok_or("somebody is still buying")?.close().await?;
        let sold = load.placed.len();
        let wanted = usize::try_from(rush.quota)?.min(rush.people);
        if sold != wanted || sold + load.refused() != rush.people {
            return Err(format!("{sold} sold of {wanted}, {} refused", load.refused()).into());
        }
        self.print(way, rush, &load, lost, floor);
        Ok(load.per_second())
    }

    /// Rows a second without rules.
    async fn floor(&self, postgres: Option<&str>) -> Result<f64, StartError> {
        let way = Way {
            postgres,
            servers: 1,
            via: Via::Market,
        };
        let everybody = Rush {
            mode: "floor",
            batching: Batching::Shared,
            people: self.orders,
            quota: i64::try_from(self.orders)?,
            pace: Pace::Closed(1),
            loss: None,
        };
        let shop = self.shop(way, everybody).await?;
        let per_second = load::floor(&shop, FLOOR_BATCH).await?;
        Arc::into_inner(shop).ok_or("somebody is still buying")?.close().await?;
        Ok(per_second)
    }

    async fn shop(&self, way: Way<'_>, rush: Rush) -> Result<Arc<Shop>, StartError> {
        let plan = Plan {
            postgres: way.postgres.map(str::to_owned),
            folder: self.folder.clone(),
            site: self.site.clone(),
            via: way.via,
            servers: way.servers,
            batching: rush.batching,
            people: rush.people,
            quota: rush.quota,
            need: self.need,
            past: Past::default(),
        };
        Ok(Arc::new(Shop::open(plan).await?))
    }

    fn print(&self, way: Way<'_>, rush: Rush, load: &Load, lost: usize, floor: f64) {
        let (per_second, sold) = (load.per_second(), load.placed.len());
        let oversold = (sold as i64 - rush.quota).max(0);
        let database = if way.postgres.is_some() { "postgres" } else { "sqlite" };
        let via = match way.via {
            Via::Market => "market",
            Via::Http => "http",
            Via::Api => "api",
        };
        let (servers, mode, refused_p99) = (way.servers, rush.mode, load.refused_ms(0.99));
        let told_p99 = load.told_ms(0.99);
        if self.json {
            let row = serde_json::json!({
                "database": database, "servers": servers, "via": via, "mode": mode, "orders_per_s": per_second.round(),
                "p50_ms": load.ms(0.5), "p99_ms": load.ms(0.99), "refused_p99_ms": refused_p99, "told_p99_ms": told_p99,
                "sold": sold, "refused": load.refused(), "oversold": oversold, "lost": lost, "floor_per_s": floor.round(),
            });
            println!("{row}");
        } else {
            println!(
                "{database:<9} {servers:>7} {via:<7} {mode:<8} {per_second:>9.0} {:>8.2} {:>8.2} {refused_p99:>8.2} {told_p99:>8.2} {sold:>7} {oversold:>8} {lost:>5} {floor:>9.0} {:>6.2}",
                load.ms(0.5),
                load.ms(0.99),
                floor / per_second
            );
        }
    }
}
