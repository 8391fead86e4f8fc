//! `tiantou migrate`.

use crate::{
    config::Storage,
    run::{StartError, open_market},
};
use clap::Args;
use market::db::Db;

/// Brings the database up to date.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    storage: Storage,
    /// Goes on with this secret though the database was filled with another, which is lost: codes on
    /// their way, quotes and farmers' tickets are worth nothing then.
    #[arg(long)]
    replace_secret: bool,
}

impl Migrate {
    /// Does it.
    ///
    /// # Errors
    /// When the database does not answer, or a migration fails.
    pub async fn run(self) -> Result<(), StartError> {
        if self.replace_secret {
            let (market, _) = open_market(&self.storage).await?;
            market.db().migrate().await?;
            market.replace_secret().await?;
            market.db().close().await;
        } else {
            // the tables need no secret
            let url = &self.storage.database_url.0;
            let db = Db::open(url).await?;
            db.migrate().await?;
            db.close().await;
        }
        println!("{} is up to date", self.storage.database_url);
        Ok(())
    }
}
