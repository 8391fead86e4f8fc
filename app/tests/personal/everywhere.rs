//! What holds for every personal page, in both languages.

use crate::{
    BOTH,
    orders::{NASTY, PHONE, signed_in},
    samples, tag,
};
use app::{
    community::leader_page,
    order::order_page,
    people::{apps_page, me_page},
};
use market::{Lang, order::OrderState, people::Role};

#[test]
fn every_page_is_a_whole_document_without_a_script() {
    for lang in BOTH {
        for (name, html) in samples::all(lang) {
            if let Some(dir) = std::env::var_os("PAGES_DIR") {
                let file = std::path::Path::new(&dir).join(format!("{name}.{}.html", lang.tag()));
                std::fs::write(file, &html).unwrap();
            }
            assert!(html.starts_with("<!DOCTYPE html>"), "{name}");
            assert!(
                tag(&html, "<html").contains(&format!("lang=\"{}\"", lang.tag())),
                "{name}"
            );
            assert_eq!(html.matches("<h1").count(), 1, "{name} {lang:?}: one h1");
            assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{name}");
            assert!(!html.contains("<script"), "{name}");
            assert!(!html.contains(" onclick") && !html.contains("javascript:"), "{name}");
            assert!(
                !html.contains("{{") && !html.contains("}}"),
                "{name}: a gap was not filled"
            );
            assert_eq!(
                html.contains("content=\"noindex\""),
                !name.starts_with("live-list"),
                "{name}"
            );
        }
    }
}

#[test]
fn headings_never_skip_a_level() {
    for (name, html) in samples::all(Lang::En) {
        let mut before = 0;
        for (at, _) in html.match_indices("<h") {
            let Some(level) = html[at + 2..].chars().next().and_then(|c| c.to_digit(10)) else {
                continue;
            };
            assert!(level <= before + 1, "{name}: h{level} after h{before}");
            before = level;
        }
    }
}

#[test]
fn english_pages_speak_english() {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // Names of people, and the switch to the other language.
    let names = [
        "何小军",
        "李秀英",
        "陈桂田",
        "赵桂芳",
        "周敏",
        "中文",
        "何",
        "李",
        "陈",
        "赵",
        "田头",
    ];
    for (name, html) in samples::all(Lang::En) {
        let mut text = html;
        for word in names {
            text = text.replace(word, "");
        }
        let left: String = text.chars().filter(|c| chinese(*c)).collect();
        assert_eq!(left, "", "{name}");
    }
}

#[test]
fn no_page_shows_a_whole_phone_number_it_was_not_just_given() {
    for lang in BOTH {
        for (name, html) in samples::all(lang) {
            assert!(!html.contains(PHONE), "{name}");
        }
    }
    assert!(me_page(&signed_in(Lang::Zh, "何小军", &[]), samples::me(true)).contains("139****2250"));
}

#[test]
fn what_people_call_themselves_cannot_become_markup() {
    let nasty = signed_in(Lang::Zh, NASTY, &[Role::Leader]);
    let mut order = samples::receipt(OrderState::Confirmed, true);
    order.as_leader = true;
    order.order.shopper_name = NASTY.into();
    order.order.leader_name = Some(NASTY.into());
    let mut desk = samples::leader();
    desk.orders[0].shopper_name = NASTY.into();
    let mut me = samples::me(true);
    (me.name_typed, me.problem) = (NASTY.into(), Some(NASTY.into()));
    let mut apps = samples::apps(None);
    (apps.tokens[0].name, apps.name_typed) = (NASTY.into(), NASTY.into());
    for html in [
        me_page(&nasty, me),
        apps_page(&nasty, apps),
        order_page(&nasty, order),
        leader_page(&nasty, desk),
    ] {
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("&\"\""), "a quote ended an attribute: {html}");
    }
}

#[test]
fn a_page_is_light() {
    for lang in BOTH {
        for (name, html) in samples::all(lang) {
            // Uncompressed; a page of this size is under 4 KB on the wire.
            assert!(html.len() < 40_000, "{name} {lang:?}: {} bytes", html.len());
        }
    }
}
