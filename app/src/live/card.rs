//! What the board says, worked out from the picture alone: the same on the server and in the
//! browser, and testable without either.

use super::{
    facts::{BoardFacts, BoardWords, Next},
    phrase::{count, countdown, fill},
};
use market::{
    Lang, Money, Weight,
    live_session::{GroupPicture, LivePicture, LiveState, Pinned, SalePicture},
};

/// A link that buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) href: String,
    pub(super) words: String,
}

/// An open group beside the fullest one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupLine {
    pub(super) words: String,
    pub(super) crowd: String,
    pub(super) join: Way,
}

/// How much of something is gone: in percent, and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) percent: i64,
    pub(super) words: String,
}

/// The round after the one that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NextRound {
    /// With a gap for the time until it begins.
    pub(super) words: String,
    /// Seconds between its start and the sale's end, to which the countdown runs.
    pub(super) before_end: i64,
}

impl NextRound {
    /// The first round of `sale` that is to come, said by `words`.
    pub(super) fn of(sale: &SalePicture, words: &str) -> Option<Self> {
        let next = sale.rounds.iter().find(|round| round.to_come)?;
        let filled = [
            ("quota", next.quota.to_string()),
            ("price", next.price.to_string()),
            ("time", "{time}".to_owned()),
        ];
        Some(NextRound {
            words: fill(words, &filled.each_ref().map(|(name, value)| (*name, value.as_str()))),
            before_end: sale.ends_at.since(next.starts_at) / 1000,
        })
    }

    /// The words when `left` seconds are left of the sale.
    pub(super) fn at(&self, left: i64) -> String {
        fill(&self.words, &[("time", &countdown(left - self.before_end).join(":"))])
    }
}

/// How much is left: of a sale in rounds, in which of them, and what the host says of it.
pub(super) fn left_words(sale: &SalePicture, quota: &str, round: &str) -> String {
    let left = sale.stock.to_string();
    let now = sale.rounds.iter().rev().find(|round| !round.to_come);
    let (Some(now), true) = (now, sale.rounds.len() > 1) else {
        return fill(quota, &[("quota", &sale.quota.to_string()), ("left", &left)]);
    };
    let of = sale.rounds.len().to_string();
    let words = fill(
        round,
        &[("number", &now.number.to_string()), ("of", &of), ("left", &left)],
    );
    match now.words.as_str() {
        "" => words,
        said => format!("{said} · {words}"),
    }
}

/// The card of a product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Goods {
    pub(super) tag: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) photo: String,
    pub(super) bar: Option<Bar>,
    pub(super) stock: String,
    /// Of one 斤.
    pub(super) price: Money,
    /// Of one 斤, outside the sale.
    pub(super) was: Option<Money>,
    pub(super) pack: String,
    pub(super) line: Option<String>,
    pub(super) next: Option<NextRound>,
    pub(super) go: Option<Way>,
    pub(super) off: Option<String>,
    pub(super) solo: Option<Way>,
    pub(super) others: String,
    pub(super) groups: Vec<GroupLine>,
    pub(super) may_open: bool,
}

/// Everything the board may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Board {
    /// A sentence instead of goods; after the end, what comes next.
    Notice {
        title: String,
        note: String,
        next: Option<Next>,
        over: bool,
    },
    /// Something to buy.
    Goods(Box<Goods>),
}

/// The board of `picture`. `time_up`: the sale's time has run out on the server's clock, and its
/// end has not been heard yet.
pub(super) fn board(facts: &BoardFacts, picture: &LivePicture, time_up: bool) -> Board {
    let words = &facts.words;
    let notice = |title: &str, note: &str, over: bool| Board::Notice {
        title: title.to_owned(),
        note: note.to_owned(),
        next: facts.next.clone().filter(|_| over),
        over,
    };
    match (picture.state, &picture.pinned, &picture.sale) {
        (LiveState::Ended, ..) => notice(&words.ended, &words.ended_note, true),
        (_, Some(pinned), Some(sale)) => Board::Goods(Box::new(on_sale(facts, pinned, sale, time_up))),
        (LiveState::Live, Some(pinned), None) => Board::Goods(Box::new(on_shelf(words, facts.lang, pinned))),
        (LiveState::Scheduled, ..) => notice(&words.scheduled, &words.scheduled_note, false),
        (LiveState::Live, None, _) => notice(&words.nothing, &words.nothing_note, false),
    }
}

fn goods(lang: Lang, pinned: &Pinned, words: &BoardWords) -> Goods {
    Goods {
        name: pinned.title(lang).to_owned(),
        href: format!("/p/{}", pinned.slug),
        photo: pinned.photo.clone(),
        tag: words.pinned.clone(),
        price: pinned.price.per_jin(pinned.weight),
        pack: pack(words, pinned.price, pinned.weight),
        ..Goods::default()
    }
}

fn pack(words: &BoardWords, price: Money, weight: Weight) -> String {
    fill(
        &words.pack,
        &[("price", &price.to_string()), ("jin", &weight.to_string())],
    )
}

fn on_shelf(words: &BoardWords, lang: Lang, pinned: &Pinned) -> Goods {
    let sold_out = pinned.stock <= 0;
    let buy = Way {
        href: checkout("solo", pinned.variant.as_str()),
        words: words.buy.clone(),
    };
    Goods {
        stock: if sold_out {
            String::new()
        } else {
            count(&words.stock, pinned.stock)
        },
        go: (!sold_out).then_some(buy),
        off: sold_out.then(|| words.sold_out.clone()),
        ..goods(lang, pinned, words)
    }
}

fn on_sale(facts: &BoardFacts, pinned: &Pinned, sale: &SalePicture, time_up: bool) -> Goods {
    let words = &facts.words;
    let sold_out = sale.stock <= 0;
    let closed = sold_out || time_up;
    let first = sale.groups.first().filter(|_| !closed);
    let quota = left_words(sale, &words.quota, &words.round);
    let next = NextRound::of(sale, &words.next_round);
    let solo = fill(&words.solo, &[("price", &sale.solo.to_string())]);
    let solo = Way {
        href: checkout("solo", pinned.variant.as_str()),
        words: solo,
    };
    let rest = if closed {
        &[]
    } else {
        sale.groups.get(1..).unwrap_or_default()
    };
    Goods {
        tag: words.sale.clone(),
        price: sale.price.per_jin(sale.weight),
        was: Some(sale.solo.per_jin(sale.weight)),
        pack: format!(
            "{} · {}",
            pack(words, sale.price, sale.weight),
            count(&words.limit, sale.per_person)
        ),
        bar: Some(Bar {
            percent: crate::ui::grow::percent(sale.released - sale.stock, sale.released),
            words: quota.clone(),
        }),
        stock: quota,
        line: match first {
            Some(group) => Some(count(&words.need, (group.need - group.joined).max(1))),
            None if closed => None,
            None => Some(words.no_group.clone()),
        },
        go: first.map(|group| Way {
            href: group_checkout(sale, group),
            words: words.join.clone(),
        }),
        off: match (sold_out, time_up) {
            (true, _) if next.is_some() => Some(words.between.clone()),
            (true, _) => Some(words.sold_out.clone()),
            (false, true) => Some(words.time_up.clone()),
            _ => None,
        },
        next,
        solo: (first.is_none() && pinned.stock > 0).then_some(solo),
        others: count(&words.groups, rest.len() as i64),
        groups: rest.iter().map(|group| group_line(words, sale, group)).collect(),
        may_open: facts.as_leader && !closed,
        ..goods(facts.lang, pinned, words)
    }
}

fn group_line(words: &BoardWords, sale: &SalePicture, group: &GroupPicture) -> GroupLine {
    GroupLine {
        words: fill(&words.group, &[("leader", &group.leader)]),
        crowd: fill(
            &words.crowd,
            &[("joined", &group.joined.to_string()), ("need", &group.need.to_string())],
        ),
        join: Way {
            href: group_checkout(sale, group),
            words: words.join.clone(),
        },
    }
}

/// The same in a group, with the price on the screen in writing: it holds till the order is placed.
fn group_checkout(sale: &SalePicture, group: &GroupPicture) -> String {
    let to = checkout("group", &group.code);
    match &sale.quote {
        Some(quote) => format!("{to}&quote={quote}"),
        None => to,
    }
}

/// Where a purchase begins. Codes and ids hold nothing that needs escaping in an address.
fn checkout(kind: &str, id: &str) -> String {
    format!("/checkout?kind={kind}&id={id}&quantity=1")
}

/// The address of a picture's copy for small places.
pub(super) fn small_photo(name: &str) -> String {
    if name.starts_with('/') {
        name.to_owned()
    } else {
        format!("/img/{name}-360.webp")
    }
}
