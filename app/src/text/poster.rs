//! The sentences on a group's poster.

use crate::{t, ui::moment};
use market::{Lang, Millis, group_buy::Group};

/// What a poster says, finished.
#[derive(Debug, Clone)]
pub struct Words {
    /// The site's name.
    pub site: String,
    /// 红颜草莓.
    pub title: String,
    /// Where it is from, and the pack.
    pub about: String,
    /// Yuan of one 斤 in the group.
    pub price: String,
    /// /斤.
    pub unit: String,
    /// What one 斤 costs alone.
    pub alone: String,
    /// Four characters of the seal.
    pub seal: String,
    /// Who invites.
    pub invite: String,
    /// How many are missing.
    pub missing: String,
    /// Where it is fetched.
    pub pickup: String,
    /// Until when.
    pub until: String,
}

impl Words {
    /// The words for `group`, read at `now`.
    pub fn of(lang: Lang, group: &Group, now: Millis) -> Self {
        let weight = group.variant.weight;
        let missing = (group.need - group.joined).max(0);
        Words {
            site: t!(lang, site.name),
            title: group.product.name.get(lang).to_owned(),
            about: format!("{} · {}", group.product.place.get(lang), group.variant.name.get(lang)),
            price: group.price.per_jin(weight).to_string(),
            unit: t!(lang, poster.unit),
            alone: t!(lang, poster.alone, price = group.solo.per_jin(weight).to_string()),
            // a seal is Chinese in every language, as seals are
            seal: t!(Lang::Zh, poster.seal),
            invite: t!(lang, poster.invite, leader = group.leader_name.clone()),
            missing: if missing == 0 {
                t!(lang, poster.full)
            } else {
                t!(lang, poster.missing, n = missing)
            },
            pickup: t!(lang, poster.pickup, place = group.pickup.name.get(lang).to_owned()),
            until: t!(lang, poster.until, time = moment::moment(lang, group.deadline, now)),
        }
    }
}
