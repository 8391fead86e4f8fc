//! A shopper places an order.

use super::{Order, Wanted, batch::Request, desk};
use crate::{Error, Market, people::Person};

/// The answer to a placed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The order as it stands.
    pub order: Order,
    /// The same request came before: this is its order, and nothing new was placed.
    pub repeated: bool,
}

impl Market {
    /// Holds what is wanted and pays for it, in one transaction, which it may share with others that
    /// ask at the same time (see `desk`). Cash is agreed at once; balance pays at once. When the
    /// balance does not suffice the order stays pending with its hold, to be paid another way before
    /// that lapses.
    ///
    /// Of two requests with one key the second gets the first one's receipt, and a refusal leaves
    /// nothing behind. The answer comes when it is durable. Dropped before the request is being decided,
    /// nothing is placed.
    ///
    /// # Errors
    /// The order's refusals (`Busy` when its turn did not come in time); the group's when no seat could be had; `NotFound` when there is no such target.
    /// Nothing was changed then, and the key is free again.
    pub async fn place(&self, shopper: &Person, wanted: Wanted) -> Result<Receipt, Error> {
        desk::place(self, Request::new(shopper, wanted, None)?).await
    }

    /// The same with the price in writing, as it came with what the shopper was shown. While the quote
    /// is live the order gets its price, though the sale's was changed meanwhile. One that is over, or
    /// that this market never wrote, is no quote.
    ///
    /// # Errors
    /// As [`Market::place`]; `PriceChanged` when the price shown is neither quoted nor the sale's.
    pub async fn place_quoted(&self, shopper: &Person, wanted: Wanted, quote: &str) -> Result<Receipt, Error> {
        let quote = self.read_quote(quote);
        desk::place(self, Request::new(shopper, wanted, quote)?).await
    }
}
