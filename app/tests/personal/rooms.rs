//! Signing in, one's own page, the leader's desk, the list of lives.

use crate::{
    BOTH, form,
    orders::{order, signed_in},
    samples, tag,
    village::{NOW, farm, reader},
};
use app::{
    community::leader_page,
    live::{LiveListPage, live_list_page},
    people::{SignInPage, Step, me_page, sign_in_page},
};
use market::{Lang, order::OrderState, people::Role};

#[test]
fn signing_in_keeps_what_was_typed_and_where_somebody_was() {
    for lang in BOTH {
        let guest = reader(lang, "/sign-in");
        let view = SignInPage {
            phone: "12 <b>".into(),
            problem: Some("Not <a> number".into()),
            ..samples::sign_in(Step::Phone)
        };
        let html = sign_in_page(&guest, view);
        let ask = form(&html, "/sign-in").unwrap();
        assert!(
            tag(ask, "name=\"phone\"").contains("value=\"12 <b>\"")
                || tag(ask, "name=\"phone\"").contains("value=\"12 &lt;b&gt;\"")
        );
        assert!(tag(ask, "name=\"phone\"").contains("aria-invalid=\"true\""));
        assert!(tag(ask, "name=\"next\"").contains("/checkout?kind=group&amp;id=LIXY22&amp;quantity=2"));
        assert!(html.contains("role=\"alert\"") && html.contains("Not &lt;a&gt; number"));
        assert!(
            html.find("role=\"alert\"") < html.find("name=\"phone\""),
            "the problem comes before the form"
        );
    }
}

#[test]
fn the_second_step_carries_phone_and_way_on_in_every_form() {
    let step = Step::Code {
        expires_at: NOW.plus(300_000),
    };
    let view = SignInPage {
        phone: "139 1234 2250".into(),
        ..samples::sign_in(step)
    };
    let html = sign_in_page(&reader(Lang::Zh, "/sign-in"), view);
    let enter = form(&html, "/sign-in/code").unwrap();
    assert!(tag(enter, "name=\"phone\"").contains("139 1234 2250"));
    assert!(tag(enter, "name=\"code\"").contains("autocomplete=\"one-time-code\""));
    let again = form(&html, "/sign-in").unwrap();
    for part in [enter, again] {
        assert!(tag(part, "name=\"next\"").contains("id=LIXY22"), "{part}");
    }
    assert!(html.contains("139****2250") && html.contains("13:58"));
    assert!(
        !html.contains("shown-code"),
        "the code is shown only when it was handed over"
    );
    let shown = SignInPage {
        shown_code: Some("408216".into()),
        ..samples::sign_in(step)
    };
    assert!(sign_in_page(&reader(Lang::Zh, "/sign-in"), shown).contains("408216"));
}

#[test]
fn a_code_to_fetch_with_is_there_and_others_are_not() {
    let mut me = samples::me(true);
    for (at, order) in me.orders.iter_mut().enumerate() {
        order.pickup_code = format!("90000{at}");
    }
    let ready = me
        .orders
        .iter()
        .position(|order| order.state == OrderState::Confirmed)
        .unwrap();
    let html = me_page(&signed_in(Lang::Zh, "何小军", &[]), me);
    for at in 0..OrderState::ALL.len() {
        assert_eq!(html.contains(&format!("90000{at}")), at == ready, "order {at}");
    }
    for anchor in ["pending", "waiting", "confirmed", "collected"] {
        assert_eq!(html.matches(&format!("href=\"#{anchor}\"")).count(), 1);
        assert_eq!(
            html.matches(&format!("id=\"{anchor}\"")).count(),
            1,
            "{anchor} is linked to, so it must be there once"
        );
    }
}

#[test]
fn an_empty_page_leads_on_and_links_nowhere_empty() {
    let html = me_page(&signed_in(Lang::Zh, "何小军", &[]), samples::me(false));
    assert!(html.contains("还没买过东西") && html.contains("去逛逛"));
    assert!(!html.contains("href=\"#pending\""));
    let guest = me_page(&reader(Lang::Zh, "/me"), samples::me(true));
    assert!(
        guest.contains("/sign-in?next=/me") && !guest.contains("520813"),
        "nobody sees nothing"
    );
}

#[test]
fn a_refused_name_is_said_at_the_top_and_typed_again() {
    let mut view = samples::me(true);
    (view.problem, view.name_typed) = (Some("名字要 1 到 20 个字。".into()), "二十个字以上".into());
    let html = me_page(&signed_in(Lang::Zh, "何小军", &[]), view);
    let (alert, name, orders) = (
        html.find("role=\"alert\""),
        html.find("id=\"name\""),
        html.find("520813"),
    );
    assert!(alert < name && name < orders);
    assert!(tag(&html, "id=\"name\"").contains("二十个字以上"));
    assert!(html.contains("<h1>何小军</h1>"), "the name itself did not change");
}

#[test]
fn desks_and_photo_are_for_those_who_have_them() {
    let page = |roles: &[Role], with_farm: bool| {
        let mut view = samples::me(false);
        view.farm = with_farm.then(farm);
        me_page(&signed_in(Lang::En, "何小军", roles), view)
    };
    let (shopper, farmer, leader) = (
        page(&[], false),
        page(&[Role::Farmer], true),
        page(&[Role::Leader], false),
    );
    assert!(
        !shopper.contains("href=\"/host\"")
            && !shopper.contains("href=\"/leader\"")
            && form(&shopper, "/me/photo").is_none()
    );
    assert!(farmer.contains("href=\"/host\"") && !farmer.contains("href=\"/leader\""));
    assert!(tag(&farmer, "action=\"/me/photo\"").contains("multipart/form-data"));
    assert!(leader.contains("href=\"/leader\"") && !leader.contains("href=\"/host\""));
}

#[test]
fn the_leader_sees_who_ordered_what_once_and_what_cash_to_take() {
    let desk = signed_in(Lang::Zh, "李秀英", &[Role::Leader]);
    let html = leader_page(&desk, samples::leader());
    // Two orders in cash of 118.8 each; the eggs are paid.
    assert!(html.contains("<i>¥</i>237<i>.6</i>"), "{html}");
    assert_eq!(
        html.matches("<h3>何小军</h3>").count(),
        1,
        "both his orders under one name"
    );
    for code in ["DCONFIRMED", "DEGGS", "DZHAO"] {
        assert!(form(&html, &format!("/orders/{code}/collect")).is_some(), "{code}");
    }
    for code in ["DWAITING", "DCOLLECTED"] {
        assert!(
            form(&html, &format!("/orders/{code}/collect")).is_none(),
            "{code} cannot be handed over"
        );
        assert!(html.contains(&format!("/orders/{code}\"")), "{code}");
    }
    assert!(html.contains("尾号 2250") && html.contains("尾号 8812"));
    assert!(html.contains("按人 2") && html.contains("按货 2") && html.contains("在拼 1") && html.contains("已取 1"));
    let strawberries = order(OrderState::Confirmed, true);
    let item = format!("{} {}", strawberries.product.zh, strawberries.variant.zh);
    assert!(
        html.contains(&format!("<span class=\"grow\">{item}</span><b>×\u{a0}4</b>")),
        "packs of one item are summed"
    );
}

#[test]
fn a_group_is_opened_where_a_sale_is_on_and_a_pick_up_point_is() {
    let desk = signed_in(Lang::Zh, "李秀英", &[Role::Leader]);
    let html = leader_page(&desk, samples::leader());
    assert!(form(&html, "/live/CHEN88/groups").is_some());
    assert!(
        html.contains("/g/OPEN22/poster.png") && !html.contains("/g/FORM22/poster.png"),
        "only an open group is shared"
    );
    let mut view = samples::leader();
    view.sales.clear();
    assert!(leader_page(&desk, view).contains("现在没有秒杀"));
    let mut view = samples::leader();
    (view.pickup, view.problem) = (None, Some("只有团长能开团。".into()));
    let html = leader_page(&desk, view);
    assert!(
        form(&html, "/live/CHEN88/groups").is_none()
            && html.contains("role=\"alert\"")
            && html.contains("只有团长能开团。")
    );
}

#[test]
fn the_list_of_lives_leads_to_each_and_says_when_nobody_is_on() {
    let guest = reader(Lang::Zh, "/live");
    let html = live_list_page(&guest, samples::lives(true));
    for code in ["CHEN88", "WANG22", "PAST22"] {
        assert_eq!(html.matches(&format!("href=\"/live/{code}\"")).count(), 1, "{code}");
    }
    assert!(html.contains("1,286") && html.contains("明天 9:53 开播"));
    let coming = LiveListPage {
        on: Vec::new(),
        past: Vec::new(),
        ..samples::lives(true)
    };
    let html = live_list_page(&guest, coming);
    assert!(
        html.contains("现在没人在播")
            && html.contains("<h2>要播的")
            && html.contains("下面是要播的")
            && !html.contains("<h2>播过的")
    );
    let html = live_list_page(&guest, samples::lives(false));
    assert!(html.contains("先去看看大家的货") && !html.contains("<h2>要播的"));
}
