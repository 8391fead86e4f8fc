//! A live session for those who watch and buy.

use super::{
    board::LiveBoard,
    card::small_photo,
    facts::{BoardFacts, Next, PlayerFacts},
    player::LivePlayer,
    words,
};
use crate::{
    Context, Document, t,
    ui::{Glyph, Icon, Portrait, moment, photo},
};
use leptos::prelude::*;
use market::{
    Lang,
    live_session::{LiveCard, LivePicture, LiveState},
};

/// What a live session's page shows.
#[derive(Debug, Clone)]
pub struct LivePage {
    /// The session.
    pub card: LiveCard,
    /// Its current picture.
    pub picture: LivePicture,
    /// People watching right now.
    pub viewers: u64,
    /// The WHEP door's path.
    pub whep: String,
    /// What comes after it: on air, or the next that is planned.
    pub next: Option<LiveCard>,
    /// The reader is a leader, who may open a group in its sale.
    pub as_leader: bool,
}

/// The page of a live session.
pub fn live_page(context: &Context, view: LivePage) -> String {
    crate::render(context, || {
        let title = view.card.title.get(context.lang).to_owned();
        let farm = &view.card.farm;
        let description = t!(
            context.lang,
            live.description,
            farm = farm.name.get(context.lang),
            place = farm.place.get(context.lang)
        );
        Document {
            title,
            description,
            json_ld: None,
            islands: true,
            private: false,
            body: body(context, view),
        }
    })
}

fn body(context: &Context, view: LivePage) -> AnyView {
    let assets = context.assets.clone();
    let picture = still(context, &view.card);
    let title = view.card.title.get(context.lang).to_owned();
    view! {
        // the picture waits for these two: they are asked for before the boot script says so
        <link rel="modulepreload" href=assets.js.clone()/>
        <link rel="preload" r#as="fetch" crossorigin="anonymous" href=assets.wasm.clone()/>
        <main class="lv" id="main">
            <h1 class="sr">{title}</h1>
            {picture}
            {player(context, &view)}
            <div class="t">{head(context, &view)}</div>
            <div class="btm">
                {board(context, &view)}
                <noscript><p class="noscript">{t!(context.lang, live.noscript)}" "<a href="">{t!(context.lang, live.reload)}</a></p></noscript>
            </div>
        </main>
    }
    .into_any()
}

/// The still picture behind the moving one: at once there, and all there is for who saves data.
fn still(context: &Context, card: &LiveCard) -> AnyView {
    let small = small_photo(&card.photo);
    let large = (!context.save_data && !card.photo.starts_with('/'))
        .then(|| format!("{small} 360w, {} 640w", photo::address(&card.photo, false)));
    let alt = t!(context.lang, live.picture, title = card.title.get(context.lang));
    view! { <img class="v" src=small srcset=large sizes="100vw" alt=alt width="360" height="640" fetchpriority="high"/> }.into_any()
}

/// Whose it is, how many watch, and the way out.
fn head(context: &Context, view: &LivePage) -> AnyView {
    let lang = context.lang;
    let farm = &view.card.farm;
    let place = farm.place.get(lang).to_owned();
    let watching = (view.picture.state == LiveState::Live && view.viewers > 0)
        .then(|| format!(" · {}", t!(lang, live.watching, n = view.viewers)));
    let story = farm.story.as_ref().map(|slug| format!("/story/{slug}"));
    let face = view! {
        <Portrait name=farm.portrait.clone()/>
        <span><b>{farm.name.get(lang).to_owned()}</b><br/><span class="xs">{place}{watching}</span></span>
    };
    let pill = match story {
        Some(href) => view! { <a class="pill" href=href>{face}</a> }.into_any(),
        None => view! { <span class="pill">{face}</span> }.into_any(),
    };
    view! {
        <div class="row">{pill}<a class="rnd ml" href="/live" aria-label=t!(lang, live.leave)><Icon glyph=Glyph::CLOSE/></a></div>
    }
    .into_any()
}

fn player(context: &Context, view: &LivePage) -> AnyView {
    let facts = PlayerFacts {
        code: view.card.code.clone(),
        whep: view.whep.clone(),
        state: view.picture.state,
        saving: context.save_data,
        words: words::player(context.lang, whose(context.lang, view)),
    };
    view! { <LivePlayer facts/> }.into_any()
}

fn board(context: &Context, view: &LivePage) -> AnyView {
    let lang = context.lang;
    let starts = moment::moment(lang, view.card.starts_at, context.now);
    let facts = BoardFacts {
        code: view.card.code.clone(),
        lang,
        picture: view.picture.clone(),
        next: view.next.as_ref().map(|next| following(context, next)),
        as_leader: view.as_leader,
        words: words::board(lang, whose(lang, view), &starts),
    };
    view! { <LiveBoard facts/> }.into_any()
}

/// Whose show it is, as a sentence names them: neighbours by their name, and in English, where that
/// name cannot be read, by their farm's.
fn whose(lang: Lang, view: &LivePage) -> &str {
    match lang {
        Lang::Zh => &view.card.farm.farmer_name,
        Lang::En => view.card.farm.name.get(lang),
    }
}

fn following(context: &Context, next: &LiveCard) -> Next {
    let when = match next.state {
        LiveState::Live => t!(context.lang, live.state.live),
        _ => moment::moment(context.lang, next.starts_at, context.now),
    };
    Next {
        href: format!("/live/{}", next.code),
        title: next.title.get(context.lang).to_owned(),
        when,
    }
}
