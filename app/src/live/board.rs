//! The viewer's card: what is spoken about, what it costs, how much is left, and the group that
//! needs one more. It buys by plain links, and stands complete without scripts.

use super::{
    browser::{clock, feed},
    card::{Bar, Board, Goods, GroupLine, Way, board, small_photo},
    facts::{BoardFacts, Next},
    part,
    phrase::{count, countdown, fill},
};
use crate::ui::{Price, PriceSize, Soil};
use leptos::{either::Either, prelude::*};
use market::live_session::{LivePicture, LiveState};
use std::time::Duration;

/// How often the countdown looks at the clock: it shows seconds, and is never a tenth late.
const TICK: Duration = Duration::from_millis(100);
/// Minutes at which the time left is said aloud.
const SAID_ALOUD: [i64; 3] = [10, 5, 1];

/// Whole seconds until the sale of `picture` ends, at `now` by the server's clock.
pub(super) fn seconds_left(picture: &LivePicture, now: i64) -> Option<i64> {
    let ends_at = picture.sale.as_ref()?.ends_at;
    Some(((ends_at.0 - now).max(0) + 999) / 1000)
}

/// Lets `picture` follow the feed of `code` and `left` the server's clock. For an island's effect.
pub(super) fn keep_up(code: &str, picture: RwSignal<LivePicture>, left: RwSignal<Option<i64>>) {
    clock::learn_from_page(picture.with_untracked(|picture| picture.now.0));
    feed::follow(code, move |newer| {
        if picture.with_untracked(|known| newer.version > known.version) {
            picture.set(newer.clone());
        }
    });
    set_interval(
        move || {
            let now = picture.with_untracked(|picture| seconds_left(picture, clock::now()));
            if left.get_untracked() != now {
                left.set(now);
            }
        },
        TICK,
    );
}

/// The card, its countdown, and who bought last.
#[island]
pub(super) fn LiveBoard(
    /// What the server knew.
    facts: BoardFacts,
) -> impl IntoView {
    let picture = RwSignal::new(facts.picture.clone());
    let left = RwSignal::new(seconds_left(&facts.picture, facts.picture.now.0));
    let code = facts.code.clone();
    Effect::new(move |_| keep_up(&code, picture, left));
    let time_up = Memo::new(move |_| left.get() == Some(0));
    let words = facts.words.clone();
    let clock_words = (words.left.clone(), words.minutes.clone());
    let bought = move || {
        picture.with(|picture| {
            let last = picture.recent.first()?;
            if picture.state == LiveState::Ended {
                return None;
            }
            Some(fill(
                &words.bought,
                &[("who", &last.who.name), ("n", &last.quantity.to_string())],
            ))
        })
    };
    part(view! {
        <p class="chat"><span class="sys" hidden=move || bought().is_none()>{bought.clone()}</span></p>
        {move || {
            let board = picture.with(|picture| board(&facts, picture, time_up.get()));
            match board {
                Board::Notice { title, note, next, over } => Either::Left(notice(title, note, next.map(|next| (facts.words.next.clone(), next)), over.then(|| facts.words.list.clone()))),
                Board::Goods(goods) => Either::Right(card(&facts, *goods, left, &clock_words)),
            }
        }}
    })
}

fn notice(title: String, note: String, next: Option<(String, Next)>, list: Option<String>) -> impl IntoView {
    part(view! {
        <article class="pin say">
            <div class="grow">
                <h2>{title}</h2>
                <p class="note m1">{note}</p>
                {next.map(|(words, next)| view! {
                    <p class="note m3">{words}</p>
                    <a class="btn go full m1" href=next.href><span class="two">{next.title}<small>{next.when}</small></span></a>
                })}
                {list.map(|words| view! { <a class="btn line full m2" href="/live">{words}</a> })}
            </div>
        </article>
    })
}

fn card(
    facts: &BoardFacts,
    goods: Goods,
    left: RwSignal<Option<i64>>,
    clock_words: &(String, String),
) -> impl IntoView + use<> {
    let (about, offer) = (
        about(&goods, timer(left, clock_words.clone())),
        offer(&facts.words.per_jin, &goods),
    );
    let next = goods.next.clone();
    part(view! {
        <article class="pin">
            {about}
            {offer}
            {next.map(|next| view! { <p class="xs bold w">{move || left.get().map(|left| next.at(left))}</p> })}
            {goods.solo.map(|Way { href, words }| view! { <a class="btn solo full w" href=href>{words}</a> })}
            {goods.may_open.then(|| open_group(facts))}
            {(!goods.groups.is_empty()).then(|| others(goods.others, goods.groups))}
        </article>
    })
}

/// What it is, until when, and how much of it is left.
fn about<T: IntoView>(goods: &Goods, timer: T) -> impl IntoView + use<T> {
    let Goods {
        tag,
        name,
        href,
        photo,
        bar,
        stock,
        ..
    } = goods.clone();
    part(view! {
        <img src=small_photo(&photo) alt="" width="84" height="84"/>
        <div class="grow">
            <div class="row"><span class="tag k">{tag}</span><span class="ml">{timer}</span></div>
            <h2><a href=href>{name}</a></h2>
            {bar.map(|Bar { percent, words }| view! { <div class="m1"><Soil percent stock=true label=words/></div> })}
            <p class="xs mu m1">{stock}</p>
        </div>
    })
}

/// What it costs, and the one button.
fn offer(per_jin: &str, goods: &Goods) -> impl IntoView + use<> {
    let Goods {
        price,
        was,
        pack,
        line,
        go,
        off,
        ..
    } = goods.clone();
    part(view! {
        <div class="f">
            <div>
                <Price amount=price size=PriceSize::Large/><span class="per">{per_jin.to_owned()}</span>
                {was.map(|was| view! { " "<s class="was">{was.to_string()}</s> })}
                <p class="xs mu">{pack}</p>
                {line.map(|line| view! { <p class="xs leafc bold" role="status">{line}</p> })}
            </div>
            {go.map(|Way { href, words }| view! { <a class="btn go big" href=href>{words}</a> })}
            {off.map(|words| view! { <span class="btn off big">{words}</span> })}
        </div>
    })
}

/// A leader opens a group: a plain form, which ends on the new group's page.
fn open_group(facts: &BoardFacts) -> impl IntoView + use<> {
    let action = format!("/live/{}/groups", facts.code);
    part(
        view! { <form class="w" method="post" action=action><button class="btn leaf full">{facts.words.open_group.clone()}</button></form> },
    )
}

fn others(title: String, groups: Vec<GroupLine>) -> impl IntoView {
    part(view! {
        <details class="w">
            <summary>{title}</summary>
            <ul class="list">
                {groups.into_iter().map(|group| view! {
                    <li><span class="grow"><b>{group.words}</b><br/><span class="note">{group.crowd}</span></span><a class="btn line" href=group.join.href>{group.join.words}</a></li>
                }).collect_view()}
            </ul>
        </details>
    })
}

/// The time left in ink chips; said aloud only at 10, 5 and 1 minutes.
pub(super) fn timer(left: RwSignal<Option<i64>>, (label, minutes): (String, String)) -> impl IntoView {
    let aloud = Memo::new(move |_| {
        left.get()
            .filter(|left| left % 60 == 0)
            .map(|left| left / 60)
            .filter(|left| SAID_ALOUD.contains(left))
    });
    part(view! {
        {move || left.get().map(|seconds| {
            let parts = countdown(seconds);
            let label = fill(&label, &[("time", &parts.join(":"))]);
            view! { <span class="cd" role="timer" aria-label=label>{chips(parts)}</span> }
        })}
        <span class="sr" role="status">{move || aloud.get().map(|left| count(&minutes, left))}</span>
    })
}

fn chips(parts: Vec<String>) -> impl IntoView {
    parts
        .into_iter()
        .enumerate()
        .map(|(at, part)| view! { {(at > 0).then_some(":")}<b>{part}</b> })
        .collect_view()
}
