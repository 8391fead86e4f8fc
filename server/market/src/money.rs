//! Money in fen and weight in grams, whole numbers everywhere: no floating point ever touches them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of money in fen (1/100 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// From a whole number of fen.
    pub const fn fen(fen: i64) -> Self {
        Money(fen)
    }

    /// The amount in fen.
    pub const fn as_fen(self) -> i64 {
        self.0
    }

    /// `self × count`, or `None` beyond what an amount can be.
    pub fn times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).map(Money)
    }

    /// `self - other`.
    pub fn minus(self, other: Self) -> Self {
        Money(self.0 - other.0)
    }

    /// `self + other`.
    pub fn plus(self, other: Self) -> Self {
        Money(self.0 + other.0)
    }

    /// Price of one 斤 (500 g) when `weight` costs `self`, rounded half up to a fen.
    /// A weight of zero gives the price itself.
    pub fn per_jin(self, weight: Weight) -> Self {
        if weight.0 <= 0 {
            return self;
        }
        Money((self.0 * 500 * 2 + weight.0).div_euclid(weight.0 * 2))
    }

    /// Reads what a person types as yuan: "19.8", "19.80", "19". At most two decimals, not negative.
    /// No floating point on the way (trap 7 of the commerce standard).
    pub fn parse_yuan(text: &str) -> Option<Self> {
        let text = text.trim();
        let (yuan, fen) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if yuan.is_empty() || yuan.len() > 9 || fen.len() > 2 || !digits(yuan) || !digits(fen) {
            return None;
        }
        let fen = match fen.len() {
            0 => 0,
            1 => fen.parse::<i64>().ok()? * 10,
            _ => fen.parse::<i64>().ok()?,
        };
        Some(Money(yuan.parse::<i64>().ok()? * 100 + fen))
    }
}

/// Yuan, without a sign of currency and without zeros nobody reads: 19.8, 59.4, 38, 34.55.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        match (fen / 100, fen % 100) {
            (yuan, 0) => write!(f, "{sign}{yuan}"),
            (yuan, part) if part % 10 == 0 => write!(f, "{sign}{yuan}.{}", part / 10),
            (yuan, part) => write!(f, "{sign}{yuan}.{part:02}"),
        }
    }
}

/// A weight in grams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Weight(i64);

impl Weight {
    /// From a whole number of grams.
    pub const fn grams(grams: i64) -> Self {
        Weight(grams)
    }

    /// The weight in grams.
    pub const fn as_grams(self) -> i64 {
        self.0
    }

    /// `self × count`.
    pub fn times(self, count: i64) -> Self {
        Weight(self.0.saturating_mul(count))
    }
}

/// 斤, with at most one decimal: 3, 0.5, 2.5 (a tenth of a 斤 is 50 g).
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 + 25).div_euclid(50);
        match (tenths / 10, tenths % 10) {
            (jin, 0) => write!(f, "{jin}"),
            (jin, tenth) => write!(f, "{jin}.{tenth}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_is_read_without_rounding() {
        for (text, fen) in [
            ("19.8", 1980),
            ("19.80", 1980),
            ("0.01", 1),
            ("38", 3800),
            (" 2.6 ", 260),
        ] {
            assert_eq!(Money::parse_yuan(text), Some(Money::fen(fen)), "{text}");
        }
        for text in ["", "-1", "1.234", "1e3", "１２", "1,000", ".5", "9999999999"] {
            assert_eq!(Money::parse_yuan(text), None, "{text}");
        }
    }

    #[test]
    fn yuan_is_written_as_people_write_it() {
        for (fen, text) in [
            (1980, "19.8"),
            (5940, "59.4"),
            (3800, "38"),
            (3455, "34.55"),
            (5, "0.05"),
            (-850, "-8.5"),
        ] {
            assert_eq!(Money::fen(fen).to_string(), text);
        }
    }

    #[test]
    fn a_price_per_jin_is_rounded_half_up() {
        assert_eq!(Money::fen(5940).per_jin(Weight::grams(1500)), Money::fen(1980));
        assert_eq!(Money::fen(1000).per_jin(Weight::grams(1500)), Money::fen(333));
        assert_eq!(Money::fen(1001).per_jin(Weight::grams(1000)), Money::fen(501));
        assert_eq!(Money::fen(700).per_jin(Weight::grams(0)), Money::fen(700));
    }

    #[test]
    fn weights_are_shown_as_jin() {
        for (grams, text) in [(1500, "3"), (250, "0.5"), (1250, "2.5"), (500, "1")] {
            assert_eq!(Weight::grams(grams).to_string(), text);
        }
    }
}
