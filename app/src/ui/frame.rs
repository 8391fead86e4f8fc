//! The frame of every page: a way past the head for keyboards, the bar, the main part, the foot
//! with the language switch, and the five tabs.

use super::glyph::{Glyph, Icon};
use crate::{Context, Tab, t};
use leptos::prelude::*;
use market::Lang;

/// A page's parts, put together by [`Layout::show`].
pub struct Layout {
    /// Which tab is lit; `None` leaves the tabs out (a page with a buy bar, or one task).
    pub tab: Option<Tab>,
    /// On a wide screen the page spreads instead of staying a column.
    pub wide: bool,
    /// Above the main part: [`bar`], or the page's own.
    pub head: AnyView,
    /// The main part.
    pub main: AnyView,
    /// A bar fixed at the foot with the page's one button.
    pub buy: Option<AnyView>,
}

impl Layout {
    /// Everything between `<body>` and `</body>`.
    pub fn show(self, context: &Context) -> AnyView {
        let lang = context.lang;
        let class = match (self.tab.is_some(), self.buy.is_some(), self.wide) {
            (true, _, true) => "page has-tab wide",
            (true, _, false) => "page has-tab",
            (false, true, true) => "page has-buy wide",
            (false, true, false) => "page has-buy",
            (false, false, true) => "page wide",
            (false, false, false) => "page",
        };
        view! {
            <a class="skip" href="#main">{t!(lang, site.skip)}</a>
            <div class=class>
                {self.head}
                <main id="main" tabindex="-1">{self.main}{self.buy.map(|buy| view! { <div class="buy">{buy}</div> })}</main>
                {foot(context)}
                {self.tab.map(|tab| tabs(lang, tab))}
            </div>
        }
        .into_any()
    }
}

/// The bar at the head of a page below another one: a way back, the page's title as its `<h1>`,
/// and at the right what `action` brings.
pub fn bar(context: &Context, title: &str, back: &str, action: Option<AnyView>) -> AnyView {
    let label = t!(context.lang, site.back);
    let (title, back) = (title.to_owned(), back.to_owned());
    view! {
        <header class="bar">
            <a class="ic" href=back aria-label=label><Icon glyph=Glyph::BACK/></a>
            <h1>{title}</h1>
            {action}
        </header>
    }
    .into_any()
}

/// The site's name with its seal.
#[component]
pub fn Logo(
    /// The reader's language.
    lang: Lang,
) -> impl IntoView {
    view! { <svg width="36" height="36" viewBox="0 0 40 40" aria-hidden="true" inner_html=LOGO></svg>{t!(lang, site.name)} }
}

const LOGO: &str = r##"<path fill="#1e5a35" d="M2.500 3.600 14 2.400 27 3.200 37.600 2.700 37.900 15 37.200 26 37.700 37.500 25 37 13 37.900 2.700 37.300 3.100 24 2.200 13z"/><path d="M9 9.200h22v21.800H9zM20 9.200V31M9 19.600h22" fill="none" stroke="#fffdf6" stroke-width="3.3" stroke-linejoin="round"/><path d="M18 22 11.800 29M22 22l6.200 7" fill="none" stroke="#f2c14e" stroke-width="2"/><circle cx="25.600" cy="14.500" r="2.700" fill="#f2c14e"/>"##;

/// A button that shows this page in the other language, as a form: it needs no script.
pub fn language_switch(context: &Context) -> AnyView {
    let (other, tag, words) = match context.lang {
        Lang::Zh => ("en", "en", "English"),
        Lang::En => ("zh", "zh-CN", "中文"),
    };
    let back = context.path.clone();
    view! {
        <form method="post" action="/language">
            <input type="hidden" name="lang" value=other/>
            <input type="hidden" name="back" value=back/>
            <button class="lang" lang=tag>{words}</button>
        </form>
    }
    .into_any()
}

fn foot(context: &Context) -> AnyView {
    let lang = context.lang;
    view! {
        <footer class="foot">
            <a href="/about">{t!(lang, site.about)}</a>
            {language_switch(context)}
            {context.demonstration.then(|| view! { <p class="note">{t!(lang, site.demonstration)}</p> })}
        </footer>
    }
    .into_any()
}

fn tabs(lang: Lang, lit: Tab) -> AnyView {
    let entries = [
        (Tab::Home, "/", Glyph::HOME, t!(lang, site.tab.home)),
        (Tab::Live, "/live", Glyph::VIDEO, t!(lang, site.tab.live)),
        (Tab::Groups, "/groups", Glyph::PEOPLE, t!(lang, site.tab.groups)),
        (Tab::Trace, "/trace", Glyph::SHIELD, t!(lang, site.tab.trace)),
        (Tab::Me, "/me", Glyph::PERSON, t!(lang, site.tab.me)),
    ];
    view! {
        <nav class="tab" aria-label=t!(lang, site.tab.label)>
            {entries.into_iter().map(|(tab, href, glyph, words)| view! {
                <a href=href aria-current=(tab == lit).then_some("page")><Icon glyph/>{words}</a>
            }).collect_view()}
        </nav>
    }
    .into_any()
}
