//! What several answers show. Money is fen, weight grams, a moment milliseconds since 1970 (UTC).

use market::community;
use serde::Serialize;
use utoipa::ToSchema;

/// Mirrors an enum of the market as words of the API: exhaustive both ways, so that a new state
/// without a word does not compile.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident = $($of:ident)::+ { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($(#[$variant_doc])* $variant),+ }

        impl From<$($of)::+> for $name {
            fn from(of: $($of)::+) -> Self {
                use $($of)::+ as Of;
                match of { $(Of::$variant => $name::$variant),+ }
            }
        }
        impl From<$name> for $($of)::+ {
            fn from(word: $name) -> Self {
                use $($of)::+ as Of;
                match word { $($name::$variant => Of::$variant),+ }
            }
        }
    };
}
pub(super) use words;

/// Words in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Bilingual {
    /// Chinese.
    zh: String,
    /// English; empty where nobody wrote any.
    en: String,
}

impl From<market::Bilingual> for Bilingual {
    fn from(words: market::Bilingual) -> Self {
        Bilingual {
            zh: words.zh,
            en: words.en,
        }
    }
}

/// Where orders are handed over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PickupPoint {
    /// For an order's `pickup_point`.
    id: String,
    name: Bilingual,
    address: Bilingual,
    /// Minutes after midnight, in the village.
    opens_minute: i64,
    /// Likewise.
    closes_minute: i64,
    /// Leaders act in public under their own name.
    leader: String,
}

impl From<community::PickupPoint> for PickupPoint {
    fn from(point: community::PickupPoint) -> Self {
        PickupPoint {
            id: point.id.0,
            name: point.name.into(),
            address: point.address.into(),
            opens_minute: point.opens_minute,
            closes_minute: point.closes_minute,
            leader: point.leader_name,
        }
    }
}
