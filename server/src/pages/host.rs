//! The farmer's pages: their lives, and the console of one.

use crate::{address::Named, admission, context::Cx, failure::Failure};
use app::live::{HostListPage, HostPage, SaleForm};
use axum::response::Response;
use market::{Refusal, catalog::Farm, live_session::LiveState, people::Person};

pub(crate) async fn list(cx: Cx) -> Response {
    cx.clone()
        .answer(async move { Ok(cx.html(list_html(&cx, String::new(), None).await?)) })
        .await
}

/// The signed-in farmer and their farm.
pub(crate) async fn farmer(cx: &Cx) -> Result<(&Person, Farm), Failure> {
    let person = cx.signed_in()?;
    let farm = cx
        .state
        .market
        .farm_of(&person.id)
        .await?
        .ok_or(Failure::Refused(Refusal::NotYours))?;
    Ok((person, farm))
}

pub(crate) async fn list_html(cx: &Cx, title: String, problem: Option<String>) -> Result<String, Failure> {
    let (person, farm) = farmer(cx).await?;
    let lives = cx.state.market.lives_of(&person.id).await?;
    Ok(app::live::host_list_page(
        &cx.page,
        HostListPage {
            farm,
            lives,
            title,
            problem,
        },
    ))
}

pub(crate) async fn console(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move { Ok(cx.html(console_html(&cx, &code, None, None).await?)) })
        .await
}

/// The console's page; with what was typed into the flash-sale form and what was wrong with it.
pub(crate) async fn console_html(
    cx: &Cx,
    code: &str,
    typed: Option<SaleForm>,
    problem: Option<String>,
) -> Result<String, Failure> {
    let person = cx.signed_in()?;
    let market = &cx.state.market;
    let card = market.find_live(code).await?.ok_or(Failure::NOT_FOUND)?;
    if card.host_id != person.id {
        return Err(Failure::Refused(Refusal::NotYours));
    }
    let picture = market.live_picture(code).await?.ok_or(Failure::NOT_FOUND)?;
    let products = market.farm_products(&card.farm.id).await?;
    let ticket = match card.state {
        LiveState::Ended => String::new(),
        _ => admission::ticket(&cx.state, person, code).await?,
    };
    let sale_form = typed.unwrap_or_else(|| SaleForm::suggested(&picture, &products));
    let whip = format!("/whip/{code}");
    Ok(app::live::host_page(
        &cx.page,
        HostPage {
            card,
            picture,
            products,
            ticket,
            encoder: format!("{}{whip}", cx.page.origin),
            whip,
            sale_form,
            problem,
        },
    ))
}
