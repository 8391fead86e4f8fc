//! Lists in pages. A cursor says after which entry the next page begins; it is opaque to programs and
//! names an entry by its place in the list's order, so that nothing is lost or doubled while things
//! come and go between two pages.

use super::problem::Problem;
use app::text::api::Wrong;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

/// Entries of a page when nothing is said.
const USUAL: i64 = 20;
/// Entries a page may have.
const MOST: i64 = 100;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// The entries.
    items: Vec<T>,
    /// Where the next page begins; not there after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// How many entries are asked for.
pub(super) fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    match asked {
        None => Ok(USUAL),
        Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        Some(_) => Err(Wrong::Invalid(format!("limit: from 1 to {MOST}")).into()),
    }
}

impl<T> Page<T> {
    /// A page of `limit` entries out of `found`, of which one more was asked for: it tells whether
    /// anything comes after.
    pub fn of<F>(mut found: Vec<F>, limit: i64, cursor: impl Fn(&F) -> Cursor, show: impl Fn(F) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| cursor(last).to_string());
        let items = found.into_iter().map(show).collect();
        Page { items, next }
    }
}

/// An entry's place: the list's name, a number to sort by, an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub list: &'static str,
    pub sort: i64,
    pub id: String,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Cursor { list, sort, id } = self;
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(format!("{list} {sort} {id}")))
    }
}

/// Reads a cursor of `list`; a text that is none leads to no page.
pub(super) fn read(list: &'static str, text: Option<&str>) -> Result<Option<Cursor>, Problem> {
    let Some(text) = text else {
        return Ok(None);
    };
    let read = || {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = String::from_utf8(bytes).ok()?;
        let mut parts = plain.split(' ');
        let (name, sort, id) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.to_owned());
        let whole = name == list && parts.next().is_none();
        let an_id = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        (whole && an_id).then_some(Cursor { list, sort, id })
    };
    read().map(Some).ok_or_else(|| Wrong::NoSuchPage.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_own_list_only() {
        let cursor = Cursor {
            list: "farms",
            sort: -3,
            id: "01900000-0000-7000-8000-000000000000".into(),
        };
        let text = cursor.to_string();
        assert_eq!(read("farms", Some(&text)).expect("read"), Some(cursor));
        assert_eq!(read("farms", None).expect("read"), None);
        assert!(read("lives", Some(&text)).is_err());
        for text in ["", "x", "ZmFybXM", "ZmFybXMgMSAn", "🌾", &text[1..]] {
            assert!(read("farms", Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_page_says_so() {
        let cursor = |n: &i64| Cursor {
            list: "farms",
            sort: *n,
            id: String::new(),
        };
        let page = |found: Vec<i64>| Page::of(found, 2, cursor, |n| n);
        assert_eq!(page(vec![1, 2, 3]).next, Some(cursor(&2).to_string()));
        assert_eq!(page(vec![1, 2, 3]).items, [1, 2]);
        assert_eq!(page(vec![1, 2]).next, None);
        assert!(limit(Some(0)).is_err() && limit(Some(101)).is_err());
        assert_eq!(limit(None).expect("usual"), 20);
    }
}
