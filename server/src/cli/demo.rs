//! `tiantou demo`.

use crate::{
    config::Storage,
    run::{StartError, check_secret, open_market},
};

pub(super) async fn demo(storage: &Storage) -> Result<(), StartError> {
    let (market, _) = open_market(storage).await?;
    market.db().migrate().await?;
    check_secret(&market).await?;
    market::demo::fill(&market).await?;
    market::demo::keep_live(&market).await?;
    market.db().close().await;
    println!("{} holds the demonstration village", storage.database_url);
    Ok(())
}
