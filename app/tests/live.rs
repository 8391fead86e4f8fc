//! What the live pages say before any script runs: in both languages and in every state.
//!
//! With `PAGES_DIR` set, each page is also written there, to be looked at in a browser.
#![cfg(feature = "ssr")]
#![allow(missing_docs, clippy::expect_used)]

#[allow(dead_code)]
mod village;

use app::live::{HostListPage, HostPage, LivePage, SaleForm, host_list_page, host_page, live_page};
use market::{
    Bilingual, Millis, Money, VariantId, Weight,
    live_session::{Bought, GroupPicture, LivePicture, LiveState, Pinned, SalePicture},
    people::Face,
};
use village::*;

fn pinned(stock: i64) -> Pinned {
    Pinned {
        variant: VariantId("v1".into()),
        slug: "strawberry".into(),
        name: Bilingual::new("红颜草莓 头茬 3 斤装", "Hongyan strawberries, first pick, 1.5 kg"),
        photo: "strawberry".into(),
        price: Money::fen(8940),
        weight: Weight::grams(1500),
        stock,
    }
}

fn group_picture(code: &str, leader: &str, joined: i64) -> GroupPicture {
    GroupPicture {
        code: code.into(),
        leader: leader.into(),
        joined,
        need: 10,
        deadline: NOW.plus(501_000),
    }
}

fn sale_picture(stock: i64, groups: Vec<GroupPicture>) -> SalePicture {
    SalePicture {
        id: market::SaleId("s1".into()),
        price: Money::fen(5940),
        solo: Money::fen(8940),
        weight: Weight::grams(1500),
        quota: 300,
        released: 300,
        stock,
        per_person: 4,
        need: 10,
        ends_at: NOW.plus(501_000),
        rounds: vec![],
        groups,
        formed: 3,
        quote: None,
    }
}

fn picture(state: LiveState, pinned: Option<Pinned>, sale: Option<SalePicture>) -> LivePicture {
    let bought = |name: &str, quantity| Bought {
        who: Face::of(name),
        quantity,
    };
    LivePicture {
        version: 7,
        now: NOW,
        state,
        pinned,
        sale,
        recent: vec![bought("李秀英", 2), bought("王芳", 1), bought("何小军", 1)],
        sold: 192,
        turnover: Money::fen(1_140_500),
    }
}

fn on_sale() -> LivePicture {
    let groups = vec![
        group_picture("LIXY22", "李秀英", 8),
        group_picture("ZHANG9", "张建国", 3),
    ];
    picture(LiveState::Live, Some(pinned(120)), Some(sale_picture(108, groups)))
}

fn watch_with(lang: Lang, picture: LivePicture, change: impl FnOnce(&mut LivePage)) -> String {
    let card = live("CHEN88", picture.state);
    let mut view = LivePage {
        card,
        picture,
        viewers: 1286,
        whep: "/whep/CHEN88".into(),
        next: None,
        as_leader: false,
    };
    change(&mut view);
    live_page(&reader(lang, "/live/CHEN88"), view)
}

fn watch(lang: Lang, picture: LivePicture) -> String {
    watch_with(lang, picture, |_| {})
}

fn proposal() -> SaleForm {
    SaleForm {
        price: "59.4".into(),
        quota: "300".into(),
        per_person: "4".into(),
        need: "10".into(),
        minutes: "10".into(),
        rounds: "1".into(),
    }
}

fn host_with(lang: Lang, picture: LivePicture, change: impl FnOnce(&mut HostPage)) -> String {
    let mut card = live("CHEN88", picture.state);
    card.started_at = (picture.state != LiveState::Scheduled).then(|| NOW.plus(-2_538_000));
    let mut view = HostPage {
        card,
        picture,
        products: goods()[..3].to_vec(),
        ticket: "ticket.of.chen".into(),
        whip: "/whip/CHEN88".into(),
        encoder: "https://tiantou.example/whip/CHEN88".into(),
        sale_form: proposal(),
        problem: None,
    };
    change(&mut view);
    host_page(&reader(lang, "/host/CHEN88"), view)
}

fn host(lang: Lang, picture: LivePicture) -> String {
    host_with(lang, picture, |_| {})
}

fn host_list(lang: Lang, title: &str, problem: Option<&str>) -> String {
    let lives = vec![
        live("CHEN99", LiveState::Scheduled),
        live("CHEN88", LiveState::Live),
        live("CHEN77", LiveState::Ended),
    ];
    let view = HostListPage {
        farm: farm(),
        lives,
        title: title.into(),
        problem: problem.map(str::to_owned),
    };
    host_list_page(&reader(lang, "/host"), view)
}

/// Every page, by the name it is written under.
fn pages(lang: Lang) -> Vec<(&'static str, String)> {
    let next = |view: &mut LivePage| view.next = Some(live("WANG11", LiveState::Scheduled));
    vec![
        ("live-sale", watch(lang, on_sale())),
        (
            "live-leader",
            watch_with(
                lang,
                picture(LiveState::Live, Some(pinned(120)), Some(sale_picture(300, vec![]))),
                |view| view.as_leader = true,
            ),
        ),
        (
            "live-sold-out",
            watch(
                lang,
                picture(
                    LiveState::Live,
                    Some(pinned(12)),
                    Some(sale_picture(0, vec![group_picture("LIXY22", "李秀英", 8)])),
                ),
            ),
        ),
        (
            "live-shelf",
            watch(lang, picture(LiveState::Live, Some(pinned(120)), None)),
        ),
        ("live-nothing", watch(lang, picture(LiveState::Live, None, None))),
        ("live-scheduled", watch(lang, picture(LiveState::Scheduled, None, None))),
        (
            "live-ended",
            watch_with(lang, picture(LiveState::Ended, None, None), next),
        ),
        ("host-before", host(lang, picture(LiveState::Scheduled, None, None))),
        ("host-live", host(lang, on_sale())),
        ("host-empty", host(lang, picture(LiveState::Live, None, None))),
        (
            "host-refused",
            host_with(lang, on_sale(), |view| {
                view.problem = Some("秒杀价要比平时便宜".into());
                view.sale_form.price = "99999 元".into();
            }),
        ),
        ("host-ended", host(lang, picture(LiveState::Ended, None, None))),
        ("host-list", host_list(lang, "", None)),
        (
            "host-list-refused",
            host_list(lang, "<b>太长</b>", Some("名字最多 40 个字")),
        ),
    ]
}

/// The page without the islands' data: what a reader sees.
fn seen(page: &str) -> String {
    let mut rest = page;
    let mut seen = String::new();
    while let Some((before, after)) = rest.split_once(" data-props=\"") {
        seen.push_str(before);
        rest = after.split_once('"').map_or("", |(_, after)| after);
    }
    seen + rest
}

#[test]
fn pages_are_written_to_be_looked_at() {
    for lang in [Lang::Zh, Lang::En] {
        for (name, page) in pages(lang) {
            assert!(page.starts_with("<!DOCTYPE html>"), "{name}");
            assert_eq!(page.matches("<h1").count(), 1, "{name}: one h1");
            assert!(
                !seen(&page).contains("{n}") && !seen(&page).contains("{{"),
                "{name}: a gap was left open"
            );
            assert_eq!(
                page.matches("<script").count(),
                usize::from(!name.starts_with("host-list")),
                "{name}"
            );
            if let Ok(folder) = std::env::var("PAGES_DIR") {
                std::fs::write(format!("{folder}/{}-{name}.html", lang.tag()), &page).expect("a folder to write to");
            }
        }
    }
}

#[test]
fn a_sale_is_whole_without_scripts() {
    let page = seen(&watch(Lang::Zh, on_sale()));
    for words in [
        "老陈草莓园",
        "1286 人在看",
        "红颜草莓 头茬 3 斤装",
        "秒杀 300 份，还剩 108 份",
        "再来 2 人这个团就成",
        "3 斤一份，59.4 元",
        "每人限 4 份",
        "李** 刚买了 2 份",
        "还有 1 个团在等人",
        "张建国的团",
        "已有 3 人，共需 10 人",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("<i>¥</i>19<i>.8</i>"), "the price of a 斤 comes first");
    assert!(page.contains(r#"<s class="was">29.8</s>"#));
    assert!(page.contains("--p:64%"), "192 of 300 are gone");
    assert!(page.contains(r#"aria-label="剩余 08:21""#));
    assert!(
        page.contains(r#"href="/checkout?kind=group&amp;id=LIXY22&amp;quantity=1""#),
        "the fullest group"
    );
    assert!(!page.contains("/live/CHEN88/groups"), "only leaders open groups");
}

#[test]
fn every_state_says_what_can_be_done() {
    let empty = picture(LiveState::Live, Some(pinned(120)), Some(sale_picture(300, vec![])));
    let shopper = seen(&watch(Lang::Zh, empty.clone()));
    assert!(shopper.contains("还没人开团") && shopper.contains("单独买 ¥89.4") && !shopper.contains("马上拼"));
    let leader = seen(&watch_with(Lang::Zh, empty, |view| view.as_leader = true));
    assert!(leader.contains(r#"method="post" action="/live/CHEN88/groups""#));

    let sold_out = picture(
        LiveState::Live,
        Some(pinned(12)),
        Some(sale_picture(0, vec![group_picture("LIXY22", "李秀英", 8)])),
    );
    let sold_out = seen(&watch(Lang::Zh, sold_out));
    assert!(
        sold_out.contains("卖完了") && sold_out.contains("kind=solo&amp;id=v1") && !sold_out.contains("kind=group")
    );

    let gone = seen(&watch(Lang::Zh, picture(LiveState::Live, Some(pinned(0)), None)));
    assert!(gone.contains("卖完了") && !gone.contains("/checkout"));

    let mut late = on_sale();
    late.now = NOW.plus(501_000);
    let late = seen(&watch(Lang::Zh, late));
    assert!(late.contains("时间到了") && !late.contains("kind=group"));

    let ended = seen(&watch_with(
        Lang::Zh,
        picture(LiveState::Ended, Some(pinned(5)), None),
        |view| view.next = Some(live("WANG11", LiveState::Scheduled)),
    ));
    assert!(ended.contains("这场直播结束了") && ended.contains("/live/WANG11") && !ended.contains("/checkout"));
}

#[test]
fn the_picture_is_asked_for_early_and_sparing_readers_get_the_small_one() {
    let page = watch(Lang::Zh, on_sale());
    assert!(page.contains(r#"rel="modulepreload""#) && page.contains(r#"rel="preload""#));
    assert!(page.contains("640w"));
    let card = live("CHEN88", LiveState::Live);
    let mut context = reader(Lang::Zh, "/live/CHEN88");
    context.save_data = true;
    let view = LivePage {
        card,
        picture: on_sale(),
        viewers: 1,
        whep: "/whep/CHEN88".into(),
        next: None,
        as_leader: false,
    };
    let page = live_page(&context, view);
    assert!(!page.contains("640w") && page.contains(r#"aria-checked="true""#));
}

#[test]
fn the_host_s_forms_work_without_scripts_and_keep_what_was_typed() {
    let page = seen(&host(Lang::Zh, on_sale()));
    for action in [
        "/host/CHEN88/pin",
        "/host/CHEN88/sale",
        "/host/CHEN88/sale/end",
        "/host/CHEN88/end",
    ] {
        assert!(page.contains(&format!(r#"action="{action}""#)), "{action}");
    }
    for field in ["price", "quota", "per_person", "need", "minutes", "variant"] {
        assert!(page.contains(&format!(r#"name="{field}""#)), "{field}");
    }
    assert!(page.contains("¥11405") || page.contains("11405"));
    assert!(page.contains("李** +2 · 王** +1 · 何** +1"));
    assert!(!page.contains("sheet open"));

    let refused = seen(&host_with(Lang::Zh, on_sale(), |view| {
        view.problem = Some("秒杀价要比平时便宜".into());
        view.sale_form.price = "\"><script>1</script>".into();
    }));
    assert!(refused.contains("sheet open") && refused.contains("秒杀价要比平时便宜"));
    assert!(
        refused.contains("&lt;script&gt;") || !refused.contains("<script>1"),
        "what was typed is escaped"
    );
    assert!(!refused.contains("<script>1"));

    let before = seen(&host(Lang::Zh, picture(LiveState::Scheduled, None, None)));
    assert!(before.contains(r#"action="/host/CHEN88/start""#) && before.contains("开播"));
}

#[test]
fn a_ticket_is_only_on_the_host_s_own_page() {
    assert!(host(Lang::Zh, on_sale()).contains("ticket.of.chen"));
    assert!(!watch(Lang::Zh, on_sale()).contains("ticket.of.chen"));
}

#[test]
fn planning_keeps_the_title() {
    let page = host_list(Lang::Zh, "<b>太长</b>", Some("名字最多 40 个字"));
    assert!(page.contains(r#"role="alert""#) && page.contains("名字最多 40 个字"));
    assert!(page.contains("&lt;b&gt;太长") && !page.contains("<b>太长"));
    assert!(page.contains(r#"action="/host""#) && page.contains("/host/CHEN88"));
}

#[test]
fn english_is_complete() {
    for (name, page) in pages(Lang::En) {
        for words in ["直播", "秒杀", "拼团", "开播", "下播", "镜头"] {
            // sentences of the sample village itself are Chinese in a few places
            let ours = seen(&page).replace("秒杀价要比平时便宜", "");
            assert!(!ours.contains(words), "{name}: {words}");
        }
    }
}

#[test]
fn moments_are_the_server_s() {
    let mut view = picture(LiveState::Scheduled, None, None);
    view.now = Millis(NOW.0);
    let page = seen(&watch(Lang::Zh, view));
    assert!(page.contains("开播"));
}
