//! Identifiers and randomness: the only place that draws either.
//!
//! An id is UUIDv7 text and is for programs; a code is short, for people and links. A type per
//! thing, so that a group's id never ends where an order's is wanted.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// A new one, in order of time.
            #[cfg(feature = "sql")]
            pub fn new() -> Self {
                $name(unique())
            }
            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        #[cfg(feature = "sql")]
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A person.
    PersonId,
    /// A community.
    CommunityId,
    /// A pick-up point.
    PickupPointId,
    /// A farm.
    FarmId,
    /// A product.
    ProductId,
    /// A variant.
    VariantId,
    /// A live session.
    LiveId,
    /// A flash sale.
    SaleId,
    /// A group.
    GroupId,
    /// An order.
    OrderId,
    /// A batch.
    BatchId,
    /// A story.
    StoryId,
    /// An uploaded photo.
    PhotoId,
    /// A program's token.
    ApiTokenId,
    /// A browser that takes messages.
    SubscriptionId,
}

/// Sorts after every id, in every collation: where a list that is read backwards begins.
#[cfg(feature = "sql")]
pub(crate) const AFTER_ALL: &str = "g";

/// UUIDv7 text (RFC 9562): sorts by time of making.
#[cfg(feature = "sql")]
#[allow(clippy::disallowed_methods)] // the one place
pub(crate) fn unique() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Letters and digits that are not mistaken for each other on paper or on the phone.
#[cfg(feature = "sql")]
const CODE_ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// A code of `length` letters for links and parcels: 8 of them are 31^8, about 8.5 × 10^11.
#[cfg(feature = "sql")]
#[allow(clippy::disallowed_methods)] // the one place
pub(crate) fn code(length: usize) -> String {
    use rand::Rng;
    let mut random = rand::rng();
    (0..length)
        .map(|_| char::from(CODE_ALPHABET[random.random_range(0..CODE_ALPHABET.len())]))
        .collect()
}

/// `digits` decimal digits, as one-time and pick-up codes are.
#[cfg(feature = "sql")]
#[allow(clippy::disallowed_methods)] // the one place
pub(crate) fn digits(digits: usize) -> String {
    use rand::Rng;
    let mut random = rand::rng();
    (0..digits)
        .map(|_| char::from(b'0' + random.random_range(0..10u8)))
        .collect()
}

/// A secret of 256 bits in hexadecimal, for tokens.
#[cfg(feature = "sql")]
#[allow(clippy::disallowed_methods)] // the one place
pub(crate) fn secret() -> String {
    use rand::Rng;
    hex::encode(rand::rng().random::<[u8; 32]>())
}

/// Something nobody can guess, for idempotency keys of forms: 128 bits in hexadecimal.
#[cfg(feature = "sql")]
#[allow(clippy::disallowed_methods)] // the one place
pub fn request_id() -> String {
    use rand::Rng;
    format!("{:032x}", rand::rng().random::<u128>())
}
