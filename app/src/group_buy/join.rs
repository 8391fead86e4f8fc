//! The one button of an open group, and how many packs it stands for.

use super::GroupPage;
use crate::{
    t,
    ui::{Glyph, Icon},
};
use leptos::prelude::*;
use market::Lang;

/// How many, by links, and the one button.
pub(super) fn join(lang: Lang, view: &GroupPage) -> AnyView {
    let group = &view.group;
    let most = group.per_person.min(group.stock).max(1);
    let quantity = view.quantity.clamp(1, most);
    let here = |quantity: i64| format!("/g/{}?quantity={quantity}", group.code);
    let total = group.price.times(quantity).unwrap_or(group.price);
    let checkout = format!("/checkout?kind=group&id={}&quantity={quantity}", group.code);
    let step = |to: i64, glyph: Glyph, label: String| {
        if (1..=most).contains(&to) {
            view! { <a href=here(to) aria-label=label><Icon glyph/></a> }.into_any()
        } else {
            view! { <span class="mu" aria-hidden="true"><Icon glyph/></span> }.into_any()
        }
    };
    let stepper = (most > 1).then(|| view! {
        <div class="row m3">
            <span class="grow">{t!(lang, group.how_many)}<br/><span class="note">{t!(lang, group.limit, n = group.per_person)}</span></span>
            <div class="stepper">
                {step(quantity - 1, Glyph::MINUS, t!(lang, group.less))}
                <output aria-label=t!(lang, group.how_many)>{quantity}</output>
                {step(quantity + 1, Glyph::PLUS, t!(lang, group.plus))}
            </div>
        </div>
    });
    view! {
        {stepper}
        <a class="btn go big full m3" href=checkout>{t!(lang, group.join, n = quantity, price = total)}</a>
    }
    .into_any()
}
