//! The feed: what changed, as small public pictures with a version, for everybody who watches.
//!
//! A verb that changes a live session writes its picture in its own transaction ([`publish`] side)
//! and wakes listeners after the commit; whoever listens reads by version ([`Market::events_after`]).
//! The tables are the truth and a wake-up is only a hint: a lost or doubled one does no harm. What
//! goes out is public by construction: the picture's type cannot hold a phone number or an address.
//!
//! [`publish`]: crate::live_session
//! [`Market::events_after`]: crate::Market::events_after

mod changes;
mod listen;
mod store;

use crate::{Error, Millis, db::Tx};
use serde::Serialize;

/// Wake-ups kept for a listener that is slow; one that falls further behind reads the newest version.
pub(crate) const WAITING_CHANGES: usize = 1024;
/// Versions of a topic that are kept: only the newest is ever sent, the others help to understand.
const KEPT_VERSIONS: i64 = 100;

/// Moves `topic` to its next version and answers it. Locks the topic until the transaction ends, so
/// that a picture drawn after this call holds everything that lower versions hold.
pub(crate) async fn next_version(tx: &mut Tx, topic: &str) -> Result<i64, Error> {
    store::next_version(tx, topic).await
}

/// Writes `picture` as `topic`'s `version` and wakes the other servers when the transaction commits.
pub(crate) async fn publish<P: Serialize + Sync>(
    tx: &mut Tx,
    topic: &str,
    version: i64,
    kind: &str,
    picture: &P,
    now: Millis,
) -> Result<(), Error> {
    let json = serde_json::to_string(picture).map_err(|error| crate::Fault::BrokenRow {
        table: "events",
        detail: error.to_string(),
    })?;
    store::append(tx, topic, version, kind, &json, now).await?;
    store::prune(tx, topic, version - KEPT_VERSIONS).await?;
    listen::notify(tx, topic).await
}

/// The newest version of `topic` (0: nothing was ever published), as this transaction sees it.
pub(crate) async fn version_of(tx: &mut Tx, topic: &str) -> Result<i64, Error> {
    Ok(store::version(tx, topic).await?.unwrap_or(0))
}
