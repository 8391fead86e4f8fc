//! What the reading pages say, in both languages and in every state.
//!
//! With `PAGES_DIR` set, each page is also written there, to be looked at in a browser.
#![cfg(feature = "ssr")]
#![allow(missing_docs, clippy::expect_used)]

mod village;

use app::{
    Context,
    catalog::{
        CategoryPage, HomePage, OnAir, ProductPage, SearchPage, category_page, home_page, product_page, search_page,
    },
    group_buy::{GroupPage, GroupsPage, group_page, groups_page},
    site::{About, Problem, about_page, error_page, offline_page},
    story::{StoryPage, story_page},
    trace::{LookUpPage, TracePage, look_up_page, trace_page},
};
use market::{Bilingual, catalog::Category, group_buy::GroupState, live_session::LiveState, trace::Verdict};
use village::*;

fn home(context: &Context) -> String {
    let goods = goods();
    home_page(
        context,
        HomePage {
            live: vec![OnAir {
                card: live("CHEN88", LiveState::Live),
                viewers: 1286,
            }],
            planned: vec![live("CHEN99", LiveState::Scheduled)],
            sales: vec![
                sale(goods[0].clone(), 8, 10, 5940, 8940),
                sale(goods[7].clone(), 13, 20, 1300, 1900),
            ],
            products: goods,
            faces: faces(),
        },
    )
}

/// A picture for each category, as the market finds them.
fn faces() -> Vec<(Category, String)> {
    let first = |category| goods().into_iter().find(|card| card.category == category);
    let face = |category| first(category).map(|card| (category, card.photo));
    Category::ALL.iter().copied().filter_map(face).collect()
}

fn product_with(context: &Context, change: impl FnOnce(&mut ProductPage)) -> String {
    let mut view = ProductPage {
        product: product(),
        batch: Some(batch()),
        sale: Some(sale(strawberry(), 8, 10, 5940, 8940)),
    };
    change(&mut view);
    product_page(context, view)
}

fn group_with(context: &Context, state: GroupState, change: impl FnOnce(&mut GroupPage)) -> String {
    let joined = if state == GroupState::Formed { 10 } else { 8 };
    let mut view = GroupPage {
        group: group(state, joined, 10),
        batch: Some(batch()),
        my_order: None,
        link: "https://tiantou.example/g/LIXY22".into(),
        quantity: 1,
    };
    change(&mut view);
    group_page(context, view)
}

fn broken() -> market::trace::Batch {
    let mut batch = batch();
    batch.verdict = Verdict::Broken { at: 4 };
    for event in &mut batch.events[3..] {
        event.intact = false;
    }
    batch.events[4].facts = None;
    batch
}

/// Every page of the reading rooms, by the name it is written under.
fn pages(lang: Lang) -> Vec<(&'static str, String)> {
    let at = |path: &str| reader(lang, path);
    vec![
        ("home", home(&at("/"))),
        (
            "home-quiet",
            home_page(
                &at("/"),
                HomePage {
                    live: vec![],
                    planned: vec![],
                    sales: vec![],
                    products: vec![],
                    faces: vec![],
                },
            ),
        ),
        (
            "category",
            category_page(
                &at("/c/produce"),
                CategoryPage {
                    category: Category::Produce,
                    products: goods(),
                    faces: faces(),
                },
            ),
        ),
        (
            "search",
            search_page(
                &at("/search?q=cm"),
                SearchPage {
                    query: "cm".into(),
                    products: goods()[..2].to_vec(),
                    faces: vec![],
                },
            ),
        ),
        (
            "search-nothing",
            search_page(
                &at("/search?q=x"),
                SearchPage {
                    query: "榴莲".into(),
                    products: vec![],
                    faces: vec![],
                },
            ),
        ),
        ("product", product_with(&at("/p/strawberry"), |_| ())),
        (
            "product-plain",
            product_with(&at("/p/strawberry"), |view| {
                view.sale = None;
                view.batch = None;
                view.product.variants.truncate(1);
            }),
        ),
        (
            "product-out",
            product_with(&at("/p/strawberry"), |view| {
                view.sale = None;
                view.product.variants.iter_mut().for_each(|variant| variant.stock = 0);
            }),
        ),
        (
            "groups",
            groups_page(
                &at("/groups"),
                GroupsPage {
                    groups: vec![
                        group_card("LIXY22", strawberry(), 8, 10),
                        group_card("WANG33", goods()[7].clone(), 13, 20),
                    ],
                },
            ),
        ),
        (
            "groups-none",
            groups_page(&at("/groups"), GroupsPage { groups: vec![] }),
        ),
        (
            "group",
            group_with(&at("/g/LIXY22"), GroupState::Open, |view| view.quantity = 2),
        ),
        (
            "group-mine",
            group_with(&at("/g/LIXY22"), GroupState::Open, |view| {
                view.my_order = Some("QF7K2M".into())
            }),
        ),
        ("group-formed", group_with(&at("/g/LIXY22"), GroupState::Formed, |_| ())),
        ("group-failed", group_with(&at("/g/LIXY22"), GroupState::Failed, |_| ())),
        (
            "group-large",
            group_with(&at("/g/LIXY22"), GroupState::Open, |view| {
                view.group = group(GroupState::Open, 33, 50)
            }),
        ),
        ("trace", trace_page(&at("/t/DG-1122-03"), TracePage { batch: batch() })),
        (
            "trace-broken",
            trace_page(&at("/t/DG-1122-03"), TracePage { batch: broken() }),
        ),
        (
            "look-up",
            look_up_page(
                &at("/trace"),
                LookUpPage {
                    code: String::new(),
                    problem: None,
                    recent: vec![("DG-1122-03".into(), Bilingual::new("红颜草莓", "Hongyan strawberries"))],
                },
            ),
        ),
        (
            "look-up-problem",
            look_up_page(
                &at("/trace?code=XX"),
                LookUpPage {
                    code: "XX\"><b>".into(),
                    problem: Some("没有这个批次码。".into()),
                    recent: vec![],
                },
            ),
        ),
        ("story", story_page(&at("/story/chen"), StoryPage { story: story() })),
        ("about", about_page(&at("/about"), About {})),
        ("error-404", error_page(&at("/nothing"), Problem::NotFound)),
        ("error-403", error_page(&at("/host/X"), Problem::Forbidden)),
        ("error-429", error_page(&at("/sign-in"), Problem::TooMany)),
        (
            "error-500",
            error_page(
                &at("/"),
                Problem::Fault {
                    reference: "7F3K-22".into(),
                },
            ),
        ),
        ("offline", offline_page(&at("/offline"))),
    ]
}

/// What stands between tags, so that an attribute is not mistaken for words.
fn count(html: &str, part: &str) -> usize {
    html.matches(part).count()
}

#[test]
fn every_page_is_whole_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        for (name, html) in pages(lang) {
            if let Some(folder) = std::env::var_os("PAGES_DIR") {
                let file = std::path::Path::new(&folder).join(format!("{name}.{}.html", lang.tag()));
                std::fs::write(file, &html).expect("a page is written");
            }
            assert!(html.starts_with("<!DOCTYPE html>"), "{name}: {}", &html[..40]);
            assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{name}");
            assert_eq!(count(&html, "<h1"), 1, "{name}: one h1");
            assert_eq!(count(&html, "<main"), 1, "{name}: one main");
            assert!(html.contains("href=\"#main\""), "{name}: a way past the head");
            assert!(
                html.contains("name=\"description\" content=\"") && !html.contains("content=\"\""),
                "{name}: a description"
            );
            assert!(!html.contains("{{"), "{name}: a sentence with a hole");
            assert!(!html.contains("<!--"), "{name}: markers nobody needs without a script");
        }
    }
}

#[test]
fn reading_pages_have_no_script_and_no_inline_handler() {
    for (name, html) in pages(Lang::Zh) {
        assert_eq!(
            count(&html, "<script"),
            count(&html, "<script type=\"application/ld+json\">"),
            "{name}"
        );
        assert!(
            !html.contains("/pkg/tiantou.wasm") && !html.contains("/pkg/boot.js"),
            "{name}"
        );
        assert!(!html.contains(" onclick") && !html.contains("javascript:"), "{name}");
        for style in html.split(" style=\"").skip(1) {
            assert!(
                style.starts_with("--"),
                "{name}: only custom properties in style attributes: {}",
                &style[..20.min(style.len())]
            );
        }
    }
}

#[test]
fn english_pages_speak_english() {
    for (name, html) in pages(Lang::En) {
        let body = html.split("<body").nth(1).expect("a body");
        // Names of people stay as they are; the seal is an inscription; the switch is in Chinese for those who look for it.
        let without = [
            "中文",
            "陈桂田",
            "李秀英",
            "陈国强",
            "王建国",
            "刘洋",
            "赵桂芳",
            "孙丽",
            "周敏",
            "何平",
            "吴刚",
            "郑爽",
            "榴莲",
            "没有这个批次码。",
            "草莓",
            "溯",
            "源",
            "已",
            "验",
            "未",
            "通过",
        ];
        let mut words: String = body
            .split("<code>")
            .map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest))
            .collect();
        for word in without {
            words = words.replace(word, "");
        }
        let left: String = words
            .chars()
            .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
            .collect();
        let faces = "李陈王刘赵孙周何吴郑";
        assert!(left.chars().all(|c| faces.contains(c)), "{name}: {left}");
    }
}

#[test]
fn names_are_text_and_never_markup() {
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let context = reader(Lang::Zh, "/g/LIXY22?a=\"><script>");
    let html = group_with(&context, GroupState::Open, |view| {
        view.group.leader_name = evil.into();
        view.group.product.name = Bilingual::new(evil, evil);
        view.link = format!("https://x/{evil}");
    });
    assert!(!html.contains("<img src=x") && !html.contains("\"><script>"), "{html}");
    let html = product_with(&context, |view| {
        view.product.card.name = Bilingual::new("</script><script>alert(1)</script>", "");
        view.batch = Some({
            let mut batch = batch();
            batch.code = evil.into();
            batch
        });
    });
    assert_eq!(count(&html, "<script"), 1, "only the data block");
    assert!(!html.contains("<img src=x"));
    let html = trace_page(
        &context,
        TracePage {
            batch: {
                let mut batch = batch();
                if let Some(facts) = &mut batch.events[0].facts {
                    facts.place = Bilingual::new(evil, evil)
                }
                batch
            },
        },
    );
    assert!(!html.contains("<img src=x"), "a place's name in the sketch of the way");
}

#[test]
fn home_tells_what_is_on_and_leads_there() {
    let html = home(&reader(Lang::Zh, "/"));
    for words in [
        "小雪",
        "15 天后大雪",
        "1,286 人在看",
        "10 人团，再来 2 人就成",
        "今晚 22:00 截止",
        "20 人团，再来 7 人就成",
        "单买 29.8",
        "明天 9:53 开播",
        "可溯源",
    ] {
        assert!(html.contains(words), "{words}");
    }
    for way in [
        "/live/CHEN88",
        "/g/LIXY22",
        "/p/strawberry",
        "/c/grain_oil",
        "/groups",
        "/checkout?kind=solo&amp;id=v2&amp;quantity=1",
    ] {
        assert!(html.contains(&format!("href=\"{way}\"")), "{way}");
    }
    // Sold out: a stamp, and no way to buy it.
    assert!(html.contains("卖完了") && !html.contains("id=v5"));
    let english = home(&reader(Lang::En, "/"));
    for words in [
        "Minor Snow",
        "Major Snow in 15 days",
        "Group of 10, 2 more to go",
        "Ends tonight 22:00",
        "Solo 29.8",
    ] {
        assert!(english.contains(words), "{words}");
    }
}

#[test]
fn saving_data_leaves_the_heavy_picture_out() {
    let mut context = reader(Lang::Zh, "/");
    assert!(home(&context).contains("/img/live"));
    context.save_data = true;
    let html = home(&context);
    assert!(!html.contains("/img/live") && html.contains("class=\"save-data\""));
}

#[test]
fn the_way_to_every_category_shows_a_picture_of_something_in_it() {
    let at = |path: &str| reader(Lang::Zh, path);
    let category = CategoryPage {
        category: Category::Produce,
        products: goods()
            .into_iter()
            .filter(|card| card.category == Category::Produce)
            .collect(),
        faces: faces(),
    };
    let asking = SearchPage {
        query: String::new(),
        products: vec![],
        faces: faces(),
    };
    for html in [
        home(&at("/")),
        category_page(&at("/c/produce"), category),
        search_page(&at("/search"), asking),
    ] {
        let from = html.find("class=\"cats\"").expect("ways to the categories");
        let to = from + html[from..].find("</nav>").expect("their end");
        assert_eq!(
            html[from..to].matches("<img").count(),
            Category::ALL.len(),
            "{}",
            &html[from..to]
        );
    }
}

#[test]
fn a_search_keeps_what_was_typed() {
    let context = reader(Lang::Zh, "/search?q=cm");
    let html = search_page(
        &context,
        SearchPage {
            query: "a\"b".into(),
            products: vec![],
            faces: vec![],
        },
    );
    assert!(html.contains("value=\"a&quot;b\"") && html.contains("没找到"), "{html}");
    assert!(html.contains("noindex"));
    assert!(
        search_page(
            &context,
            SearchPage {
                query: "cm".into(),
                products: goods(),
                faces: vec![],
            }
        )
        .contains("找到 8 样")
    );
}

#[test]
fn a_product_shows_the_price_per_jin_first_and_what_may_be_chosen() {
    let html = product_with(&reader(Lang::Zh, "/p/strawberry"), |_| ());
    assert!(
        html.contains("<b class=\"price xl\"><i>¥</i>19<i>.8</i></b><span class=\"per\">/斤 · 10 人团</span>"),
        "{html}"
    );
    assert!(html.contains("已售 2,416 斤") && html.contains("演示图") && html.contains("坏几个赔几个"));
    assert!(html.contains("李秀英的团，差 2 人成团") && html.contains("href=\"/g/LIXY22\""));
    assert!(html.contains("href=\"/t/DG-1122-03\"") && html.contains("href=\"/story/chen\""));
    // The first pack that is there is chosen; the one that is gone cannot be.
    assert!(
        html.contains("value=\"v1\" checked") && html.contains("value=\"v1c\" disabled"),
        "{html}"
    );
    assert!(html.contains("12 份") && html.contains("\"priceCurrency\":\"CNY\""));
}

#[test]
fn a_product_that_is_gone_cannot_be_bought() {
    let html = product_with(&reader(Lang::Zh, "/p/strawberry"), |view| {
        view.sale = None;
        view.product.variants.iter_mut().for_each(|variant| variant.stock = 0);
    });
    assert!(html.contains("btn off") && html.contains("卖完了"));
    assert!(!html.contains("form=\"pack\"") && !html.contains("checked"));
    assert!(html.contains("schema.org/OutOfStock") && !html.contains("schema.org/InStock"));
}

#[test]
fn a_group_says_what_is_missing_and_what_one_may_do() {
    let context = reader(Lang::Zh, "/g/LIXY22");
    let open = group_with(&context, GroupState::Open, |view| view.quantity = 2);
    assert!(
        open.contains("再来<em>2</em>人就成团") && open.contains("我也拼 2 份 ¥118.8"),
        "{open}"
    );
    assert!(open.contains("/checkout?kind=group&amp;id=LIXY22&amp;quantity=2"));
    assert!(open.contains("quantity=1") && open.contains("quantity=3") && open.contains("/g/LIXY22/poster.png"));
    assert_eq!(count(&open, "ava m none"), 2, "an empty frame for everybody missing");
    assert!(
        open.contains("aria-label=\"王**\"") && !open.contains("王建国"),
        "members are surnames"
    );
    assert!(open.contains("10:00–19:00"));

    let most = group_with(&context, GroupState::Open, |view| {
        view.quantity = 99;
        view.group.stock = 3;
    });
    assert!(
        most.contains("我也拼 3 份") && !most.contains("quantity=4"),
        "never more than there is"
    );

    let mine = group_with(&context, GroupState::Open, |view| view.my_order = Some("QF7K2M".into()));
    assert!(mine.contains("/orders/QF7K2M") && !mine.contains("/checkout"));
    let formed = group_with(&context, GroupState::Formed, |_| ());
    assert!(formed.contains("成团了") && formed.contains("人齐了") && !formed.contains("/checkout"));
    let failed = group_with(&context, GroupState::Failed, |_| ());
    assert!(failed.contains("没成团") && failed.contains("都退了") && !failed.contains("/checkout"));
    let late = group_with(&context, GroupState::Open, |view| view.group.deadline = NOW);
    assert!(
        late.contains("没成团") && !late.contains("/checkout"),
        "the time is over before the timer has said so"
    );
    let out = group_with(&context, GroupState::Open, |view| view.group.stock = 0);
    assert!(out.contains("卖完了") && !out.contains("/checkout"));
}

#[test]
fn the_seal_stands_only_on_a_batch_that_holds() {
    let context = reader(Lang::Zh, "/t/DG-1122-03");
    let html = trace_page(&context, TracePage { batch: batch() });
    assert!(html.contains("印章：溯源已验") && html.contains("6/6 吻合") && html.contains("未被改动"));
    for words in [
        "今天 5:40",
        "定植 红颜 脱毒苗",
        "一直在 2–4 ℃",
        "DG2026-11-3082",
        "未检出",
        "晚了 3 小时才记",
        "620 斤",
        "/story/chen",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let html = trace_page(&context, TracePage { batch: broken() });
    assert!(html.contains("印章：未通过") && !html.contains("溯源已验") && !html.contains("未被改动"));
    assert!(
        html.contains("role=\"alert\"")
            && html.contains("第 4 步起")
            && html.contains("3/6 吻合")
            && html.contains("第 5 步读不出来了")
    );
    let html = product_with(&context, |view| view.batch = Some(broken()));
    assert!(
        !html.contains("溯源已验") && html.contains("第 4 步起"),
        "nor on the product's page"
    );
    let empty = trace_page(
        &context,
        TracePage {
            batch: {
                let mut batch = batch();
                batch.events.clear();
                batch.verdict = Verdict::Empty;
                batch
            },
        },
    );
    assert!(!empty.contains("印章") && empty.contains("还没有记录"));
}

#[test]
fn a_cold_chain_that_broke_is_said_in_words() {
    let mut batch = batch();
    if let Some(facts) = &mut batch.events[4].facts {
        facts.temperatures[3].deci_celsius = 95;
    }
    let html = trace_page(&reader(Lang::Zh, "/t/X"), TracePage { batch });
    assert!(html.contains("超出范围：2.6–9.5 ℃"), "{html}");
}

#[test]
fn a_code_that_leads_nowhere_is_kept_and_said() {
    let html = look_up_page(
        &reader(Lang::Zh, "/trace"),
        LookUpPage {
            code: "XX\"><b>".into(),
            problem: Some("没有这个批次码。".into()),
            recent: vec![],
        },
    );
    assert!(html.contains("role=\"alert\"") && html.contains("没有这个批次码。"));
    assert!(
        html.contains("value=\"XX&quot;&gt;&lt;b&gt;\"") || html.contains("value=\"XX&quot;><b>\""),
        "{html}"
    );
    assert!(html.contains("aria-invalid=\"true\""));
}

#[test]
fn a_story_has_its_lead_its_quotation_and_its_goods() {
    let html = story_page(&reader(Lang::Zh, "/story/chen"), StoryPage { story: story() });
    assert!(html.contains("<p class=\"lead\">凌晨四点半") && html.contains("<blockquote class=\"quote\">“你在手机里"));
    assert!(
        html.contains("2026年11月20日")
            && html.contains("href=\"/p/strawberry\"")
            && html.contains("\"@type\":\"Article\"")
    );
}

#[test]
fn a_fault_gives_a_number_and_nothing_else() {
    let html = error_page(
        &reader(Lang::Zh, "/"),
        Problem::Fault {
            reference: "7F3K-22".into(),
        },
    );
    assert!(html.contains("7F3K-22") && html.contains("不会扣钱") && html.contains("noindex"));
}
