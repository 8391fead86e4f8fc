//! Choosing a pack: a real form that leads to the checkout.

use super::jin;
use crate::{t, ui::Price};
use leptos::prelude::*;
use market::{Lang, catalog::Variant};

/// The form's id: the button in the bar at the foot belongs to it.
pub(super) const FORM: &str = "pack";

/// The packs of a product as a form: one is chosen, those that are sold out cannot be.
pub(super) fn packs(lang: Lang, variants: Vec<Variant>) -> AnyView {
    let chosen = variants.iter().position(|variant| variant.stock > 0);
    let options = variants.into_iter().enumerate().map(|(at, variant)| {
        let id = format!("pack-{at}");
        let out = variant.stock <= 0;
        view! {
            <div class="choice">
                <input type="radio" name="id" id=id.clone() value=variant.id.to_string() checked=chosen == Some(at) disabled=out/>
                <label class="opt" for=id>
                    <span class="grow">
                        <b>{variant.name.get(lang).to_owned()}</b>
                        <span class="note">{stock(lang, &variant)}</span>
                    </span>
                    <span class="r">
                        <Price amount=variant.price/><br/>
                        <span class="note">{t!(lang, product.per_jin, price = variant.price.per_jin(variant.weight))}</span>
                    </span>
                    <i class="dot"></i>
                </label>
            </div>
        }
    });
    view! {
        <form id=FORM action="/checkout">
            <input type="hidden" name="kind" value="solo"/>
            <input type="hidden" name="quantity" value="1"/>
            <fieldset class="stack"><legend class="sr">{t!(lang, product.packs)}</legend>{options.collect_view()}</fieldset>
        </form>
    }
    .into_any()
}

/// What is left of a pack: a number only when it is small.
fn stock(lang: Lang, variant: &Variant) -> String {
    const FEW: i64 = 20;
    let weight = jin(lang, variant.weight);
    match variant.stock {
        left if left <= 0 => t!(lang, site.sold_out),
        left if left <= FEW => t!(lang, product.few_left, weight = weight, left = left),
        _ => weight,
    }
}
