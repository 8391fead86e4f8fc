//! `/checkout`: how many, where, how paid; one button.

use super::{sheet, sum};
use crate::{
    Context, Document, render, t,
    ui::{ErrorCard, Glyph, Icon, Layout, Price, PriceSize, bar, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Money, PickupPointId,
    catalog::{ProductCard, Variant},
    community::PickupPoint,
    group_buy::Group,
    order::Method,
};

/// What the form holds, as it was asked for or typed before.
#[derive(Debug, Clone)]
pub struct CheckoutForm {
    /// The key that makes a repeated tap one order.
    pub request_id: String,
    /// `"solo"` or `"group"`.
    pub kind: String,
    /// The variant's id, or the group's code.
    pub id: String,
    /// Packs.
    pub quantity: i64,
    /// Where it will be fetched, if that was chosen.
    pub pickup: Option<PickupPointId>,
    /// How it will be paid.
    pub method: Method,
    /// The price that was shown, in writing; "" where there is none.
    pub quote: String,
}

/// What the checkout shows.
#[derive(Debug, Clone)]
pub struct CheckoutPage {
    /// The form.
    pub form: CheckoutForm,
    /// What is bought.
    pub product: ProductCard,
    /// Which pack.
    pub variant: Variant,
    /// Of one pack, here.
    pub unit: Money,
    /// The group it is bought in.
    pub group: Option<Group>,
    /// Where it can be fetched: for a group only the group's point.
    pub pickups: Vec<PickupPoint>,
    /// Stored value; `None` when nobody is signed in.
    pub balance: Option<Money>,
    /// Packs this person may buy now; 0 when it is sold out.
    pub limit: i64,
    /// Why it did not work, as a finished sentence.
    pub problem: Option<String>,
}

/// `/checkout`.
pub fn checkout_page(context: &Context, view: CheckoutPage) -> String {
    let lang = context.lang;
    render(context, || {
        let title = t!(lang, checkout.title);
        let back = match &view.group {
            Some(group) => format!("/g/{}", group.code),
            None => format!("/p/{}", view.product.slug),
        };
        let buy = Some(buy(lang, &view));
        Document {
            description: t!(lang, checkout.about),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout {
                tab: None,
                wide: false,
                head: bar(context, &title, &back, None),
                main: main(context, view),
                buy,
            }
            .show(context),
            title,
        }
    })
}

fn main(context: &Context, view: CheckoutPage) -> AnyView {
    let lang = context.lang;
    let CheckoutForm {
        request_id,
        kind,
        id,
        quantity,
        quote,
        ..
    } = view.form.clone();
    let promise = match &view.group {
        Some(group) => t!(
            lang,
            checkout.group_promise,
            time = moment::moment(lang, group.deadline, context.now)
        ),
        None => t!(lang, checkout.solo_promise),
    };
    view! {
        <form class="wrap" id="checkout" method="post" action="/checkout">
            // The Enter key sends the order, not the first button on the way, which is "one less".
            <button class="gone" name="quantity" value=quantity tabindex="-1" aria-hidden="true"></button>
            <input type="hidden" name="request_id" value=request_id/>
            <input type="hidden" name="kind" value=kind/>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="shown_fen" value=view.unit.as_fen()/>
            {(!quote.is_empty()).then(|| view! { <input type="hidden" name="quote" value=quote/> })}
            {view.problem.clone().map(|problem| view! { <div class="m2"><ErrorCard problem/></div> })}
            {sheet::goods(lang, &view)}
            {sheet::places(lang, &view)}
            {sheet::payment(lang, &view)}
            {sheet::bill(lang, &view)}
            <p class="note m3 c">{promise}</p>
            {view.balance.is_none().then(|| view! { <p class="note m1 c bold">{t!(lang, checkout.sign_in_next)}</p> })}
        </form>
    }
    .into_any()
}

fn buy(lang: Lang, view: &CheckoutPage) -> AnyView {
    let (_, total) = sum(view.unit, view.variant.weight, view.form.quantity);
    let button = if view.limit < 1 {
        view! { <button class="btn off big grow" disabled>{t!(lang, checkout.sold_out)}</button> }.into_any()
    } else {
        view! {
            <button class="btn go big grow" form="checkout" name="quantity" value=view.form.quantity>
                <Icon glyph=Glyph::CHECK/>{t!(lang, checkout.submit)}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="buy-sum"><span class="sm mu">{t!(lang, checkout.total)}</span><Price amount=total size=PriceSize::Large/></div>
        {button}
    }
    .into_any()
}
