//! The journey in a village of 500 communities, 100,000 members and 1,000,000 orders (R79), beside the
//! same journey where nothing has happened yet, in one run.
//!
//! The past is written in bulk and passes the audit like any other; what is timed are the pages and forms
//! as a browser asks for them, one after the other, by people who have bought before.

use super::orders::{
    Via,
    shop::{Past, Plan, Shop},
};
use crate::{config::DatabaseUrl, run::StartError, session};
use clap::Args;
use hdrhistogram::Histogram;
use market::order::Batching;
use std::path::PathBuf;
use tokio::time::Instant;

/// How large the village is, how often each page is asked for.
#[derive(Debug, Args)]
pub struct Scale {
    /// Communities, each with a leader.
    #[arg(long, default_value_t = 500)]
    communities: usize,
    /// People who have bought.
    #[arg(long, default_value_t = 100_000)]
    members: usize,
    /// Orders that were handed over.
    #[arg(long, default_value_t = 1_000_000)]
    orders: usize,
    /// Orders of one session.
    #[arg(long, default_value_t = 20_000)]
    session: usize,
    /// People who walk the journey.
    #[arg(long, default_value_t = 200)]
    visitors: usize,
    /// A PostgreSQL to measure too: in a schema of its own, dropped afterwards.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    postgres: Option<DatabaseUrl>,
    /// The folder for SQLite files.
    #[arg(long, default_value = "data")]
    folder: PathBuf,
    /// One JSON object a row.
    #[arg(long)]
    json: bool,
    /// The folder of built files.
    #[arg(long, env = "TIANTOU_SITE", default_value = "target/site")]
    site: PathBuf,
}

/// One step of the journey, and how long it took everybody.
struct Step {
    name: &'static str,
    times: Histogram<u64>,
}

impl Scale {
    /// Measures and prints.
    ///
    /// # Errors
    /// When something cannot be started, a page is refused, or the books do not add up afterwards.
    pub async fn run(self) -> Result<(), StartError> {
        std::fs::create_dir_all(&self.folder)?;
        self.rows("sqlite", None).await?;
        match &self.postgres {
            Some(url) if url.0.starts_with("postgres") => self.rows("postgres", Some(&url.0)).await,
            _ => Ok(()),
        }
    }

    async fn rows(&self, database: &str, postgres: Option<&str>) -> Result<(), StartError> {
        let large = Past {
            communities: self.communities,
            members: self.members,
            orders: self.orders,
            session: self.session,
        };
        let empty = self.journey(postgres, Past::default()).await?;
        let full = self.journey(postgres, large).await?;
        for (empty, full) in empty.iter().zip(&full) {
            self.print(database, empty, full);
        }
        Ok(())
    }

    fn print(&self, database: &str, empty: &Step, full: &Step) {
        let ms = |step: &Step, quantile| step.times.value_at_quantile(quantile) as f64 / 1000.0;
        let (name, before, after) = (empty.name, ms(empty, 0.5), ms(full, 0.5));
        let ratio = after / before;
        if self.json {
            let row = serde_json::json!({
                "database": database, "step": name, "orders": self.orders, "empty_p50_ms": before,
                "full_p50_ms": after, "full_p99_ms": ms(full, 0.99), "ratio": (ratio * 100.0).round() / 100.0,
            });
            println!("{row}");
        } else {
            println!(
                "{database:<9} {name:<14} empty p50 {before:>8.2} ms   with {} orders {after:>8.2} ms   p99 {:>8.2} ms   ratio {ratio:.2}",
                self.orders,
                ms(full, 0.99)
            );
        }
    }

    /// Everybody's journey where `past` has happened.
    async fn journey(&self, postgres: Option<&str>, past: Past) -> Result<Vec<Step>, StartError> {
        let shop = Shop::open(Plan {
            postgres: postgres.map(str::to_owned),
            folder: self.folder.clone(),
            site: self.site.clone(),
            via: Via::Http,
            servers: 1,
            batching: Batching::Shared,
            people: self.visitors,
            quota: i64::try_from(self.visitors)?,
            need: self.visitors.clamp(2, 200),
            past,
        })
        .await?;
        let steps = walk(&shop).await;
        shop.close().await?;
        steps
    }
}

/// Each page of the journey by each person in turn, then what only hosts and leaders see.
async fn walk(shop: &Shop) -> Result<Vec<Step>, StartError> {
    let origin = format!("http://{}", shop.doors[0]);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let (live, first) = (&shop.live.code, &shop.groups[0]);
    let group = |who: usize| &shop.groups[who / shop.need];
    let leader = shop.market.find_person(&first.leader_id).await?.ok_or("no leader")?;
    let staff = session::sign_many_in(shop.market.db(), &[shop.host.clone(), leader], shop.market.now()).await?;
    let [host, leader] = &staff[..] else {
        return Err("two are signed in".into());
    };
    let mut steps = Vec::new();
    let pages: [(&str, String, Option<&str>); 10] = [
        ("home", "/".into(), None),
        ("live list", "/live".into(), None),
        ("live", format!("/live/{live}"), None),
        ("product", format!("/p/{}", first.product.slug), None),
        ("group", format!("/g/{}", first.code), None),
        (
            "checkout",
            format!("/checkout?kind=group&id={}&quantity=1", first.code),
            None,
        ),
        ("me", "/me".into(), None),
        ("host", "/host".into(), Some(host)),
        ("host console", format!("/host/{live}"), Some(host)),
        ("leader", "/leader".into(), Some(leader)),
    ];
    for (name, path, who) in pages {
        let mut step = Step::new(name)?;
        for badge in &shop.badges {
            let request = client.get(format!("{origin}{path}"));
            step.time(request.header("cookie", who.unwrap_or(badge)), 200).await?;
        }
        steps.push(step);
    }
    let (mut order, mut receipt) = (Step::new("order")?, Step::new("receipt")?);
    for (who, badge) in shop.badges.iter().enumerate() {
        let (group, shown) = (group(who), group(who).price.as_fen().to_string());
        let request_id = format!("scale-{who}");
        let form = [
            ("request_id", request_id.as_str()),
            ("kind", "group"),
            ("id", &group.code),
            ("quantity", "1"),
            ("pickup", group.pickup.id.as_str()),
            ("method", "cash"),
            ("shown_fen", &shown),
        ];
        let request = client
            .post(format!("{origin}/checkout"))
            .header("cookie", badge)
            .form(&form);
        let to = order.time(request, 303).await?.ok_or("an order leads nowhere")?;
        receipt
            .time(client.get(format!("{origin}{to}")).header("cookie", badge), 200)
            .await?;
    }
    steps.extend([order, receipt]);
    Ok(steps)
}

impl Step {
    fn new(name: &'static str) -> Result<Self, StartError> {
        Ok(Step {
            name,
            times: Histogram::new(3)?,
        })
    }

    /// Asks, reads the whole answer and notes how long that took. Where the answer leads.
    #[allow(clippy::disallowed_methods)] // measuring
    async fn time(&mut self, request: reqwest::RequestBuilder, expected: u16) -> Result<Option<String>, StartError> {
        let begun = Instant::now();
        let answer = request.send().await?;
        let (status, to) = (answer.status(), answer.headers().get("location").cloned());
        answer.bytes().await?;
        self.times.record(u64::try_from(begun.elapsed().as_micros())?)?;
        if status.as_u16() != expected {
            return Err(format!("{}: {status}", self.name).into());
        }
        Ok(to.and_then(|to| to.to_str().ok().map(str::to_owned)))
    }
}
