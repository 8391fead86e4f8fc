//! Recording what happened to a batch.

use super::{Facts, TraceEvent, chain::Link, check_facts, store};
use crate::{
    BatchId, Error, Fault, Market, Millis, ProductId, Refusal, Weight,
    db::Tx,
    people::{Person, Role},
};

/// A batch that begins.
pub(crate) struct NewBatch {
    pub(crate) code: String,
    pub(crate) product: ProductId,
    pub(crate) harvested_at: Millis,
    pub(crate) weight: Weight,
}

impl Market {
    /// Adds `facts` to the chain of the batch with this code, as recorded now. The facts' own
    /// batch is overwritten with it.
    ///
    /// # Errors
    /// `NotFound`; `NotYours` unless it is the farm's farmer or an operator; a
    /// [`trace::Refusal`](super::Refusal) for facts that cannot be.
    pub async fn record(&self, actor: &Person, code: &str, facts: Facts) -> Result<TraceEvent, Error> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let batch = store::open_batch(&mut tx, code).await?.ok_or(Refusal::NotFound)?;
        let theirs = actor.is(Role::Farmer) && batch.farmer_id == actor.id;
        if !theirs && !actor.is(Role::Operator) {
            return Err(Refusal::NotYours.into());
        }
        let event = append(&mut tx, code, facts, now, now).await?;
        tx.commit().await?;
        Ok(event)
    }
}

/// Begins a batch with nothing recorded, unless one with its code is there. `true`: it is new.
pub(crate) async fn begin_batch(tx: &mut Tx, batch: &NewBatch) -> Result<bool, Error> {
    Ok(store::add_batch(tx, &BatchId::new(), batch).await?)
}

/// Adds a link as recorded at `recorded_at`, which is `now` for all but demonstration data.
pub(crate) async fn append(
    tx: &mut Tx,
    code: &str,
    facts: Facts,
    recorded_at: Millis,
    now: Millis,
) -> Result<TraceEvent, Error> {
    // One at a time: the next link needs the hash of the one before.
    tx.hold_name(&format!("batch {code}")).await?;
    let batch = store::open_batch(tx, code).await?.ok_or(Refusal::NotFound)?;
    let facts = Facts {
        batch: code.to_owned(),
        ..facts
    };
    check_facts(&facts, batch.length, now)?;
    let broken = |detail: String| Fault::BrokenRow {
        table: "trace_events",
        detail,
    };
    let link = Link::new(batch.length + 1, &batch.head_hash, &facts, recorded_at).map_err(|e| broken(e.to_string()))?;
    if !store::add_link(tx, &batch, &link).await? {
        return Err(broken(format!("{code}: the chain moved while it was held")).into());
    }
    Ok(TraceEvent {
        position: link.position,
        facts: Some(facts),
        canonical: link.canonical,
        hash: link.hash,
        recorded_at,
        intact: true,
    })
}
