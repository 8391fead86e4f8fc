//! The demonstration's live is published by a small real WebRTC client of ours that loops a clip
//! through the same WHIP door as everybody, with a ticket like everybody's.

use crate::{AppState, admission, timers::gone};
use live::farmer::{self, Clip};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::sync::watch;

static PICTURE: &[u8] = include_bytes!("../live/clip/farm.ivf");
static SOUND: &[u8] = include_bytes!("../live/clip/farm.ogg");

/// Waits this long before it publishes again.
const AGAIN: Duration = Duration::from_secs(2);
/// How often the demonstration's sale is looked after.
const LOOK_AFTER: Duration = Duration::from_secs(20);

/// Publishes the demonstration's live until the server goes.
pub(crate) async fn publish(state: AppState, http: SocketAddr, mut closing: watch::Receiver<bool>) {
    let clip = match Clip::parse(PICTURE, SOUND) {
        Ok(clip) => Arc::new(clip),
        Err(error) => return tracing::error!(%error, "the demonstration's clip cannot be read"),
    };
    while !*closing.borrow() {
        if let Err(error) = once(&state, http, Arc::clone(&clip), closing.clone()).await {
            tracing::warn!(error, "the virtual farmer went off air");
        }
        tokio::select! {
            () = gone(&mut closing) => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

async fn once(
    state: &AppState,
    http: SocketAddr,
    clip: Arc<Clip>,
    mut closing: watch::Receiver<bool>,
) -> Result<(), String> {
    let card = state
        .market
        .find_live(market::demo::LIVE)
        .await
        .map_err(|error| error.to_string())?;
    let host = card.ok_or("the demonstration has no live")?.host_id;
    let farmer = state
        .market
        .find_person(&host)
        .await
        .map_err(|error| error.to_string())?;
    let farmer = farmer.ok_or("the demonstration has no farmer")?;
    let ticket = admission::ticket(state, &farmer, market::demo::LIVE)
        .await
        .map_err(|error| error.to_string())?;
    let host = if http.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        http.ip().to_string()
    };
    let url = format!("http://{}:{}/whip/{}", host, http.port(), market::demo::LIVE);
    farmer::publish(&url, &ticket, clip, async move { gone(&mut closing).await })
        .await
        .map_err(|error| error.to_string())
}

/// Keeps a sale and a group on in the demonstration's live, until the server goes.
pub(crate) async fn look_after(state: AppState, mut closing: watch::Receiver<bool>) {
    let mut tick = tokio::time::interval(LOOK_AFTER);
    loop {
        tokio::select! {
            () = gone(&mut closing) => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = market::demo::keep_live(&state.market).await {
            tracing::error!(%error, "the demonstration's sale could not be looked after");
        }
    }
}
