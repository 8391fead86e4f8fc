//! Queueing what was just told, in its own transaction.

use super::{LIFE_MS, store};
use crate::{Error, Millis, PersonId, db::Tx};
use std::collections::BTreeSet;

/// Queues each notice (its id and whose it is) for every browser of its person.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn queue(tx: &mut Tx, notices: &[(&str, &PersonId)], now: Millis) -> Result<(), Error> {
    let people: Vec<_> = notices
        .iter()
        .map(|(_, person)| *person)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let browsers = store::browsers(tx, &people).await?;
    let mut messages = Vec::new();
    for (notice, person) in notices {
        for browser in browsers.iter().filter(|browser| browser.person_id == **person) {
            messages.push((*notice, browser));
        }
    }
    Ok(store::queue(tx, &messages, now, now.plus(LIFE_MS)).await?)
}
