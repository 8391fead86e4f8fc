//! A product in a grid, and the words for its weight and its price.

use crate::{
    t,
    ui::{Glyph, Icon, Photo, Price},
};
use leptos::prelude::*;
use market::{
    Lang, Money, Weight,
    catalog::{ProductCard, Variant},
};

/// `3 斤`: a weight in words.
pub fn jin(lang: Lang, weight: Weight) -> String {
    t!(lang, site.jin, weight = weight)
}

/// What one 斤 of a pack costs off the shelf.
pub fn usual_per_jin(variant: &Variant) -> Money {
    variant.price.per_jin(variant.weight)
}

/// A product in a grid. The whole card leads to its page; the plus leads straight to buying one pack.
#[component]
pub fn GoodCard(
    /// The reader's language.
    lang: Lang,
    /// The product.
    card: ProductCard,
) -> impl IntoView {
    let ProductCard {
        slug,
        name,
        place,
        farm,
        photo,
        variant,
        traced,
        ..
    } = card;
    let name = name.get(lang).to_owned();
    let out = variant.stock <= 0;
    let buy = format!("/checkout?kind=solo&id={}&quantity=1", variant.id);
    let about = t!(
        lang,
        product.place_and_farm,
        place = place.get(lang),
        farm = farm.get(lang)
    );
    view! {
        <article class=if out { "good out" } else { "good" }>
            <Photo name=photo alt=""/>
            {out.then(|| view! { <div class="out-mark"><span>{t!(lang, site.sold_out)}</span></div> })}
            <div class="b">
                <h3 class="t"><a href=format!("/p/{slug}")>{name.clone()}</a></h3>
                <p class="xs mu">{about}</p>
                {traced.then(|| view! { <div class="tags"><span class="tag"><Icon glyph=Glyph::SHIELD size="s"/>{t!(lang, site.traced)}</span></div> })}
                <div class="f">
                    <div>
                        <Price amount=usual_per_jin(&variant)/><span class="per">{t!(lang, site.per_jin)}</span>
                        <div class="xs mu">{t!(lang, product.pack_price, pack = variant.name.get(lang), price = variant.price)}</div>
                    </div>
                    {(!out).then(|| view! { <a class="add" href=buy aria-label=t!(lang, home.buy_one, name = name)><Icon glyph=Glyph::PLUS/></a> })}
                </div>
            </div>
        </article>
    }
}

/// Products in a grid.
#[component]
pub fn GoodsGrid(
    /// The reader's language.
    lang: Lang,
    /// The products.
    products: Vec<ProductCard>,
) -> impl IntoView {
    view! { <div class="goods m3">{products.into_iter().map(|card| view! { <GoodCard lang card/> }).collect_view()}</div> }
}
