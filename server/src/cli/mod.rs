//! The commands. Each file is one of them.

mod api_token;
mod audit;
pub mod bench;
mod demo;
mod migrate;
mod serve;

use crate::{
    config::{Config, Storage},
    run::StartError,
};
use clap::{Parser, Subcommand};

/// 田头 Tiantou: a village's shop with live pictures from the field.
#[derive(Debug, Parser)]
#[command(name = "tiantou", version, about)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Serves the site and the live pictures.
    Serve(Box<Config>),
    /// Brings the database up to date. SQLite also does so at `serve`.
    Migrate(migrate::Migrate),
    /// Fills the database with the demonstration village; again does no harm.
    Demo(Storage),
    /// Checks that stock, money, seats and states add up; names what does not and exits non-zero.
    Audit(audit::Audit),
    /// Measures, beside a baseline, in one run.
    Bench(bench::Bench),
    /// Tokens by which programs use /api/v1.
    ApiToken(api_token::ApiToken),
}

impl Command {
    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever kept it from being done, in words.
    pub fn run(self) -> Result<(), StartError> {
        let json = matches!(&self.what, What::Serve(config) if config.log_json);
        log(json);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            match self.what {
                What::Serve(config) => serve::serve(*config).await,
                What::Migrate(migrate) => migrate.run().await,
                What::Demo(storage) => demo::demo(&storage).await,
                What::Audit(audit) => audit.run().await,
                What::Bench(bench) => bench.run().await,
                What::ApiToken(tokens) => tokens.run().await,
            }
        })
    }
}

/// Structured lines on standard error; `RUST_LOG` chooses more or less.
fn log(json: bool) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,rtc=warn,webrtc=warn,rtc_dtls=error,usvg=error"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // a second call (in tests) finds the first one's subscriber: both are fine
    let _ = if json {
        lines.json().try_init()
    } else {
        lines.compact().try_init()
    };
}
