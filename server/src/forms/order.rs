//! Placing, paying, calling off and handing over.

use super::Fields;
use crate::{
    AppState,
    address::Named,
    context::Cx,
    failure::{Failure, status},
    line::{Said, Ticket, Waits},
    pages::order::{checkout_html, order_html},
};
use app::order::CheckoutForm;
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use market::{
    Money, PickupPointId, Refusal, VariantId,
    order::{Method, Target, Wanted},
};
use serde_json::json;
use std::net::SocketAddr;

pub(crate) async fn place(cx: Cx, ConnectInfo(peer): ConnectInfo<SocketAddr>, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let form = CheckoutForm {
                request_id: fields.text("request_id").to_owned(),
                kind: fields.text("kind").to_owned(),
                id: fields.text("id").to_owned(),
                quantity: fields.number("quantity"),
                pickup: Some(PickupPointId(fields.text("pickup").to_owned())),
                method: Method::try_from(fields.text("method").to_owned()).unwrap_or(Method::Cash),
                quote: fields.text("quote").to_owned(),
            };
            let Some(person) = cx.person() else {
                return Ok(sign_in_first(&cx, &form));
            };
            let wanted = Wanted {
                request_id: form.request_id.clone(),
                target: target(&cx, &form.kind, &form.id).await?,
                quantity: form.quantity,
                pickup: PickupPointId(fields.text("pickup").to_owned()),
                method: form.method,
                shown_price: Money::fen(fields.number("shown_fen")),
            };
            let ticket = Ticket {
                person: person.id.clone(),
                since: cx.page.now,
                wanted,
                quote: form.quote.clone(),
                named: form.id.clone(),
            };
            match cx.state.line.place(person, ticket, peer.ip()).await {
                Ok(Said::Placed(receipt)) => Ok(cx.done(&format!("/orders/{}", receipt.order.code))),
                Ok(Said::Waits(waits)) => Ok(in_line(&cx, &waits)),
                Err(error) => match Failure::from(error) {
                    Failure::Refused(refusal) => refused(&cx, form, refusal).await,
                    fault => Err(fault),
                },
            }
        })
        .await
}

/// The way to the waiting page; islands get place and estimate with it.
fn in_line(cx: &Cx, waits: &Waits) -> Response {
    let to = format!("/line/{}", waits.ticket);
    if !cx.json {
        return Redirect::to(&to).into_response();
    }
    let body = json!({ "ok": true, "to": to, "ahead": waits.place.ahead, "estimate_ms": waits.place.estimate_ms });
    let again = [(header::RETRY_AFTER, HeaderValue::from(waits.come_again_s()))];
    (StatusCode::ACCEPTED, again, axum::Json(body)).into_response()
}

/// `GET /line/{ticket}`: place and estimate, or what became of the order. It comes again by itself. A
/// place that was lost (a restart, another server) is taken anew where it was: the ticket is the wish
/// that its person sent by a form, signed, and its key never makes two orders.
pub(crate) async fn wait(
    cx: Cx,
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Named(text): Named,
) -> Response {
    cx.clone()
        .answer(async move {
            let person = cx.signed_in()?;
            let ticket = state.line.read(person, &text).ok_or(Failure::NOT_FOUND)?;
            let form = form_of(&ticket);
            match state.line.place(person, ticket, peer.ip()).await {
                Ok(Said::Placed(receipt)) => {
                    Ok(Redirect::to(&format!("/orders/{}", receipt.order.code)).into_response())
                }
                Ok(Said::Waits(waits)) => {
                    let (ahead, estimate_ms) = (waits.place.ahead, waits.place.estimate_ms);
                    let view = app::order::LinePage { ahead, estimate_ms };
                    let again = format!("{}; url=/line/{}", waits.come_again_s(), waits.ticket);
                    let page = cx.html(app::order::line_page(&cx.page, view));
                    Ok(([(HeaderName::from_static("refresh"), again)], page).into_response())
                }
                Err(error) => match Failure::from(error) {
                    Failure::Refused(refusal) => refused(&cx, form, refusal).await,
                    fault => Err(fault),
                },
            }
        })
        .await
}

/// The checkout's form as it was sent.
fn form_of(ticket: &Ticket) -> CheckoutForm {
    let wanted = &ticket.wanted;
    let kind = match wanted.target {
        Target::Group(_) => "group",
        Target::Solo(_) => "solo",
    };
    CheckoutForm {
        request_id: wanted.request_id.clone(),
        kind: kind.to_owned(),
        id: ticket.named.clone(),
        quantity: wanted.quantity,
        pickup: Some(wanted.pickup.clone()),
        method: wanted.method,
        quote: ticket.quote.clone(),
    }
}

/// What the form is about, by what it names. Whether there is such a pack is the market's to say.
async fn target(cx: &Cx, kind: &str, id: &str) -> Result<Target, Failure> {
    match kind {
        "group" => {
            let group = cx.state.market.find_group_id(id).await?;
            group.map(Target::Group).ok_or(Failure::NOT_FOUND)
        }
        "solo" => Ok(Target::Solo(VariantId(id.to_owned()))),
        _ => Err(Failure::NOT_FOUND),
    }
}

/// Signing in on the way: the choice is in the address that it comes back to.
fn sign_in_first(cx: &Cx, form: &CheckoutForm) -> Response {
    let back = form_urlencoded::Serializer::new(String::from("/checkout?"))
        .append_pair("kind", &form.kind)
        .append_pair("id", &form.id)
        .append_pair("quantity", &form.quantity.max(1).to_string())
        .append_pair("pickup", form.pickup.as_ref().map_or("", |id| id.as_str()))
        .append_pair("method", form.method.as_str())
        .append_pair("quote", &form.quote)
        .finish();
    let to = format!(
        "/sign-in?next={}",
        form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>()
    );
    if cx.json {
        Failure::Refused(Refusal::SignInFirst).respond(cx)
    } else {
        Redirect::to(&to).into_response()
    }
}

async fn refused(cx: &Cx, form: CheckoutForm, refusal: Refusal) -> Result<Response, Failure> {
    let sentence = cx.sentence(&refusal);
    if cx.json {
        return Ok(cx.again(status(&refusal), sentence, |_| String::new()));
    }
    // the key is spent on this request only when it was refused for being used: draw another
    let request_id = match refusal {
        Refusal::Order(market::order::Refusal::KeyReused | market::order::Refusal::BadKey) => market::request_id(),
        _ => form.request_id.clone(),
    };
    let form = CheckoutForm {
        request_id,
        quantity: form.quantity.max(1),
        ..form
    };
    let html = checkout_html(cx, form, Some(sentence.clone())).await?;
    Ok(cx.again(status(&refusal), sentence, |_| html))
}

pub(crate) async fn pay(cx: Cx, Named(code): Named, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let method = Method::try_from(fields.text("method").to_owned()).unwrap_or(Method::Cash);
            let outcome = cx.state.market.pay(cx.signed_in()?, &code, method).await;
            settled(&cx, &code, outcome).await
        })
        .await
}

pub(crate) async fn cancel(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let outcome = cx.state.market.cancel(cx.signed_in()?, &code).await;
            settled(&cx, &code, outcome).await
        })
        .await
}

pub(crate) async fn collect(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            match cx.state.market.collect(cx.signed_in()?, &code).await {
                Ok(_) => Ok(cx.done("/leader")),
                Err(error) => {
                    let failure = Failure::from(error);
                    let Failure::Refused(refusal) = failure else {
                        return Err(failure);
                    };
                    let sentence = cx.sentence(&refusal);
                    let html = crate::pages::people::leader_html(&cx, Some(sentence.clone())).await?;
                    Ok(cx.again(status(&refusal), sentence, |_| html))
                }
            }
        })
        .await
}

async fn settled(
    cx: &Cx,
    code: &str,
    outcome: Result<market::order::Order, market::Error>,
) -> Result<Response, Failure> {
    match outcome.map_err(Failure::from) {
        Ok(order) => Ok(cx.done(&format!("/orders/{}", order.code))),
        Err(Failure::Refused(Refusal::NotFound)) => Err(Failure::NOT_FOUND),
        Err(Failure::Refused(refusal)) => {
            let sentence = cx.sentence(&refusal);
            let html = order_html(cx, code, Some(sentence.clone())).await?;
            Ok(cx.again(status(&refusal), sentence, |_| html))
        }
        Err(fault) => Err(fault),
    }
}
