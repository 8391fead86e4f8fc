//! The host's console: one tap to go on air, everything needed mid-show within a thumb's reach,
//! two seconds' hold to end.

use super::{
    board::keep_up,
    browser::{
        broadcast::Told,
        camera::{self, Trouble},
        form, gear, watch,
    },
    dock::{foot, resume},
    facts::{StudioFacts, StudioWords},
    lens::{camera_view, network},
    ticker::{Figures, figures},
};
use crate::ui::{Glyph, Icon};
use leptos::{html, prelude::*};
use market::live_session::LiveState;
use web_sys::MediaStream;

/// How the camera and the connection are doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Air {
    /// The browser asks whether it may use the camera.
    Asking,
    /// A picture, and nobody sees it yet.
    Ready,
    /// No picture.
    Trouble(Trouble),
    /// Going on air, or not.
    Told(Told),
    /// Over.
    Over,
}

/// What the host's console remembers.
#[derive(Clone, Copy)]
pub(super) struct Studio {
    words: StoredValue<StudioWords>,
    code: StoredValue<String>,
    /// Where the session stands.
    pub(super) state: RwSignal<LiveState>,
    pub(super) air: RwSignal<Air>,
    /// The host has asked to be on air.
    pub(super) publishing: RwSignal<bool>,
    pub(super) muted: RwSignal<bool>,
    pub(super) towards_me: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
    pub(super) holding: RwSignal<bool>,
    pub(super) preview: NodeRef<html::Video>,
}

impl Studio {
    fn new(facts: &StudioFacts) -> Self {
        let air = if facts.picture.state == LiveState::Ended {
            Air::Over
        } else {
            Air::Asking
        };
        Studio {
            words: StoredValue::new(facts.words.clone()),
            code: StoredValue::new(facts.code.clone()),
            state: RwSignal::new(facts.picture.state),
            air: RwSignal::new(air),
            publishing: RwSignal::new(false),
            muted: RwSignal::new(false),
            towards_me: RwSignal::new(false),
            problem: RwSignal::new(None),
            holding: RwSignal::new(false),
            preview: NodeRef::new(),
        }
    }

    pub(super) fn say(&self, pick: impl FnOnce(&StudioWords) -> &String) -> String {
        self.words.with_value(|words| pick(words).clone())
    }

    /// Opens the camera and shows it; on air, viewers see the new picture without a break.
    pub(super) fn open_camera(self) {
        gear::let_go();
        let towards_me = self.towards_me.get_untracked();
        leptos::task::spawn_local(async move {
            let opened = camera::open(towards_me).await;
            match opened {
                Ok(stream) => self.use_stream(stream),
                Err(trouble) => self.air.set(Air::Trouble(trouble)),
            }
        });
    }

    fn use_stream(self, stream: MediaStream) {
        if self.state.get_untracked() == LiveState::Ended {
            return camera::close(&stream);
        }
        camera::set_sound(&stream, !self.muted.get_untracked());
        if let Some(preview) = self.preview.get_untracked() {
            watch::play(&preview, Some(&stream));
        }
        gear::hold(stream);
        if !self.publishing.get_untracked() {
            self.air.set(Air::Ready);
        }
    }

    /// 开播: tells the market, then publishes. A session that is live already is only published.
    pub(super) fn go_live(self) {
        self.problem.set(None);
        self.publishing.set(true);
        self.air.set(Air::Told(Told::Opening));
        leptos::task::spawn_local(async move {
            if self.state.get_untracked() == LiveState::Scheduled
                && let Err(problem) = form::post(&self.door("start"), "").await
            {
                self.publishing.set(false);
                self.air.set(Air::Ready);
                return self.fail(problem);
            }
            self.stand(LiveState::Live);
            gear::start();
        });
    }

    /// 下播: tells the market; the feed brings the end.
    pub(super) fn end(self) {
        self.problem.set(None);
        leptos::task::spawn_local(async move {
            match form::post(&self.door("end"), "").await {
                Ok(()) => self.stand(LiveState::Ended),
                Err(problem) => self.fail(problem),
            }
        });
    }

    /// What is drawn from the state is drawn anew only when it changes: on air runs a clock.
    fn stand(self, state: LiveState) {
        if self.state.get_untracked() != state {
            self.state.set(state);
        }
    }

    fn over(self) {
        self.publishing.set(false);
        self.air.set(Air::Over);
        gear::finish();
    }

    fn fail(self, problem: String) {
        let problem = if problem.is_empty() {
            self.say(|words| &words.fault)
        } else {
            problem
        };
        self.problem.set(Some(problem));
    }

    pub(super) fn door(self, verb: &str) -> String {
        format!("/host/{}/{verb}", self.code.get_value())
    }

    pub(super) fn toggle_sound(self) {
        self.muted.update(|muted| *muted = !*muted);
        gear::set_sound(!self.muted.get_untracked());
    }
}

/// Camera, network, figures, and the dock.
#[island]
pub(super) fn HostStudio(
    /// What the server knew.
    facts: StudioFacts,
) -> impl IntoView {
    let studio = Studio::new(&facts);
    let picture = RwSignal::new(facts.picture.clone());
    let left = RwSignal::new(super::board::seconds_left(&facts.picture, facts.picture.now.0));
    let awake = RwSignal::new(false);
    let (code, whip, ticket) = (facts.code.clone(), facts.whip.clone(), facts.ticket.clone());
    Effect::new(move |_| {
        awake.set(true);
        keep_up(&code, picture, left);
        form::stay_on_this_page();
        gear::prepare(whip.clone(), ticket.clone(), move |told| {
            studio.air.set(Air::Told(told))
        });
        if studio.state.get_untracked() != LiveState::Ended {
            studio.open_camera();
        }
    });
    // The market's word on the state counts, wherever it was changed.
    Effect::new(move |_| {
        let told = picture.with(|picture| picture.state);
        if told != LiveState::Scheduled {
            studio.stand(told);
        }
    });
    Effect::new(move |_| {
        if studio.state.get() == LiveState::Ended {
            studio.over();
        }
    });
    let shown = Figures {
        code: facts.code.clone(),
        lang: facts.lang,
        picture,
        left,
    };
    view! {
        {camera_view(studio, facts.started_at, awake)}
        {network(studio, awake)}
        {move || studio.problem.get().map(|problem| view! {
            <div class="wrap m3"><div class="err" role="alert"><Icon glyph=Glyph::WARNING/><b class="grow">{problem}</b></div></div>
        })}
        {move || resume(studio, awake.get())}
        {figures(shown, facts.words.clone())}
        {move || foot(studio, awake.get())}
    }
}
