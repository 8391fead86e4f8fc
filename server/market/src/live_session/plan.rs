//! A farmer announces a session.

use super::{
    LiveCard, LiveState, Refusal,
    store::{self, LiveRow, NewLive},
};
use crate::{
    Error, LiveId, Market, Millis, id,
    people::{Person, Role},
};

/// Letters of a session's code.
const CODE_LETTERS: usize = 6;
/// Characters a title may have.
const MOST_TITLE: usize = 40;

impl Market {
    /// Announces a session of the farmer's own farm. `title` is what the farmer typed, in Chinese;
    /// the picture is that of the farm's first product.
    ///
    /// # Errors
    /// `NotYours` for anybody but a farmer with a farm; `BadTitle`.
    pub async fn plan_live(&self, farmer: &Person, title: &str, starts_at: Millis) -> Result<LiveCard, Error> {
        if !farmer.is(Role::Farmer) {
            return Err(crate::Refusal::NotYours.into());
        }
        let title = title.trim();
        if title.is_empty() || title.chars().count() > MOST_TITLE || title.chars().any(char::is_control) {
            return Err(Refusal::BadTitle.into());
        }
        let farm = self.farm_of(&farmer.id).await?.ok_or(crate::Refusal::NotYours)?;
        let first = self.farm_products(&farm.id).await?.into_iter().next();
        let photo = first.map_or(farm.portrait, |product| product.photo);
        let row = LiveRow {
            id: LiveId::new(),
            code: id::code(CODE_LETTERS),
            farm_id: farm.id,
            host_id: farmer.id.clone(),
            state: LiveState::Scheduled,
        };
        let mut tx = self.db.write().await?;
        store::insert(
            &mut tx,
            &NewLive {
                row: &row,
                title,
                photo: &photo,
                starts_at,
            },
        )
        .await?;
        let card = store::card(&mut tx, &row.code).await?.ok_or(crate::Refusal::NotFound)?;
        tx.commit().await?;
        Ok(card)
    }
}
