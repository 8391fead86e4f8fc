//! From the market's states and refusals to sentences: exhaustive, so that a new one without words
//! does not compile.

pub mod api;
pub mod poster;
mod refusal;
pub mod state;

use crate::i18n::Locale;
use market::Lang;
pub use refusal::refusal;

/// A sentence as a `String`: `t!(lang, group.need, n = 2)`.
#[macro_export]
macro_rules! t {
    ($lang:expr, $($rest:tt)+) => {
        leptos_i18n::td_string!($crate::text::locale($lang), $($rest)+).to_string()
    };
}

/// The sentences' locale for a reader's language.
pub fn locale(lang: Lang) -> Locale {
    match lang {
        Lang::Zh => Locale::zh_CN,
        Lang::En => Locale::en,
    }
}

/// A code that leads to no batch.
pub fn no_such_batch(lang: Lang) -> String {
    t!(lang, input.no_such_batch)
}

/// A form with more text than is taken.
pub fn form_too_large(lang: Lang) -> String {
    t!(lang, input.form_too_large)
}

/// A form that cannot be read.
pub fn form_unreadable(lang: Lang) -> String {
    t!(lang, input.form_unreadable)
}

/// A photo with more bytes or pixels than are taken.
pub fn photo_too_large(lang: Lang, megabytes: usize) -> String {
    t!(lang, input.too_large, n = megabytes)
}

/// A request that took too long.
pub fn too_slow(lang: Lang) -> String {
    t!(lang, site.error.too_slow_note)
}

/// A file that is no picture, or a damaged one.
pub fn photo_unreadable(lang: Lang) -> String {
    t!(lang, input.unreadable)
}
