//! Progress as it grows: a bar of soil, a bed of sprouts.

use leptos::prelude::*;

/// A bed shows at most this many people; more are a bar of soil.
pub const MOST_SPROUTS: i64 = 10;

/// The share of `part` in `whole` in whole percent, 0 to 100; nothing of nothing is 0.
pub fn percent(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        0
    } else {
        (part.saturating_mul(100) / whole).clamp(0, 100)
    }
}

/// A bar of soil: green for people, persimmon for goods.
#[component]
pub fn Soil(
    /// How much of it is full, in percent.
    percent: i64,
    /// Persimmon (goods sold) instead of green (people joined).
    #[prop(optional)]
    stock: bool,
    /// What it says to those who do not see it: "已有 8 人，共需 10 人".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let class = if stock { "soil k" } else { "soil" };
    view! { <div class=class style=format!("--p:{percent}%") role="img" aria-label=label><i></i></div> }
}

const SPROUT: &str = r#"<path d="M12 28V13" stroke="currentColor" stroke-width="2.6"/><path fill="currentColor" d="M12 15C12 8 8 5 1.500 5 1.500 12 6 15 12 15zM12 12c0-6 4-9.500 10.500-9.500C22.500 9 18 12 12 12z"/>"#;
const SEED: &str = r#"<path d="M12 28v-5" stroke="currentColor" stroke-width="2.4"/><ellipse cx="12" cy="20" rx="4" ry="3.2" fill="none" stroke="currentColor" stroke-width="2"/>"#;

/// A bed: one sprout for everybody who joined, a seed for each who is missing.
#[component]
pub fn Beds(
    /// People who joined.
    joined: i64,
    /// People it needs.
    need: i64,
    /// What it says to those who do not see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let plants = (0..need.clamp(0, MOST_SPROUTS))
        .map(|at| at < joined)
        .collect::<Vec<_>>();
    view! {
        <div class="beds" role="img" aria-label=label>
            {plants.into_iter().map(|grown| {
                let (class, drawing) = if grown { (None, SPROUT) } else { (Some("e"), SEED) };
                view! { <svg class=class viewBox="0 0 24 28" aria-hidden="true" inner_html=drawing></svg> }
            }).collect_view()}
        </div>
    }
}

/// How full a group is: a bed while it fits, a bar of soil beyond.
#[component]
pub fn Crowd(
    /// People who joined.
    joined: i64,
    /// People it needs.
    need: i64,
    /// What it says to those who do not see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    if need <= MOST_SPROUTS {
        view! { <Beds joined need label/> }.into_any()
    } else {
        view! { <Soil percent=percent(joined, need) label/> }.into_any()
    }
}
