//! `tiantou migrate`.

use crate::{
    config::Storage,
    run::{StartError, open_market},
};

pub(super) async fn migrate(storage: &Storage) -> Result<(), StartError> {
    let (market, _) = open_market(storage).await?;
    market.db().migrate().await?;
    market.db().close().await;
    println!("{} is up to date", storage.database_url);
    Ok(())
}
