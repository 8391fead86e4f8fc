//! Live sessions as pages and viewers see them.

use crate::{
    Bilingual, Lang, LiveId, Millis, Money, PersonId, SaleId, VariantId, Weight, flash_sale::Round, people::Face,
    state::text_enum,
};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a live session stands.
    LiveState {
        /// Announced.
        Scheduled = "scheduled",
        /// On air.
        Live = "live",
        /// Over: read only.
        Ended = "ended",
    }
}

impl LiveState {
    /// The declared transitions.
    pub const NEXT: &'static [(LiveState, LiveState)] = &[
        (LiveState::Scheduled, LiveState::Live),
        (LiveState::Scheduled, LiveState::Ended),
        (LiveState::Live, LiveState::Ended),
    ];
}

/// A live session in a list or at the head of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCard {
    /// Which.
    pub id: LiveId,
    /// For links.
    pub code: String,
    /// 老陈：头茬红颜草莓，现摘现发.
    pub title: Bilingual,
    /// Where it stands.
    pub state: LiveState,
    /// When it was to begin.
    pub starts_at: Millis,
    /// When it began.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// A picture's base name under /img, or a path.
    pub photo: String,
    /// Whose farm.
    pub farm: crate::catalog::Farm,
    /// Whose it is.
    pub host_id: PersonId,
}

/// The small public picture of a live session, as the feed carries it: whole at every version, so
/// that a lost, late or doubled message heals. Holds no phone number and no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePicture {
    /// Moves by one with every change.
    pub version: i64,
    /// The server's time when it was made.
    pub now: Millis,
    /// Where the session stands.
    pub state: LiveState,
    /// What is being spoken about.
    pub pinned: Option<Pinned>,
    /// Its flash sale, if one is on.
    pub sale: Option<SalePicture>,
    /// Who bought last, newest first, at most five.
    pub recent: Vec<Bought>,
    /// Packs sold in this session.
    pub sold: i64,
    /// Turnover of this session (orders not cancelled). Shown to the host.
    pub turnover: Money,
}

/// The pinned product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// Which variant.
    pub variant: VariantId,
    /// Its product's slug.
    pub slug: String,
    /// Product and variant.
    pub name: Bilingual,
    /// Picture's base name or path.
    pub photo: String,
    /// Of the pack, outside a sale.
    pub price: Money,
    /// Of the pack.
    pub weight: Weight,
    /// Packs on the shelf.
    pub stock: i64,
}

/// A flash sale that is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalePicture {
    /// Which.
    pub id: SaleId,
    /// Of the pack, in a group.
    pub price: Money,
    /// Of the pack, alone.
    pub solo: Money,
    /// Of the pack.
    pub weight: Weight,
    /// Packs in the sale, of all its rounds.
    pub quota: i64,
    /// Of these, what its rounds have released so far.
    pub released: i64,
    /// Packs that can be bought now: of what was released, what nobody holds.
    pub stock: i64,
    /// Packs one person may buy.
    pub per_person: i64,
    /// People a group needs.
    pub need: i64,
    /// When it ends.
    pub ends_at: Millis,
    /// Its rounds in order; one, if it is not divided.
    pub rounds: Vec<Round>,
    /// The open groups, the fullest first, at most five.
    pub groups: Vec<GroupPicture>,
    /// Groups that formed.
    pub formed: i64,
    /// The price in writing: an order that carries it gets it, though the host changes the price
    /// meanwhile. Lives for minutes; only in a session's own picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

/// A group's progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPicture {
    /// For links.
    pub code: String,
    /// The leader's name: leaders act in public.
    pub leader: String,
    /// People who joined.
    pub joined: i64,
    /// People it needs.
    pub need: i64,
    /// When it ends.
    pub deadline: Millis,
}

/// Who bought how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Who, as the public sees them.
    pub who: Face,
    /// Packs.
    pub quantity: i64,
}

/// Why a host's wish was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The session is over.
    Ended,
    /// The session has not begun.
    NotLive,
    /// That product is not of this farm.
    NotThisFarms,
    /// A title must have 1 to 40 characters.
    BadTitle,
}

impl Pinned {
    /// Product and pack in the reader's language.
    pub fn title(&self, lang: Lang) -> &str {
        self.name.get(lang)
    }
}
