//! The list that is read in pages.

use super::{ListRow, card_columns};
use crate::{
    Error,
    db::{Tx, on},
    group_buy::GroupState,
};

const LIST_BEFORE: &str = list!("WHERE g.id < $1 AND ($2 = '' OR g.state = $2) ORDER BY g.id DESC LIMIT $3");

/// Groups with an id before `before`, the newest first.
pub(in crate::group_buy) async fn list_before(
    tx: &mut Tx,
    state: Option<GroupState>,
    before: &str,
    limit: i64,
) -> Result<Vec<ListRow>, Error> {
    let state = state.map_or("", GroupState::as_str);
    Ok(on!(tx, c => sqlx::query_as::<_, ListRow>(LIST_BEFORE).bind(before).bind(state).bind(limit).fetch_all(c))?)
}
