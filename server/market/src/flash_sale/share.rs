//! How much one person has in one sale, under the sale's limit: it grows as orders are placed (see
//! `order`).

use super::store;
use crate::{Error, Fault, PersonId, SaleId, db::Tx};

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
