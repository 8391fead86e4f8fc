//! The list that is read in pages.

use super::{ViewRow, point_columns, point_tables};
use crate::{
    Error, Millis, OrderId, PersonId,
    db::{Tx, on},
};

const VIEWS_BEFORE: &str =
    view!("WHERE o.shopper_id = $1 AND (o.placed_at, o.id) < ($2, $3) ORDER BY o.placed_at DESC, o.id DESC LIMIT $4");

/// The shopper's orders before this one, the newest first.
pub(in crate::order) async fn views_before(
    tx: &mut Tx,
    shopper: &PersonId,
    at: Millis,
    id: &OrderId,
    limit: i64,
) -> Result<Vec<ViewRow>, Error> {
    Ok(
        on!(tx, c => sqlx::query_as::<_, ViewRow>(VIEWS_BEFORE).bind(shopper).bind(at).bind(id).bind(limit).fetch_all(c))?,
    )
}
