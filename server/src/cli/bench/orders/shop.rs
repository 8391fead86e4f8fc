//! A shop for one row: a village on an empty database, a sale, groups with seats for everybody, and
//! the way in.

use super::{Via, fleet::Fleet};
use crate::{
    config::Config,
    run::{Running, StartError, start},
    session,
};
use clap::Parser;
use market::{
    Clock, Market, Money, VariantId, crowd,
    db::{Db, testing},
    demo, flash_sale,
    group_buy::Group,
    live_session::LiveCard,
    order::Batching,
    people::{Person, Role},
};
use std::{net::SocketAddr, path::PathBuf};

/// Of all servers of a row.
const SECRET: &str = "bench";

/// What a row needs.
pub(in crate::cli::bench) struct Plan {
    pub(in crate::cli::bench) postgres: Option<String>,
    pub(in crate::cli::bench) folder: PathBuf,
    pub(in crate::cli::bench) site: PathBuf,
    pub(in crate::cli::bench) via: Via,
    /// Programs that serve it: one is this one.
    pub(in crate::cli::bench) servers: usize,
    pub(in crate::cli::bench) batching: Batching,
    pub(in crate::cli::bench) people: usize,
    pub(in crate::cli::bench) quota: i64,
    pub(in crate::cli::bench) need: usize,
    pub(in crate::cli::bench) past: Past,
}

/// How much has happened before.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::cli::bench) struct Past {
    /// Communities, each with a leader and a pick-up point.
    pub(in crate::cli::bench) communities: usize,
    /// People who have bought.
    pub(in crate::cli::bench) members: usize,
    /// Orders that were handed over.
    pub(in crate::cli::bench) orders: usize,
    /// Orders of one session.
    pub(in crate::cli::bench) session: usize,
}

/// An open shop.
pub(in crate::cli::bench) struct Shop {
    pub(in crate::cli::bench) market: Market,
    pub(in crate::cli::bench) people: Vec<Person>,
    /// With seats for everybody: person `n` joins group `n / need`.
    pub(in crate::cli::bench) groups: Vec<Group>,
    pub(in crate::cli::bench) need: usize,
    pub(in crate::cli::bench) live: LiveCard,
    /// Who hosts it.
    pub(in crate::cli::bench) host: Person,
    /// By what everybody shows who they are: a session's cookie, or a token.
    pub(in crate::cli::bench) badges: Vec<String>,
    /// Where it is served.
    pub(in crate::cli::bench) doors: Vec<SocketAddr>,
    house: House,
    place: Place,
}

/// Who serves it.
enum House {
    Nobody,
    Here(Box<Running>),
    Fleet(Fleet),
}

/// Where its database is.
enum Place {
    File(PathBuf),
    Schema(String, String),
}

/// `serve`'s settings, read as its flags are.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    config: Config,
}

impl Shop {
    pub(in crate::cli::bench) async fn open(plan: Plan) -> Result<Self, StartError> {
        let (url, place) = match &plan.postgres {
            None => {
                let file = plan.folder.join(format!("bench-{}.db", market::request_id()));
                (format!("sqlite:{}", file.display()), Place::File(file))
            }
            Some(postgres) => {
                let (db, schema) = testing::fresh_schema(postgres).await;
                db.close().await;
                let separator = if postgres.contains('?') { '&' } else { '?' };
                let url = format!("{postgres}{separator}options=-c%20search_path%3D{schema}");
                (url, Place::Schema(postgres.clone(), schema))
            }
        };
        let (market, house) = house(&plan, &url).await?;
        let doors = match &house {
            House::Nobody => Vec::new(),
            House::Here(running) => vec![running.http],
            House::Fleet(fleet) => fleet.addresses(),
        };
        demo::fill(&market).await?;
        let host = host(&market).await?;
        let live = market.plan_live(&host, "测量", market.now()).await?;
        let live = market.start_live(&host, &live.code).await?;
        let pack = market.farm_products(&live.farm.id).await?.remove(0).variant;
        let members = happen(&market, &host, &pack.id, plan.past, plan.people).await?;
        crowd::receive(&market, &pack.id, plan.quota).await?;
        let now = market.now();
        let wanted = flash_sale::Wanted {
            price: Money::fen(pack.price.as_fen() / 2),
            quota: plan.quota,
            per_person: 1,
            need: i64::try_from(plan.need)?,
            rounds: vec![],
            starts_at: now,
            ends_at: now.plus(60 * 60_000),
        };
        market.start_sale(&host, &live.code, &pack.id, wanted).await?;
        let mut groups = Vec::new();
        for leader in crowd::leaders(&market, plan.people.div_ceil(plan.need)).await? {
            groups.push(market.open_group(&leader, &live.code).await?);
        }
        let people = members;
        let badges = match plan.via {
            Via::Market => Vec::new(),
            Via::Http => session::sign_many_in(market.db(), &people, market.now()).await?,
            Via::Api => crowd::tokens(&market, &people).await?,
        };
        Ok(Shop {
            market,
            people,
            groups,
            need: plan.need,
            live,
            host,
            badges,
            doors,
            house,
            place,
        })
    }

    /// Kills one of several servers.
    pub(in crate::cli::bench) async fn lose_a_server(&self) -> Result<(), StartError> {
        match &self.house {
            House::Fleet(fleet) => fleet.kill(self.doors.len() - 1).await,
            House::Nobody | House::Here(_) => Err("no server can be spared".into()),
        }
    }

    /// Audits the books and takes everything away.
    pub(in crate::cli::bench) async fn close(self) -> Result<(), StartError> {
        let violations = self.market.audit().await?;
        if !violations.is_empty() {
            return Err(format!("the books do not add up: {violations:?}").into());
        }
        match self.house {
            House::Here(running) => running.stop().await,
            House::Nobody => self.market.close().await,
            House::Fleet(fleet) => {
                fleet.end().await?;
                self.market.close().await;
            }
        }
        match self.place {
            Place::File(file) => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", file.display())); // may never have been
                }
            }
            Place::Schema(url, schema) => testing::drop_schema(&url, &schema).await,
        }
        Ok(())
    }
}

/// Starts who serves it, and answers a market on the same database.
async fn house(plan: &Plan, url: &str) -> Result<(Market, House), StartError> {
    let site = plan.site.display().to_string();
    let mut flags = vec!["--listen", "127.0.0.1:0", "--site", &site, "--database-url", url];
    flags.extend(["--secret", SECRET, "--posts-per-minute", "100000000"]);
    flags.extend(["--api-requests-per-minute", "100000000"]);
    if plan.batching == Batching::Single {
        flags.push("--single-orders");
    }
    if plan.via != Via::Market && plan.servers == 1 {
        let config = Alone::try_parse_from(["bench"].iter().chain(&flags))?.config;
        let running = start(config).await?;
        return Ok((running.state.market.clone(), House::Here(Box::new(running))));
    }
    let db = Db::open(url).await?;
    db.migrate().await?;
    let market = Market::new(db, Clock::System, SECRET.as_bytes()).with_batching(plan.batching);
    let house = match plan.via {
        Via::Market => House::Nobody,
        Via::Http | Via::Api => House::Fleet(Fleet::start(plan.servers, &flags).await?),
    };
    Ok((market, house))
}

/// Lets the past happen. Answers `people` shoppers, who have been there if anybody has.
async fn happen(
    market: &Market,
    host: &Person,
    pack: &VariantId,
    past: Past,
    people: usize,
) -> Result<Vec<Person>, StartError> {
    let mut members = crowd::shoppers(market, past.members.max(people)).await?;
    let leaders = crowd::leaders(market, past.communities).await?;
    let session = past.session.min(members.len()).max(1);
    let need = session.div_ceil(leaders.len().max(1)).max(2);
    for turn in 0..past.orders / session {
        // everybody comes as often as anybody else
        let first = turn * session % (members.len() - session + 1);
        let came = &members[first..first + session];
        crowd::past_session(market, host, pack, &leaders, came, need).await?;
    }
    members.truncate(people);
    Ok(members)
}

/// The farmer whose session it is, signed in by the code that is sent.
async fn host(market: &Market) -> Result<Person, StartError> {
    let farmer = demo::PEOPLE
        .iter()
        .find(|villager| villager.role == Some(Role::Farmer))
        .ok_or("no farmer")?;
    let sent = market.request_code(farmer.phone, "bench").await?;
    Ok(market.sign_in(farmer.phone, &sent.code).await?)
}
