//! `tiantou serve`.

use crate::{
    config::Config,
    run::{StartError, open_market, start},
};
use market::{demo, people::Role};
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn serve(config: Config) -> Result<(), StartError> {
    let demonstration = config.demo;
    if demonstration && !config.storage.database_url.0.starts_with("sqlite:") {
        // PostgreSQL is migrated by its own command; a demonstration brings its own tables
        let (market, _) = open_market(&config.storage).await?;
        market.db().migrate().await?;
        market.db().close().await;
    }
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let running = start(config).await?;
    announce(&running.state.origin, demonstration);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("going");
    running.stop().await;
    Ok(())
}

/// Villagers that are named: two farmers, two leaders, two shoppers.
const SHOWN: usize = 6;

/// What to open, as whom.
fn announce(origin: &str, demonstration: bool) {
    println!("\n田头 Tiantou: {origin}\n");
    if !demonstration {
        return;
    }
    println!("  on air                 {origin}/live/{}", demo::LIVE);
    for villager in demo::PEOPLE.iter().take(SHOWN) {
        let (role, path) = match villager.role {
            Some(Role::Farmer) => ("farmer", "/host"),
            Some(Role::Leader) => ("leader", "/leader"),
            _ => ("shopper", "/me"),
        };
        println!(
            "  {role:<9} {phone}  {origin}{path}   {name}",
            phone = villager.phone,
            name = villager.name
        );
    }
    println!("\nSign in with a phone number above; its code is shown on the page and printed here.\n");
}
