//! One's own pages, made from sample data: what they must say, and what they must never show.
//!
//! With `PAGES_DIR` set, each page is also written there, to be looked at in a browser.
#![cfg(feature = "ssr")]

mod everywhere;
mod money;
mod orders;
mod rooms;
mod samples;
mod sentences;
#[path = "../village/mod.rs"]
#[allow(dead_code)] // the reading pages use the rest
mod village;

use market::Lang;

/// The start tag that `sign` stands in: `tag(html, "id=\"phone\"")` → `<input id="phone" …>`.
pub fn tag<'a>(html: &'a str, sign: &str) -> &'a str {
    let at = html.find(sign).unwrap_or_else(|| panic!("{sign} is not in {html}"));
    let start = html[..=at].rfind('<').unwrap();
    let end = start + html[start..].find('>').unwrap();
    &html[start..=end]
}

/// The form that posts to `action`, whole.
pub fn form<'a>(html: &'a str, action: &str) -> Option<&'a str> {
    let start = html.find(&format!(
        "<form {}",
        html.split("<form ").skip(1).find(|rest| {
            rest.split_once('>')
                .is_some_and(|(tag, _)| tag.contains(&format!("action=\"{action}\"")))
        })?
    ))?;
    let end = start + html[start..].find("</form>")?;
    Some(&html[start..end])
}

/// Both languages.
pub const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];
