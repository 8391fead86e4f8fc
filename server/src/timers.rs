//! What is due. The market's rows say when; this loop only asks often enough. Two servers may ask at
//! once: the market acts once.

use crate::{AppState, session::Sessions};
use std::time::Duration;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

/// How often holds, groups and sales are looked at.
const SETTLE: Duration = Duration::from_millis(500);
/// How often the feed reads what another server's signal may have lost.
const HEAL: Duration = Duration::from_secs(2);
/// How often uses of tokens are written down.
const TIDY: Duration = Duration::from_secs(5);
/// How often old sessions are forgotten.
const FORGET: Duration = Duration::from_secs(3600);

/// Until the server goes. A function of its own: the watch's guard must not be held across an await.
pub(crate) async fn gone(closing: &mut watch::Receiver<bool>) {
    // an error means that it is gone already
    let _ = closing.wait_for(|closing| *closing).await;
}

/// Settles what is due, until the server goes.
pub(crate) async fn settle(state: AppState, mut closing: watch::Receiver<bool>) {
    let mut tick = interval(SETTLE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = gone(&mut closing) => return,
            _ = tick.tick() => {}
        }
        match state.market.settle_due().await {
            Ok(settled) if settled.holds + settled.groups + settled.rounds + settled.sales > 0 => {
                tracing::info!(
                    holds = settled.holds,
                    groups = settled.groups,
                    rounds = settled.rounds,
                    sales = settled.sales,
                    "settled"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "settling failed; it is tried again"),
        }
    }
}

/// Hears other servers' changes (PostgreSQL's NOTIFY), until the server goes. On SQLite there are no
/// other servers.
pub(crate) async fn hear_others(state: AppState, mut closing: watch::Receiver<bool>) {
    if matches!(state.market.db(), market::db::Db::Sqlite { .. }) {
        return;
    }
    loop {
        tokio::select! {
            () = gone(&mut closing) => return,
            heard = state.market.listen() => {
                if let Err(error) = heard {
                    tracing::error!(%error, "other servers are not heard; trying again");
                }
            }
        }
        tokio::time::sleep(HEAL).await;
    }
}

/// Heals the feed of what another server's signal may have lost, until the server goes.
pub(crate) async fn heal_feed(state: AppState, mut closing: watch::Receiver<bool>) {
    let mut tick = interval(HEAL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = gone(&mut closing) => return,
            _ = tick.tick() => state.hub.refresh_all(&state.market).await,
        }
    }
}

/// Forgets kept pages whenever the market changes, until the server goes.
pub(crate) async fn forget_pages(state: AppState, mut closing: watch::Receiver<bool>) {
    let mut changes = state.market.changes();
    loop {
        tokio::select! {
            () = gone(&mut closing) => return,
            change = changes.recv() => match change {
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                // which pages show what changed is not worth knowing: they are cheap to make again
                _ => state.pages.invalidate_all(),
            }
        }
    }
}

/// Forgets old sessions, until the server goes.
pub(crate) async fn forget_sessions(sessions: Sessions, mut closing: watch::Receiver<bool>) {
    let mut tick = interval(FORGET);
    loop {
        tokio::select! {
            () = gone(&mut closing) => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = sessions.forget_expired().await {
            tracing::error!(%error, "old sessions could not be forgotten");
        }
    }
}

/// Writes down when tokens were last used, until the server goes and once then.
pub(crate) async fn tidy_door(state: AppState, mut closing: watch::Receiver<bool>) {
    let mut tick = interval(TIDY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut going = false;
    while !going {
        tokio::select! {
            () = gone(&mut closing) => going = true,
            _ = tick.tick() => {}
        }
        if let Err(error) = state.api.tidy(&state.market).await {
            tracing::error!(%error, "uses of tokens could not be written down; it is tried again");
        }
    }
}
