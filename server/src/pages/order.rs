//! Checkout, and an order's page.

use crate::{
    address::{Asked, Named},
    context::Cx,
    failure::Failure,
};
use app::order::{CheckoutForm, CheckoutPage, OrderPage};
use axum::response::Response;
use market::{
    Money, PickupPointId, VariantId,
    group_buy::Group,
    order::{MOST_PACKS, Method},
};
use serde::Deserialize;

/// What the address of the checkout says.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    kind: String,
    id: String,
    #[serde(default)]
    quantity: String,
    pickup: Option<String>,
    method: Option<String>,
    #[serde(default)]
    quote: String,
}

pub(crate) async fn checkout(cx: Cx, Asked(chosen): Asked<Chosen>) -> Response {
    cx.clone()
        .answer(async move {
            let form = CheckoutForm {
                request_id: market::request_id(),
                kind: chosen.kind,
                id: chosen.id,
                quantity: chosen.quantity.parse().unwrap_or(1),
                pickup: chosen.pickup.filter(|id| !id.is_empty()).map(PickupPointId),
                method: chosen
                    .method
                    .and_then(|name| Method::try_from(name).ok())
                    .unwrap_or(Method::Cash),
                quote: chosen.quote,
            };
            Ok(cx.html(checkout_html(&cx, form, None).await?))
        })
        .await
}

/// What a checkout is about: what the form names, looked up.
pub(crate) struct Goods {
    pub product: market::catalog::ProductCard,
    pub variant: market::catalog::Variant,
    pub unit: Money,
    /// The price in writing, in a group.
    pub quote: String,
    pub group: Option<Group>,
    pub limit: i64,
}

pub(crate) async fn goods(cx: &Cx, kind: &str, id: &str, shown: &str) -> Result<Goods, Failure> {
    let market = &cx.state.market;
    match kind {
        "group" => {
            let group = market.find_group(id).await?.ok_or(Failure::NOT_FOUND)?;
            let (unit, quote) = market.quoted(&group, Some(shown)).await?;
            Ok(Goods {
                product: group.product.clone(),
                variant: group.variant.clone(),
                unit,
                quote,
                limit: group.per_person.min(group.stock),
                group: Some(group),
            })
        }
        "solo" => {
            let id = VariantId(id.to_owned());
            let (product, variant) = market.find_variant(&id).await?.ok_or(Failure::NOT_FOUND)?;
            Ok(Goods {
                product,
                unit: variant.price,
                quote: String::new(),
                limit: MOST_PACKS.min(variant.stock),
                variant,
                group: None,
            })
        }
        _ => Err(Failure::NOT_FOUND),
    }
}

/// The checkout's page; with what was typed and what was wrong with it.
pub(crate) async fn checkout_html(cx: &Cx, mut form: CheckoutForm, problem: Option<String>) -> Result<String, Failure> {
    let market = &cx.state.market;
    let Goods {
        product,
        variant,
        unit,
        quote,
        group,
        limit,
    } = goods(cx, &form.kind, &form.id, &form.quote).await?;
    form.quote = quote;
    let pickups = market.pickup_points().await?;
    if form.pickup.is_none() {
        form.pickup = group.as_ref().map(|group| group.pickup.id.clone());
    }
    let balance = match cx.person() {
        Some(person) => Some(market.balance(&person.id).await?),
        None => None,
    };
    let view = CheckoutPage {
        form,
        product,
        variant,
        unit,
        group,
        pickups,
        balance,
        limit,
        problem,
    };
    Ok(app::order::checkout_page(&cx.page, view))
}

pub(crate) async fn order(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move { Ok(cx.html(order_html(&cx, &code, None).await?)) })
        .await
}

/// An order's page, with what went wrong.
pub(crate) async fn order_html(cx: &Cx, code: &str, problem: Option<String>) -> Result<String, Failure> {
    let person = cx.signed_in()?;
    let market = &cx.state.market;
    let order = market.find_order(person, code).await?;
    let as_leader = order.shopper_id != person.id;
    let balance = market.balance(&person.id).await?;
    let batch = market.batch_of_product(&order.slug).await?.map(|batch| batch.code);
    Ok(app::order::order_page(
        &cx.page,
        OrderPage {
            order,
            as_leader,
            balance,
            problem,
            batch,
        },
    ))
}
