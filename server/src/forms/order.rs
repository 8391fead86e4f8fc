//! Placing, paying, calling off and handing over.

use super::Fields;
use crate::{
    address::Named,
    context::Cx,
    failure::{Failure, status},
    pages::order::{checkout_html, order_html},
};
use app::order::CheckoutForm;
use axum::response::{IntoResponse, Redirect, Response};
use market::{
    Money, PickupPointId, Refusal, VariantId,
    order::{Method, Target, Wanted},
};

pub(crate) async fn place(cx: Cx, fields: Fields) -> Response {
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
            match cx.state.market.place_quoted(person, wanted, &form.quote).await {
                Ok(receipt) => Ok(cx.done(&format!("/orders/{}", receipt.order.code))),
                Err(error) => match Failure::from(error) {
                    Failure::Refused(refusal) => refused(&cx, form, refusal).await,
                    fault => Err(fault),
                },
            }
        })
        .await
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
