//! The demonstration's own SQL. Its sessions have codes that documentation can name, and one of
//! them is over before it ever was on air here: no verb may do that, so their rows are made here,
//! and here only.

use crate::{
    Bilingual, Error, FarmId, LiveId, Millis, PersonId,
    db::{Tx, rows},
    live_session::LiveState,
};

const ADD_LIVE: &str = "INSERT INTO lives (id, code, farm_id, host_id, title_zh, title_en, photo, state, starts_at, started_at, \
     ended_at, pinned_variant_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL) ON CONFLICT (code) DO NOTHING";
const ANNOUNCE_AGAIN: &str = "UPDATE lives SET state = 'scheduled', starts_at = $2, started_at = NULL, ended_at = NULL \
     WHERE code = $1 AND (state = 'ended' OR (state = 'scheduled' AND starts_at < $3))";

/// A session of the demonstration.
pub(super) struct DemoLive<'a> {
    pub(super) code: &'a str,
    pub(super) farm: &'a FarmId,
    pub(super) host: &'a PersonId,
    pub(super) title: Bilingual,
    pub(super) photo: &'a str,
    pub(super) state: LiveState,
    pub(super) starts_at: Millis,
    /// Began and ended.
    pub(super) was: Option<(Millis, Millis)>,
}

/// Adds it, unless one with its code is there: that one stays as it is.
pub(super) async fn add_live(tx: &mut Tx, live: &DemoLive<'_>) -> Result<(), Error> {
    rows!(
        tx,
        sqlx::query(ADD_LIVE)
            .bind(LiveId::new())
            .bind(live.code)
            .bind(live.farm)
            .bind(live.host)
            .bind(&live.title.zh)
            .bind(&live.title.en)
            .bind(live.photo)
            .bind(live.state.as_str())
            .bind(live.starts_at)
            .bind(live.was.map(|(began, _)| began))
            .bind(live.was.map(|(_, ended)| ended))
    )?;
    Ok(())
}

/// Announces a session anew that is over, or whose time passed without it: the next start of a
/// demonstration finds it as the first one did.
pub(super) async fn announce_again(tx: &mut Tx, code: &str, starts_at: Millis, now: Millis) -> Result<(), Error> {
    rows!(tx, sqlx::query(ANNOUNCE_AGAIN).bind(code).bind(starts_at).bind(now))?;
    Ok(())
}
