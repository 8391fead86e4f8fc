//! Every personal page as it commonly looks, in one list: what holds for all is checked on all.

use crate::{
    orders::*,
    village::{HOUR, NOW, farm, goods, group, group_card, live, reader, sale, strawberry},
};
use app::{
    catalog::OnAir,
    community::{LeaderPage, leader_page},
    live::{LiveListPage, live_list_page},
    order::{CheckoutForm, CheckoutPage, LinePage, OrderPage, checkout_page, line_page, order_page},
    people::{AppsPage, InboxPage, MePage, SignInPage, Step, apps_page, inbox_page, me_page, sign_in_page},
};
use market::{
    ApiTokenId, Bilingual, Lang, Money, PersonId,
    api_token::{ApiToken, Scope},
    balance::{Cause, Entry},
    group_buy::GroupState,
    live_session::LiveState,
    order::{Method, OrderState},
    people::{Notice, NoticeKind, Role},
};

pub fn sign_in(step: Step) -> SignInPage {
    SignInPage {
        step,
        phone: String::new(),
        next: "/checkout?kind=group&id=LIXY22&quantity=2".into(),
        problem: None,
        shown_code: None,
    }
}

pub fn me(orders: bool) -> MePage {
    let orders = if orders {
        OrderState::ALL
            .iter()
            .map(|&state| order(state, state != OrderState::Confirmed))
            .collect()
    } else {
        Vec::new()
    };
    let entry = |fen, cause, order: Option<&str>| Entry {
        delta: Money::fen(fen),
        cause,
        order: order.map(Into::into),
        at: NOW.plus(-2 * HOUR),
    };
    let notice = |kind, unread| Notice {
        kind,
        order: Some(("DWAITING".into(), strawberry().name)),
        live: None,
        at: NOW.plus(-HOUR),
        unread,
    };
    MePage {
        balance: Money::fen(3250),
        entries: vec![
            entry(11880, Cause::Refund, Some("DCANCELLED")),
            entry(-11880, Cause::Pay, Some("DWAITING")),
            entry(5000, Cause::Gift, None),
        ],
        orders,
        notices: vec![
            notice(NoticeKind::GroupFormed, true),
            notice(NoticeKind::HoldLapsed, false),
        ],
        unread: 1,
        farm: None,
        problem: None,
        name_typed: "何小军".into(),
    }
}

pub fn apps(made: Option<&str>) -> AppsPage {
    let token = |id: &str, name: &str, used| ApiToken {
        id: ApiTokenId(id.into()),
        name: name.into(),
        scopes: vec![Scope::CatalogRead, Scope::OrdersWrite],
        created_at: NOW.plus(-30 * HOUR),
        last_used_at: used,
    };
    AppsPage {
        tokens: vec![token("t1", "Ledger", Some(NOW.plus(-HOUR))), token("t2", "ERP", None)],
        made: made.map(|text| ("Ledger".into(), text.into())),
        name_typed: String::new(),
        ticked: vec![Scope::OrdersRead],
        problem: None,
    }
}

pub fn checkout(in_group: bool) -> CheckoutPage {
    let form = CheckoutForm {
        request_id: "00112233445566778899aabbccddeeff".into(),
        kind: if in_group { "group".into() } else { "solo".into() },
        id: if in_group { "LIXY22".into() } else { "v1".into() },
        quantity: 2,
        pickup: None,
        method: Method::Cash,
        quote: String::new(),
    };
    CheckoutPage {
        form,
        product: strawberry(),
        variant: strawberry().variant,
        unit: Money::fen(if in_group { 5940 } else { 8940 }),
        group: in_group.then(|| group(GroupState::Open, 8, 10)),
        pickups: if in_group { vec![shop()] } else { vec![shop(), bridge()] },
        balance: Some(Money::fen(20_000)),
        limit: 4,
        problem: None,
    }
}

pub fn receipt(state: OrderState, in_group: bool) -> OrderPage {
    OrderPage {
        order: order(state, in_group),
        as_leader: false,
        balance: Money::fen(20_000),
        problem: None,
        batch: Some("DG-1122-03".into()),
    }
}

pub fn leader() -> LeaderPage {
    let mut eggs = order(OrderState::Confirmed, true);
    (eggs.code, eggs.product, eggs.paid, eggs.quantity) =
        ("DEGGS".into(), Bilingual::new("散养土鸡蛋", "Free-range eggs"), true, 1);
    let mut zhao = order(OrderState::Confirmed, false);
    (zhao.code, zhao.shopper_id, zhao.shopper_name, zhao.phone_tail) =
        ("DZHAO".into(), PersonId("p10".into()), "赵桂芳".into(), "8812".into());
    let [open, mut formed, mut failed] =
        [("OPEN22", 8), ("FORM22", 10), ("FAIL22", 3)].map(|(code, joined)| group_card(code, strawberry(), joined, 10));
    (formed.state, failed.state) = (GroupState::Formed, GroupState::Failed);
    LeaderPage {
        pickup: Some(shop()),
        groups: vec![open, formed, failed],
        orders: vec![
            order(OrderState::Confirmed, true),
            eggs,
            zhao,
            order(OrderState::Waiting, true),
            order(OrderState::Collected, true),
        ],
        sales: vec![
            sale(strawberry(), 8, 10, 5940, 8940),
            sale(goods()[7].clone(), 13, 20, 1300, 1900),
        ],
        problem: None,
    }
}

pub fn lives(any: bool) -> LiveListPage {
    let on = OnAir {
        card: live("CHEN88", LiveState::Live),
        viewers: 1286,
    };
    if any {
        LiveListPage {
            on: vec![on],
            planned: vec![live("WANG22", LiveState::Scheduled)],
            past: vec![live("PAST22", LiveState::Ended)],
        }
    } else {
        LiveListPage {
            on: Vec::new(),
            planned: Vec::new(),
            past: Vec::new(),
        }
    }
}

/// Name and HTML of every page in its common and its rarer looks.
pub fn all(lang: Lang) -> Vec<(String, String)> {
    let shopper = || signed_in(lang, "何小军", &[]);
    let busy = signed_in(lang, "陈桂田", &[Role::Farmer, Role::Leader]);
    let guest = reader(lang, "/sign-in");
    let code = Step::Code {
        expires_at: NOW.plus(300_000),
    };
    let mut failed_name = me(true);
    (failed_name.problem, failed_name.name_typed, failed_name.farm) = (Some("!".into()), NASTY.into(), Some(farm()));
    let mut chosen = checkout(false);
    (chosen.form.pickup, chosen.balance, chosen.problem) = (Some(bridge().id), Some(Money::fen(100)), Some("!".into()));
    let mut stranger = checkout(true);
    stranger.balance = None;
    let mut handing = receipt(OrderState::Confirmed, true);
    handing.as_leader = true;
    let mut poor = receipt(OrderState::Pending, true);
    poor.balance = Money::fen(100);
    let leading = signed_in(lang, "李秀英", &[Role::Leader]);
    let bare = LeaderPage {
        pickup: None,
        groups: Vec::new(),
        orders: Vec::new(),
        sales: Vec::new(),
        problem: Some("!".into()),
    };
    let mut pages = vec![
        ("sign-in", sign_in_page(&guest, sign_in(Step::Phone))),
        (
            "sign-in-problem",
            sign_in_page(
                &guest,
                SignInPage {
                    phone: "12".into(),
                    problem: Some("!".into()),
                    ..sign_in(Step::Phone)
                },
            ),
        ),
        (
            "sign-in-code",
            sign_in_page(
                &guest,
                SignInPage {
                    phone: "139 1234 2250".into(),
                    shown_code: Some("408216".into()),
                    ..sign_in(code)
                },
            ),
        ),
        ("me", me_page(&shopper(), me(true))),
        ("apps", apps_page(&shopper(), apps(None))),
        (
            "inbox",
            inbox_page(
                &shopper(),
                InboxPage {
                    notices: me(true).notices,
                },
            ),
        ),
        ("inbox-none", inbox_page(&shopper(), InboxPage::default())),
        ("apps-made", apps_page(&shopper(), apps(Some("tt_0190_abcdef")))),
        ("apps-none", apps_page(&shopper(), AppsPage::default())),
        (
            "me-new",
            me_page(
                &shopper(),
                MePage {
                    notices: Vec::new(),
                    entries: Vec::new(),
                    ..me(false)
                },
            ),
        ),
        ("me-problem", me_page(&busy, failed_name)),
        ("me-guest", me_page(&guest, me(false))),
        (
            "line",
            line_page(
                &shopper(),
                LinePage {
                    ahead: 128,
                    estimate_ms: 2_400,
                },
            ),
        ),
        ("checkout-group", checkout_page(&shopper(), checkout(true))),
        ("checkout-guest", checkout_page(&guest, stranger)),
        ("checkout-solo", checkout_page(&shopper(), checkout(false))),
        ("checkout-problem", checkout_page(&shopper(), chosen)),
        ("order-hand-over", order_page(&leading, handing)),
        ("order-poor", order_page(&shopper(), poor)),
        ("leader", leader_page(&leading, leader())),
        ("leader-bare", leader_page(&leading, bare)),
        ("live-list", live_list_page(&guest, lives(true))),
        ("live-list-empty", live_list_page(&guest, lives(false))),
    ];
    let states = ["pending", "waiting", "confirmed", "collected", "expired", "cancelled"];
    for (name, &state) in states.iter().zip(OrderState::ALL) {
        pages.push((name, order_page(&shopper(), receipt(state, true))));
    }
    pages.into_iter().map(|(name, html)| (name.to_owned(), html)).collect()
}
