//! A price in writing: what a viewer was shown, signed, with a short life.
//!
//! A host may change a sale's price while somebody is on the way to the checkout. An order with a
//! live quote gets the price that was shown; one whose quote is over gets it only if it is still the
//! sale's price, and is told the new one otherwise. The signature is an HMAC by the market's secret
//! (RFC 2104, SHA-256, 128 bits kept), so that nobody writes a price of their own; that the sale
//! really had the price is checked by the audit.

use crate::{Market, Millis, Money, SaleId};
use subtle::ConstantTimeEq;

/// How long a shown price is honoured: 3 minutes, enough for a form and a slow network.
pub const QUOTE_LIFE_MS: i64 = 3 * 60 * 1000;
/// Hexadecimal digits of a signature.
const SIGNATURE: usize = 32;

/// A price that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) sale: SaleId,
    /// Of the pack.
    pub(crate) price: Money,
    /// Which of the sale's prices it is.
    pub(crate) version: i64,
    /// When its life ends.
    pub(crate) until: Millis,
}

impl Quote {
    /// What is signed.
    fn content(&self) -> String {
        let (price, version, until) = (self.price.as_fen(), self.version, self.until.0);
        format!("{}.{price}.{version}.{until}", self.sale)
    }
}

impl Market {
    /// The quote for a price that is shown at `now`, as text without anything to escape.
    pub(crate) fn quote(&self, sale: &SaleId, price: Money, version: i64, now: Millis) -> String {
        let content = Quote {
            sale: sale.clone(),
            price,
            version,
            until: now.plus(QUOTE_LIFE_MS),
        }
        .content();
        format!("{content}.{}", self.signature(&content))
    }

    /// The quote in `text`, if this market wrote it, whether or not its life is over.
    pub(crate) fn read_quote(&self, text: &str) -> Option<Quote> {
        let (content, signature) = text.rsplit_once('.')?;
        if !bool::from(self.signature(content).as_bytes().ct_eq(signature.as_bytes())) {
            return None;
        }
        let mut parts = content.split('.');
        let mut next = || parts.next();
        Some(Quote {
            sale: SaleId(next()?.to_owned()),
            price: Money::fen(next()?.parse().ok()?),
            version: next()?.parse().ok()?,
            until: Millis(next()?.parse().ok()?),
        })
    }

    fn signature(&self, content: &str) -> String {
        let mut hash = self.keyed_hash("quote", content);
        hash.truncate(SIGNATURE);
        hash
    }
}
