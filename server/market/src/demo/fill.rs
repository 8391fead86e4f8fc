//! Filling an empty database with the village.

use super::{
    BATCHES, DemoReport, LIVE, PAST_LIVE, SCHEDULED_LIVE, STORIES, batches, goods, keep_live, lives, people, stories,
};
use crate::{Error, Market, Money};

/// What a demonstration shopper has to spend.
const WELCOME: Money = Money::fen(20_000);
/// The cause it is given for, once a person.
const WELCOME_CAUSE: &str = "demo-welcome";

/// Makes what is missing of the demonstration village, and puts its live session on air. Run again
/// it adds nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn fill(market: &Market) -> Result<DemoReport, Error> {
    let now = market.now();
    let was_there = market.find_live(LIVE).await?.is_some();
    let mut tx = market.db.write().await?;
    // Two servers that start together fill one after the other.
    tx.hold_name("demonstration").await?;
    let villagers = people::people(&mut tx, now).await?;
    people::communities(&mut tx, &villagers).await?;
    let farms = goods::farms(&mut tx, &villagers).await?;
    let products = goods::products(&mut tx, &farms, now).await?;
    batches::batches(&mut tx, &products, now).await?;
    stories::stories(&mut tx, &farms, &products, now).await?;
    lives::lives(&mut tx, &farms, now).await?;
    tx.commit().await?;
    for shopper in villagers.shoppers() {
        market.gift(&shopper.id, WELCOME, WELCOME_CAUSE).await?;
    }
    market.start_live(villagers.with(people::CHEN)?, LIVE).await?;
    keep_live(market).await?;
    Ok(DemoReport {
        was_there,
        people: &people::PEOPLE,
        live: LIVE,
        scheduled_live: SCHEDULED_LIVE,
        past_live: PAST_LIVE,
        batches: &BATCHES,
        stories: &STORIES,
    })
}
