//! What time brings: holds lapse, rounds begin, sales end, groups fail.
//!
//! Run by a timer on every server, from what the database says is due, so that nothing is lost when
//! a server dies. Each step is its own transaction and a conditional update inside it: of two servers
//! that see the same thing due, the second changes nothing.

use crate::{
    Error, GroupId, Market, Millis, OrderId, SaleId, db::Tx, flash_sale, group_buy, live_session::Touched, order,
};

/// Things of one kind looked at in one pass; the next pass takes the rest.
const BATCH: i64 = 500;

/// What one pass settled on this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Holds that lapsed.
    pub holds: u64,
    /// Groups that failed by themselves (those that fail with their sale are not counted).
    pub groups: u64,
    /// Sales of which a round began.
    pub rounds: u64,
    /// Sales that ended.
    pub sales: u64,
}

/// One thing that is due.
enum Due {
    Hold(OrderId),
    Round(SaleId),
    Sale(SaleId),
    Group(GroupId),
}

impl Market {
    /// Settles what is due now: first holds, then rounds that begin, then sales (each with its
    /// groups), then groups.
    ///
    /// # Errors
    /// The first failure, after everything else was tried: one broken row stops nobody else's money.
    pub async fn settle_due(&self) -> Result<Settled, Error> {
        let now = self.now();
        let mut settled = Settled::default();
        let mut failure = None;
        for due in self.due(now).await? {
            match self.settle(&due, now).await {
                Ok(false) => {}
                Ok(true) => match due {
                    Due::Hold(_) => settled.holds += 1,
                    Due::Round(_) => settled.rounds += 1,
                    Due::Sale(_) => settled.sales += 1,
                    Due::Group(_) => settled.groups += 1,
                },
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        failure.map_or(Ok(settled), Err)
    }

    /// Everything that is due, in the order it is settled.
    async fn due(&self, now: Millis) -> Result<Vec<Due>, Error> {
        let mut tx = self.db.read().await?;
        let holds = order::due(&mut tx, now, BATCH).await?;
        let rounds = flash_sale::rounds_due(&mut tx, now, BATCH).await?;
        let sales = flash_sale::due(&mut tx, now, BATCH).await?;
        let groups = group_buy::due(&mut tx, now, BATCH).await?;
        let holds = holds.into_iter().map(Due::Hold);
        Ok(holds
            .chain(rounds.into_iter().map(Due::Round))
            .chain(sales.into_iter().map(Due::Sale))
            .chain(groups.into_iter().map(Due::Group))
            .collect())
    }

    /// Settles one thing in its own transaction; whether this call did.
    async fn settle(&self, due: &Due, now: Millis) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let Some(touched) = act(&mut tx, due, now).await? else {
            return Ok(false);
        };
        self.finish(tx, touched, now).await?;
        Ok(true)
    }
}

async fn act(tx: &mut Tx, due: &Due, now: Millis) -> Result<Option<Touched>, Error> {
    match due {
        Due::Hold(order) => order::lapse(tx, order, now).await,
        Due::Round(sale) => flash_sale::release_due(tx, sale, now).await,
        Due::Sale(sale) => flash_sale::end(tx, sale, now, now).await,
        Due::Group(group) => group_buy::fail_due(tx, group, now).await,
    }
}
