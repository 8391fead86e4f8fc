//! The three sessions: in progress, announced for tomorrow, over.

use super::{
    LIVE, PAST_LIVE, SCHEDULED_LIVE, at, both,
    goods::Farms,
    store::{self, DemoLive},
};
use crate::{Error, Millis, db::Tx, live_session::LiveState};

/// Adds the sessions that are not there yet, and announces anew those whose time has passed.
pub(super) async fn lives(tx: &mut Tx, farms: &Farms, now: Millis) -> Result<(), Error> {
    let tomorrow = at(now, -1, 19, 30);
    let on_air = DemoLive {
        code: LIVE,
        farm: &farms.chen.id,
        host: &farms.chen.farmer_id,
        title: both(
            "老陈：头茬红颜草莓，现摘现发",
            "Old Chen: first-flush strawberries, picked while you watch",
        ),
        photo: "live",
        state: LiveState::Scheduled,
        starts_at: now,
        was: None,
    };
    let announced = DemoLive {
        code: SCHEDULED_LIVE,
        farm: &farms.wang.id,
        host: &farms.wang.farmer_id,
        title: both(
            "王婶：上坡看脐橙，边摘边尝",
            "Aunt Wang: up the slope to the oranges, tasting as we pick",
        ),
        photo: "citrus",
        state: LiveState::Scheduled,
        starts_at: tomorrow,
        was: None,
    };
    let over = DemoLive {
        code: PAST_LIVE,
        farm: &farms.chen.id,
        host: &farms.chen.farmer_id,
        title: both(
            "老陈：挖烟薯，沙地里一锹一窝",
            "Old Chen: digging sweet potatoes, a nest with every spade",
        ),
        photo: "sweetpotato",
        state: LiveState::Ended,
        starts_at: at(now, 1, 16, 0),
        was: Some((at(now, 1, 16, 2), at(now, 1, 16, 44))),
    };
    for live in [on_air, announced, over] {
        store::add_live(tx, &live).await?;
    }
    store::announce_again(tx, LIVE, now, now).await?;
    store::announce_again(tx, SCHEDULED_LIVE, tomorrow, now).await
}
