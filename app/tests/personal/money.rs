//! Checkout and receipt: what is charged, what is not, and what can still be done.

use crate::{
    BOTH, form,
    orders::{bridge, shop, signed_in},
    samples, tag,
    village::reader,
};
use app::order::{checkout_page, order_page};
use market::{
    Lang, Money,
    order::{CancelReason, Method, OrderState},
};

/// The radio button of `name` with `value`.
fn radio<'a>(html: &'a str, name: &str, value: &str) -> &'a str {
    let sign = format!("name=\"{name}\" value=\"{value}\"");
    tag(html, &sign)
}

#[test]
fn the_form_carries_the_key_the_choice_and_the_price_that_was_shown() {
    for lang in BOTH {
        let html = checkout_page(&signed_in(lang, "何小军", &[]), samples::checkout(true));
        let sheet = form(&html, "/checkout").unwrap();
        for (name, value) in [
            ("request_id", "00112233445566778899aabbccddeeff"),
            ("kind", "group"),
            ("id", "LIXY22"),
            ("shown_fen", "5940"),
            ("pickup", shop().id.as_str()),
        ] {
            assert!(
                tag(sheet, &format!("name=\"{name}\"")).contains(&format!("value=\"{value}\"")),
                "{name}"
            );
            assert_eq!(
                sheet.matches(&format!("name=\"{name}\"")).count(),
                1,
                "{name}: twice would be refused"
            );
        }
        let submit = tag(&html, "form=\"checkout\"");
        assert!(
            submit.contains("name=\"quantity\" value=\"2\""),
            "the number travels with the button: {submit}"
        );
        assert!(
            html.contains("<i>¥</i>118<i>.8</i>") && html.contains("¥60"),
            "total, and what the group saves"
        );
    }
}

#[test]
fn the_enter_key_orders_what_is_shown() {
    // The first submit button of a form is what Enter presses (HTML, implicit submission).
    let html = checkout_page(&signed_in(Lang::Zh, "何小军", &[]), samples::checkout(true));
    let first = tag(form(&html, "/checkout").unwrap(), "<button");
    assert!(
        first.contains("value=\"2\"") && !first.contains("formmethod"),
        "{first}"
    );
}

#[test]
fn the_stepper_stays_between_one_and_the_limit() {
    let at = |quantity: i64, limit: i64| {
        let mut view = samples::checkout(true);
        (view.form.quantity, view.limit) = (quantity, limit);
        checkout_page(&signed_in(Lang::En, "何小军", &[]), view)
    };
    let step = |html: &str, label: &str| {
        let button = tag(html, &format!("aria-label=\"{label}\"")).to_owned();
        let to = button
            .split("value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse::<i64>()
            .unwrap();
        (!button.contains("disabled")).then_some(to)
    };
    for (quantity, limit, less, more) in [
        (1, 4, None, Some(2)),
        (2, 4, Some(1), Some(3)),
        (4, 4, Some(3), None),
        (9, 4, Some(4), None),
        (-5, 4, None, Some(1)),
        (i64::MIN, 4, None, Some(1)),
        (i64::MAX, 4, Some(4), None),
    ] {
        let html = at(quantity, limit);
        assert_eq!(
            (step(&html, "One less"), step(&html, "One more")),
            (less, more),
            "{quantity} of {limit}"
        );
    }
}

#[test]
fn sold_out_leaves_no_way_to_order() {
    let mut view = samples::checkout(true);
    view.limit = 0;
    let html = checkout_page(&signed_in(Lang::Zh, "何小军", &[]), view);
    assert!(html.contains("卖完了") && !html.contains("form=\"checkout\""));
    assert!(tag(&html, "class=\"btn off big grow\"").contains("disabled"));
}

#[test]
fn where_to_fetch_is_chosen_by_the_shopper_or_by_the_group() {
    let shopper = signed_in(Lang::Zh, "何小军", &[]);
    let html = checkout_page(&shopper, samples::checkout(false));
    for point in [shop(), bridge()] {
        let input = radio(&html, "pickup", point.id.as_str());
        assert!(
            input.contains("required") && !input.contains("checked"),
            "nobody's village is guessed: {input}"
        );
    }
    let mut view = samples::checkout(false);
    (view.form.pickup, view.form.method, view.problem) = (Some(bridge().id), Method::Balance, Some("价钱变了".into()));
    let html = checkout_page(&shopper, view);
    assert!(radio(&html, "pickup", "bridge").contains("checked"));
    assert!(
        radio(&html, "method", "balance").contains("checked") && !radio(&html, "method", "cash").contains("checked")
    );
    assert!(html.contains("role=\"alert\"") && html.contains("价钱变了"));
}

#[test]
fn a_balance_that_does_not_reach_cannot_be_chosen() {
    let shopper = signed_in(Lang::Zh, "何小军", &[]);
    for (fen, enough) in [(11_879, false), (11_880, true)] {
        let mut view = samples::checkout(true);
        (view.balance, view.form.method) = (Some(Money::fen(fen)), Method::Balance);
        let html = checkout_page(&shopper, view);
        assert_eq!(radio(&html, "method", "balance").contains("disabled"), !enough, "{fen}");
        assert_eq!(radio(&html, "method", "cash").contains("checked"), !enough, "{fen}");
    }
    let mut view = samples::checkout(true);
    view.balance = None;
    let html = checkout_page(&reader(Lang::Zh, "/checkout"), view);
    assert!(html.contains("下一步用手机号登录") && !radio(&html, "method", "balance").contains("disabled"));
}

#[test]
fn what_can_be_done_with_an_order_follows_from_where_it_stands() {
    let shopper = signed_in(Lang::Zh, "何小军", &[]);
    for in_group in [true, false] {
        for &state in OrderState::ALL {
            let page = |as_leader: bool| {
                let mut view = samples::receipt(state, in_group);
                view.as_leader = as_leader;
                order_page(&shopper, view)
            };
            let (own, leaders) = (page(false), page(true));
            let code = format!("D{}", state.as_str().to_uppercase());
            let has = |html: &str, verb: &str| form(html, &format!("/orders/{code}/{verb}")).is_some();
            let may_cancel = matches!(state, OrderState::Pending | OrderState::Waiting)
                || (state == OrderState::Confirmed && !in_group);
            assert_eq!(has(&own, "pay"), state == OrderState::Pending, "{state} {in_group}");
            assert_eq!(has(&own, "cancel"), may_cancel, "{state} {in_group}");
            assert!(
                !has(&own, "collect"),
                "{state}: a shopper does not hand over to themselves"
            );
            assert_eq!(has(&leaders, "collect"), state == OrderState::Confirmed, "{state}");
            assert!(
                !has(&leaders, "pay") && !has(&leaders, "cancel"),
                "{state}: a leader pays and cancels nothing"
            );
            assert_eq!(
                own.contains("520813"),
                state == OrderState::Confirmed,
                "{state}: the code is for what is there"
            );
        }
    }
}

#[test]
fn an_unpaid_order_says_so_and_offers_what_works() {
    let shopper = signed_in(Lang::Zh, "何小军", &[]);
    let rich = order_page(&shopper, samples::receipt(OrderState::Pending, true));
    assert!(rich.contains("钱没扣。货给你留到 今天 14:03。"));
    assert!(rich.contains("value=\"balance\"") && rich.contains("value=\"cash\""));
    let mut view = samples::receipt(OrderState::Pending, true);
    (view.balance, view.problem) = (Money::fen(100), Some("没付成，钱没扣。".into()));
    let poor = order_page(&shopper, view);
    assert!(!poor.contains("value=\"balance\"") && poor.contains("value=\"cash\""));
    assert!(poor.contains("role=\"alert\"") && poor.contains("没付成，钱没扣。"));
}

#[test]
fn a_closed_order_says_what_became_of_the_money() {
    let shopper = signed_in(Lang::Zh, "何小军", &[]);
    let page = |reason, refunded: i64| {
        let mut view = samples::receipt(OrderState::Cancelled, true);
        (view.order.reason, view.order.refunded, view.order.paid) = (Some(reason), Money::fen(refunded), refunded > 0);
        order_page(&shopper, view)
    };
    let failed = page(CancelReason::GroupFailed, 11_880);
    assert!(failed.contains("没成团") && failed.contains("¥118.8 已退回余额"));
    let own = page(CancelReason::ByShopper, 0);
    assert!(own.contains("已取消") && own.contains("钱没扣") && !own.contains("已退回"));
    assert!(order_page(&shopper, samples::receipt(OrderState::Expired, true)).contains("钱没扣"));
}

#[test]
fn an_order_names_its_leader_its_live_and_its_batch() {
    let shopper = signed_in(Lang::Zh, "何小军", &[]);
    let html = order_page(&shopper, samples::receipt(OrderState::Waiting, true));
    for link in ["/g/LIXY22", "/live/CHEN88", "/t/DG-1122-03", "/p/strawberry"] {
        assert!(html.contains(&format!("href=\"{link}\"")), "{link}");
    }
    assert!(html.contains("李秀英") && html.contains("再来 2 人就成，今晚 21:53 截止"));
    let mut alone = samples::receipt(OrderState::Confirmed, false);
    alone.batch = None;
    let html = order_page(&shopper, alone);
    assert!(!html.contains("href=\"/g/") && !html.contains("href=\"/t/") && !html.contains("href=\"/live/"));
}
