//! The document around every page, and how a page becomes a string.

use crate::t;
use leptos::prelude::*;
use market::Lang;
use std::sync::Arc;

/// The built files' addresses, with their hashes.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// The style sheet of every page.
    pub css: String,
    /// Beside it, that of a person's own pages.
    pub own: String,
    /// Beside it, that of pages with a moving picture.
    pub stage: String,
    /// The script that wakes islands (it loads the wasm).
    pub boot: String,
    /// The islands' glue, imported by the boot script.
    pub js: String,
    /// The islands.
    pub wasm: String,
}

/// What every page knows of its reader.
#[derive(Debug, Clone)]
pub struct Context {
    /// The reader's language.
    pub lang: Lang,
    /// The path and query that were asked for: where the language switch and sign-in come back to.
    pub path: String,
    /// Scheme and host of the site, for canonical links: `https://tiantou.example`.
    pub origin: String,
    /// Who is signed in.
    pub person: Option<market::people::Person>,
    /// The server's time.
    pub now: market::Millis,
    /// The browser asked to save data.
    pub save_data: bool,
    /// A demonstration: pictures are labelled, the one-time code is shown.
    pub demonstration: bool,
    /// The built files.
    pub assets: Arc<Assets>,
}

/// The entry of the bar at the foot that is lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// 首页.
    Home,
    /// 直播.
    Live,
    /// 拼团.
    Groups,
    /// 溯源.
    Trace,
    /// 我的.
    Me,
}

/// A page on its way out.
pub struct Document {
    /// `<title>`, without the site's name.
    pub title: String,
    /// `<meta name="description">`.
    pub description: String,
    /// Structured data (schema.org JSON-LD), if the page has any.
    pub json_ld: Option<serde_json::Value>,
    /// Whether the page holds an island: only then the boot script is named.
    pub islands: bool,
    /// Kept out of search engines (a person's own pages).
    pub private: bool,
    /// What is between `<body>` and `</body>`.
    pub body: AnyView,
}

/// The page as HTML. `body` is made inside, so that islands find the shared context they need.
pub fn render(context: &Context, page: impl FnOnce() -> Document) -> String {
    let owner = Owner::new_root(Some(Arc::new(hydration_context::SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        let document = page();
        let islands = document.islands;
        let html = frame(context, document).to_html();
        // Marks between texts are for waking islands; without one nobody reads them. What people
        // wrote cannot hold one: its `<` is escaped.
        if islands { html } else { html.replace("<!>", "") }
    });
    owner.unset_with_forced_cleanup();
    html
}

fn frame(context: &Context, page: Document) -> impl IntoView + use<> {
    let site = t!(context.lang, site.name);
    let title = if page.title.is_empty() {
        site
    } else {
        format!("{} · {site}", page.title)
    };
    let canonical = format!("{}{}", context.origin, context.path.split('?').next().unwrap_or("/"));
    let Assets {
        css,
        own,
        stage,
        boot,
        js,
        wasm,
    } = (*context.assets).clone();
    let json_ld = page.json_ld.map(|data| data.to_string().replace('<', "\\u003c"));
    view! {
        <!DOCTYPE html>
        <html lang=context.lang.tag() class=context.save_data.then_some("save-data")>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"/>
                <meta name="theme-color" content="#f6f0e1"/>
                <title>{title}</title>
                <meta name="description" content=page.description/>
                {page.private.then(|| view! { <meta name="robots" content="noindex"/> })}
                {(!page.private).then(|| view! { <link rel="canonical" href=canonical/> })}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                {page.private.then(|| view! { <link rel="stylesheet" href=own/> })}
                {page.islands.then(|| view! { <link rel="stylesheet" href=stage/> })}
                {page.islands.then(|| view! { <script type="module" src=boot data-js=js data-wasm=wasm></script> })}
                {json_ld.map(|data| view! { <script type="application/ld+json" inner_html=data></script> })}
            </head>
            <body>{page.body}</body>
        </html>
    }
}
