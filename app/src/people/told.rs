//! What somebody was told, and how their balance moved, line by line.

use crate::{
    t,
    text::state,
    ui::{Glyph, Icon, Section, moment},
};
use leptos::prelude::*;
use market::{Lang, Millis, Money, balance::Entry, people::Notice};

/// The newest notices, how many are new, and the way to all of them.
pub(super) fn notices(lang: Lang, now: Millis, notices: Vec<Notice>, unread: i64) -> Option<AnyView> {
    (!notices.is_empty()).then(|| {
        let more = match unread {
            0 => t!(lang, me.all_notices),
            n => t!(lang, me.new_notices, n = n),
        };
        view! {
            <Section title=t!(lang, me.notices) more=Some((more, "/me/inbox".to_owned()))>
                {lines(lang, now, notices)}
            </Section>
        }
        .into_any()
    })
}

/// Notices, one a line.
pub(super) fn lines(lang: Lang, now: Millis, notices: Vec<Notice>) -> AnyView {
    view! {
        <ul class="card list slim">
            {notices.into_iter().map(|notice| notice_line(lang, now, notice)).collect_view()}
        </ul>
    }
    .into_any()
}

fn notice_line(lang: Lang, now: Millis, notice: Notice) -> AnyView {
    let words = state::notice(lang, &notice);
    let to = match (&notice.order, &notice.live) {
        (Some((code, _)), _) => Some(format!("/orders/{code}")),
        (None, Some((code, _))) => Some(format!("/live/{code}")),
        (None, None) => None,
    };
    let words = match to {
        Some(to) => view! { <a class="to" href=to>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    view! {
        <li>
            <Icon glyph=Glyph::BELL/>
            <div class="grow">
                {words}
                <p class="note"><moment::When at=notice.at words=moment::moment(lang, notice.at, now)/></p>
            </div>
            {notice.unread.then(|| view! { <span class="tag k">{t!(lang, me.unread)}</span> })}
        </li>
    }
    .into_any()
}

pub(super) fn entries(lang: Lang, now: Millis, entries: Vec<Entry>) -> AnyView {
    let lines = entries.into_iter().map(|entry| {
        let words = state::cause(lang, entry.cause);
        let words = match entry.order {
            Some(code) => view! { <a class="to" href=format!("/orders/{code}")>{format!("{words} · {code}")}</a> }.into_any(),
            None => words.into_any(),
        };
        let (class, delta) = signed(entry.delta);
        view! {
            <li>
                <div class="grow">{words}<p class="note"><moment::When at=entry.at words=moment::moment(lang, entry.at, now)/></p></div>
                <b class=class>{delta}</b>
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    view! {
        <section class="wrap m4" id="balance">
            <details class="card fold">
                <summary><Icon glyph=Glyph::WALLET/><h2>{t!(lang, me.balance_lines)}</h2><Icon glyph=Glyph::DOWN size="s"/></summary>
                {if lines.is_empty() {
                    view! { <p class="note">{t!(lang, me.no_entries)}</p> }.into_any()
                } else {
                    view! { <ul class="list">{lines.collect_view()}</ul> }.into_any()
                }}
            </details>
        </section>
    }
    .into_any()
}

/// `+¥5` in green, `−¥59.4` in ink: the sign says it, the colour only helps.
fn signed(delta: Money) -> (&'static str, String) {
    if delta < Money::ZERO {
        ("nw", format!("−¥{}", Money::ZERO.minus(delta)))
    } else {
        ("nw leafc", format!("+¥{delta}"))
    }
}
