//! The list of lives, and a live's page.

use super::storefront::on_air;
use crate::{address::Named, context::Cx, failure::Failure};
use app::live::{LiveListPage, LivePage};
use axum::response::Response;
use market::{live_session::LiveState, people::Role};

/// Lives of each kind that are listed.
const LISTED: i64 = 20;

pub(crate) async fn list(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let market = &cx.state.market;
            let view = LiveListPage {
                on: on_air(&cx, LISTED).await?,
                planned: market.lives(LiveState::Scheduled, LISTED).await?,
                past: market.lives(LiveState::Ended, LISTED).await?,
            };
            Ok(cx.html(app::live::live_list_page(&cx.page, view)))
        })
        .await
}

pub(crate) async fn live(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let market = &cx.state.market;
            let card = market.find_live(&code).await?.ok_or(Failure::NOT_FOUND)?;
            let picture = market.live_picture(&code).await?.ok_or(Failure::NOT_FOUND)?;
            let rooms = cx.state.live.rooms().await;
            let viewers = rooms
                .iter()
                .find(|room| room.code == code)
                .map_or(0, |room| room.viewers as u64);
            let next = next_live(&cx, &code).await?;
            let as_leader = cx.person().is_some_and(|person| person.is(Role::Leader));
            let whep = format!("/whep/{code}");
            Ok(cx.html(app::live::live_page(
                &cx.page,
                LivePage {
                    card,
                    picture,
                    viewers,
                    whep,
                    next,
                    as_leader,
                },
            )))
        })
        .await
}

/// What to look at when this one is over: another that is on air, else the next that is planned.
async fn next_live(cx: &Cx, code: &str) -> Result<Option<market::live_session::LiveCard>, Failure> {
    for state in [LiveState::Live, LiveState::Scheduled] {
        let others = cx.state.market.lives(state, 2).await?;
        if let Some(other) = others.into_iter().find(|other| other.code != code) {
            return Ok(Some(other));
        }
    }
    Ok(None)
}
