//! Every state, role and cause in a word or two.

use crate::t;
use market::{
    Lang,
    balance::Cause,
    group_buy::GroupState,
    live_session::LiveState,
    order::{CancelReason, Method, Order, OrderState},
    people::{Notice, NoticeKind, Role},
};

/// Where an order stands: 待付款.
pub fn order(lang: Lang, state: OrderState) -> String {
    match state {
        OrderState::Pending => t!(lang, state.order.pending),
        OrderState::Waiting => t!(lang, state.order.waiting),
        OrderState::Confirmed => t!(lang, state.order.confirmed),
        OrderState::Collected => t!(lang, state.order.collected),
        OrderState::Expired => t!(lang, state.order.expired),
        OrderState::Cancelled => t!(lang, state.order.cancelled),
    }
}

/// Where this order stands: one whose group did not form says so, not that somebody called it off.
pub fn this_order(lang: Lang, of: &Order) -> String {
    match (of.state, of.reason) {
        (OrderState::Cancelled, Some(CancelReason::GroupFailed)) => t!(lang, state.order.group_failed),
        (state, _) => order(lang, state),
    }
}

/// Where a group stands: 正在拼.
pub fn group(lang: Lang, state: GroupState) -> String {
    match state {
        GroupState::Open => t!(lang, state.group.open),
        GroupState::Formed => t!(lang, state.group.formed),
        GroupState::Failed => t!(lang, state.group.failed),
    }
}

/// Where a live session stands: 直播中.
pub fn live(lang: Lang, state: LiveState) -> String {
    match state {
        LiveState::Scheduled => t!(lang, state.live.scheduled),
        LiveState::Live => t!(lang, state.live.live),
        LiveState::Ended => t!(lang, state.live.ended),
    }
}

/// How an order is paid: 取货时付现金.
pub fn method(lang: Lang, method: Method) -> String {
    match method {
        Method::Cash => t!(lang, state.method.cash),
        Method::Balance => t!(lang, state.method.balance),
    }
}

/// Why a balance moved: 退款.
pub fn cause(lang: Lang, cause: Cause) -> String {
    match cause {
        Cause::Gift => t!(lang, state.cause.gift),
        Cause::Pay => t!(lang, state.cause.pay),
        Cause::Refund => t!(lang, state.cause.refund),
    }
}

/// What somebody may do beyond shopping: 团长.
pub fn role(lang: Lang, role: Role) -> String {
    match role {
        Role::Farmer => t!(lang, state.role.farmer),
        Role::Leader => t!(lang, state.role.leader),
        Role::Steward => t!(lang, state.role.steward),
        Role::Operator => t!(lang, state.role.operator),
    }
}

/// What a member was told, with the product's name where it is about an order or a sale.
pub fn notice(lang: Lang, notice: &Notice) -> String {
    let about = notice.order.as_ref().or(notice.live.as_ref());
    let Some(name) = about.map(|(_, product)| product.get(lang).to_owned()) else {
        return notice_kind(lang, notice.kind);
    };
    match notice.kind {
        NoticeKind::GroupFormed => t!(lang, state.notice.group_formed_about, name = name),
        NoticeKind::GroupFailed => t!(lang, state.notice.group_failed_about, name = name),
        NoticeKind::HoldLapsed => t!(lang, state.notice.hold_lapsed_about, name = name),
        NoticeKind::OrderCollected => t!(lang, state.notice.order_collected_about, name = name),
        NoticeKind::Reserved => t!(lang, state.notice.reserved_about, name = name),
        NoticeKind::StartsSoon => t!(lang, state.notice.starts_soon_about, name = name),
        NoticeKind::NextSale => t!(lang, state.notice.next_sale_about, name = name),
    }
}

/// The same without saying about what: all that a lock screen shows.
pub fn notice_kind(lang: Lang, kind: NoticeKind) -> String {
    match kind {
        NoticeKind::GroupFormed => t!(lang, state.notice.group_formed),
        NoticeKind::GroupFailed => t!(lang, state.notice.group_failed),
        NoticeKind::HoldLapsed => t!(lang, state.notice.hold_lapsed),
        NoticeKind::OrderCollected => t!(lang, state.notice.order_collected),
        NoticeKind::Reserved => t!(lang, state.notice.reserved),
        NoticeKind::StartsSoon => t!(lang, state.notice.starts_soon),
        NoticeKind::NextSale => t!(lang, state.notice.next_sale),
    }
}
