//! The console's four sheets: which product, which flash sale, what to change of it, and whether to end.
//!
//! A sheet is opened by a link to its fragment (`:target`), so that it works without scripts and
//! the camera stays in sight above it. After a refusal the server sends the sheet open, with what
//! was typed and the reason.

use super::{
    card::small_photo,
    facts::{PreviewFacts, Typed},
    host::{HostPage, SaleForm},
    preview::SalePreview,
    words,
};
use crate::{
    t,
    ui::{Glyph, Icon},
};
use leptos::prelude::*;
use market::{Lang, catalog::ProductCard, live_session::LiveState};

/// All four.
pub(super) fn all(lang: Lang, view: &HostPage) -> AnyView {
    let live = view.picture.state == LiveState::Live;
    let refused = view.problem.clone().filter(|_| live);
    view! {
        {sheet(lang, "goods", t!(lang, host.goods.title), false, goods(lang, view))}
        {sheet(lang, "sale", t!(lang, host.sale.title), refused.is_some(), sale(lang, view, refused))}
        {sheet(lang, "change", t!(lang, host.sale.running), false, change(lang, view))}
        {sheet(lang, "end", t!(lang, host.end.title), false, end(lang, view))}
    }
    .into_any()
}

fn sheet(lang: Lang, id: &'static str, title: String, open: bool, inside: AnyView) -> AnyView {
    let label = format!("{id}-title");
    let heading = label.clone();
    view! {
        <section class="sheet" class:open=open id=id aria-labelledby=label>
            <div class="row"><h2 class="grow" id=heading>{title}</h2>
                <a class="ic" href="#on-air" aria-label=t!(lang, host.close)><Icon glyph=Glyph::CLOSE/></a></div>
            {inside}
        </section>
    }
    .into_any()
}

/// Where a refusal appears, and where the browser's own posting writes one.
fn problem(words: Option<String>) -> AnyView {
    let hidden = words.is_none();
    view! { <div class="err m2" role="alert" data-problem="" hidden=hidden><Icon glyph=Glyph::WARNING/><b class="grow">{words}</b></div> }.into_any()
}

/// One tap pins: every product is its own button.
fn goods(lang: Lang, view: &HostPage) -> AnyView {
    let action = format!("/host/{}/pin", view.card.code);
    let pinned = view.picture.pinned.as_ref().map(|pinned| pinned.variant.clone());
    let is_pinned = |product: &ProductCard| Some(&product.variant.id) == pinned.as_ref();
    view! {
        <form class="stack m2" method="post" action=action data-stay="" data-fault=t!(lang, host.studio.fault)>
            {problem(None)}
            {view.products.iter().map(|product| product_button(lang, product, is_pinned(product))).collect_view()}
            {pinned.is_some().then(|| view! { <button class="btn line full" name="variant" value="">{t!(lang, host.goods.unpin)}</button> })}
        </form>
    }
    .into_any()
}

fn product_button(lang: Lang, product: &ProductCard, pinned: bool) -> AnyView {
    let variant = &product.variant;
    let price = format!("¥{}", variant.price);
    let stock = if variant.stock > 0 {
        t!(lang, live.board.stock, n = variant.stock)
    } else {
        t!(lang, live.board.sold_out)
    };
    view! {
        <button class="opt full" class:on=pinned name="variant" value=variant.id.to_string()>
            <img class="ph thumb" src=small_photo(&product.photo) alt="" width="60" height="60" loading="lazy"/>
            <span class="grow"><b>{product.name.get(lang).to_owned()}" "{variant.name.get(lang).to_owned()}</b><br/><span class="note">{price}" · "{stock}</span></span>
            {pinned.then(|| view! { <span class="tag k">{t!(lang, live.board.pinned)}</span> })}
        </button>
    }
    .into_any()
}

/// Five numbers and one choice, all made already, and what buyers will see of them.
fn sale(lang: Lang, view: &HostPage, refused: Option<String>) -> AnyView {
    let SaleForm {
        price,
        quota,
        per_person,
        need,
        minutes,
        rounds,
    } = view.sale_form.clone();
    let typed = Typed {
        price: price.clone(),
        quota: quota.clone(),
        per_person: per_person.clone(),
        need: need.clone(),
        minutes: minutes.clone(),
        rounds: rounds.clone(),
    };
    let facts = PreviewFacts {
        code: view.card.code.clone(),
        lang,
        version: view.picture.version,
        pinned: view.picture.pinned.clone(),
        typed,
        words: words::preview(lang),
    };
    let action = format!("/host/{}/sale", view.card.code);
    view! {
        <form class="m2" method="post" action=action data-stay="" data-fault=t!(lang, host.studio.fault)>
            {problem(refused)}
            <div class="nums m2">
                {number("price", price, t!(lang, host.sale.price), t!(lang, host.sale.yuan), "decimal", true)}
                {number("quota", quota, t!(lang, host.sale.quota), t!(lang, host.sale.packs), "numeric", false)}
                {number("need", need, t!(lang, host.sale.need), t!(lang, host.sale.people), "numeric", false)}
                {number("per_person", per_person, t!(lang, host.sale.limit), t!(lang, host.sale.packs), "numeric", false)}
                {number("minutes", minutes, t!(lang, host.sale.minutes), t!(lang, host.sale.minute), "numeric", false)}
            </div>
            {release(lang, &rounds)}
            <h3 class="m3">{t!(lang, host.sale.preview)}</h3>
            <div class="m2"><SalePreview facts/></div>
            <button class="btn go big full m3"><Icon glyph=Glyph::FLASH/>{t!(lang, host.sale.start)}</button>
        </form>
    }
    .into_any()
}

/// All at once, or in as many rounds: one tap, and each comes by itself.
fn release(lang: Lang, chosen: &str) -> AnyView {
    let choices = [
        ("1", t!(lang, host.sale.at_once)),
        ("2", t!(lang, host.sale.in_rounds, n = 2)),
        ("3", t!(lang, host.sale.in_rounds, n = 3)),
    ];
    let known = choices.iter().any(|(rounds, _)| *rounds == chosen);
    let chosen = if known { chosen } else { "1" };
    view! {
        <fieldset class="picks m3"><legend>{t!(lang, host.sale.rounds)}</legend>
            {choices.into_iter().map(|(rounds, words)| view! {
                <label><input class="sr" type="radio" name="rounds" value=rounds checked={rounds == chosen}/><span class="opt">{words}</span></label>
            }).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// What can still be changed of the one that is on; its sheet is opened from the sale's own card, and
/// is always there, for a sale may have begun since this page was made.
fn change(lang: Lang, view: &HostPage) -> AnyView {
    let action = |verb: &str| format!("/host/{}/sale/{verb}", view.card.code);
    let price = view.picture.sale.as_ref().map(|sale| sale.price.to_string());
    view! {
        <form class="m2" method="post" action=action("price") data-stay="" data-fault=t!(lang, host.studio.fault)>
            {problem(None)}
            {number("price", price.unwrap_or_default(), t!(lang, host.sale.price), t!(lang, host.sale.yuan), "decimal", true)}
            <button class="btn line full m2">{t!(lang, host.sale.set_price)}</button>
        </form>
        <form class="m3" method="post" action=action("extend") data-stay="" data-fault=t!(lang, host.studio.fault)>
            {problem(None)}
            {number("minutes", "5".to_owned(), t!(lang, host.sale.longer), t!(lang, host.sale.minute), "numeric", true)}
            <button class="btn line full m2">{t!(lang, host.sale.extend)}</button>
        </form>
    }
    .into_any()
}

fn number(
    name: &'static str,
    value: String,
    label: String,
    unit: String,
    keyboard: &'static str,
    wide: bool,
) -> AnyView {
    view! {
        <label class="field" class:w=wide><span>{label}</span>
            <span class="unit"><input name=name value=value inputmode=keyboard autocomplete="off" required/><i>{unit}</i></span></label>
    }
    .into_any()
}

/// Asked first, for who tapped instead of holding, and for who has no script.
fn end(lang: Lang, view: &HostPage) -> AnyView {
    let action = format!("/host/{}/end", view.card.code);
    view! {
        <p class="m2">{t!(lang, host.end.note)}</p>
        <form class="m3" method="post" action=action data-stay="" data-fault=t!(lang, host.studio.fault)>
            {problem(None)}
            <button class="btn big full stop"><Icon glyph=Glyph::STOP/>{t!(lang, host.end.confirm)}</button>
        </form>
        <a class="btn line full m2" href="#on-air">{t!(lang, host.end.go_on)}</a>
    }
    .into_any()
}
