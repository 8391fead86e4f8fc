//! A price: the yuan large, the rest small, in the colour of money.

use leptos::prelude::*;
use market::Money;

/// How large a price stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PriceSize {
    /// In a grid: 22 px.
    #[default]
    Plain,
    /// On a card: 29 px.
    Large,
    /// At the head of a page: 40 px.
    Largest,
}

/// A price, as `¥19.8`.
#[component]
pub fn Price(
    /// How much.
    amount: Money,
    /// How large.
    #[prop(optional)]
    size: PriceSize,
) -> impl IntoView {
    let text = amount.to_string();
    let (yuan, rest) = match text.split_once('.') {
        Some((yuan, part)) => (yuan.to_owned(), Some(format!(".{part}"))),
        None => (text, None),
    };
    let class = match size {
        PriceSize::Plain => "price",
        PriceSize::Large => "price lg",
        PriceSize::Largest => "price xl",
    };
    view! { <b class=class><i>"¥"</i>{yuan}{rest.map(|rest| view! { <i>{rest}</i> })}</b> }
}
