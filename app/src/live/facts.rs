//! What the server hands to an island: its address, its first state, its sentences.
//!
//! Sentences travel as a plain list, in the order of their fields: both sides are built from the
//! same text, and a list costs the wasm a twentieth of what a struct with fifty named fields does.

use market::{
    Lang,
    live_session::{LivePicture, LiveState, Pinned},
};
use serde::{Deserialize, Serialize};

/// A struct of texts that is serialised as a list.
macro_rules! sentences {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(from = "Vec<String>", into = "Vec<String>")]
        pub(super) struct $name { $($(#[$field_doc])* pub $field: String),+ }

        impl From<Vec<String>> for $name {
            fn from(list: Vec<String>) -> Self {
                let mut list = list.into_iter();
                $name { $($field: next(&mut list)),+ }
            }
        }

        impl From<$name> for Vec<String> {
            fn from(texts: $name) -> Self {
                vec![$(texts.$field),+]
            }
        }
    };
}

#[inline(never)]
fn next(list: &mut std::vec::IntoIter<String>) -> String {
    list.next().unwrap_or_default()
}

/// For the viewer's picture.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PlayerFacts {
    /// The session's code.
    pub code: String,
    /// The door that gives the moving picture.
    pub whep: String,
    /// Where the session stands.
    pub state: LiveState,
    /// The browser asked to save data: begin with sound only.
    pub saving: bool,
    /// Its sentences.
    pub words: PlayerWords,
}

sentences! {
    /// The player's sentences.
    PlayerWords {
        live,
        scheduled,
        ended,
        video,
        saving,
        sound_on,
        sound_off,
        /// `{n}` megabytes a minute.
        rate,
        opening,
        waiting,
        waiting_note,
        lost,
        lost_note,
        full,
        full_note,
        unable,
        unable_note,
        quiet,
        quiet_note,
    }
}

/// For the viewer's card of what is being sold.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct BoardFacts {
    /// The session's code.
    pub code: String,
    /// The reader's language.
    pub lang: Lang,
    /// The session when the page was made.
    pub picture: LivePicture,
    /// What to watch next, once this one is over.
    pub next: Option<Next>,
    /// The reader is a leader and may open a group.
    pub as_leader: bool,
    /// Its sentences.
    pub words: BoardWords,
}

/// The live session after this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Next {
    pub href: String,
    pub title: String,
    pub when: String,
}

sentences! {
    /// The board's sentences.
    BoardWords {
        pinned,
        sale,
        per_jin,
        /// `{price}` for `{jin}` 斤.
        pack,
        /// `{quota}` packs, `{left}` left.
        quota,
        /// Number `{number}` of `{of}`, `{left}` left.
        round,
        /// `{quota}` packs at `{price}`, in `{time}`.
        next_round,
        between,
        /// `{n}` packs left.
        stock,
        /// `{n}` people more.
        need,
        join,
        buy,
        /// For `{price}`.
        solo,
        sold_out,
        no_group,
        open_group,
        /// `{n}` groups.
        groups,
        /// Of `{leader}`.
        group,
        /// `{joined}` of `{need}` people.
        crowd,
        /// `{n}` packs each.
        limit,
        /// `{time}` left.
        left,
        /// `{n}` minutes left, said aloud.
        minutes,
        time_up,
        /// `{who}` bought `{n}` packs.
        bought,
        nothing,
        nothing_note,
        scheduled,
        scheduled_note,
        ended,
        ended_note,
        next,
        list,
    }
}

/// For the host's console.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StudioFacts {
    /// The session's code.
    pub code: String,
    /// The reader's language.
    pub lang: Lang,
    /// The session when the page was made.
    pub picture: LivePicture,
    /// When it began, in milliseconds since 1970.
    pub started_at: Option<i64>,
    /// The door that takes the moving picture.
    pub whip: String,
    /// What opens it.
    pub ticket: String,
    /// Its sentences.
    pub words: StudioWords,
}

sentences! {
    /// The console's sentences.
    StudioWords {
        preview,
        /// On air for `{time}`.
        on_air,
        flip,
        mute,
        unmute,
        start,
        resume,
        starting,
        goods,
        sale,
        end,
        end_hold,
        ready,
        ready_note,
        before,
        asking,
        asking_note,
        idle,
        idle_note,
        good,
        fair,
        poor,
        /// `{up}` Mbit/s up, `{loss}` % lost.
        figures,
        lost,
        lost_note,
        refused,
        absent,
        busy,
        insecure,
        again,
        taken,
        stale,
        full,
        unable,
        fault,
        ended,
        ended_note,
        others,
        sold,
        turnover,
        left,
        pinned,
        nothing,
        nothing_note,
        /// `{joined}` of `{need}` in the fullest group.
        group,
        no_group,
        /// `{n}` groups formed.
        formed,
        nobody,
        /// `{time}` left.
        time_left,
        /// `{n}` minutes left, said aloud.
        minutes,
        time_up,
        end_sale,
        release,
        change_sale,
        /// `{quota}` packs, `{left}` left.
        quota,
        /// Number `{number}` of `{of}`, `{left}` left.
        round,
        /// `{quota}` packs at `{price}`, in `{time}`.
        next_round,
        /// `{n}` packs on the shelf.
        shelf,
        per_jin,
    }
}

/// For what buyers will see of a sale that is being typed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PreviewFacts {
    /// The session's code.
    pub code: String,
    /// The reader's language.
    pub lang: Lang,
    /// The session's version when the page was made.
    pub version: i64,
    /// What was pinned then.
    pub pinned: Option<Pinned>,
    /// What stands in the form.
    pub typed: Typed,
    /// Its sentences.
    pub words: PreviewWords,
}

sentences! {
    /// The form's fields as they are typed.
    Typed {
        price,
        quota,
        per_person,
        need,
        minutes,
        rounds,
    }
}

sentences! {
    /// The preview's sentences.
    PreviewWords {
        per_jin,
        first_pin,
        /// It must be below `{usual}`.
        not_cheaper,
        /// `{need}` people, `{quota}` packs, `{limit}` each, `{minutes}` minutes.
        line,
        /// In `{rounds}` rounds.
        divided,
        unreadable,
    }
}
