//! How much one person may have in one sale, under the sale's limit.

use super::store::{self, SaleRow};
use crate::{Error, Fault, PersonId, SaleId, db::Tx, order};

/// Adds `quantity` packs to the person's share of the sale, or refuses beyond its limit. The update
/// repeats the limit, so that parallel requests cannot pass it together.
pub(crate) async fn take_share(tx: &mut Tx, sale: &SaleRow, person: &PersonId, quantity: i64) -> Result<(), Error> {
    let limit = sale.per_person;
    if quantity <= limit && store::take_share(tx, &sale.id, person, quantity, limit).await? {
        return Ok(());
    }
    let have = store::share(tx, &sale.id, person).await?;
    Err(order::Refusal::OverLimit { limit, have }.into())
}

/// Takes `quantity` packs off the person's share again.
pub(crate) async fn give_share_back(tx: &mut Tx, sale: &SaleId, person: &PersonId, quantity: i64) -> Result<(), Error> {
    if store::give_share_back(tx, sale, person, quantity).await? {
        return Ok(());
    }
    Err(Fault::BrokenRow {
        table: "sale_shares",
        detail: format!("sale {sale}: less than the {quantity} given back"),
    }
    .into())
}
