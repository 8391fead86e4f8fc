//! Every refusal and state has its words in both languages, and says what became of the money.

use app::text::{refusal, state};
use market::{
    Lang, Millis, Money, Refusal, api_token, flash_sale, group_buy, live_session,
    order::{self, Method, OrderState},
    people::{self, Notice, NoticeKind, Role},
    trace,
};

/// What stops an order: the shopper wants to know about their money.
fn about_buying() -> Vec<Refusal> {
    use group_buy::Refusal as G;
    use order::Refusal as O;
    let mut all: Vec<Refusal> = [
        O::SoldOut { left: 0 },
        O::SoldOut { left: 3 },
        O::OverLimit { limit: 4, have: 0 },
        O::OverLimit { limit: 4, have: 3 },
        O::BadQuantity,
        O::InLine,
        O::Busy,
        O::UnknownPickup,
        O::SaleEnded,
        O::PriceChanged { now: Money::fen(6250) },
        O::KeyReused,
        O::BadKey,
        O::NotEnoughBalance {
            have: Money::fen(3250),
            cost: Money::fen(11880),
        },
        O::Lapsed,
    ]
    .into_iter()
    .map(Refusal::Order)
    .collect();
    let groups = [
        G::Full { other: None },
        G::Full {
            other: Some("LIXY22".into()),
        },
        G::TooLate,
        G::Failed,
        G::AlreadyIn { order: "D1".into() },
    ];
    all.extend(groups.into_iter().map(Refusal::GroupBuy));
    all
}

fn others() -> Vec<Refusal> {
    use flash_sale::Refusal as F;
    use live_session::Refusal as L;
    use people::Refusal as P;
    use trace::Refusal as T;
    let mut all = vec![Refusal::SignInFirst, Refusal::NotYours, Refusal::NotFound];
    all.extend(
        OrderState::ALL
            .iter()
            .map(|&state| Refusal::Order(order::Refusal::WrongState { state })),
    );
    all.extend(
        [
            group_buy::Refusal::LeadersOnly,
            group_buy::Refusal::AlreadyOpen { group: "LIXY22".into() },
        ]
        .map(Refusal::GroupBuy),
    );
    let until = Millis(1_795_326_780_000);
    all.extend(
        [
            P::BadPhone,
            P::WrongCode { left: 4 },
            P::WrongCode { left: 0 },
            P::CodeGone,
            P::TooManyCodes { until },
            P::NotSent,
            P::BadName,
        ]
        .map(Refusal::People),
    );
    all.extend(
        [
            F::BadPrice,
            F::NotCheaper {
                usual: Money::fen(8940),
            },
            F::BadQuota,
            F::NotEnough { left: 9 },
            F::BadLimit,
            F::BadNeed,
            F::BadTime,
            F::AlreadyOn,
            F::Ended,
            F::BadRounds,
            F::RoundsDiffer { quota: 8 },
            F::BadWords,
            F::NoRoundLeft,
            F::NextRound {
                at: Millis(1_795_327_200_000),
            },
        ]
        .map(Refusal::FlashSale),
    );
    all.extend([L::Ended, L::NotLive, L::NotThisFarms, L::BadTitle].map(Refusal::LiveSession));
    all.extend(
        [
            api_token::Refusal::BadName,
            api_token::Refusal::NoScope,
            api_token::Refusal::TooMany,
        ]
        .map(Refusal::ApiToken),
    );
    all.extend([T::InFuture, T::NothingToCorrect, T::BadFacts].map(Refusal::Trace));
    all
}

/// Whole sentences in their own language, with every gap filled.
fn well_said(words: &str, lang: Lang) -> bool {
    let chinese = words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    chinese == (lang == Lang::Zh) && !words.contains("{{") && words.ends_with(['。', '.'])
}

#[test]
fn every_refusal_is_a_sentence_in_both_languages() {
    for one in about_buying().iter().chain(&others()) {
        for lang in [Lang::Zh, Lang::En] {
            let words = refusal(lang, one);
            assert!(well_said(&words, lang), "{one:?}: {words}");
        }
    }
}

#[test]
fn what_stops_an_order_says_what_became_of_the_money() {
    for one in about_buying() {
        let (zh, en) = (refusal(Lang::Zh, &one), refusal(Lang::En, &one));
        assert!(zh.contains("钱没扣") || zh.contains("没有再扣钱"), "{one:?}: {zh}");
        assert!(
            en.to_lowercase().contains("nothing was charged") || en.contains("Nothing more was charged"),
            "{one:?}: {en}"
        );
    }
}

#[test]
fn the_figures_of_a_refusal_are_in_its_sentence() {
    let zh = |one: Refusal| refusal(Lang::Zh, &one);
    assert!(zh(Refusal::Order(order::Refusal::SoldOut { left: 3 })).contains("只剩 3 份"));
    assert!(zh(Refusal::Order(order::Refusal::SoldOut { left: 0 })).starts_with("卖完了"));
    assert!(zh(Refusal::Order(order::Refusal::PriceChanged { now: Money::fen(6250) })).contains("¥62.5"));
    assert!(zh(Refusal::People(people::Refusal::WrongCode { left: 4 })).contains("4 次"));
    assert!(
        zh(Refusal::People(people::Refusal::TooManyCodes {
            until: Millis(1_795_326_780_000)
        }))
        .contains("13:53")
    );
    let gone = zh(Refusal::People(people::Refusal::CodeGone));
    assert_eq!(
        zh(Refusal::People(people::Refusal::WrongCode { left: 0 })),
        gone,
        "no tries left: ask for a new code"
    );
}

#[test]
fn states_differ_from_each_other_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let distinct = |words: Vec<String>| {
            let mut sorted = words.clone();
            sorted.sort();
            sorted.dedup();
            assert_eq!(sorted.len(), words.len(), "{words:?}");
            assert!(words.iter().all(|word| !word.is_empty()));
        };
        distinct(OrderState::ALL.iter().map(|&state| state::order(lang, state)).collect());
        distinct(
            group_buy::GroupState::ALL
                .iter()
                .map(|&state| state::group(lang, state))
                .collect(),
        );
        distinct(
            live_session::LiveState::ALL
                .iter()
                .map(|&state| state::live(lang, state))
                .collect(),
        );
        distinct(Method::ALL.iter().map(|&method| state::method(lang, method)).collect());
        distinct(Role::ALL.iter().map(|&role| state::role(lang, role)).collect());
        let told = |order: Option<(String, market::Bilingual)>| {
            NoticeKind::ALL
                .iter()
                .map(|&kind| {
                    state::notice(
                        lang,
                        &Notice {
                            kind,
                            order: order.clone(),
                            live: None,
                            at: Millis(0),
                            unread: true,
                        },
                    )
                })
                .collect()
        };
        distinct(told(None));
        distinct(told(Some((
            "D1".into(),
            market::Bilingual::new("草莓", "Strawberries"),
        ))));
    }
}

#[test]
fn the_door_for_programs_speaks_both_languages() {
    use app::text::api::{Wrong, sentence, title};
    let all = [
        Wrong::TokenMissing,
        Wrong::TokenUnknown,
        Wrong::ScopeMissing(api_token::Scope::OrdersWrite),
        Wrong::TooMany { seconds: 7 },
        Wrong::MethodNotAllowed,
        Wrong::NotAcceptable,
        Wrong::NotJson,
        Wrong::TooLarge,
        Wrong::Unreadable("why".into()),
        Wrong::Invalid("why".into()),
        Wrong::NoSuchPage,
        Wrong::KeyMissing,
        Wrong::KeyUnreadable,
        Wrong::KeyInFlight,
        Wrong::TooSlow,
    ];
    for lang in [Lang::Zh, Lang::En] {
        for wrong in &all {
            let words = sentence(lang, wrong);
            assert!(well_said(&words, lang), "{wrong:?}: {words}");
        }
        for status in [400, 401, 403, 404, 429, 500] {
            assert!(!title(lang, status).is_empty());
        }
    }
    assert!(sentence(Lang::Zh, &Wrong::ScopeMissing(api_token::Scope::OrdersWrite)).contains("orders:write"));
}
