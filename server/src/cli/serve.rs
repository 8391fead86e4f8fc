//! `tiantou serve`.

use crate::{
    config::Config,
    run::{StartError, open_market, start},
};
use market::{Lang, demo, people::Role};
use qrcode::{QrCode, render::unicode::Dense1x2};
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
    if running.state.authority.is_some() {
        show_to_phones(&running.state.origin)?;
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("going");
    running.stop().await;
    Ok(())
}

/// The address as a code to scan, and what the phone will ask.
fn show_to_phones(origin: &str) -> Result<(), StartError> {
    let code = QrCode::new(origin.as_bytes())?;
    // dark terminals are the rule: light modules are drawn, and readers take either
    let picture = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Dark)
        .light_color(Dense1x2::Light)
        .build();
    println!("{picture}\n  {origin}\n");
    for lang in [Lang::Zh, Lang::En] {
        for line in app::site::lan_words(lang, origin) {
            println!("  {line}");
        }
        println!();
    }
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
