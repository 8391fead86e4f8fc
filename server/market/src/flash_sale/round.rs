//! 分批放货: a sale's packs are released in rounds, each with its own start, quota, price and words (R34).
//!
//! The rounds' quotas add up to the sale's. A round that begins closes the one before it; what that
//! left over stays on sale, at the new round's price. A sale that is not divided is one round.

use super::{Refusal, Wanted};
use crate::{Millis, Money, state::text_enum};
use serde::{Deserialize, Serialize};

/// Rounds one sale may have.
pub const MOST_ROUNDS: usize = 6;
/// Characters a round's words may have.
pub const MOST_WORDS: usize = 30;

text_enum! {
    /// Where a round stands. Serialised as the same word.
    RoundState {
        /// Its packs are kept back until it begins.
        Scheduled = "scheduled",
        /// On.
        Selling = "selling",
        /// Over, with nothing left. While it is on, an order that lapses still gives packs back.
        SoldOut = "sold_out",
        /// Over; what was left went on to the next round, or with the sale's end to the shelf.
        Ended = "ended",
    }
}

impl RoundState {
    /// The declared transitions. One that never began ends with its sale.
    pub const NEXT: &'static [(RoundState, RoundState)] = &[
        (RoundState::Scheduled, RoundState::Selling),
        (RoundState::Scheduled, RoundState::Ended),
        (RoundState::Selling, RoundState::SoldOut),
        (RoundState::Selling, RoundState::Ended),
    ];
}

/// A round that a host asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRound {
    /// Packs it releases.
    pub quota: i64,
    /// Of the pack, in a group.
    pub price: Money,
    /// What it is praised with, or nothing.
    pub words: String,
    /// When it begins.
    pub starts_at: Millis,
}

/// A round as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// 1, 2, 3 …
    pub number: i64,
    /// Whether it is still to begin.
    pub to_come: bool,
    /// Packs it releases.
    pub quota: i64,
    /// Of the pack, in a group, when it begins.
    pub price: Money,
    /// What it is praised with, or nothing.
    pub words: String,
    /// When it begins, or began.
    pub starts_at: Millis,
}

impl Wanted {
    /// Its rounds; one, if it is not divided.
    pub fn all_rounds(&self) -> Vec<WantedRound> {
        if !self.rounds.is_empty() {
            return self.rounds.clone();
        }
        vec![WantedRound {
            quota: self.quota,
            price: self.price,
            words: String::new(),
            starts_at: self.starts_at,
        }]
    }

    /// The same sale in `count` rounds of equal length and, but for a remainder, equal quota: what
    /// does not divide goes to the first ones.
    #[must_use]
    pub fn divided(mut self, count: i64) -> Wanted {
        let length = self.ends_at.since(self.starts_at) / count.max(1);
        self.rounds = (0..count)
            .map(|at| WantedRound {
                quota: self.quota / count + i64::from(at < self.quota % count),
                price: self.price,
                words: String::new(),
                starts_at: self.starts_at.plus(length * at),
            })
            .collect();
        self
    }
}

/// Whether a sale of `quota` packs for a pack that usually costs `usual` can be released so.
pub(super) fn check(wanted: &Wanted, usual: Money) -> Result<(), Refusal> {
    let rounds = &wanted.rounds;
    if rounds.is_empty() {
        return Ok(());
    }
    let sum = rounds.iter().try_fold(0_i64, |sum, round| sum.checked_add(round.quota));
    let in_order = rounds.windows(2).all(|pair| pair[0].starts_at < pair[1].starts_at);
    let begins = rounds.first().is_some_and(|first| first.starts_at == wanted.starts_at);
    let ends = rounds.last().is_some_and(|last| last.starts_at < wanted.ends_at);
    if rounds.len() > MOST_ROUNDS || !in_order || !begins || !ends {
        return Err(Refusal::BadRounds);
    }
    if sum != Some(wanted.quota) || rounds.iter().any(|round| round.quota < 1) {
        return Err(Refusal::RoundsDiffer { quota: wanted.quota });
    }
    if rounds.iter().any(|round| round.price <= Money::ZERO) {
        return Err(Refusal::BadPrice);
    }
    if rounds.iter().any(|round| round.price >= usual) {
        return Err(Refusal::NotCheaper { usual });
    }
    let too_much = |words: &str| words.chars().count() > MOST_WORDS || words.chars().any(char::is_control);
    if rounds.iter().any(|round| too_much(&round.words)) {
        return Err(Refusal::BadWords);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            price: Money::fen(5940),
            quota: 100,
            per_person: 4,
            need: 10,
            rounds: vec![],
            starts_at: Millis(0),
            ends_at: Millis(1_800_000),
        }
    }

    /// `wanted` in three rounds of which `change` changed something.
    fn changed(change: impl FnOnce(&mut Vec<WantedRound>)) -> Wanted {
        let mut wanted = wanted().divided(3);
        change(&mut wanted.rounds);
        wanted
    }

    #[test]
    fn a_sale_is_divided_evenly_and_nothing_is_lost() {
        let rounds = wanted().divided(3).rounds;
        assert_eq!(rounds.iter().map(|round| round.quota).collect::<Vec<_>>(), [34, 33, 33]);
        let starts: Vec<_> = rounds.iter().map(|round| round.starts_at.0).collect();
        assert_eq!(starts, [0, 600_000, 1_200_000]);
        assert_eq!(wanted().all_rounds().len(), 1);
        assert_eq!(wanted().all_rounds()[0].quota, 100);
    }

    #[test]
    fn rounds_add_up_to_the_sale_and_follow_one_another_within_it() {
        let usual = Money::fen(8940);
        assert_eq!(check(&wanted(), usual), Ok(()));
        assert_eq!(check(&wanted().divided(3), usual), Ok(()));
        let cases = [
            (
                changed(|rounds| rounds[1].quota += 1),
                Refusal::RoundsDiffer { quota: 100 },
            ),
            (
                changed(|rounds| {
                    rounds[1].quota = 0;
                    rounds[2].quota = 66;
                }),
                Refusal::RoundsDiffer { quota: 100 },
            ),
            (
                changed(|rounds| rounds[1].quota = i64::MAX),
                Refusal::RoundsDiffer { quota: 100 },
            ),
            (changed(|rounds| rounds[2].price = Money::ZERO), Refusal::BadPrice),
            (changed(|rounds| rounds[2].price = usual), Refusal::NotCheaper { usual }),
            (changed(|rounds| rounds[0].starts_at = Millis(1)), Refusal::BadRounds),
            (
                changed(|rounds| rounds[1].starts_at = Millis(1_200_000)),
                Refusal::BadRounds,
            ),
            (
                changed(|rounds| rounds[2].starts_at = Millis(1_800_000)),
                Refusal::BadRounds,
            ),
            (wanted().divided(7), Refusal::BadRounds),
            (changed(|rounds| rounds[0].words = "鲜".repeat(31)), Refusal::BadWords),
            (changed(|rounds| rounds[0].words = "a\nb".into()), Refusal::BadWords),
        ];
        for (case, refusal) in cases {
            assert_eq!(check(&case, usual), Err(refusal), "{case:?}");
        }
    }
}
