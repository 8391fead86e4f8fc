//! What the console shows of camera and network: the preview, and one line in plain words.

use super::{
    browser::{Quality, Uplink, broadcast::Told, camera::Trouble, clock},
    facts::StudioWords,
    part,
    phrase::{countdown, fill},
    studio::{Air, Studio},
};
use crate::ui::{Glyph, Icon};
use leptos::{either::Either, prelude::*};
use market::live_session::LiveState;
use std::time::Duration;

/// The camera as the host sees it, with its two switches.
pub(super) fn camera_view(studio: Studio, started_at: Option<i64>, awake: RwSignal<bool>) -> impl IntoView {
    let chip = move || match studio.state.get() {
        LiveState::Live => Either::Left(on_air(studio, started_at)),
        state => {
            let words = studio.say(|words| {
                if state == LiveState::Ended {
                    &words.ended
                } else {
                    &words.preview
                }
            });
            Either::Right(view! { <span class="chip-d">{words}</span> })
        }
    };
    let flip = move |_| {
        studio.towards_me.update(|towards_me| *towards_me = !*towards_me);
        studio.open_camera();
    };
    let silent = move || !awake.get() || studio.state.get() == LiveState::Ended;
    part(view! {
        <div class="cam" class:big=move || studio.state.get() == LiveState::Scheduled hidden=move || studio.state.get() == LiveState::Ended>
            <video node_ref=studio.preview autoplay playsinline muted aria-label=studio.say(|words| &words.preview)></video>
            <div class="t">{chip}
                <button class="rnd ml" type="button" hidden=silent aria-label=studio.say(|words| &words.flip) on:click=flip><Icon glyph=Glyph::FLIP/></button>
            </div>
            <div class="d">
                <button class="rnd ml" type="button" hidden=silent aria-pressed=move || studio.muted.get().to_string() on:click=move |_| studio.toggle_sound()
                    aria-label=move || if studio.muted.get() { studio.say(|words| &words.unmute) } else { studio.say(|words| &words.mute) }>
                    {move || if studio.muted.get() { view! { <Icon glyph=Glyph::MIC_OFF/> } } else { view! { <Icon glyph=Glyph::MIC/> } }}
                </button>
            </div>
        </div>
    })
}

/// 直播 00:42:18, by the server's clock.
fn on_air(studio: Studio, started_at: Option<i64>) -> impl IntoView {
    let seconds = RwSignal::new(0);
    let from = StoredValue::new(started_at);
    Effect::new(move |_| {
        if from.get_value().is_none() {
            from.set_value(Some(clock::now()));
        }
        let count = move || seconds.set((clock::now() - from.get_value().unwrap_or_default()).max(0) / 1000);
        count();
        if let Ok(ticking) = set_interval_with_handle(count, Duration::from_secs(1)) {
            on_cleanup(move || ticking.clear());
        }
    });
    let words = move || {
        fill(
            &studio.say(|words| &words.on_air),
            &[("time", &countdown(seconds.get()).join(":"))],
        )
    };
    part(view! { <span class="live" role="timer">{words}</span> })
}

/// The network in plain words.
pub(super) fn network(studio: Studio, awake: RwSignal<bool>) -> impl IntoView {
    let line = move || -> (usize, String, String) {
        let say = |pick: fn(&StudioWords) -> &String| studio.say(pick);
        match studio.air.get() {
            Air::Asking => (0, say(|words| &words.asking), say(|words| &words.asking_note)),
            Air::Ready if studio.state.get() == LiveState::Live => {
                (4, say(|words| &words.idle), say(|words| &words.idle_note))
            }
            Air::Ready => (4, say(|words| &words.ready), say(|words| &words.ready_note)),
            Air::Trouble(trouble) => (0, trouble_words(studio, trouble), String::new()),
            Air::Told(Told::OnAir(uplink)) => (uplink.bars(), quality(studio, uplink), measured(studio, uplink)),
            Air::Told(Told::Opening) => (2, say(|words| &words.starting), String::new()),
            Air::Told(Told::Lost) => (0, say(|words| &words.lost), say(|words| &words.lost_note)),
            Air::Told(Told::Taken) => (0, say(|words| &words.taken), String::new()),
            Air::Told(Told::Stale) => (0, say(|words| &words.stale), String::new()),
            Air::Told(Told::Full) => (0, say(|words| &words.full), String::new()),
            Air::Told(Told::Unable) => (0, say(|words| &words.unable), String::new()),
            Air::Over => (0, say(|words| &words.ended), say(|words| &words.ended_note)),
        }
    };
    let trouble = move || matches!(studio.air.get(), Air::Trouble(_));
    part(view! {
        <div class="net" class:ok={move || line().0 >= 3} hidden=move || !awake.get() || studio.air.get() == Air::Over>
            <span class="sig" aria-hidden="true">
                {(0..4).map(|bar| view! { <i class:x={move || line().0 <= bar}></i> }).collect_view()}
            </span>
            <p class="grow" role="status">{move || line().1}<br/><span class="xs">{move || line().2}</span></p>
            <button class="again" type="button" hidden=move || !trouble() on:click=move |_| studio.open_camera()>{studio.say(|words| &words.again)}</button>
        </div>
    })
}

fn trouble_words(studio: Studio, trouble: Trouble) -> String {
    studio.say(|words| match trouble {
        Trouble::Refused => &words.refused,
        Trouble::Absent => &words.absent,
        Trouble::Busy => &words.busy,
        Trouble::Insecure => &words.insecure,
    })
}

fn quality(studio: Studio, uplink: Uplink) -> String {
    studio.say(|words| match uplink.quality() {
        Quality::Good => &words.good,
        Quality::Fair => &words.fair,
        Quality::Poor => &words.poor,
    })
}

fn measured(studio: Studio, uplink: Uplink) -> String {
    let up = format!("{}.{}", uplink.kilobits / 1000, uplink.kilobits / 100 % 10);
    fill(
        &studio.say(|words| &words.figures),
        &[("up", &up), ("loss", &uplink.loss.to_string())],
    )
}
