//! Groups as pages and the feed show them.

use super::{
    Group, GroupCard, GroupState,
    store::{self, ListRow, ProgressRow},
};
use crate::{
    Error, GroupId, Market, SaleId,
    catalog::ProductCard,
    db::Tx,
    live_session::GroupPicture,
    people::{Face, Person},
};

/// Open groups shown in a sale's picture.
pub(crate) const SHOWN: usize = 5;

impl Market {
    /// The group with this code. Two queries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_group(&self, code: &str) -> Result<Option<Group>, Error> {
        let mut tx = self.db.read().await?;
        let Some(page) = store::page(&mut tx, code).await? else {
            return Ok(None);
        };
        let members = store::members(&mut tx, &page.list.id).await?;
        let product = ProductCard::from(page.list.card);
        Ok(Some(Group {
            id: page.list.id,
            code: page.list.code,
            state: page.list.state,
            sale: page.sale_id,
            live_code: page.live_code,
            leader_id: page.leader_id,
            leader_name: page.list.leader_name,
            leader_opened: page.leader_opened,
            pickup: page.pickup.into(),
            variant: product.variant.clone(),
            product,
            price: page.list.price_fen,
            solo: page.list.solo_fen,
            per_person: page.per_person,
            stock: page.sale_stock,
            need: page.list.need,
            joined: page.list.joined,
            members: members.iter().map(|name| Face::of(name)).collect(),
            deadline: page.list.deadline,
        }))
    }

    /// The id of the group with this code: all that an order needs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_group_id(&self, code: &str) -> Result<Option<GroupId>, Error> {
        self.together
            .groups
            .find(&self.db, code.to_owned(), store::ids_of)
            .await
    }

    /// The code of this person's order in a group, while it holds a seat there.
    pub async fn order_in_group(&self, person: &Person, group: &GroupId) -> Result<Option<String>, Error> {
        store::seated(&mut self.db.read().await?, group, &person.id).await
    }

    /// Groups in a list: open ones with the soonest deadline first, others the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn groups(&self, state: Option<GroupState>, limit: i64) -> Result<Vec<GroupCard>, Error> {
        let rows = store::list(&mut self.db.read().await?, state, self.now(), limit).await?;
        Ok(rows.into_iter().map(card).collect())
    }

    /// The groups this leader opened, the newest first, at most 200.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn groups_of(&self, leader: &Person) -> Result<Vec<GroupCard>, Error> {
        let rows = store::list_of_leader(&mut self.db.read().await?, &leader.id).await?;
        Ok(rows.into_iter().map(card).collect())
    }
}

pub(super) fn card(row: ListRow) -> GroupCard {
    let product = ProductCard::from(row.card);
    GroupCard {
        code: row.code,
        state: row.state,
        price: row.price_fen,
        solo: row.solo_fen,
        weight: product.variant.weight,
        product,
        leader_name: row.leader_name,
        need: row.need,
        joined: row.joined,
        deadline: row.deadline,
    }
}

/// The sale's open groups for its picture, the fullest first.
pub(crate) async fn fullest(tx: &mut Tx, sale: &SaleId) -> Result<Vec<GroupPicture>, Error> {
    let limit = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    Ok(store::fullest(tx, sale, limit)
        .await?
        .into_iter()
        .map(progress)
        .collect())
}

/// The open groups of all sales on air, each with its sale, the fullest first.
pub(crate) async fn fullest_on_air(tx: &mut Tx) -> Result<Vec<(SaleId, GroupPicture)>, Error> {
    let rows = store::fullest_on_air(tx).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.sale_id.clone(), progress(row)))
        .collect())
}

fn progress(row: ProgressRow) -> GroupPicture {
    GroupPicture {
        code: row.code,
        leader: row.leader,
        joined: row.joined,
        need: row.need,
        deadline: row.deadline,
    }
}
