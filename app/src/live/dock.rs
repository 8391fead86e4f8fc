//! What the host's thumb reaches: going on air, goods, flash sale, the end.

use super::{
    part,
    studio::{Air, Studio},
};
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use market::live_session::LiveState;
use std::time::Duration;

/// For how long 下播 must be held: nobody ends a show by a slip of the thumb.
const HOLD: Duration = Duration::from_secs(2);

/// A session that is live while this page sends no picture (it was loaded anew, or opened on another
/// phone) asks for a tap: publishing by itself could push another phone off air.
pub(super) fn resume(studio: Studio, awake: bool) -> impl IntoView {
    (studio.state.get() == LiveState::Live && !studio.publishing.get()).then(|| start(studio, awake))
}

/// Before: the one large button. On air: the dock. After: the way back.
pub(super) fn foot(studio: Studio, awake: bool) -> impl IntoView {
    let state = studio.state.get();
    (
        (state == LiveState::Scheduled)
            .then(|| view! { <p class="wrap note m3">{studio.say(|words| &words.before)}</p>{start(studio, awake)} }),
        (state == LiveState::Live).then(|| dock(studio)),
        (state == LiveState::Ended).then(|| over(studio)),
    )
}

/// A real form, so that a session can also be opened where scripts do not run; where they do, the
/// page stays.
fn start(studio: Studio, awake: bool) -> impl IntoView {
    let live = studio.state.get() == LiveState::Live;
    let words = studio.say(|words| if live { &words.resume } else { &words.start });
    let waiting =
        move || awake && (studio.publishing.get() || matches!(studio.air.get(), Air::Asking | Air::Trouble(_)));
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !waiting() {
            studio.go_live();
        }
    };
    part(view! {
        <form class="onair" hidden=live && !awake method="post" action=studio.door("start") on:submit=go>
            <button class="btn go full" class:off=waiting aria-disabled=move || waiting().to_string()><Icon glyph=Glyph::VIDEO size="l"/>{words}</button>
        </form>
    })
}

fn dock(studio: Studio) -> impl IntoView {
    part(view! {
        <nav class="dock" id="on-air">
            <a class="a" href="#goods"><Icon glyph=Glyph::BOX size="l"/>{studio.say(|words| &words.goods)}</a>
            <a class="a go" href="#sale"><Icon glyph=Glyph::FLASH size="l"/>{studio.say(|words| &words.sale)}</a>
            {end_button(studio)}
        </nav>
    })
}

/// Held for two seconds it ends the show; tapped, it opens the sheet that asks first.
fn end_button(studio: Studio) -> impl IntoView {
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let ended = StoredValue::new(false);
    let press = move |_| {
        studio.holding.set(true);
        ended.set_value(false);
        let held = move || {
            studio.holding.set(false);
            ended.set_value(true);
            studio.end();
        };
        timer.set_value(set_timeout_with_handle(held, HOLD).ok());
    };
    let release = move || {
        studio.holding.set(false);
        timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    };
    let tap = move |event: web_sys::MouseEvent| {
        if ended.get_value() {
            event.prevent_default();
        }
    };
    part(view! {
        <a class="a end" class:holding=move || studio.holding.get() href="#end" draggable="false"
            on:pointerdown=press on:pointerup=move |_| release() on:pointerleave=move |_| release() on:pointercancel=move |_| release()
            on:contextmenu=move |event| event.prevent_default() on:click=tap>
            <Icon glyph=Glyph::STOP size="l"/><span>{studio.say(|words| &words.end)}<small>{studio.say(|words| &words.end_hold)}</small></span>
        </a>
    })
}

fn over(studio: Studio) -> impl IntoView {
    part(view! {
        <div class="wrap m4">
            <h2>{studio.say(|words| &words.ended)}</h2>
            <p class="note m1">{studio.say(|words| &words.ended_note)}</p>
            <a class="btn leaf full m3" href="/host">{studio.say(|words| &words.others)}</a>
        </div>
    })
}
