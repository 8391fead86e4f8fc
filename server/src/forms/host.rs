//! What a farmer does from the console.

use super::Fields;
use crate::{
    address::Named,
    context::Cx,
    failure::{Failure, status},
    pages::host::{console_html, list_html},
};
use app::live::SaleForm;
use axum::response::Response;
use market::{
    Millis, Money, Refusal, VariantId,
    flash_sale::{MOST_MINUTES, Wanted, round::MOST_ROUNDS},
};

/// Minutes ahead that a live may be announced: four weeks.
const FARTHEST_MINUTES: i64 = 28 * 24 * 60;

pub(crate) async fn plan(cx: Cx, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let title = fields.text("title");
            let minutes = fields.number("minutes_from_now").clamp(0, FARTHEST_MINUTES);
            let starts_at = cx.page.now.plus(minutes * 60_000);
            match cx
                .state
                .market
                .plan_live(cx.signed_in()?, title, starts_at)
                .await
                .map_err(Failure::from)
            {
                Ok(card) => Ok(cx.done(&format!("/host/{}", card.code))),
                Err(Failure::Refused(refusal @ Refusal::LiveSession(_))) => {
                    let sentence = cx.sentence(&refusal);
                    let html = list_html(&cx, title.to_owned(), Some(sentence.clone())).await?;
                    Ok(cx.again(status(&refusal), sentence, |_| html))
                }
                Err(failure) => Err(failure),
            }
        })
        .await
}

pub(crate) async fn start(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let outcome = cx.state.market.start_live(cx.signed_in()?, &code).await.map(|_| ());
            went(&cx, &code, outcome, None).await
        })
        .await
}

/// The market first: what it says is what viewers believe; then the picture goes.
pub(crate) async fn end(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let outcome = cx.state.market.end_live(cx.signed_in()?, &code).await.map(|_| ());
            if outcome.is_ok() {
                cx.state.live.end_room(&code).await;
            }
            went(&cx, &code, outcome, None).await
        })
        .await
}

pub(crate) async fn pin(cx: Cx, Named(code): Named, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let variant = Some(fields.text("variant"))
                .filter(|id| !id.is_empty())
                .map(|id| VariantId(id.to_owned()));
            let outcome = cx
                .state
                .market
                .pin(cx.signed_in()?, &code, variant.as_ref())
                .await
                .map(|_| ());
            went(&cx, &code, outcome, None).await
        })
        .await
}

pub(crate) async fn sale(cx: Cx, Named(code): Named, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let typed = SaleForm {
                price: fields.text("price").to_owned(),
                quota: fields.text("quota").to_owned(),
                per_person: fields.text("per_person").to_owned(),
                need: fields.text("need").to_owned(),
                minutes: fields.text("minutes").to_owned(),
                rounds: fields.text("rounds").to_owned(),
            };
            let now = cx.page.now;
            let wanted = Wanted {
                price: Money::parse_yuan(&typed.price).unwrap_or(Money::ZERO),
                quota: fields.number("quota"),
                per_person: fields.number("per_person"),
                need: fields.number("need"),
                rounds: vec![],
                starts_at: now,
                ends_at: now.plus(minutes(&fields) * 60_000),
            };
            let wanted = match fields.number("rounds") {
                ..=1 => wanted,
                // more than there may be is refused by the rule
                rounds => wanted.divided(rounds.min(MOST_ROUNDS as i64 + 1)),
            };
            // without a variant the pinned one is meant
            let variant = match fields.text("variant") {
                "" => pinned(&cx, &code).await?,
                id => VariantId(id.to_owned()),
            };
            let outcome = cx
                .state
                .market
                .start_sale(cx.signed_in()?, &code, &variant, wanted)
                .await
                .map(|_| ());
            went(&cx, &code, outcome, Some(typed)).await
        })
        .await
}

pub(crate) async fn release_round(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let outcome = cx.state.market.release_round(cx.signed_in()?, &code).await;
            went(&cx, &code, outcome, None).await
        })
        .await
}

pub(crate) async fn sale_price(cx: Cx, Named(code): Named, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let price = Money::parse_yuan(fields.text("price")).unwrap_or(Money::ZERO);
            let outcome = cx.state.market.change_price(cx.signed_in()?, &code, price).await;
            went(&cx, &code, outcome, None).await
        })
        .await
}

/// The minutes that were typed, as far as a sale may last and a little beyond either end: what is
/// outside is refused by the rule all the same, and adds up to a moment that exists.
fn minutes(fields: &Fields) -> i64 {
    fields.number("minutes").clamp(-1, MOST_MINUTES + 1)
}

/// So many minutes longer than it was to last.
pub(crate) async fn extend_sale(cx: Cx, Named(code): Named, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let market = &cx.state.market;
            let person = cx.signed_in()?;
            let sale = market.current_sale(&code).await?;
            let more = minutes(&fields) * 60_000;
            let until = sale.map_or(cx.page.now, |sale| Millis(sale.ends_at.0.saturating_add(more)));
            let outcome = market.extend_sale(person, &code, until).await;
            went(&cx, &code, outcome, None).await
        })
        .await
}

async fn pinned(cx: &Cx, code: &str) -> Result<VariantId, Failure> {
    let picture = cx.state.market.live_picture(code).await?.ok_or(Failure::NOT_FOUND)?;
    picture.pinned.map(|pinned| pinned.variant).ok_or(Failure::NOT_FOUND)
}

pub(crate) async fn end_sale(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let outcome = cx.state.market.end_sale(cx.signed_in()?, &code).await.map(|_| ());
            went(&cx, &code, outcome, None).await
        })
        .await
}

/// Back to the console; with what was typed and what was wrong.
async fn went(
    cx: &Cx,
    code: &str,
    outcome: Result<(), market::Error>,
    typed: Option<SaleForm>,
) -> Result<Response, Failure> {
    match outcome.map_err(Failure::from) {
        Ok(()) => Ok(cx.done(&format!("/host/{code}"))),
        Err(Failure::Refused(refusal @ (Refusal::FlashSale(_) | Refusal::LiveSession(_)))) => {
            let sentence = cx.sentence(&refusal);
            if cx.json {
                return Ok(cx.again(status(&refusal), sentence, |_| String::new()));
            }
            let html = console_html(cx, code, typed, Some(sentence.clone())).await?;
            Ok(cx.again(status(&refusal), sentence, |_| html))
        }
        Err(failure) => Err(failure),
    }
}
