//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is sent again does
//! its work once.
//!
//! The key is the market's `request_id`, unique for each shopper and kept with the order for good: the
//! same key and content get the same order, other content is refused (422). A request that was refused
//! left nothing behind and its key is free. While a request is on its way, the same key is answered
//! 409 by the same server; on another server it waits for the first and gets its order.

use super::problem::Problem;
use crate::AppState;
use app::text::api::Wrong;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use market::{PersonId, order::MOST_KEY};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// The header.
const NAME: &str = "idempotency-key";

/// A request's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key(pub String);

impl FromRequestParts<AppState> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        Ok(key(&parts.headers)?)
    }
}

/// The draft's value is a string of structured fields (RFC 9651, in quotes); most programs send
/// their key bare. Both are read, and are the same key.
fn key(headers: &HeaderMap) -> Result<Key, Wrong> {
    let mut values = headers.get_all(NAME).iter();
    let value = values.next().ok_or(Wrong::KeyMissing)?;
    if values.next().is_some() {
        return Err(Wrong::KeyUnreadable);
    }
    let text = value.to_str().map_err(|_| Wrong::KeyUnreadable)?.trim();
    let bare = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').ok_or(Wrong::KeyUnreadable)?,
        None => text,
    };
    let fits = (1..=MOST_KEY).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_graphic());
    if fits && !bare.contains(['"', '\\']) {
        Ok(Key(bare.to_owned()))
    } else if bare.is_empty() {
        Err(Wrong::KeyMissing)
    } else {
        Err(Wrong::KeyUnreadable)
    }
}

type Keys = HashSet<(PersonId, String)>;

/// The keys of requests that are on their way.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight(Arc<Mutex<Keys>>);

/// While this is kept, its key is on its way.
#[derive(Debug)]
pub(super) struct OnItsWay {
    keys: InFlight,
    entry: (PersonId, String),
}

impl InFlight {
    /// Lets a request of `person` go on its way, unless one with this key is.
    pub fn begin(&self, person: &PersonId, key: &Key) -> Result<OnItsWay, Wrong> {
        let entry = (person.clone(), key.0.clone());
        let first = self.with(|keys| keys.insert(entry.clone()));
        let keys = self.clone();
        // Made only then: a guard that is dropped takes the mark of the first request with it.
        first.then(|| OnItsWay { keys, entry }).ok_or(Wrong::KeyInFlight)
    }

    fn with<T>(&self, change: impl FnOnce(&mut Keys) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for OnItsWay {
    /// Answered, or given up by who asked: the key may come again.
    fn drop(&mut self) {
        self.keys.with(|keys| keys.remove(&self.entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(values: &[&str]) -> Result<Key, Wrong> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(NAME, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        key(&headers)
    }

    #[test]
    fn a_key_is_read_with_and_without_quotes() {
        assert_eq!(read(&["\"8e03978e\""]), Ok(Key("8e03978e".into())));
        assert_eq!(read(&[" 8e03978e "]), Ok(Key("8e03978e".into())));
        for values in [&[][..], &[""], &["\"\""], &["  "]] {
            assert_eq!(read(values), Err(Wrong::KeyMissing), "{values:?}");
        }
        let long = "x".repeat(MOST_KEY + 1);
        for values in [
            &["\"a"][..],
            &["a\"b"],
            &["a b"],
            &["钥匙"],
            &["a", "b"],
            &[long.as_str()],
        ] {
            assert_eq!(read(values), Err(Wrong::KeyUnreadable), "{values:?}");
        }
    }

    #[test]
    fn a_key_is_on_its_way_once() {
        let (keys, key) = (InFlight::default(), Key("k".into()));
        let (one, two) = (PersonId("1".into()), PersonId("2".into()));
        let first = keys.begin(&one, &key).expect("the first");
        for _ in 0..2 {
            assert_eq!(
                keys.begin(&one, &key).err(),
                Some(Wrong::KeyInFlight),
                "a refusal frees nothing"
            );
        }
        assert!(keys.begin(&two, &key).is_ok(), "another person's key is another key");
        drop(first);
        assert!(keys.begin(&one, &key).is_ok());
    }
}
