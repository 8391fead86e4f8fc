//! What a host may ask for, and the rules on it.

use super::round::{self, WantedRound};
use crate::{Millis, Money, catalog::ProductCard, live_session::SalePicture, state::text_enum};
use serde::{Deserialize, Serialize};

/// Packs one sale may hold.
pub const MOST_QUOTA: i64 = 100_000;
/// People one group may need.
pub const MOST_NEED: i64 = 200;
/// Minutes a sale may last: a week.
pub const MOST_MINUTES: i64 = 7 * 24 * 60;

text_enum! {
    /// Where a sale stands.
    SaleState {
        /// On.
        Selling = "selling",
        /// Over; what was left went back to the shelf.
        Ended = "ended",
    }
}

impl SaleState {
    /// The declared transitions.
    pub const NEXT: &'static [(SaleState, SaleState)] = &[(SaleState::Selling, SaleState::Ended)];
}

/// What a host asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of the pack, in a group.
    pub price: Money,
    /// Packs.
    pub quota: i64,
    /// Packs one person may buy.
    pub per_person: i64,
    /// People a group needs.
    pub need: i64,
    /// The rounds it is released in; empty for all at once.
    pub rounds: Vec<WantedRound>,
    /// When it begins.
    pub starts_at: Millis,
    /// When it ends.
    pub ends_at: Millis,
}

/// A sale in a list, with what it sells and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleCard {
    /// The code of its live session.
    pub live_code: String,
    /// What it sells; the card's variant is the sale's.
    pub product: ProductCard,
    /// How it stands.
    pub sale: SalePicture,
}

/// Why a sale cannot begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// A price must be above zero.
    BadPrice,
    /// A sale's price must be below the usual one.
    NotCheaper {
        /// The usual price of the pack.
        usual: Money,
    },
    /// At least one pack, at most [`MOST_QUOTA`].
    BadQuota,
    /// Not so many on the shelf.
    NotEnough {
        /// Packs on the shelf.
        left: i64,
    },
    /// At least one, at most the quota.
    BadLimit,
    /// A group needs 2 to [`MOST_NEED`] people.
    BadNeed,
    /// It must end after it begins, within [`MOST_MINUTES`].
    BadTime,
    /// At most [`round::MOST_ROUNDS`] rounds, the first with the sale, each after the one before, the last
    /// before the sale ends.
    BadRounds,
    /// Each round releases at least one pack, and together they release the sale's.
    RoundsDiffer {
        /// Packs of the sale.
        quota: i64,
    },
    /// A round's words are at most [`round::MOST_WORDS`] characters.
    BadWords,
    /// Every round has begun.
    NoRoundLeft,
    /// What was released is sold; the next round begins at this time.
    NextRound {
        /// When.
        at: Millis,
    },
    /// One sale of this session is on already.
    AlreadyOn,
    /// The sale is over.
    Ended,
}

/// Whether `wanted` is a sale we hold, for a pack that usually costs `usual`.
pub fn check(wanted: &Wanted, usual: Money) -> Result<(), Refusal> {
    let minutes = wanted.ends_at.since(wanted.starts_at).div_euclid(60_000);
    if wanted.price <= Money::ZERO {
        Err(Refusal::BadPrice)
    } else if wanted.price >= usual {
        Err(Refusal::NotCheaper { usual })
    } else if !(1..=MOST_QUOTA).contains(&wanted.quota) {
        Err(Refusal::BadQuota)
    } else if !(1..=wanted.quota).contains(&wanted.per_person) {
        Err(Refusal::BadLimit)
    } else if !(2..=MOST_NEED).contains(&wanted.need) {
        Err(Refusal::BadNeed)
    } else if !(1..=MOST_MINUTES).contains(&minutes) {
        Err(Refusal::BadTime)
    } else {
        round::check(wanted, usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            price: Money::fen(5940),
            quota: 300,
            per_person: 4,
            need: 10,
            rounds: vec![],
            starts_at: Millis(0),
            ends_at: Millis(600_000),
        }
    }

    #[test]
    fn a_sale_is_cheap_short_and_for_groups() {
        let usual = Money::fen(8940);
        assert_eq!(check(&wanted(), usual), Ok(()));
        let cases = [
            (
                Wanted {
                    price: Money::ZERO,
                    ..wanted()
                },
                Refusal::BadPrice,
            ),
            (
                Wanted {
                    price: Money::fen(-1),
                    ..wanted()
                },
                Refusal::BadPrice,
            ),
            (
                Wanted {
                    price: usual,
                    ..wanted()
                },
                Refusal::NotCheaper { usual },
            ),
            (Wanted { quota: 0, ..wanted() }, Refusal::BadQuota),
            (Wanted { quota: -5, ..wanted() }, Refusal::BadQuota),
            (
                Wanted {
                    quota: MOST_QUOTA + 1,
                    ..wanted()
                },
                Refusal::BadQuota,
            ),
            (
                Wanted {
                    per_person: 0,
                    ..wanted()
                },
                Refusal::BadLimit,
            ),
            (
                Wanted {
                    per_person: 301,
                    ..wanted()
                },
                Refusal::BadLimit,
            ),
            (Wanted { need: 1, ..wanted() }, Refusal::BadNeed),
            (
                Wanted {
                    ends_at: Millis(0),
                    ..wanted()
                },
                Refusal::BadTime,
            ),
            (
                Wanted {
                    ends_at: Millis(-600_000),
                    ..wanted()
                },
                Refusal::BadTime,
            ),
            (
                Wanted {
                    ends_at: Millis(59_999),
                    ..wanted()
                },
                Refusal::BadTime,
            ),
        ];
        for (case, refusal) in cases {
            assert_eq!(check(&case, usual), Err(refusal), "{case:?}");
        }
    }
}
