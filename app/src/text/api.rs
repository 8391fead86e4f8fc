//! What the door for programs (`/api/v1`) says when it refuses: for the people who write the programs
//! and those who use them.

use crate::t;
use market::{Lang, api_token::Scope, order::MOST_KEY};

/// Why a request at the door was refused before the market was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// No token came with it.
    TokenMissing,
    /// The token is not known, or was taken back.
    TokenUnknown,
    /// The token lacks a scope.
    ScopeMissing(Scope),
    /// Too many requests; so many seconds until the next.
    TooMany {
        /// Seconds to wait.
        seconds: u64,
    },
    /// The address knows no such method.
    MethodNotAllowed,
    /// JSON is not among what is asked for.
    NotAcceptable,
    /// The body is not JSON by its own word.
    NotJson,
    /// The body is too large.
    TooLarge,
    /// The body is no JSON; why, in English.
    Unreadable(String),
    /// Query or body are not as described; why, in English.
    Invalid(String),
    /// The cursor leads nowhere.
    NoSuchPage,
    /// No `Idempotency-Key`.
    KeyMissing,
    /// An `Idempotency-Key` that cannot be one.
    KeyUnreadable,
    /// A request with this key is on its way.
    KeyInFlight,
    /// It took too long.
    TooSlow,
}

/// A sentence for it.
pub fn sentence(lang: Lang, wrong: &Wrong) -> String {
    match wrong {
        Wrong::TokenMissing => t!(lang, api.token_missing),
        Wrong::TokenUnknown => t!(lang, api.token_unknown),
        Wrong::ScopeMissing(scope) => t!(lang, api.scope_missing, scope = scope.as_str()),
        Wrong::TooMany { seconds } => t!(lang, api.too_many, n = *seconds),
        Wrong::MethodNotAllowed => t!(lang, api.method_not_allowed),
        Wrong::NotAcceptable => t!(lang, api.not_acceptable),
        Wrong::NotJson => t!(lang, api.not_json),
        Wrong::TooLarge => t!(lang, api.too_large),
        Wrong::Unreadable(_) => t!(lang, api.unreadable),
        Wrong::Invalid(_) => t!(lang, api.invalid),
        Wrong::NoSuchPage => t!(lang, api.no_such_page),
        Wrong::KeyMissing => t!(lang, api.key_missing),
        Wrong::KeyUnreadable => t!(lang, api.key_unreadable, most = MOST_KEY),
        Wrong::KeyInFlight => t!(lang, api.key_in_flight),
        Wrong::TooSlow => t!(lang, api.too_slow),
    }
}

/// What a status means, in a few words.
pub fn title(lang: Lang, status: u16) -> String {
    match status {
        401 => t!(lang, api.title.who),
        403 => t!(lang, site.error.forbidden),
        404 => t!(lang, api.title.not_found),
        429 => t!(lang, site.error.too_many),
        500..=599 => t!(lang, site.error.fault),
        _ => t!(lang, site.error.refused),
    }
}

/// Something broke.
pub fn fault(lang: Lang) -> String {
    t!(lang, api.fault)
}
