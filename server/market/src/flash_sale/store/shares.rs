//! The SQL of what people have of a sale, for many at once.

use crate::{
    Error, PersonId, SaleId,
    db::{
        Tx,
        many::{read_many, write_many},
    },
};

const ASKED: &str = "WITH asked (sale_id, person_id) AS (VALUES";
const SHARES: &str = ") SELECT h.sale_id, h.person_id, h.quantity FROM asked a CROSS JOIN sale_shares h \
    WHERE h.sale_id = a.sale_id AND h.person_id = a.person_id";
const ADD_SHARES: &str = "INSERT INTO sale_shares (sale_id, person_id, quantity) VALUES";
// The rule is repeated for who has some already; somebody's first share was held against it before.
const WITHIN_LIMIT: &str = " ON CONFLICT (sale_id, person_id) DO UPDATE \
    SET quantity = sale_shares.quantity + excluded.quantity WHERE sale_shares.quantity + excluded.quantity <= \
    (SELECT s.per_person FROM sales s WHERE s.id = excluded.sale_id)";

/// What these people hold or bought in the sale; who has nothing is left out. The caller holds the sales.
pub(crate) async fn shares(tx: &mut Tx, asked: &[(&SaleId, &PersonId)]) -> Result<Vec<(SaleId, PersonId, i64)>, Error> {
    type Share = (SaleId, PersonId, i64);
    Ok(read_many!(tx, Share, ASKED, 2, SHARES, asked, |query, share| query
        .bind(share.0)
        .bind(share.1)))
}

/// Adds packs to each person's share (each pair once); false when one would be beyond the limit.
pub(crate) async fn add_shares(tx: &mut Tx, shares: &[(&SaleId, &PersonId, i64)]) -> Result<bool, Error> {
    let added = write_many!(tx, ADD_SHARES, 3, WITHIN_LIMIT, shares, |query, share| query
        .bind(share.0)
        .bind(share.1)
        .bind(share.2));
    Ok(added == shares.len() as u64)
}
