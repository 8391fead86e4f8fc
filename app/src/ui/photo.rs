//! Pictures: of goods, of people; and the seal with a surname for those who show no face.

use crate::t;
use leptos::prelude::*;
use market::{Lang, catalog::PhotoKind, people::Face};

/// Where a picture is: a base name under /img, or a path of our own.
/// `small` asks for the 360 px copy.
pub fn address(name: &str, small: bool) -> String {
    match (name.starts_with('/'), small) {
        (true, _) => name.to_owned(),
        (false, true) => format!("/img/{name}-360.webp"),
        (false, false) => format!("/img/{name}.webp"),
    }
}

/// A picture of goods or of a place.
#[component]
pub fn Photo(
    /// Its base name under /img, or a path.
    #[prop(into)]
    name: String,
    /// What it shows; "" where the words beside it say so already.
    #[prop(into)]
    alt: String,
    /// Shown wider than a grid's cell: wide screens may have the large copy.
    #[prop(optional)]
    large: bool,
    /// In the first view: loaded at once.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let small = address(&name, true);
    let set = (large && !name.starts_with('/')).then(|| format!("{small} 360w, {} 640w", address(&name, false)));
    let sizes = set.is_some().then_some("(min-width:900px) 480px, 360px");
    view! {
        <img class="ph" src=small srcset=set sizes=sizes alt=alt width="360" height="360"
            loading=if eager { "eager" } else { "lazy" } fetchpriority=(eager && large).then_some("high") decoding="async"/>
    }
}

/// 演示图, over the corner of a large photo that does not show the goods themselves.
#[component]
pub fn DemonstrationChip(
    /// The reader's language.
    lang: Lang,
    /// What the photo shows.
    kind: PhotoKind,
) -> impl IntoView {
    (kind == PhotoKind::Demonstration)
        .then(|| view! { <span class="chip-d demo">{t!(lang, site.demonstration_photo)}</span> })
}

/// A public person's portrait: a farmer, a leader, a host.
#[component]
pub fn Portrait(
    /// Its base name under /img, or a path.
    #[prop(into)]
    name: String,
    /// 56 px instead of 40.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = if large { "ava l face" } else { "ava face" };
    view! { <span class=class><img src=address(&name, false) alt="" width="112" height="112" loading="lazy"/></span> }
}

/// Six inks for surname seals, all with white on them at AA: `--c` of [`SurnameSeal`].
const INKS: [&str; 6] = ["#1e5a35", "#8a3a12", "#6a2350", "#465a1c", "#1d4f78", "#6b4a2b"];

/// A surname in a seal: zero bytes, no face. The ink follows from the name, so that the same
/// member looks the same everywhere.
#[component]
pub fn SurnameSeal(
    /// What the public sees of a member.
    face: Face,
    /// 48 px instead of 40.
    #[prop(optional)]
    medium: bool,
    /// 56 px.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let ink = INKS[face.seal.chars().next().map_or(0, |first| first as usize) % INKS.len()];
    let class = match (large, medium) {
        (true, _) => "ava l",
        (false, true) => "ava m",
        (false, false) => "ava",
    };
    view! { <span class=class style=format!("--c:{ink}") role="img" aria-label=face.name>{face.seal}</span> }
}
