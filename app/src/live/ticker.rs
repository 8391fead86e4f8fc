//! The host's figures: what was sold, who bought last, and how the pinned product is going. All of
//! it from the same picture that buyers see, so that both always speak of the same thing.

use super::{
    board::timer,
    card::{NextRound, left_words, small_photo},
    facts::StudioWords,
    part,
    phrase::{count, fill},
};
use crate::ui::{Glyph, Icon, Soil, grow::percent};
use leptos::{either::Either, prelude::*};
use market::{
    Lang,
    live_session::{LivePicture, LiveState, Pinned, SalePicture},
};

/// What the figures are drawn from.
#[derive(Clone)]
pub(super) struct Figures {
    pub(super) code: String,
    pub(super) lang: Lang,
    pub(super) picture: RwSignal<LivePicture>,
    /// Seconds left of the sale.
    pub(super) left: RwSignal<Option<i64>>,
}

/// Three figures, the ticker, and the pinned product.
pub(super) fn figures(shown: Figures, words: StudioWords) -> impl IntoView {
    let Figures { picture, .. } = shown;
    let stock = move || {
        picture.with(|picture| match (&picture.sale, &picture.pinned) {
            (Some(sale), _) => sale.stock.to_string(),
            (None, Some(pinned)) => pinned.stock.to_string(),
            (None, None) => "–".to_owned(),
        })
    };
    let hidden = move || picture.with(|picture| picture.state == LiveState::Scheduled);
    let off_air = move || picture.with(|picture| picture.state != LiveState::Live);
    let ticker_words = words.clone();
    part(view! {
        <dl class="stat" hidden=hidden>
            <div><dt>{words.sold.clone()}</dt><dd class="kakic">{move || picture.with(|picture| picture.sold)}</dd></div>
            <div><dt>{words.turnover.clone()}</dt><dd>"¥"{move || picture.with(|picture| picture.turnover.to_string())}</dd></div>
            <div><dt>{words.left.clone()}</dt><dd>{stock}</dd></div>
        </dl>
        <div class="ticker" hidden=off_air role="log"><Icon glyph=Glyph::BELL size="s"/><p>{move || picture.with(|picture| ticker(picture, &ticker_words))}</p></div>
        <div class="wrap m3" hidden=off_air>{move || pinned(&shown, &words)}</div>
    })
}

/// 李** +2 · 王** +1.
fn ticker(picture: &LivePicture, words: &StudioWords) -> String {
    if picture.recent.is_empty() {
        return words.nobody.clone();
    }
    let bought = picture
        .recent
        .iter()
        .map(|bought| format!("{} +{}", bought.who.name, bought.quantity));
    bought.collect::<Vec<_>>().join(" · ")
}

fn pinned(shown: &Figures, words: &StudioWords) -> impl IntoView + use<> {
    let picture = shown.picture.get();
    match picture.pinned {
        None => Either::Left(
            view! { <div class="card tight"><b>{words.nothing.clone()}</b><p class="note">{words.nothing_note.clone()}</p></div> },
        ),
        Some(pinned) => Either::Right(card(shown, words, pinned, picture.sale)),
    }
}

fn card(shown: &Figures, words: &StudioWords, pinned: Pinned, sale: Option<SalePicture>) -> impl IntoView + use<> {
    let price = sale.as_ref().map_or(pinned.price.per_jin(pinned.weight), |sale| {
        sale.price.per_jin(sale.weight)
    });
    let shelf = count(&words.shelf, pinned.stock);
    let clock_words = (words.time_left.clone(), words.minutes.clone());
    part(view! {
        <article class="card tight">
            <div class="row">
                <img class="ph thumb" src=small_photo(&pinned.photo) alt="" width="60" height="60"/>
                <div class="grow"><span class="tag k">{words.pinned.clone()}</span><h2 class="h3">{pinned.title(shown.lang).to_owned()}</h2>
                    <p class="note">"¥"{price.to_string()}{words.per_jin.clone()}{sale.is_none().then(|| format!(" · {shelf}"))}</p></div>
                {timer(shown.left, clock_words)}
            </div>
            {sale.map(|sale| running(shown, words, &sale))}
        </article>
    })
}

fn running(shown: &Figures, words: &StudioWords, sale: &SalePicture) -> impl IntoView + use<> {
    let quota = left_words(sale, &words.quota, &words.round);
    let next = NextRound::of(sale, &words.next_round);
    let left = shown.left;
    let group = match sale.groups.first() {
        Some(group) => fill(
            &words.group,
            &[
                ("leader", &group.leader),
                ("joined", &group.joined.to_string()),
                ("need", &group.need.to_string()),
            ],
        ),
        None => words.no_group.clone(),
    };
    let formed = (sale.formed > 0).then(|| format!(" · {}", count(&words.formed, sale.formed)));
    let action = |verb: &str| format!("/host/{}/sale/{verb}", shown.code);
    part(view! {
        <div class="m2"><Soil percent=percent(sale.released - sale.stock, sale.released) stock=true label=quota.clone()/></div>
        <p class="note m1">{quota}<br/>{group}{formed}</p>
        {next.map(|next| view! {
            <form class="m2" method="post" action=action("release") data-stay="" data-fault=words.fault.clone()>
                <p class="note">{move || left.get().map(|left| next.at(left))}</p>
                <p class="xs kakic" data-problem="" hidden><b></b></p>
                <button class="btn line full m1">{words.release.clone()}</button>
            </form>
        })}
        <div class="row m2">
            <a class="btn line grow" href="#change">{words.change_sale.clone()}</a>
            <form method="post" action=action("end") data-stay="" data-fault=words.fault.clone()>
                <p class="xs kakic" data-problem="" hidden><b></b></p>
                <button class="btn line">{words.end_sale.clone()}</button>
            </form>
        </div>
    })
}
