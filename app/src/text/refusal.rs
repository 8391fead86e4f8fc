//! Every refusal as a sentence that says what happened to the order and the money.

use crate::{t, text::state, ui::moment};
use market::{Lang, Refusal, api_token, flash_sale, group_buy, live_session, order, people, push, trace};

/// What to say to a person whose wish was refused, in their language.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    match refusal {
        Refusal::SignInFirst => t!(lang, refusal.sign_in_first),
        Refusal::NotYours => t!(lang, refusal.not_yours),
        Refusal::NotFound => t!(lang, refusal.not_found),
        Refusal::People(refusal) => about_people(lang, refusal),
        Refusal::Order(refusal) => about_order(lang, refusal),
        Refusal::GroupBuy(refusal) => about_group(lang, refusal),
        Refusal::FlashSale(refusal) => about_sale(lang, refusal),
        Refusal::LiveSession(refusal) => about_live(lang, refusal),
        Refusal::Trace(refusal) => about_trace(lang, refusal),
        Refusal::ApiToken(refusal) => about_token(lang, refusal),
        Refusal::Push(push::Refusal::BadSubscription) => t!(lang, refusal.push.bad),
        Refusal::Push(push::Refusal::TooManyBrowsers) => t!(lang, refusal.push.too_many, most = push::MOST_BROWSERS),
    }
}

fn about_people(lang: Lang, refusal: &people::Refusal) -> String {
    use people::Refusal::*;
    match refusal {
        BadPhone => t!(lang, refusal.people.bad_phone),
        // The last try is gone with its code: "0 tries left" would be a riddle.
        WrongCode { left } if *left > 0 => t!(lang, refusal.people.wrong_code, n = *left),
        WrongCode { .. } | CodeGone => t!(lang, refusal.people.code_gone),
        TooManyCodes { until } => t!(lang, refusal.people.too_many_codes, time = moment::clock(*until)),
        NotSent => t!(lang, refusal.people.not_sent),
        BadName => t!(lang, refusal.people.bad_name),
    }
}

fn about_order(lang: Lang, refusal: &order::Refusal) -> String {
    use order::Refusal::*;
    match refusal {
        SoldOut { left } if *left > 0 => t!(lang, refusal.order.few_left, n = *left),
        SoldOut { .. } => t!(lang, refusal.order.sold_out),
        OverLimit { limit, have } if *have > 0 => {
            t!(lang, refusal.order.over_limit_have, limit = *limit, have = *have)
        }
        OverLimit { limit, .. } => t!(lang, refusal.order.over_limit, limit = *limit),
        BadQuantity => t!(lang, refusal.order.bad_quantity),
        UnknownPickup => t!(lang, refusal.order.unknown_pickup),
        SaleEnded => t!(lang, refusal.order.sale_ended),
        PriceChanged { now } => t!(lang, refusal.order.price_changed, now = now.to_string()),
        KeyReused => t!(lang, refusal.order.key_reused),
        BadKey => t!(lang, refusal.order.bad_key),
        NotEnoughBalance { have, cost } => {
            t!(
                lang,
                refusal.order.not_enough_balance,
                have = have.to_string(),
                cost = cost.to_string()
            )
        }
        Lapsed => t!(lang, refusal.order.lapsed),
        InLine => t!(lang, refusal.order.in_line),
        Busy => t!(lang, refusal.order.busy),
        WrongState { state: at } => t!(lang, refusal.order.wrong_state, state = state::order(lang, *at)),
    }
}

fn about_group(lang: Lang, refusal: &group_buy::Refusal) -> String {
    use group_buy::Refusal::*;
    match refusal {
        Full { other: Some(code) } => t!(lang, refusal.group.full_other, code = code.as_str()),
        Full { other: None } => t!(lang, refusal.group.full),
        TooLate => t!(lang, refusal.group.too_late),
        Failed => t!(lang, refusal.group.failed),
        AlreadyIn { order } => t!(lang, refusal.group.already_in, code = order.as_str()),
        LeadersOnly => t!(lang, refusal.group.leaders_only),
        AlreadyOpen { group } => t!(lang, refusal.group.already_open, code = group.as_str()),
    }
}

fn about_sale(lang: Lang, refusal: &flash_sale::Refusal) -> String {
    use flash_sale::Refusal::*;
    match refusal {
        BadPrice => t!(lang, refusal.sale.bad_price),
        NotCheaper { usual } => t!(lang, refusal.sale.not_cheaper, usual = usual.to_string()),
        BadQuota => t!(lang, refusal.sale.bad_quota, most = flash_sale::MOST_QUOTA),
        NotEnough { left } => t!(lang, refusal.sale.not_enough, n = *left),
        BadLimit => t!(lang, refusal.sale.bad_limit),
        BadNeed => t!(lang, refusal.sale.bad_need, most = flash_sale::MOST_NEED),
        BadTime => t!(lang, refusal.sale.bad_time),
        BadRounds => t!(lang, refusal.sale.bad_rounds, most = flash_sale::round::MOST_ROUNDS),
        RoundsDiffer { quota } => t!(lang, refusal.sale.rounds_differ, n = *quota),
        BadWords => t!(lang, refusal.sale.bad_words, most = flash_sale::round::MOST_WORDS),
        NoRoundLeft => t!(lang, refusal.sale.no_round_left),
        NextRound { at } => t!(lang, refusal.sale.next_round, time = moment::clock(*at)),
        AlreadyOn => t!(lang, refusal.sale.already_on),
        Ended => t!(lang, refusal.sale.ended),
    }
}

fn about_live(lang: Lang, refusal: &live_session::Refusal) -> String {
    use live_session::Refusal::*;
    match refusal {
        Ended => t!(lang, refusal.live.ended),
        NotLive => t!(lang, refusal.live.not_live),
        NotThisFarms => t!(lang, refusal.live.not_this_farms),
        BadTitle => t!(lang, refusal.live.bad_title),
    }
}

fn about_trace(lang: Lang, refusal: &trace::Refusal) -> String {
    use trace::Refusal::*;
    match refusal {
        InFuture => t!(lang, refusal.trace.in_future),
        NothingToCorrect => t!(lang, refusal.trace.nothing_to_correct),
        BadFacts => t!(lang, refusal.trace.bad_facts, most = trace::MOST_WORDS),
    }
}

fn about_token(lang: Lang, refusal: &api_token::Refusal) -> String {
    use api_token::Refusal::*;
    match refusal {
        BadName => t!(lang, refusal.token.bad_name),
        NoScope => t!(lang, refusal.token.no_scope),
        TooMany => t!(lang, refusal.token.too_many, most = api_token::MOST_TOKENS),
    }
}
