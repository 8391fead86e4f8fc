//! The parts of the checkout's form: what, how many, where, how paid, how much.

use super::{CheckoutPage, choice::Choice, place::Place, sum};
use crate::{
    t,
    ui::{Crowd, Glyph, Photo, Price, PriceSize, moment},
};
use leptos::prelude::*;
use market::{Lang, Money, community::PickupPoint, order::Method};

pub(super) fn goods(lang: Lang, view: &CheckoutPage) -> AnyView {
    let per_jin = t!(
        lang,
        checkout.per_jin,
        price = format!("¥{}", view.unit.per_jin(view.variant.weight))
    );
    let of = view
        .group
        .as_ref()
        .map(|group| t!(lang, checkout.group_of, name = group.leader_name.clone()));
    let line = of.map_or(per_jin.clone(), |of| format!("{of} · {per_jin}"));
    let crowd = view.group.as_ref().map(|group| {
        let label = t!(lang, checkout.gathering, joined = group.joined, n = (group.need - group.joined).max(0));
        view! { <div class="m3"><Crowd joined=group.joined need=group.need label=label.clone()/><p class="note m1">{label}</p></div> }
    });
    view! {
        <section class="card m2">
            <div class="row top bought">
                <Photo name=view.product.photo.clone() alt="" eager=true/>
                <div class="grow">
                    <h2 class="h3">{format!("{} {}", view.product.name.get(lang), view.variant.name.get(lang))}</h2>
                    <p class="note">{line}</p>
                    <p class="m1"><Price amount=view.unit/><span class="per">{t!(lang, checkout.per_pack)}</span></p>
                </div>
            </div>
            {crowd}
            <div class="row m3">
                <span class="grow"><b>{t!(lang, checkout.quantity)}</b><br/><span class="note">{t!(lang, checkout.limit, n = view.limit)}</span></span>
                {stepper(lang, view.form.quantity, view.limit)}
            </div>
        </section>
    }
    .into_any()
}

/// Its buttons ask for the page again with one more or less, and send what else was chosen along.
fn stepper(lang: Lang, quantity: i64, limit: i64) -> AnyView {
    let step = |to: i64, sign: &'static str, label: String| {
        view! {
            <button formmethod="get" formaction="/checkout" formnovalidate name="quantity" value=to
                disabled={!(1..=limit).contains(&to)} aria-label=label>{sign}</button>
        }
    };
    view! {
        <span class="stepper">
            {step(quantity.saturating_sub(1).min(limit), "−", t!(lang, checkout.one_less))}
            <output>{quantity}</output>
            {step(quantity.saturating_add(1).max(1), "+", t!(lang, checkout.one_more))}
        </span>
    }
    .into_any()
}

pub(super) fn places(lang: Lang, view: &CheckoutPage) -> AnyView {
    let inside = match (&view.group, view.pickups.as_slice()) {
        (Some(group), _) => fixed(lang, &group.pickup, Some(t!(lang, checkout.group_point))),
        (None, [only]) => fixed(lang, only, None),
        (None, several) => several
            .iter()
            .map(|point| {
                // None is chosen beforehand: goods in the wrong village are worse than one tap.
                let checked = view.form.pickup.as_ref() == Some(&point.id);
                let (title, notes) = (point.name.get(lang).to_owned(), place_notes(lang, point));
                view! { <Choice name="pickup" value=point.id.to_string() glyph=Glyph::SHOP title notes checked/> }
            })
            .collect_view()
            .into_any(),
    };
    view! {
        <fieldset class="m4 stack">
            <legend class="h3">{t!(lang, checkout.place)}</legend>
            {inside}
        </fieldset>
    }
    .into_any()
}

fn fixed(lang: Lang, point: &PickupPoint, note: Option<String>) -> AnyView {
    view! {
        <div class="card">
            <input type="hidden" name="pickup" value=point.id.to_string()/>
            <Place lang point=point.clone()/>
            {note.map(|note| view! { <p class="note leafc bold m1">{note}</p> })}
        </div>
    }
    .into_any()
}

fn place_notes(lang: Lang, point: &PickupPoint) -> Vec<String> {
    let leader = t!(lang, checkout.leader, name = point.leader_name.clone());
    let hours = t!(
        lang,
        checkout.hours,
        hours = moment::hours(point.opens_minute, point.closes_minute)
    );
    vec![format!("{leader} · {}", point.address.get(lang)), hours]
}

pub(super) fn payment(lang: Lang, view: &CheckoutPage) -> AnyView {
    let (_, total) = sum(view.unit, view.variant.weight, view.form.quantity);
    let short = view.balance.is_some_and(|have| have < total);
    let note = match view.balance {
        None => t!(lang, checkout.balance_unknown),
        Some(have) if short => t!(lang, checkout.balance_short, amount = have.to_string()),
        Some(have) => t!(lang, checkout.balance_have, amount = have.to_string()),
    };
    let stored = view.form.method == Method::Balance && !short;
    view! {
        <fieldset class="m4 stack">
            <legend class="h3">{t!(lang, checkout.how)}</legend>
            <Choice name="method" value="cash" glyph=Glyph::CASH title=t!(lang, checkout.cash) notes=vec![t!(lang, checkout.cash_hint)] checked={!stored}/>
            <Choice name="method" value="balance" glyph=Glyph::WALLET title=t!(lang, checkout.balance) notes=vec![note] checked=stored disabled=short/>
        </fieldset>
    }
    .into_any()
}

pub(super) fn bill(lang: Lang, view: &CheckoutPage) -> AnyView {
    let (weight, total) = sum(view.unit, view.variant.weight, view.form.quantity);
    let saved = view
        .group
        .as_ref()
        .map(|group| sum(group.solo, view.variant.weight, view.form.quantity).1.minus(total));
    let saved = saved.filter(|saved| *saved > Money::ZERO);
    view! {
        <dl class="card m4 kv even">
            <dt>{t!(lang, checkout.goods, n = weight.to_string())}</dt><dd>{format!("¥{total}")}</dd>
            <dt>{t!(lang, checkout.pickup)}</dt><dd>{t!(lang, checkout.free)}</dd>
            {saved.map(|saved| view! { <dt>{t!(lang, checkout.saved)}</dt><dd class="kakic">{format!("¥{saved}")}</dd> })}
            <dt class="bold">{t!(lang, checkout.total)}</dt><dd><Price amount=total size=PriceSize::Large/></dd>
        </dl>
    }
    .into_any()
}
