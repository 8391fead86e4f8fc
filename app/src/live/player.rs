//! The viewer's picture: muted until it is tapped, coming back by itself, and saying in words what
//! is going on when there is none.

use super::{
    browser::{
        feed,
        watch::{self, Told, Watcher},
    },
    facts::{PlayerFacts, PlayerWords},
    phrase::fill,
};
use crate::ui::{Glyph, Icon};
use leptos::{html, prelude::*};
use market::live_session::LiveState;

/// What stands over the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Opening: the still picture, and a small word.
    Opening,
    /// The moving picture, nothing over it.
    Playing,
    /// Sound only, as the viewer wished.
    Quiet,
    /// The farmer's camera is not there yet.
    Waiting,
    /// It was there, and is not.
    Lost,
    /// Too many viewers.
    Full,
    /// Not for this browser.
    Unable,
    /// Not begun.
    Scheduled,
    /// Over.
    Ended,
}

impl Shown {
    fn first(state: LiveState) -> Self {
        match state {
            LiveState::Scheduled => Shown::Scheduled,
            LiveState::Live => Shown::Opening,
            LiveState::Ended => Shown::Ended,
        }
    }

    fn is_off_air(self) -> bool {
        matches!(self, Shown::Scheduled | Shown::Ended)
    }

    /// What happened, and what the viewer can make of it.
    fn words(self, words: &PlayerWords) -> Option<(&String, &String)> {
        match self {
            // before and after, the card below says all there is to say
            Shown::Opening | Shown::Playing | Shown::Scheduled | Shown::Ended => None,
            Shown::Quiet => Some((&words.quiet, &words.quiet_note)),
            Shown::Waiting => Some((&words.waiting, &words.waiting_note)),
            Shown::Lost => Some((&words.lost, &words.lost_note)),
            Shown::Full => Some((&words.full, &words.full_note)),
            Shown::Unable => Some((&words.unable, &words.unable_note)),
        }
    }
}

/// The video, its sound and data switches, and the card that explains its absence.
#[island]
pub(super) fn LivePlayer(
    /// What the server knew.
    facts: PlayerFacts,
) -> impl IntoView {
    let words = StoredValue::new(facts.words.clone());
    let shown = RwSignal::new(Shown::first(facts.state));
    let saving = RwSignal::new(facts.saving);
    let muted = RwSignal::new(true);
    let rate = RwSignal::new(None::<i64>);
    let awake = RwSignal::new(false);
    let video = NodeRef::<html::Video>::new();
    connect(&facts, video, shown, saving, rate, awake);
    let toggle_sound = move |_| {
        muted.update(|muted| *muted = !*muted);
        if let Some(video) = video.get_untracked() {
            video.set_muted(muted.get_untracked());
            watch::again(&video);
        }
    };
    view! {
        <video class="v" class:on=move || shown.get() == Shown::Playing node_ref=video autoplay playsinline muted
            aria-label=facts.words.video.clone() on:playing=move |_| if !saving.get_untracked() { shown.set(Shown::Playing) }></video>
        <div class="ctl">
            {move || words.with_value(|words| sign(shown.get(), words))}
            <div class="stack" hidden=move || !awake.get() || shown.get().is_off_air()>
            <button class="dk" type="button" role="switch" aria-checked=move || saving.get().to_string() on:click=move |_| saving.update(|saving| *saving = !*saving)>
                <Icon glyph=Glyph::LEAF size="s"/>
                <span>{facts.words.saving.clone()}<small>{move || rate.get().map(|tenths| words.with_value(|words| megabytes(&words.rate, tenths)))}</small></span>
                <span class="sw" class:on=move || saving.get()></span>
            </button>
            <button class="dk" type="button" aria-pressed=move || (!muted.get()).to_string() on:click=toggle_sound>
                {move || if muted.get() { view! { <Icon glyph=Glyph::MUTED size="s"/> } } else { view! { <Icon glyph=Glyph::SOUND size="s"/> } }}
                {move || words.with_value(|words| if muted.get() { words.sound_on.clone() } else { words.sound_off.clone() })}
            </button>
            </div>
        </div>
        <p class="opening" hidden=move || !awake.get() || shown.get() != Shown::Opening>{facts.words.opening.clone()}</p>
        <div class="veil" role="status" hidden=move || shown.get().words(&words.get_value()).is_none()>
            {move || shown.get().words(&words.get_value()).map(|(title, note)| view! {
                <Icon glyph={if shown.get() == Shown::Quiet { Glyph::LEAF } else { Glyph::NO_SIGNAL }} size="l"/><b>{title.clone()}</b><p class="sm">{note.clone()}</p>
            })}
        </div>
    }
}

/// 直播中, or that it is not.
fn sign(shown: Shown, words: &PlayerWords) -> impl IntoView + use<> {
    let (class, words) = match shown {
        Shown::Scheduled => ("chip-d", &words.scheduled),
        Shown::Ended => ("chip-d", &words.ended),
        _ => ("live", &words.live),
    };
    view! { <span class=class>{words.clone()}</span> }
}

/// `tenths` of a megabyte a minute, in words.
fn megabytes(sentence: &str, tenths: i64) -> String {
    let number = if tenths >= 100 {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    fill(sentence, &[("n", &number)])
}

/// Lets the connection follow the session's state and the viewer's wish.
fn connect(
    facts: &PlayerFacts,
    video: NodeRef<html::Video>,
    shown: RwSignal<Shown>,
    saving: RwSignal<bool>,
    rate: RwSignal<Option<i64>>,
    awake: RwSignal<bool>,
) {
    let state = RwSignal::new(facts.state);
    let (code, door) = (facts.code.clone(), facts.whep.clone());
    Effect::new(move |watcher: Option<Watcher>| {
        let watcher = watcher.unwrap_or_else(|| {
            awake.set(true);
            feed::follow(&code, move |picture| {
                if state.get_untracked() != picture.state {
                    state.set(picture.state);
                }
            });
            let watcher = viewer(door.clone(), video, shown, saving, rate);
            let returned = watcher.clone();
            // a page that comes back from the browser's memory had hung up when it left
            let _ = window_event_listener_untyped("pageshow", move |event| {
                let kept = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy());
                if kept && state.get_untracked() == LiveState::Live {
                    returned.start(!saving.get_untracked());
                }
            });
            watcher
        });
        let quiet = saving.get();
        match state.get() {
            LiveState::Live => {
                shown.set(Shown::Opening);
                watcher.start(!quiet);
            }
            other => {
                shown.set(Shown::first(other));
                watcher.finish();
            }
        }
        rate.set(None);
        watcher
    });
}

fn viewer(
    door: String,
    video: NodeRef<html::Video>,
    shown: RwSignal<Shown>,
    saving: RwSignal<bool>,
    rate: RwSignal<Option<i64>>,
) -> Watcher {
    let show = move |stream: &web_sys::MediaStream| {
        if let Some(video) = video.get_untracked() {
            watch::play(&video, Some(stream));
        }
    };
    let tell = move |news| match news {
        Told::Rate(tenths) => rate.set(Some(tenths)),
        Told::Flowing => shown.set(if saving.get_untracked() {
            Shown::Quiet
        } else {
            Shown::Playing
        }),
        Told::Waiting => shown.set(Shown::Waiting),
        Told::Lost => shown.set(Shown::Lost),
        Told::Full => shown.set(Shown::Full),
        Told::Unable => shown.set(if saving.get_untracked() {
            Shown::Quiet
        } else {
            Shown::Unable
        }),
    };
    Watcher::new(door, show, tell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn megabytes_are_round_where_they_are_many() {
        assert_eq!(megabytes("约 {n}MB/分", 61), "约 6.1MB/分");
        assert_eq!(megabytes("约 {n}MB/分", 2), "约 0.2MB/分");
        assert_eq!(megabytes("约 {n}MB/分", 123), "约 12MB/分");
    }
}
